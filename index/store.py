"""The library on disk, as its readers see it: articles, passages, their vectors and full text.

Knows nothing of files, questions or models.

`library.sqlite` is the only truth; the FAISS files are derived from it and are built anew whenever they do not fit.
What writes is in `index.write`.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from index import listing
from index.allowed import allowed, undated_left_out
from index.cell_index import CellIndex
from index.cells import Cells
from index.chunk import CHUNKING
from index.current import Current
from index.embed import Embedder, FloatArray
from index.errors import LibraryError, SourceError
from index.language import ENGLISH
from index.lexical import match_expression, telling_words
from index.listing import Identity, Problem, Root, SourceInfo, Summary
from index.names import together
from index.nearest import restored, vectors
from index.postings import Flags, Postings, Scored, only, ranked
from index.records import Article, Filter, Metadata, Passage
from index.rows import ARTICLE_COLUMNS, PASSAGE_COLUMNS, read_article, read_passage
from index.schema import FILE, FORMAT, REBUILD_HINT, connect, create, explained, is_still, log
from index.seal import verify
from index.tokens import Tokeniser
from index.vectors import ExactIndex, scored

_NUMBERS = {"format", "chunking", "dimension", "moment"}
MOST_TERMS = 256  # of a question in another language; of a pasted page only the alphabetically first are used
_META = _NUMBERS | {"embedder", "embedder_digest", "birth", "generation", "digest"}


class Library:
    """A library that is open for reading. One thread at a time."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, *, file: str = FILE, sealed: bool = False) -> None:
        """`sealed` says that the file was found to be what its last writer left."""
        self.folder = folder
        self.sealed = sealed
        self.file = folder / file
        self.connection = connection
        self._still = self._signature() if is_still(connection) else None
        self._depth = 0
        self._tokeniser = Tokeniser()
        self._current = Current(self.file)

    @classmethod
    def open(cls, folder: Path, *, file: str = FILE) -> Self:
        """Opens the library in `folder`.

        Raises LibraryError if there is none, or it is damaged or of another format.
        """
        sealed = file == FILE and verify(folder)
        library = cls(folder, connect(folder / file, at_rest=sealed), file=file, sealed=sealed)
        try:
            found = library.identity.format
            if found != FORMAT:
                raise LibraryError(f"{library.file} has format {found}, this program reads {FORMAT}", REBUILD_HINT)
        except BaseException:
            library.close()
            raise
        return library

    @classmethod
    def create(cls, folder: Path, embedder: Embedder, *, file: str = FILE) -> Self:
        """Makes an empty library in `folder` (made too, if missing), for vectors of `embedder`."""
        meta = {"format": FORMAT, "chunking": CHUNKING, "embedder": embedder.name, "embedder_digest": embedder.digest}
        state = {
            "dimension": str(embedder.dimension),
            "birth": secrets.token_hex(8),
            "moment": "0",
            "generation": "0",
            "digest": "",
            "unfinished": "",
        }
        create(folder / file, {key: str(value) for key, value in meta.items()} | state)
        return cls.open(folder, file=file)

    def close(self) -> None:
        """Closes the file; the library cannot be used after."""
        self.connection.close()
        self._tokeniser.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever is indexed meanwhile."""
        self._depth += 1
        try:
            if self._depth == 1:
                self._follow()
                self.rows("BEGIN")
            yield
        finally:
            self._depth -= 1
            if self._depth == 0 and self.connection.in_transaction:
                self.rows("COMMIT")

    @property
    def identity(self) -> Identity:
        """How this library was built."""
        meta = self._meta()
        return Identity(
            int(meta["format"]),
            int(meta["chunking"]),
            meta["embedder"],
            meta["embedder_digest"],
            int(meta["dimension"]),
        )

    @property
    def digest(self) -> str:
        """One hash over the identity and every article's source, text and metadata.

        The same library gives the same answers.
        """
        return self._meta()["digest"]

    @property
    def generation(self) -> str:
        """Changes with every change of the articles."""
        return self._meta()["generation"]

    @property
    def base(self) -> Path:
        """The folder that the library lies in.

        Roots within it are recorded relative to it, so that both can be moved together.
        """
        return self.folder.resolve().parent

    def require(self, embedder: Embedder) -> None:
        """Raises LibraryError unless the library was cut as this program cuts and holds vectors of this embedder."""
        found = self.identity
        if found.chunking != CHUNKING:
            raise LibraryError(
                f"the library was cut into passages another way (version {found.chunking}, not {CHUNKING})",
                REBUILD_HINT,
            )
        if found.embedder_digest != embedder.digest or found.dimension != embedder.dimension:
            ours, theirs = (
                f"{embedder.name} ({embedder.digest[:12]})",
                f"{found.embedder} ({found.embedder_digest[:12]})",
            )
            raise LibraryError(f"the library was built with the embedder {theirs}, not with {ours}", REBUILD_HINT)

    def summary(self) -> Summary:
        """Counts and dates."""
        return listing.summary(self.rows, self.passage_count())

    def roots(self) -> tuple[Root, ...]:
        """The files and folders that `qa index` refreshes."""
        return listing.roots(self.rows, self.base)

    def sources(self) -> tuple[SourceInfo, ...]:
        """The articles, by source."""
        return listing.sources(self.rows, self.base)

    def skipped(self) -> tuple[Problem, ...]:
        """The files that could not be read when the library was last built."""
        return listing.skipped(self.rows, self.base)

    def flawed(self) -> tuple[Problem, ...]:
        """The files that were read, but not all of them, and what was lost."""
        return listing.flawed(self.rows, self.base)

    def article(self, source: str) -> Article:
        """The article of that source, its checksum verified.

        Raises SourceError if there is none, LibraryError if it is damaged.
        """
        found = self.rows(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE source = ?", source)
        if not found:
            raise SourceError(f"the library holds no article “{source}”", "qa sources list")
        slices = self.rows(
            'SELECT start, "end", text FROM passages WHERE article = (SELECT id FROM articles WHERE '
            "source = ?) ORDER BY id",
            source,
        )
        return read_article(found[0], slices)

    def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """The passages of these ids, in their order. Raises LibraryError for one that is damaged or not there."""
        found = self.rows(
            f"SELECT p.id, a.source, a.title, a.author, a.date, a.publisher, a.url, "
            f"a.language, {_of('p', PASSAGE_COLUMNS)}"
            " FROM passages p JOIN articles a ON a.id = p.article WHERE p.id IN (SELECT value FROM json_each(?))",
            json.dumps(list(ids)),
        )
        by_id = {row[0]: read_passage(row[0], row[1], Metadata(*row[2:8]), row[8:]) for row in found}
        if lost := set(ids) - by_id.keys():
            raise LibraryError(f"{self.file} is damaged: passage {min(lost)} is not there", REBUILD_HINT)
        return tuple(by_id[number] for number in ids)

    def dense(self, vector: FloatArray, k: int, within: Filter = Filter()) -> Scored:  # noqa: B008 (frozen)
        """The `k` passages whose vectors are nearest to `vector`, with their dot products.

        In a large library one in fifty may be missed.
        """
        with self.snapshot():
            found = (
                self._current.vectors(self.rows, self._meta()).nearest(vector, k, self.flags(within)) if k > 0 else []
            )
            return self.similarities(vector, found)[:k]

    def similarities(self, vector: FloatArray, ids: Sequence[int]) -> Scored:
        """The dot products of `vector` with the vectors of these passages, best first."""
        with self.snapshot():
            index = self._current.vectors(self.rows, self._meta())
            rows = (
                index.rows(ids)
                if isinstance(index, ExactIndex)
                else vectors(self.rows, list(ids), self.identity.dimension)
            )
            return scored(vector, ids, rows)

    def lexical(
        self,
        text: str,
        k: int,
        within: Filter = Filter(),  # noqa: B008 (frozen)
        phrases: Mapping[str, Postings] = MappingProxyType({}),
    ) -> Scored:
        """The `k` passages that best match the words of `text`, and those of `phrases` as one word each.

        Their BM25 scores are given as shares of the most that these words could give. Each language is searched as if
        there were no other: `text` is stemmed as its passages are, and a word is rare that is rare among them.
        """
        if k <= 0:
            return ()
        with self.snapshot():
            among, found = self.flags(within), list[tuple[int, float]]()
            for language, (here, there) in self._current.tongues(self.rows, self._meta()).items():
                terms = self._tokeniser.terms(" ".join(telling_words(text)) if language == ENGLISH else text, language)[
                    :MOST_TERMS
                ]
                held = (
                    phrases
                    if there is None
                    else {phrase: own for phrase, rows in phrases.items() if (own := only(rows, there))}
                )
                if terms:
                    found += ranked(self.rows, here, terms, k, among, held)
        return tuple(sorted(found, key=lambda one: (-one[1], one[0]))[:k])

    def phrases(self, pairs: Sequence[tuple[str, str]], within: Filter = Filter()) -> dict[str, Postings]:  # noqa: B008 (frozen)
        """For each pair of words that stands side by side anywhere, the passages in which it does."""
        with self.snapshot():
            return together(
                self.rows,
                self._current.presence(self.rows, self._meta()),
                self._tokeniser,
                pairs,
                self.flags(within),
                self._current.tongues(self.rows, self._meta()),
            )

    def credited(self, text: str, k: int, within: Filter = Filter()) -> tuple[str, ...]:  # noqa: B008 (frozen)
        """The sources whose title, byline, dateline or other credits best match the words of `text`."""
        expression = match_expression(text)
        if expression is None or k <= 0:
            return ()
        with self.snapshot():
            articles = allowed(self.rows, within)
            # +rowid: as a plain condition; else SQLite searches the full text once for every row that is allowed
            among = "" if articles is None else "AND +f.rowid IN (SELECT value FROM json_each(?))"
            found = self.rows(
                "SELECT a.source FROM articles_fts f JOIN articles a ON a.id = f.rowid"
                f" WHERE articles_fts MATCH ? {among} ORDER BY bm25(articles_fts), f.rowid LIMIT ?",
                *(expression, *([] if articles is None else [json.dumps(articles)]), k),
            )
        return tuple(source for (source,) in found)

    def passage_count(self) -> int:
        """How many passages the library holds."""
        with self.snapshot():
            return self._current.presence(self.rows, self._meta()).passages

    def blocks(self) -> tuple[int, ...]:
        """The numbers of the blocks whose vectors lie in cells."""
        with self.snapshot():
            index = self._current.vectors(self.rows, self._meta())
            return tuple(index.blocks) if isinstance(index, CellIndex) else ()

    def cells(self) -> Cells | None:
        """The cells that the vectors of a large library are arranged in."""
        return restored(self.rows, self.identity.dimension)

    def warm(self) -> None:
        """Opens the index of the vectors, so that the first search need not."""
        with self.snapshot():
            self._current.vectors(self.rows, self._meta())

    def undated_left_out(self, within: Filter) -> int:
        """How many articles a filter by date leaves out only because they carry no date."""
        return undated_left_out(self.rows, within)

    def _follow(self) -> None:
        """Opens the file again where it is read as one that does not change (see `connect`) and another user has changed it."""
        if self._still is not None and self._still != self._signature():
            with type(self).open(self.folder, file=self.file.name) as again:
                self.connection, again.connection = again.connection, self.connection
                self._still, self.sealed = again._still, again.sealed

    def _signature(self) -> tuple[int, ...]:
        with explained(self.file):
            status = self.file.stat()
            return (status.st_ino, status.st_size, status.st_mtime_ns, log(self.file))

    def rows(self, sql: str, *values: object) -> list[Any]:
        """What SQLite answers. Raises LibraryError where the file is damaged, locked or gone."""
        with explained(self.file):
            return self.connection.execute(sql, values).fetchall()

    def flags(self, within: Filter) -> Flags | None:
        """True for every passage that the filter lets through; None where that is all of them."""
        return self._current.flags(self.rows, self._meta(), within)

    def _meta(self) -> dict[str, str]:
        found = dict(self.rows("SELECT key, value FROM meta"))
        if not found.keys() >= _META or not all(found[number].isdecimal() for number in _NUMBERS):
            raise LibraryError(f"{self.file} does not say how it was built", REBUILD_HINT)
        return found


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))
