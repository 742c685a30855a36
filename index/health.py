"""Check whether a library is whole, and say what is wrong with it, one line each. Repairs nothing."""

from __future__ import annotations

from pathlib import Path

from index.cell_block import whole
from index.errors import LibraryError
from index.nearest import FILES
from index.postings import BLOCK, block_of
from index.schema import TOKENS
from index.store import Library
from index.vectors import from_bytes
from index.write import current_digest

_BATCH = 1000
_PASSAGES_OF = "SELECT id FROM passages WHERE article = (SELECT id FROM articles WHERE source = ?)"


def check(library: Library) -> tuple[str, ...]:
    """Return every problem of the library, none if it is healthy.

    The file's structure, all checksums, and that passages, vectors and full text are one set.
    """
    try:
        structure = [row[0] for row in library.rows("PRAGMA integrity_check(10)")]
        if structure != ["ok"]:
            return tuple(f"the file's structure: {problem}" for problem in structure)
        with library.snapshot():
            problems = [*_articles(library), *_passages(library), *_vectors(library), *_words(library)]
            if library.digest and current_digest(library) != library.digest:
                problems.append("the articles are not those that were recorded")
        return (*problems, *_credits(library))
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
            spans = [
                (passage.start, passage.end, passage.text),
                *((one.start, one.end, one.text) for one in passage.sentences),
            ]
            if any(article.text[start:end] != text for start, end, text in spans):
                problems.append(f"a passage of {source} is not a slice of it")
    return problems


def _passages(library: Library) -> list[str]:
    lost = library.rows("SELECT count(*) FROM passages WHERE article NOT IN (SELECT id FROM articles)")[0][0]
    return [f"{lost} passages belong to no article"] if lost else []


def _vectors(library: Library) -> list[str]:
    missing = library.rows("SELECT count(*) FROM passages WHERE vector NOT IN (SELECT id FROM vectors)")[0][0]
    problems = [f"{missing} passages have no vector"] if missing else []
    dimension, last = library.identity.dimension, -1
    while batch := library.rows(f"SELECT id, value FROM vectors WHERE id > ? ORDER BY id LIMIT {_BATCH}", last):
        last = batch[-1][0]
        try:
            from_bytes([value for _, value in batch], dimension)
        except LibraryError as error:
            return [*problems, error.message]
    return problems


def damaged_blocks(library: Library) -> tuple[Path, ...]:
    """The saved blocks that are not what was written.

    They are derived: one may be missing or old, and none changes what is found.
    """
    return tuple(file for file in sorted(library.folder.glob(FILES)) if not whole(file))


def _words(library: Library) -> list[str]:
    """The words of every block, counted anew from its passages."""
    (highest,) = library.rows(
        "SELECT max(coalesce((SELECT max(id) FROM passages), 0), coalesce((SELECT max(block) + "
        "1 FROM lengths), 0) * ?)",
        BLOCK,
    )[0]
    for block in range(highest // BLOCK + 1):
        first = block * BLOCK
        texts = library.rows(
            "SELECT id - ?, words, language FROM passage_words WHERE id BETWEEN ? AND ? ORDER BY id",
            first,
            first,
            first + BLOCK - 1,
        )
        words, lengths = block_of(texts)
        recorded = {
            term: (places, counts)
            for term, places, counts in library.rows("SELECT term, places, counts FROM words WHERE block = ?", block)
        }
        found = library.rows("SELECT value FROM lengths WHERE block = ?", block)
        if recorded != words or found != ([(lengths,)] if lengths else []):
            return ["the words that are searched are not those of the passages"]
    return []


def _credits(library: Library) -> list[str]:
    """Index the words of the credits anew in passing tables and compare.

    FTS5's own check is a command that writes.
    """
    columns = "title, author, publisher, date, url, credits"
    try:
        for statement in (
            "PRAGMA temp_store = MEMORY",
            f"CREATE VIRTUAL TABLE temp.again USING fts5 ({columns}, tokenize='{TOKENS}')",
            f"INSERT INTO temp.again (rowid, {columns}) SELECT * FROM article_words ORDER BY id",
            "CREATE VIRTUAL TABLE temp.wanted USING fts5vocab (temp, again, instance)",
            "CREATE VIRTUAL TABLE temp.found USING fts5vocab (main, articles_fts, instance)",
        ):
            library.rows(statement)
        differing = "SELECT 1 FROM (SELECT * FROM temp.{} EXCEPT SELECT * FROM temp.{}) LIMIT 1"
        if library.rows(differing.format("wanted", "found")) or library.rows(differing.format("found", "wanted")):
            return [
                "full text (articles_fts): the words of titles and bylines that are searched are not those of the "
                "articles"
            ]
    finally:
        for table in ("wanted", "found", "again"):
            library.rows(f"DROP TABLE IF EXISTS temp.{table}")
        library.rows("PRAGMA temp_store = DEFAULT")
    return []
