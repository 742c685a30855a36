"""What a library says of itself: the records, and the queries that fill them from its tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.naming import located
from index.postings import Query
from index.records import Metadata


@dataclass(frozen=True, slots=True)
class Identity:
    """How a library was built. Two libraries with different identities cannot be mixed."""

    format: int
    chunking: int
    embedder: str
    embedder_digest: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Root:
    """A file or folder whose articles the library holds; `name` is put before their sources, where one was given."""

    path: Path
    name: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, and why it was left out, or what of it was."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of an article without reading it.

    `file` is None where it was not read from one; `indexed_at` is UTC, ISO 8601.
    """

    source: str
    file: Path | None
    metadata: Metadata
    encoding: str
    characters: int
    passages: int
    indexed_at: str
    note: str | None = None  # what was lost of its file


@dataclass(frozen=True, slots=True)
class Summary:
    """A library at a glance; dates are those of publication."""

    articles: int
    passages: int
    earliest: str | None
    latest: str | None
    undated: int


def summary(rows: Query, passages: int) -> Summary:
    """Counts and dates."""
    articles, *dates = rows("SELECT count(*), min(date), max(date), count(*) - count(date) FROM articles")[0]
    return Summary(articles, passages, *dates)


def roots(rows: Query, base: Path) -> tuple[Root, ...]:
    """The files and folders that `qa index` refreshes."""
    return tuple(Root(located(base, path), name) for path, name in rows("SELECT path, name FROM roots ORDER BY path"))


def sources(rows: Query, base: Path) -> tuple[SourceInfo, ...]:
    """The articles, by source."""
    found = rows(
        "SELECT source, root, path, title, author, date, publisher, url, language, encoding, characters, "
        "indexed_at,"
        " (SELECT count(*) FROM passages WHERE article = articles.id), (SELECT note FROM files WHERE (root, path) "
        "= (articles.root, articles.path))"
        " FROM articles ORDER BY source"
    )
    return tuple(
        SourceInfo(
            source,
            None if root is None else located(base, root, path),
            Metadata(*known),
            encoding,
            characters,
            passages,
            indexed_at,
            note,
        )
        for source, root, path, *known, encoding, characters, indexed_at, passages, note in found
    )


def skipped(rows: Query, base: Path) -> tuple[Problem, ...]:
    """The files that could not be read when the library was last built."""
    found = rows("SELECT root, path, problem FROM files WHERE problem IS NOT NULL ORDER BY root, path")
    return tuple(Problem(located(base, root, path), problem) for root, path, problem in found)


def flawed(rows: Query, base: Path) -> tuple[Problem, ...]:
    """The files that were read, but not all of them, and what was lost."""
    found = rows("SELECT root, path, note FROM files WHERE note IS NOT NULL ORDER BY root, path")
    return tuple(Problem(located(base, root, path), note) for root, path, note in found)
