"""Measures what is read of real web pages.

Title, author, date, what is furniture and what is not: `python -m bench.pages`.

The pages and what they hold are those of `html_gold.zip` (trafilatura's own tests). They are split in two by a hash of
the site's name: rules were made looking at the first half alone; the second is the one to report.

An author is right if it names the same persons, or nobody where the page is known to have no author or an organisation
for one (`are_persons`); `named` counts only those pages whose author is known to be a person, `invented` those of the
others that got one all the same. Strings are looked for in the passages of the article, white space run together.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from bench import data
from index.chunk import passages
from index.errors import SourceError
from index.ingest.lines import plain
from index.ingest.load import load
from index.ingest.names import are_persons
from index.records import Article

_BETWEEN = re.compile(r"\s*[,;/&]\s*|\s+(?:and|und|y|e|et)\s+")


@dataclass(frozen=True, slots=True)
class Gold:
    """A page with what is known of it; `comments` are strings of its readers' comments."""

    page: str
    url: str
    title: str
    author: str
    date: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it was read, against what is known of it."""

    gold: Gold
    title: str | None
    author: str | None
    date: str | None
    lost: tuple[str, ...]
    kept: tuple[str, ...]
    comments: tuple[str, ...]

    @property
    def titled(self) -> bool:
        """Whether the title is the page's, letter by letter."""
        return self.title == self.gold.title

    @property
    def credited(self) -> bool:
        """Whether the authors are the page's, or none where there are none to name."""
        return persons(self.author) == persons(self.gold.author) if self.author else not is_named(self.gold)

    @property
    def dated(self) -> bool:
        """Whether the date is the page's."""
        return self.date == self.gold.date


def main() -> None:
    """Print a line for each half and one for both; with `--misses`, what went wrong in the first."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path)
    options.add_argument("--misses", action="store_true", help="list what went wrong in the first half")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        with zipfile.ZipFile(data.folder(given.data) / "html_gold.zip") as archive:
            archive.extractall(scratch)
        pages = [see(Path(scratch) / "pages" / one.page, one) for one in golds(Path(scratch) / "gold.jsonl")]
    halves = {
        "first half": [one for one in pages if is_first(one.gold)],
        "held out": [one for one in pages if not is_first(one.gold)],
        "both": pages,
    }
    print(
        f"{'':12}{'pages':>6}{'title':>14}{'author':>14}{'named':>14}{'invented':>10}{'date':>14}{'unwanted':>15}{'lost':>15}{'comments':>10}"
    )
    for name, half in halves.items():
        print(row(name, half))
    if given.misses:
        for one in halves["first half"]:
            print("\n".join(misses(one)))


def golds(file: Path) -> list[Gold]:
    """What is known of the pages, in the order of the file."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        Gold(
            row["page"],
            row["url"],
            plain(row["title"]),
            plain(row["author"]),
            day(row["date"]),
            *(tuple(row[key]) for key in ("with", "without", "comments")),
        )
        for row in rows
    ]


def see(file: Path, gold: Gold) -> Seen:
    """The page as the program reads it; nothing of it where it is refused."""
    try:
        (article,) = load(file, file.name, {})
    except SourceError:
        return Seen(gold, None, None, None, gold.wanted, (), ())
    text = plain(" ".join(one.text for one in passages(article)))
    known = article.metadata
    lost = tuple(words for words in gold.wanted if plain(words) not in text and not _is_credit(article, words))
    kept, comments = (
        tuple(words for words in strings if plain(words) in text) for strings in (gold.unwanted, gold.comments)
    )
    return Seen(gold, known.title, known.author, known.date, lost, kept, comments)


def _is_credit(article: Article, words: str) -> bool:
    """Whether the words stand in a title or byline, which are quoted where they are asked for."""
    return any(
        plain(words) in plain(article.text[region.start : region.end])
        for region in article.regions
        if region.kind != "body"
    )


def is_first(gold: Gold) -> bool:
    """Whether the page is in the half that may be looked at, by its site."""
    return sha256((urlsplit(gold.url).hostname or "").removeprefix("www.").encode()).digest()[0] % 2 == 0


def is_named(gold: Gold) -> bool:
    """Whether the author that is known is a person."""
    return any(are_persons(name.title()) for name in _BETWEEN.split(gold.author))


def persons(names: str | None) -> frozenset[str]:
    """The names, in any order and case."""
    return frozenset(name.casefold() for name in _BETWEEN.split(names or "") if name)


def day(date: str) -> str:
    """The date with its zeros: 2022-11-1 is 2022-11-01."""
    return "-".join(part.zfill(2) for part in date.split("-"))


def row(name: str, half: Sequence[Seen]) -> str:
    """The figures of some pages, in a line."""
    named = [one for one in half if is_named(one.gold)]
    return (
        f"{name:12}{len(half):6}"
        + share(sum(one.titled for one in half), len(half))
        + share(sum(one.credited for one in half), len(half))
        + share(sum(one.credited for one in named), len(named))
        + f"{sum(one.author is not None and not one.credited for one in half if one not in named):10}"
        + share(sum(one.dated for one in half), len(half))
        + share(sum(len(one.kept) for one in half), sum(len(one.gold.unwanted) for one in half), 15)
        + share(sum(len(one.lost) for one in half), sum(len(one.gold.wanted) for one in half), 15)
        + f"{sum(len(one.comments) for one in half):6} of {sum(len(one.gold.comments) for one in half)}"
    )


def share(part: int, whole: int, width: int = 14) -> str:
    """Such as "38/40 0.950", right-aligned."""
    return f"{f'{part}/{whole} {part / whole:.3f}':>{width}}"


def misses(one: Seen) -> Iterator[str]:
    """What went wrong with a page, a line each."""
    for right, what, got, known in (
        (one.titled,
            "title", one.title, one.gold.title), (one.credited, "author", one.author, one.gold.author), (one.dated, "date", one.date, one.gold.date),
    ):  # fmt: skip
        if not right:
            yield f"{one.gold.page}: {what} {got!r}, not {known!r}"
    for what, strings in (("lost", one.lost), ("unwanted", one.kept), ("comment", one.comments)):
        yield from (f"{one.gold.page}: {what} {words!r}" for words in strings)


if __name__ == "__main__":
    main()
