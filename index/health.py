"""Is a library whole? In: an open library; out: what is wrong with it, one line each. Repairs nothing."""

from __future__ import annotations

import sqlite3

from index.errors import LibraryError
from index.store import Library
from index.vectors import VectorIndex, from_bytes
from index.write import current_digest

_BATCH = 1000
_PASSAGES_OF = "SELECT id FROM passages WHERE article = (SELECT id FROM articles WHERE source = ?)"
_PASSAGES_OF = "SELECT id FROM passages WHERE article = (SELECT id FROM articles WHERE source = ?)"


def check(library: Library) -> tuple[str, ...]:
    """Every problem of the library, none if it is healthy: the file's structure, all checksums, and that passages, vectors and full text are one set."""
    try:
        structure = [row[0] for row in library.rows("PRAGMA integrity_check(10)")]
        if structure != ["ok"]:
            return tuple(f"the file's structure: {problem}" for problem in structure)
        with library.snapshot():
            problems = [*_articles(library), *_passages(library), *_vectors(library), *_index(library)]
            if library.digest and current_digest(library) != library.digest:
                problems.append("the articles are not those that were recorded")
        return (*problems, *_full_text(library))
    except LibraryError as error:
        return (error.message,)


def _articles(library: Library) -> list[str]:
    problems = []
    for (source,) in library.rows("SELECT source FROM articles ORDER BY source"):
        try:
            article = library.article(source)
        except LibraryError as error:
            problems.append(error.message)
            continue
        for passage in library.passages([row[0] for row in library.rows(_PASSAGES_OF, source)]):
            spans = [(passage.start, passage.end, passage.text), *((one.start, one.end, one.text) for one in passage.sentences)]
            if any(article.text[start:end] != text for start, end, text in spans):
                problems.append(f"a passage of {source} is not a slice of it")
    return problems


def _passages(library: Library) -> list[str]:
    lost = library.rows("SELECT count(*) FROM passages WHERE article NOT IN (SELECT id FROM articles)")[0][0]
    return [f"{lost} passages belong to no article"] if lost else []


def _vectors(library: Library) -> list[str]:
    missing = library.rows("SELECT count(*) FROM passages WHERE vector NOT IN (SELECT key FROM vectors)")[0][0]
    problems = [f"{missing} passages have no vector"] if missing else []
    dimension, last = library.identity.dimension, b""
    while batch := library.rows(f"SELECT key, value FROM vectors WHERE key > ? ORDER BY key LIMIT {_BATCH}", last):
        last = batch[-1][0]
        try:
            from_bytes([value for _, value in batch], dimension)
        except LibraryError as error:
            return [*problems, error.message]
    return problems


def _index(library: Library) -> list[str]:
    """The saved index may be missing or old, which is no fault; if it is of this generation it must hold the same passages."""
    index = VectorIndex.load(library.folder, library.generation)
    ids = {row[0] for row in library.rows("SELECT id FROM passages")}
    return ["the vector index holds other passages than the library"] if index is not None and set(index.ids.tolist()) != ids else []


def _full_text(library: Library) -> list[str]:
    """FTS5 compares its index with the rows; it does so by a command, which needs a connection that can write."""
    problems = []
    for table in ("passages_fts", "articles_fts"):
        try:
            library.connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            problems.append(f"full text ({table}): {error}")
    return problems
