"""Bibliographies beside articles.

Which entry speaks of which file, what comes first, and that a changed entry changes its article alone.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build
from index.ingest import bibtex, csl
from index.limits import Limits
from index.progress import BuildReport
from index.records import Metadata
from index.store import Library
from tests.fakes import FakeEmbedder
from tests.test_cli import Place

TEXT = (
    "The mill of {} burned down in 1904. It was rebuilt in brick a year later, and stands to this day by the river.\n"
)


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def indexed(folder: Path) -> BuildReport:
    return build(folder.parent / ".qa", [folder], FakeEmbedder())


def known(folder: Path) -> dict[str, Metadata]:
    """What is known of the articles but their language, which nothing beside them says."""
    with Library.open(folder.parent / ".qa") as library:
        return {info.source: replace(info.metadata, language=None) for info in library.sources()}


def entry(key: str, **fields: str) -> str:
    return f"@article{{{key}, {', '.join(f'{name} = {{{value}}}' for name, value in fields.items())}}}\n\n"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return write(tmp_path / "news", a_DOT_txt=TEXT.format("Brandt"), sub__doe2020_DOT_txt=TEXT.format("Haar"))


@pytest.mark.parametrize(
    "named",
    [
        "a.txt",
        "Full Text:a.txt:text/plain",
        "/home/jane/library/news/a.txt",
        r"C\:\\Users\\jane\\a.txt",
        "files/12/A.TXT",
    ],
)
def test_an_entry_speaks_of_the_file_that_it_names(news: Path, named: str) -> None:
    write(
        news,
        refs_DOT_bib=entry(
            "x",
            title="The Mill of Brandt",
            author="Doe, Jane",
            date="2020-03-01",
            journaltitle="Daily Alder",
            file=named,
        ),
    )
    done = indexed(news)
    assert (done.unread, done.flawed) == ((), ())
    assert known(news) == {
        "a.txt": Metadata("The Mill of Brandt", "Jane Doe", "2020-03-01", "Daily Alder"),
        "sub/doe2020.txt": Metadata(),
    }


def test_of_two_files_of_a_name_the_nearer_one_is_meant_and_of_equals_none(tmp_path: Path) -> None:
    news = write(tmp_path / "news", one__a_DOT_txt=TEXT.format("Brandt"), two__a_DOT_txt=TEXT.format("Haar"))
    write(
        news,
        refs_DOT_bib=entry("x", title="One of Them", file="/old/two/a.txt")
        + entry("y", title="Nobody Knows Which", file="/old/three/a.txt"),
    )
    indexed(news)
    assert known(news) == {"one/a.txt": Metadata(), "two/a.txt": Metadata("One of Them")}


@pytest.mark.parametrize(("key", "fields"), [("doe2020", {}), ("Doe2020", {}), ("x", {"doi": "10.1/doe2020"})])
def test_an_entry_speaks_of_the_file_that_is_called_as_it_is_cited(
    news: Path, key: str, fields: dict[str, str]
) -> None:
    if "doi" in fields:
        (news / "sub" / "doe2020.txt").rename(news / "sub" / "10.1000_doe2020.txt")
        fields = {"doi": "10.1000/doe2020"}
    write(news, refs_DOT_bib=entry(key, title="The Mill of Haar", **fields))
    indexed(news)
    assert [metadata.title for metadata in known(news).values() if metadata.title] == ["The Mill of Haar"]


def test_an_entry_speaks_of_the_article_with_its_address_or_title(tmp_path: Path) -> None:
    news = write(
        tmp_path / "news",
        a_DOT_md=f"---\nurl: https://www.example.org/mill/?utm_source=x\n---\n\n{TEXT}", b_DOT_md=f"# The Mill: of Haar!\n\n{TEXT}",
        c_DOT_md=f"# Introduction\n\n{TEXT}",
        d_DOT_md=f"---\nurl: https://dx.doi.org/10.1234/D\n---\n\n{TEXT}",
    )  # fmt: skip
    refs = [(
        "x", {"author": "Doe, Jane", "url": "http://example.org/mill"}), ("y", {"title": "{The Mill of Haar}", "author": "Roe, John"}),
            ("z", {"title": "Introduction", "author": "No, Body"}), ("w", {"doi": "10.1234/d", "author": "Poe, Ann"})]  # fmt: skip
    write(news, refs_DOT_bib="".join(entry(key, **fields) for key, fields in refs))
    indexed(news)
    assert {source: metadata.author for source, metadata in known(news).items()} == {
        "a.md": "Jane Doe",
        "b.md": "John Roe",
        "c.md": None,
        "d.md": "Ann Poe",
    }


def test_a_title_that_two_entries_have_says_nothing(tmp_path: Path) -> None:
    news = write(tmp_path / "news", b_DOT_md=f"# The Mill of Haar\n\n{TEXT}")
    write(
        news,
        refs_DOT_bib=entry("x", title="The Mill of Haar", author="Doe, Jane")
        + entry("y", title="The Mill of Haar", author="Roe, John"),
    )
    indexed(news)
    assert known(news)["b.md"].author is None


def test_csl_json_speaks_as_a_bib_does_and_other_json_is_not_read(news: Path) -> None:
    item = {
        "id": "doe2020",
        "type": "book",
        "title": "The Mill of Haar",
        "issued": {"date-parts": [[2020]]},
        "publisher": "Alder House",
    }
    write(news, library_DOT_json=json.dumps([item]), package_DOT_json='{"name": "x"}')
    done = indexed(news)
    assert known(news)["sub/doe2020.txt"] == Metadata("The Mill of Haar", None, "2020", "Alder House")
    assert [(kind.suffix, kind.names) for kind in done.unread] == [(".json", ("package.json",))]


def test_what_a_person_wrote_comes_before_a_bibliography_and_that_before_the_article(tmp_path: Path) -> None:
    news = write(tmp_path / "news", a_DOT_md=f"# The Article's Own Title\n\nBy Own Author\n\n2001-01-01\n\n{TEXT}")
    write(
        news,
        refs_DOT_bib=entry("a", title="The Title of the Entry", author="Entry, Ann", year="2002"),
        sources_DOT_toml='["a.md"]\ntitle = "The Title by Hand"\n',
    )
    indexed(news)
    assert known(news)["a.md"] == Metadata("The Title by Hand", "Ann Entry", "2002")


def test_the_nearer_bibliography_comes_first(news: Path) -> None:
    write(
        news,
        refs_DOT_bib=entry("doe2020", title="From Afar", author="Far, Away"),
        sub__refs_DOT_bib=entry("doe2020", title="From Beside"),
    )
    indexed(news)
    assert known(news)["sub/doe2020.txt"] == Metadata("From Beside", "Away Far")


def test_a_bibliography_does_not_speak_of_files_elsewhere(news: Path) -> None:
    write(news, sub__refs_DOT_bib=entry("a", title="Not This One"))
    indexed(news)
    assert known(news)["a.txt"] == Metadata()


def test_a_single_file_is_spoken_of_by_what_lies_beside_it(news: Path) -> None:
    write(news, refs_DOT_bib=entry("a", title="The Mill of Brandt"))
    build(news.parent / ".qa", [news / "a.txt"], FakeEmbedder())
    assert known(news) == {"a.txt": Metadata("The Mill of Brandt")}


def test_only_what_an_entry_speaks_of_is_read_again(news: Path) -> None:
    write(news, refs_DOT_bib=entry("a", title="One Title of It") + entry("doe2020", title="Another"))
    indexed(news)
    assert (indexed(news).changed, indexed(news).unchanged) == (0, 2)
    write(news, refs_DOT_bib=entry("a", title="Two Titles of It") + entry("doe2020", title="Another"))
    assert (indexed(news).changed, known(news)["a.txt"].title) == (1, "Two Titles of It")
    (news / "refs.bib").unlink()
    assert (indexed(news).changed, known(news)["a.txt"]) == (2, Metadata())


def test_an_entry_that_is_matched_by_title_is_followed_too(tmp_path: Path) -> None:
    news = write(
        tmp_path / "news",
        b_DOT_md=f"# The Mill of Haar\n\n{TEXT}",
        refs_DOT_bib=entry("x", title="The Mill of Haar", author="Doe, Jane"),
    )
    indexed(news)
    write(news, refs_DOT_bib=entry("x", title="The Mill of Haar", author="Roe, John"))
    assert (indexed(news).changed, known(news)["b.md"].author) == (1, "John Roe")


def test_what_is_broken_is_told_each_time_and_the_rest_counts(news: Path) -> None:
    write(news, refs_DOT_bib="@article{bad, title = {never closed}\n\n" + entry("a", title="The Mill of Brandt"))
    for _ in range(2):
        assert [(problem.path.name, problem.message) for problem in indexed(news).flawed] == [
            ("refs.bib", "1 of 2 entries left out: bad")
        ]
    assert known(news)["a.txt"].title == "The Mill of Brandt"


def test_a_bibliography_that_is_no_file_is_told_and_costs_nothing_else(news: Path) -> None:
    (news / "gone.bib").symlink_to(news / "nowhere.bib")
    (news / "bin.bib").write_bytes(bytes(range(256)) * 10)
    done = indexed(news)
    assert sorted(problem.path.name for problem in done.flawed) in (["gone.bib"], ["bin.bib", "gone.bib"])
    assert (done.added, done.unread) == (2, ())


def test_sources_check_tells_what_is_broken_and_does_not_count_it_as_unread(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(news, refs_DOT_bib="@article{bad, title = {never closed}\n\n" + entry("a", title="The Mill of Brandt"))
    write(news, library_DOT_json='[{"id": "z", "type": "book"}]', other_DOT_json="[1]")
    place = Place(news.parent, capsys.readouterr)
    assert place.qa("index", "news")[0] == 0
    out = place.qa("sources", "check")[1].splitlines()
    assert f"{news / 'refs.bib'}: 1 of 2 entries left out: bad" in out
    assert out[-1] == "not read: 1 .json (other.json)"


@pytest.mark.parametrize("count", [1, 2])
def test_time_grows_with_the_bibliography(count: int) -> None:
    """What a pattern could run into: spaces, signs that open and do not close, many names of files."""
    size = count * 200_000
    hostile = [
        "@article{a, title = {x}" + " " * size + "}",
        "@article{a, file = {" + "a.b;" * (size // 4) + "}}",
        "@article{a,title={" + "<i " * (size // 3) + "}}",
    ]
    begun = time.process_time()
    for text in hostile:
        bibtex.read(text.encode(), "refs.bib", Limits())
    csl.read(json.dumps([{"id": "a", "type": "b", "title": "<i " * (size // 3)}]).encode())
    assert time.process_time() - begun < 2
