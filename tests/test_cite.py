"""Words found in the articles, however they were copied, and cited; and what is nearest to words that are nowhere."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from index.build import add_articles
from index.errors import QuestionError
from index.records import Article, Metadata, Region
from index.store import Library
from qa.cite import cited, most_like, pattern_of, places
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.memo.style import find
from tests.fakes import FakeEmbedder, FakeModel
from tests.memo_made import pandoc

TIDES = "The tide “never\nwaits” for the ferryman’s boat. The ferry is slow.\n\nNobody minds the soft\u00adened bread."
PIER = "The ferry is slow. The pier burned down twice."
METADATA = Metadata("Tides", "Ada Lund", "1999-05", "Coast Press", None)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library.create(tmp_path / ".qa", FakeEmbedder())
    add_articles(
        made,
        [article("tides.pdf", TIDES, METADATA, (0, 60)), article("pier.txt", PIER, Metadata(), ())],
        FakeEmbedder(),
    )
    with made:
        yield made


def article(source: str, text: str, metadata: Metadata, pages: tuple[int, ...]) -> Article:
    return Article(
        source, text, "utf-8", metadata, (Region(0, len(text), "body"),), (), pages, sha256(text.encode()).hexdigest()
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("The tide “never\nwaits”", [("tides.pdf", 0, 22)]),
        ('The  tide "never waits" ', [("tides.pdf", 0, 22)]),
        ("the ferryman's boat", [("tides.pdf", 27, 46)]),
        ("The ferry is slow.", [("pier.txt", 0, 18), ("tides.pdf", 48, 66)]),
        ("the softened bread", [("tides.pdf", 81, 100)]),
        ("the tide", []),
        ("ferry slow", []),
        ("f.rry", []),
    ],
)
def test_words_are_found_whatever_their_white_space_and_quotation_marks(
    library: Library, words: str, found: list[tuple[str, int, int]]
) -> None:
    quotes = places(pattern_of(words), library)
    assert [(quote.source, quote.start, quote.end) for quote in quotes] == found
    for quote in quotes:
        assert library.article(quote.source).text[quote.start : quote.end] == quote.text


@pytest.mark.parametrize("words", ["", "  ", "“ ”", "..."])
def test_no_words_are_refused(words: str) -> None:
    with pytest.raises(QuestionError, match="there are no words to look for"):
        pattern_of(words)


def test_the_nearest_sentence_is_the_one_with_most_of_the_words_in_order(library: Library) -> None:
    near = most_like("the pier burned down thrice", library)
    assert (near[0].quote.source, near[0].quote.text, near[0].likeness) == (
        "pier.txt",
        "The pier burned down twice.",
        0.8,
    )
    assert most_like("zebra", library) == ()


def test_every_place_is_cited_in_full_on_its_page(library: Library) -> None:
    style = find("chicago-note-bibliography", cwd=Path())
    one, two = cited(places(pattern_of("The ferry is slow."), library), library.article, style, pandoc())
    assert (one.note, one.short, one.bibliography, one.page) == (
        f"{PIER[:-7]}…, n.d.",
        f"{PIER[:-7]}….",
        f"{PIER[:-7]}…. n.d.",
        None,
    )
    assert (two.note, two.page) == ("Ada Lund, “Tides,” Coast Press, May 1999, 1.", 1)
    (late,) = cited(places(pattern_of("softened bread"), library), library.article, style, pandoc())
    assert (late.note, late.short) == ("Ada Lund, “Tides,” Coast Press, May 1999, 2.", "Lund, “Tides.”")
    assert late.bibliography == "Lund, Ada. “Tides.” Coast Press, May 1999."


def qa(folder: Path, capture: Callable[[], Any], *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    loaders = Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: FakeModel())
    code = run(
        arguments,
        Session(loaders=loaders, environ={}, cwd=folder, user_file=folder / "user.toml", stdin=io.BytesIO(stdin)),
    )
    return code, *capture()


@pytest.mark.usefixtures("library")
def test_the_command_prints_note_and_entry(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = qa(tmp_path, capsys.readouterr, "cite", 'tide "never waits"', "--style", "apa", "--library", ".qa")
    assert (code, err) == (0, "")
    assert out == (
        "tides.pdf:4-22\n  “tide “never waits””\n  note: Lund, A. (1999, May). Tides. Coast Press. P. 1.\n  again: "
        "(Lund, 1999)\n"
        "  bibliography: Lund, A. (1999, May). Tides. Coast Press.\n"
    )


@pytest.mark.usefixtures("library")
def test_the_command_lists_all_places_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = qa(
        tmp_path, capsys.readouterr, "cite", "-", "--json", "--library", ".qa", stdin="tide “never\nwaits”".encode()
    )
    held = json.loads(out)
    assert (code, err, held["words"], held["nearest"]) == (0, "", "tide “never\nwaits”", [])
    assert [
        (place["source"], place["start"], place["end"], place["page"], place["quote"]) for place in held["places"]
    ] == [("tides.pdf", 4, 22, 1, "tide “never\nwaits”")]


@pytest.mark.usefixtures("library")
def test_words_that_are_nowhere_are_exit_code_3_with_the_nearest_shown_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = qa(tmp_path, capsys.readouterr, "cite", "the pier burned down thrice", "--library", ".qa")
    assert (code, err) == (3, "no article holds these words; the nearest sentences are above\n")
    assert out.startswith("near, not the same (0.80)  pier.txt:19-46\n  “The pier burned down twice.”\n")
    assert qa(tmp_path, capsys.readouterr, "cite", "zebra", "--library", ".qa") == (
        3,
        "",
        "no article holds these words\n",
    )


def test_an_unknown_style_is_an_error_to_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = qa(tmp_path, capsys.readouterr, "cite", "tide", "--style", "apaa")
    assert (code, out) == (1, "")
    assert err.startswith("error: there is no citation style “apaa”\nhint: try apa")
