"""The time to read a text grows with its length, whatever it holds: twice the text takes about twice the time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest

from index.chunk import embedded_text, passages
from index.ingest import metadata as meta
from index.ingest.clean import regions
from index.ingest.encoding import decode
from index.records import Article, Metadata
from index.rows import article_row, passage_row

SIZE = 20_000  # characters; the largest text has eight times as many
FLOOR = 0.25  # seconds of work: below, a ratio says nothing
MOST = 3.0  # what twice the text may take, in multiples: where every mark is compared with every other it is four

ONE_LINE = {
    "emoji": "😀. ", "dashes": "— ", "brackets": "[", "openings": "(", "quotes": '"', "curly quotes": "“",
    "single quotes": " '", "spaced quotes": ' "', "dots": ".", "questions": "? ", "digits": "1", "figures": "1,000.5 ",
    "numbers": "1. ", "spaces": " ", "a.a.a.a": "a.", "initials": "A. ", "words": "a ", "a word": "a",
    "underscores": "_", "hashes": "#", "spaced hashes": "# ", "stars": "*", "angles": "<", "bars": "| ", "hyphens": "-",
    "equals": "=", "ellipses": "… ", "abbreviations": "etc. ", "titles": "Mr. ", "said": "“Yes.” He said. ",
    "glued": ".”“", "unclosed": "“a ", "nested": " (“", "cjk": "漢字。", "thai": "ก", "joiners": "\u200d",
    "soft hyphens": "\u00ad", "no-break spaces": "\u00a0", "escapes": "\x1b]0;", "accents": "e\u0301",
    "dates": "4 December 2025 ", "by": "By ", "and": "Jane Doe and ", "clauses": "and so, ",
    "addresses": "https://a.b/ ", "sentences": "The cat sat. ",
}  # fmt: skip
MANY_LINES = {
    "empty": "\n", "windows": "\r\n", "fences": "---\n", "code": "```\n", "authors": "About the author\nJane Doe\n",
    "biographies": "author biography\nJane Doe is a writer\n",
    "paragraphs on authors": "About the author\n\nJane Doe is a writer.\n\n", "written by": "Written by\nJane Doe\n\n",
    "bylines": "By Jane Doe\n", "rights": "© 2020 Reuters\n", "days": "4 December 2025\n", "rows": "| a | b |\n",
    "bare rows": "a | b\n--- | ---\n", "rules": "---|---\n",
    "menus": "Home | News | Sport\n", "items": "- a\n", "keys": "title: value\n", "wrapped": "the dog and\n",
    "headings": "# The dog\n", "separators": "\u2028a", "short": "a\n",
}  # fmt: skip


def read(text: str) -> None:
    """Every stage between the bytes of a file and the rows of the library."""
    data = text.encode("utf-8")
    if b"\x1b" not in data:
        decode(data, "a.txt")
    metadata, credits_ = meta.read(text, suffix=".txt")
    article = Article("a.txt", text, "utf-8", metadata, regions(text, credits_), credits_, (), "")
    drafts = passages(article)
    for draft in drafts:
        embedded_text(Metadata(), draft)
        passage_row(draft)
    article_row(article, drafts)


def work(text: str, reader: Callable[[str], None]) -> float:
    """Seconds of work, whoever else uses the machine."""
    began = time.process_time()
    reader(text)
    return time.process_time() - began


def grows_with(made: Callable[[int], str], reader: Callable[[str], None] = read) -> bool:
    """Whether twice the text takes little more than twice the time, or none to speak of.

    A second pair is tried, for a machine may stumble.
    """
    if (largest := work(made(8 * SIZE), reader)) < FLOOR:
        return True
    half = work(made(4 * SIZE), reader)
    return largest < MOST * half or half < MOST * work(made(2 * SIZE), reader)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    read("The minister said on Friday that the port will be built soon.\n" * 9)


@pytest.mark.parametrize("name", ONE_LINE)
def test_one_line(name: str) -> None:
    sign = ONE_LINE[name]
    assert grows_with(
        lambda size: (
            f"The minister said on Friday that the port will be built "
            f"soon. {sign * (size // len(sign))} It was so, they said.\n"
        )
    )


@pytest.mark.parametrize("name", MANY_LINES)
def test_many_lines(name: str) -> None:
    line = MANY_LINES[name]
    assert grows_with(
        lambda size: f"The minister said on Friday that the port will be built soon.\n{line * (size // len(line))}"
    )


@pytest.mark.parametrize(
    "made",
    [
        lambda size: "# " + "#" * size + " x\n\nThe minister said on Friday that the port will be built soon.\n",
        lambda size: (
            "---\nauthor: "
            + "[" * (size // 2)
            + "]" * (size // 2)
            + "\n---\nThe minister said on Friday that the port will be built soon.\n"
        ),
        lambda size: f"---\nauthor: {'[' * size}\n---\nThe minister said on Friday that the port will be built soon.\n",
        lambda size: (
            f"---\nauthor: [[{'a/' * (size // 2)}\n---\nThe minister said on Friday that the port will be built soon.\n"
        ),
        lambda size: (
            "---\ntitle: "
            + " #" * (size // 2)
            + "\n---\nThe minister said on Friday that the port will be built soon.\n"
        ),
        lambda size: (
            "---\nauthors:\n"
            + "- name: Jane Doe\n" * (size // 16)
            + "---\nThe minister said on Friday that the port will be built soon.\n"
        ),
        lambda size: "By " + "_" * size + "\n\n" + "a" + "_" * size,
        lambda size: (
            "".join(f"About the author\n\nJane Doe{letter} is a writer.\n\n" for letter in "abcdefgh" * (size // 400))
            + "Ann Lee is an editor.\n\n" * (size // 40)
        ),
        lambda size: "Ä" * size,
        lambda size: " ".join(f"word{number}" for number in range(size // 8)),
    ],
    ids=[
        "marks of a title",
        "brackets",
        "open brackets",
        "an open link",
        "comments",
        "list",
        "underscores",
        "many authors",
        "letters of one kind",
        "words of all kinds",
    ],
)
def test_mixtures(made: Callable[[int], str]) -> None:
    assert grows_with(made)


def test_legacy_encodings() -> None:
    assert grows_with(lambda size: "é" * size, _decode)


def _decode(text: str) -> None:
    decode(text.encode("cp1252"), "a.txt")


def test_what_grows_faster_is_noticed() -> None:
    def reader(text: str) -> None:  # sixteen times the work for twice the text: no stumble of a machine hides that
        for _ in range((len(text) // 1_600) ** 4):
            pass

    assert not grows_with(lambda size: "a" * size, reader)


def test_nothing_is_read_deeper_than_python_goes() -> None:
    for text in (
        "---\nauthor: " + "[" * 100_000 + "]" * 100_000 + "\n---\nText.\n",
        "[" * 200_000,
        "(“" * 100_000,
        "> " * 100_000,
        "#" * sys.getrecursionlimit(),
    ):
        read(text)
