"""Pages and feeds of a site on loopback.

What is kept of them, what is asked for once, and the one line for each thing that goes wrong.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.errors import LibraryError, SourceError
from index.ingest import fetched
from index.isolated import Isolated, directly
from index.limits import Limits
from index.web import gather as gathering
from index.web.gather import Gathered, gather
from index.write import writing
from tests.web_site import PROSE, Reply, Site, dripping, page, rss, serving

NOW = "2026-03-02T10:00:00Z"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / ".qa"


def fetch(library: Path, *urls: str, **options: Any) -> Gathered:
    return gather(urls, library, directly, **{"allow_private": True, "now": lambda: NOW, **options})


def kept(library: Path) -> dict[str, bytes]:
    """The files by their names, without the hash of the address in them."""
    folder = library.parent / "fetched"
    return {
        path.relative_to(folder).as_posix().partition("/")[2].rpartition("-")[0] + path.suffix: path.read_bytes()
        for path in folder.rglob("*-*.*")
    }


def page_file(library: Path) -> str:
    """The one page that is kept."""
    (path,) = (library.parent / "fetched").rglob("*.html")
    return path.relative_to(library.parent / "fetched").as_posix()


def missed(library: Path, url: str, **options: Any) -> str:
    """The line that says why there is nothing of it, without the address."""
    with pytest.raises(SourceError) as caught:
        fetch(library, url, **options)
    assert caught.value.message.startswith(f"{url}: ")
    assert "\n" not in caught.value.message + caught.value.hint
    return caught.value.message.removeprefix(f"{url}: ")


def test_a_page_is_kept_byte_for_byte_with_where_it_came_from(site: Site, library: Path) -> None:
    body = page("The bridge of Brandt")
    site.replies["/news/bridge.html"] = Reply(
        body.body, headers={"ETag": '"1"', "Last-Modified": "Mon, 02 Mar 2026 09:00:00 GMT"}
    )
    url = site.url("/news/bridge.html#part")
    told: list[str] = []
    done = fetch(library, url, tell=told.append)
    assert (done.fetched, done.unchanged, done.waiting, done.missed) == ((site.url("/news/bridge.html"),), 0, 0, ())
    assert told == [f"fetched: {site.url('/news/bridge.html')}"]
    record = fetched.read(library.parent / "fetched").pages[site.url("/news/bridge.html")]
    assert (library.parent / "fetched" / record.file).read_bytes() == body.body
    assert done.kept == (record.file,)
    assert record == fetched.Kept(
        f"127.0.0.1_{site.port}/bridge-{hashlib.sha256(site.url('/news/bridge.html').encode()).hexdigest()[:8]}.html",
        site.url(
            "/news/bridge.html"), NOW, "text/html; charset=utf-8", hashlib.sha256(body.body).hexdigest(), '"1"', "Mon, 02 Mar 2026 09:00:00 GMT",
    )  # fmt: skip


def test_what_has_not_changed_is_not_fetched_again_and_what_has_is(site: Site, library: Path) -> None:
    site.replies["/a"] = Reply(page("One").body, headers={"ETag": '"1"'})
    fetch(library, site.url("/a"))
    assert fetch(library, site.url("/a")) == dataclasses.replace(Gathered((), 1, 0, ()), kept=(page_file(library),))
    assert site.asked[-1][1]["If-None-Match"] == '"1"'
    site.replies["/a"] = Reply(page("Two").body, headers={"ETag": '"2"'})
    assert fetch(library, site.url("/a")).fetched == (site.url("/a"),)
    assert kept(library) == {"a.html": page("Two").body}


def test_a_page_whose_file_is_gone_is_fetched_again(site: Site, library: Path) -> None:
    site.replies["/a"] = Reply(page("One").body, headers={"ETag": '"1"'})
    fetch(library, site.url("/a"))
    next((library.parent / "fetched").rglob("*.html")).unlink()
    assert fetch(library, site.url("/a")).fetched == (site.url("/a"),)


def feed_of(count: int) -> Reply:
    return rss(
        *(
            f"<item><title>Part {n}</title><link>/part/{n}</link><pubDate>Mon, 02 Mar 2026 10:00:00 "
            f"GMT</pubDate></item>"
            for n in range(count)
        )
    )


def test_of_a_feed_each_page_is_fetched_once(site: Site, library: Path) -> None:
    site.replies |= {f"/part/{n}": page(f"Part {n}") for n in range(4)}
    site.replies["/feed"] = feed_of(3)
    assert fetch(library, site.url("/feed")).fetched == tuple(site.url(f"/part/{n}") for n in range(3))
    assert site.paths == ["/feed", "/part/0", "/part/1", "/part/2"]
    site.replies["/feed"] = feed_of(4)
    assert fetch(library, site.url("/feed")) == Gathered((site.url("/part/3"),), 3, 0, (), ())
    assert site.paths[4:] == ["/feed", "/part/3"]
    record = fetched.read(library.parent / "fetched").pages[site.url("/part/3")]
    assert (record.title, record.date) == ("Part 3", "2026-03-02")


def test_a_feed_that_has_not_changed_costs_one_question(site: Site, library: Path) -> None:
    site.replies |= {
        "/part/0": page("Part 0"),
        "/feed": Reply(feed_of(1).body, content_type="text/xml", headers={"ETag": '"f"'}),
    }
    fetch(library, site.url("/feed"))
    assert fetch(library, site.url("/feed")) == Gathered((), 1, 0, (), ())
    assert site.paths == ["/feed", "/part/0", "/feed"]


def test_what_a_feed_has_too_much_waits_and_comes_the_next_time(
    site: Site, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "MOST_ENTRIES", 2)
    site.replies |= {f"/part/{n}": page(f"Part {n}") for n in range(3)} | {
        "/feed": Reply(feed_of(3).body, content_type="text/xml", headers={"ETag": '"f"'})
    }
    done = fetch(library, site.url("/feed"))
    assert (len(done.fetched), done.waiting) == (2, 1)
    assert done.notes == (
        f"{site.url('/feed')} has 3 entries that are new; 2 are fetched in one run, 1 wait for the next",
    )
    assert fetch(library, site.url("/feed")).fetched == (site.url("/part/2"),)


def test_an_entry_that_is_whole_is_kept_and_its_page_is_not_asked_for(site: Site, library: Path) -> None:
    site.replies["/feed"] = rss(
        f"<item><title>The whole of "
        f"it</title><link>/w</link><content:encoded><![CDATA[<p>{PROSE}</p><p>{PROSE}</p>]]></content:encoded></item>"
    )
    assert fetch(library, site.url("/feed")).fetched == (site.url("/w"),)
    assert site.paths == ["/feed"]
    assert PROSE.encode() in kept(library)["w.html"]
    assert fetch(library, site.url("/feed")) == Gathered((), 1, 0, (), ())
    longer = f"<p>{PROSE}</p><p>{PROSE}</p><p>Corrected.</p>"
    site.replies["/feed"] = rss(
        f"<item><title>The whole of "
        f"it</title><link>/w</link><content:encoded><![CDATA[{longer}]]></content:encoded></item>"
    )
    assert fetch(library, site.url("/feed")).fetched == (site.url("/w"),)
    assert b"Corrected." in kept(library)["w.html"]


def test_a_feed_cannot_put_words_into_the_mouth_of_another_site(site: Site, library: Path) -> None:
    """The entry claims to be a page of another machine: that page is asked for, and is not to be had."""
    other = f"http://127.0.0.2:{site.port}/w"
    site.replies["/feed"] = rss(
        f"<item><title>Said</title><link>{other}</link><content:encoded><![CDATA[<p>{PROSE}</p><p>{PROSE}</p>]]></content:encoded></item>"
    )
    done = fetch(library, site.url("/feed"))
    assert done.fetched == ()
    assert [each.url for each in done.missed] == [other]


def test_one_entry_that_fails_costs_itself_and_is_tried_again(site: Site, library: Path) -> None:
    site.replies |= {
        "/part/0": page("Part 0"),
        "/feed": Reply(feed_of(2).body, content_type="text/xml", headers={"ETag": '"f"'}),
    }
    done = fetch(library, site.url("/feed"))
    assert (done.fetched, [(each.url, each.message) for each in done.missed]) == (
        (site.url("/part/0"),),
        [(site.url("/part/1"), "is not there (404)")],
    )
    site.replies["/part/1"] = page("Part 1")
    assert fetch(library, site.url("/feed")).fetched == (site.url("/part/1"),)


def test_a_machine_that_fails_is_not_asked_forever(site: Site, library: Path) -> None:
    site.replies |= {f"/part/{n}": Reply(status=503) for n in range(5)} | {"/feed": feed_of(5)}
    messages = [each.message for each in fetch(library, site.url("/feed")).missed]
    assert (
        messages
        == ["is not available now (503)"] * 2
        + [f"not asked for: http://127.0.0.1:{site.port} failed 2 times in a row"] * 3
    )
    assert site.paths == ["/feed", "/part/0", "/part/1"]


def test_redirects_are_followed_and_the_page_is_known_by_where_it_is(site: Site, library: Path) -> None:
    site.replies |= {"/old": Reply(status=301, headers={"Location": "/new"}), "/new": page("The new place")}
    fetch(library, site.url("/old"))
    assert fetched.read(library.parent / "fetched").pages[site.url("/old")].url == site.url("/new")
    assert list(kept(library)) == ["new.html"]


def test_robots_txt_is_asked_first_and_honoured(site: Site, library: Path) -> None:
    site.replies |= {
        "/a": page("A"),
        "/open": page("Open"),
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /a\nCrawl-delay: 7\n", content_type="text/plain"),
    }
    waited: list[float] = []
    done = fetch(library, site.url("/a"), site.url("/open"), site.url("/open?2"), wait=waited.append)
    assert next((each.url, each.message) for each in done.missed) == (
        site.url("/a"),
        f"the robots.txt of http://127.0.0.1:{site.port} does not allow programs to read it",
    )
    assert [path for path, _ in site.asked] == ["/robots.txt", "/open", "/open?2"]
    assert waited == [7.0]


@pytest.mark.parametrize(("agent", "allowed"), [("Vouch", False), ("vouch", False), ("Otherbot", True)])
def test_robots_txt_may_name_us(site: Site, library: Path, agent: str, allowed: bool) -> None:
    site.replies |= {
        "/a": page("A"),
        "/robots.txt": Reply(f"User-agent: {agent}\nDisallow: /\n".encode(), content_type="text/plain"),
    }
    if allowed:
        assert fetch(library, site.url("/a")).fetched == (site.url("/a"),)
    else:
        assert "does not allow" in missed(library, site.url("/a"))
    assert site.asked[0][1]["User-Agent"].startswith("Vouch ")


def test_where_robots_txt_cannot_be_read_nothing_is_asked_for(site: Site, library: Path) -> None:
    site.replies |= {"/a": page("A"), "/robots.txt": Reply(status=500)}
    assert (
        missed(library, site.url("/a"))
        == f"the robots.txt of http://127.0.0.1:{site.port} cannot be read (500), so nothing is asked for"
    )
    assert site.paths == []


WRONG = {
    "404": (Reply(status=404), "is not there (404)"),
    "403": (Reply(status=403), "is not open to programs, or to anybody (403)"),
    "500": (Reply(status=500), "cannot be had (500)"),
    "429": (Reply(status=429), "was asked for too often (429)"),
    "a picture": (Reply(b"\x89PNG", content_type="image/png"), "is not text: image/png"),
    "untyped": (Reply(b"\x00\x01\x02", content_type=None), "is not text: of an unknown type"),
    "empty": (Reply(b" \n"), "is empty"),
    "too large": (Reply(b"a" * 1_000_001), "has more than 1 MB, what a file may have (the setting max_file_mb)"),
    "too large without saying": (
        Reply(gzip.compress(b"a" * 3_000_000), headers={"Content-Encoding": "gzip"}),
        "has more than 1 MB, what a file may have (the setting max_file_mb)",
    ),
    "a circle": (Reply(status=302, headers={"Location": "/x"}), "leads from page to page without end"),
    "to another scheme": (
        Reply(status=302, headers={"Location": "file:///etc/passwd"}),
        "leads to where nothing is asked for: file:///etc/passwd is not http or https",
    ),
    "no compression": (
        Reply(b"not gzip", headers={"Content-Encoding": "gzip"}),
        "what 127.0.0.1 sends is not compressed as it says",
    ),
    "no XML": (
        Reply(b"\x00\x01", content_type="application/rss+xml"),
        "is not XML: Document is empty, line 1, column 1",
    ),
    "an empty feed": (Reply(b"<rss><channel>", content_type="application/rss+xml"), "is a feed without entries"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_goes_wrong_is_told_in_a_line_and_leaves_nothing(site: Site, library: Path, wrong: str) -> None:
    site.replies["/x"], message = WRONG[wrong]
    assert missed(library, site.url("/x"), limits=Limits(megabytes=1)) == message
    assert kept(library) == {}


def test_nobody_answers(library: Path) -> None:
    with serving() as gone:
        url = gone.url("/a")
    assert missed(library, url) == f"nothing answers at port {gone.port} of 127.0.0.1"
    assert (
        missed(library, "http://no.such.invalid/")
        == "no machine of the name no.such.invalid is found, or there is no network"
    )


def test_who_drips_is_ended_by_the_limit_of_time(site: Site, library: Path) -> None:
    site.replies["/x"] = dripping
    site.replies["/robots.txt"] = Reply(status=404)
    with Isolated(Limits(seconds=5)) as isolated, pytest.raises(SourceError) as caught:
        gather([site.url("/x")], library, isolated.call, limits=Limits(seconds=5), allow_private=True)
    assert caught.value.message == f"{site.url('/x')}: it takes more than 5 s to read (the setting max_file_seconds)"


def test_where_nothing_is_wrong_with_one_of_them_the_others_are_told(site: Site, library: Path) -> None:
    site.replies["/a"] = page("A")
    done = fetch(library, site.url("/a"), site.url("/b"))
    assert (done.fetched, [(each.url, each.message) for each in done.missed]) == (
        (site.url("/a"),),
        [(site.url("/b"), "is not there (404)")],
    )


def test_an_encoding_that_only_the_machine_knows_is_made_utf_8(site: Site, library: Path) -> None:
    text = "Мост через реку открыт в понедельник. " * 3
    site.replies |= {
        "/a": Reply(text.encode("koi8-r"), content_type="text/plain; charset=koi8-r"),
        "/b": Reply(f'<meta charset="koi8-r"><p>{text}'.encode("koi8-r"), content_type="text/html; charset=koi8-r"),
        "/c": Reply(text.encode("koi8-r"), content_type="text/plain; charset=nonsense"),
    }
    fetch(library, *(site.url(f"/{name}") for name in "abc"))
    assert kept(library) == {
        "a.txt": text.encode(),
        "b.html": f'<meta charset="koi8-r"><p>{text}'.encode("koi8-r"),
        "c.txt": text.encode("koi8-r"),
    }


def test_a_second_run_beside_the_first_is_refused(site: Site, library: Path) -> None:
    with writing(library), pytest.raises(LibraryError, match="another qa index is running"):
        fetch(library, site.url("/a"))
    assert site.asked == []


def test_a_damaged_record_is_told_and_nothing_is_asked_for(site: Site, library: Path) -> None:
    folder = library.parent / "fetched"
    folder.mkdir()
    (folder / "fetched.json").write_text('{"version": 1, "pages": {"a": {"file": 3}}, "feeds": {}}')
    with pytest.raises(SourceError, match="is no record of fetched pages: a field is not text"):
        fetch(library, site.url("/a"))
    assert site.asked == []
