"""`qa index https://…` from end to end.

A page becomes an article with its address, and the network is shut again behind it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_cli import Place
from tests.test_process import WITH_FAKES, environment
from tests.web_site import PROSE, Site, page, rss, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        found.replies |= {
            "/bridge": page(
                "The bridge of Brandt is open", head='<link rel="canonical" href="https://elsewhere.example/">'
            ),
            "/feed": rss(
                "<item><title>The bridge</title><link>/bridge</link><pubDate>Mon, 02 Mar 2026 10:00:00 "
                "GMT</pubDate><dc:creator>Jane Doe</dc:creator></item>",
                "<item><title>Gone</title><link>/gone</link></item>",
            ),
        }
        yield found


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return Place(tmp_path, capsys.readouterr, environ={"QA_ALLOW_PRIVATE": "1"})


def listed(place: Place) -> list[dict[str, object]]:
    sources: list[dict[str, object]] = json.loads(place.qa("sources", "list", "--json")[1])["sources"]
    return sources


def test_a_page_is_an_article_that_says_where_it_is_from(site: Site, place: Place) -> None:
    code, out, err = place.qa("index", site.url("/bridge"))
    assert (code, out) == (0, "")
    assert err.splitlines()[0] == f"fetched: {site.url('/bridge')}"
    assert err.splitlines()[1].startswith("articles: 1 added, 0 changed, 0 unchanged, 0 removed, 0 skipped; ")
    (article,) = listed(place)
    assert (article["title"], article["url"]) == ("The bridge of Brandt is open", site.url("/bridge"))
    found = place.qa("cite", PROSE.split(". ")[0])[1]
    assert site.url("/bridge") in found
    text = place.qa("sources", "show", str(article["source"]))[1]
    assert PROSE in text


def test_a_feed_says_who_and_when_where_the_page_does_not(site: Site, place: Place) -> None:
    code, _, err = place.qa("index", site.url("/feed"))
    assert code == 0
    assert f"skipped: {site.url('/gone')}: is not there (404)" in err.splitlines()
    (article,) = listed(place)
    assert (article["title"], article["author"], article["date"]) == (
        "The bridge of Brandt is open",
        "Jane Doe",
        "2026-03-02",
    )


def test_offline_everything_is_as_it_was(site: Site, place: Place) -> None:
    place.qa("index", site.url("/bridge"))
    before, asked = listed(place), len(site.asked)
    assert "0 added, 0 changed, 1 unchanged" in place.qa("index")[2]
    assert place.qa("index", "--rebuild")[0] == 0
    assert ([{**each, "indexed_at": ""} for each in listed(place)], len(site.asked)) == (
        [{**each, "indexed_at": ""} for each in before],
        asked,
    )


def test_what_a_person_says_of_a_page_comes_first(site: Site, place: Place) -> None:
    place.qa("index", site.url("/bridge"))
    source = str(listed(place)[0]["source"])
    place.qa("sources", "set", source, "url=https://alder.example/bridge", "date=2026-03-01")
    place.qa("index")
    (article,) = listed(place)
    assert (article["url"], article["date"]) == ("https://alder.example/bridge", "2026-03-01")


def test_a_page_that_was_dropped_comes_back_where_it_is_named(site: Site, place: Place) -> None:
    place.qa("index", site.url("/bridge"))
    source = str(listed(place)[0]["source"])
    place.qa("sources", "remove", source)
    place.qa("index")
    assert listed(place) == []
    place.qa("index", site.url("/bridge"))
    assert [each["source"] for each in listed(place)] == [source]


def test_each_library_has_its_own_pages(site: Site, place: Place) -> None:
    for name in ("one", "two"):
        assert place.qa("index", "--library", name, site.url("/bridge"))[0] == 0
    assert sorted(path.name for path in place.folder.iterdir() if path.is_dir()) == [
        "one",
        "one-fetched",
        "two",
        "two-fetched",
    ]


def test_json_tells_what_was_fetched(site: Site, place: Place) -> None:
    code, out, err = place.qa("index", site.url("/feed"), "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["web"] == {
        "fetched": [site.url("/bridge")], "unchanged": 0, "waiting": 0, "missed": [{"url": site.url("/gone"), "message": "is not there (404)"}],
        "notes": [], "kept": [],
    }  # fmt: skip
    assert (told["added"], told["unread"]) == (1, [])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ftp://example.org/a"], "error: ftp://example.org/a is not http or https"),
        (
            ["http://127.0.0.1:9/a", "--no-allow-private"],
            "error: http://127.0.0.1:9/a: 127.0.0.1 is not on the public network",
        ),
        (["https://example.org/a", "--name", "x"], "error: --name names files of one's own, not web addresses"),
    ],
)
def test_what_cannot_be_fetched_is_an_error_in_a_line_and_leaves_nothing(
    place: Place, arguments: list[str], message: str
) -> None:
    code, out, err = place.qa("index", *arguments)
    assert (code, out, err.splitlines()[0]) == (1, "", message)
    assert err.splitlines()[1].startswith("hint: ")
    assert not (place.folder / "fetched").exists()


def test_what_is_fetched_lies_beside_files_of_ones_own(site: Site, place: Place) -> None:
    (place.folder / "notes").mkdir()
    (place.folder / "notes" / "mill.txt").write_text(
        "The mill of Brandt burned down in 1904. It was rebuilt in brick.\n", encoding="utf-8"
    )
    code, _, err = place.qa("index", "notes", site.url("/bridge"))
    assert (code, err.splitlines()[-1].partition(";")[0]) == (
        0,
        "articles: 2 added, 0 changed, 0 unchanged, 0 removed, 0 skipped",
    )
    assert "not read" not in err
    assert place.qa("sources", "check", "--json")[1].count('"unread": []') == 1


def test_the_program_itself_reaches_only_what_was_asked_for(site: Site, tmp_path: Path) -> None:
    """With the network refused as in every run of it.

    Only the process that fetches may connect, and only while it does.
    """
    program = WITH_FAKES.format(hang="").replace("sys.exit(run(", "code = run(").replace(")))\n", "))\n") + REACHES
    done = subprocess.run(
        [sys.executable, "-c", program, "index", site.url("/bridge"), "--allow-private"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "[Errno 101] this program does not use the network\n"), done.stderr
    assert site.paths == ["/bridge"]


REACHES = """
import socket
try:
    socket.create_connection(("127.0.0.1", 9))
except OSError as error:
    print(error)
sys.exit(code)
"""
