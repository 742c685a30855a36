"""The library on disk, as its readers see it: articles, passages, their vectors and full text. Knows nothing of files, questions or models.

`library.sqlite` is the only truth; the FAISS file is derived from it and is built anew whenever it does not fit. What writes is in `index.write`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from index.chunk import CHUNKING
from index.embed import Embedder, FloatArray
from index.errors import LibraryError, SourceError
from index.filters import admits, in_period
from index.lexical import match_expression
from index.listing import Identity, Problem, Root, SourceInfo, Summary
from index.records import Article, Filter, Metadata, Passage
from index.rows import ARTICLE_COLUMNS, PASSAGE_COLUMNS, read_article, read_passage
from index.schema import FILE, FORMAT, REBUILD_HINT, connect, create, explained
from index.vectors import Scored, VectorIndex, from_bytes

_TITLE_WEIGHT, _TEXT_WEIGHT = 1.0, 1.0  # of the columns of passages_fts, in BM25


class Library:
    """A library that is open for reading. One thread at a time."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, *, file: str = FILE) -> None:
        self.folder = folder
        self.file = folder / file
        self.connection = connection
        self._index: VectorIndex | None = None
        self._depth = 0

    @classmethod
    def open(cls, folder: Path, *, file: str = FILE) -> Self:
        """Opens the library in `folder`. Raises LibraryError if there is none, or it is damaged or of another format."""
        library = cls(folder, connect(folder / file), file=file)
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
        create(folder / file, {key: str(value) for key, value in meta.items()} | {"dimension": str(embedder.dimension), "generation": "0", "digest": ""})
        return cls.open(folder, file=file)

    def close(self) -> None:
        """Closes the file; the library cannot be used after."""
        self.connection.close()

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
        try:
            return Identity(int(meta["format"]), int(meta["chunking"]), meta["embedder"], meta["embedder_digest"], int(meta["dimension"]))
        except (KeyError, ValueError) as error:
            raise LibraryError(f"{self.file} does not say how it was built", REBUILD_HINT) from error

    @property
    def digest(self) -> str:
        """One hash over the identity and every article's source, text and metadata: the same library gives the same answers."""
        return self._meta()["digest"]

    @property
    def generation(self) -> str:
        """Changes with every change of the articles."""
        return self._meta()["generation"]

    @property
    def base(self) -> Path:
        """The folder that the library lies in; roots within it are recorded relative to it, so that both can be moved together."""
        return self.folder.resolve().parent

    def require(self, embedder: Embedder) -> None:
        """Raises LibraryError unless the library was cut as this program cuts and holds vectors of this embedder."""
        found = self.identity
        if found.chunking != CHUNKING:
            raise LibraryError(f"the library was cut into passages another way (version {found.chunking}, not {CHUNKING})", REBUILD_HINT)
        if found.embedder_digest != embedder.digest or found.dimension != embedder.dimension:
            ours, theirs = f"{embedder.name} ({embedder.digest[:12]})", f"{found.embedder} ({found.embedder_digest[:12]})"
            raise LibraryError(f"the library was built with the embedder {theirs}, not with {ours}", REBUILD_HINT)

    def summary(self) -> Summary:
        """Counts and dates."""
        row = self.rows("SELECT count(*), (SELECT count(*) FROM passages), min(date), max(date), count(*) - count(date) FROM articles")[0]
        return Summary(*row)

    def roots(self) -> tuple[Root, ...]:
        """The files and folders that `qa index` refreshes."""
        return tuple(Root(self.base / path, name) for path, name in self.rows("SELECT path, name FROM roots ORDER BY path"))

    def sources(self) -> tuple[SourceInfo, ...]:
        """The articles, by source."""
        found = self.rows(
            "SELECT source, root, path, title, author, date, publisher, url, encoding, length(text), indexed_at,"
            " (SELECT count(*) FROM passages WHERE article = articles.id) FROM articles ORDER BY source"
        )
        return tuple(
            SourceInfo(source, None if root is None else self.base / root / path, Metadata(*known), encoding, characters, passages, indexed_at)
            for source, root, path, *known, encoding, characters, indexed_at, passages in found
        )

    def skipped(self) -> tuple[Problem, ...]:
        """The files that could not be read when the library was last built."""
        found = self.rows("SELECT root, path, problem FROM files WHERE problem IS NOT NULL ORDER BY root, path")
        return tuple(Problem(self.base / root / path, problem) for root, path, problem in found)

    def article(self, source: str) -> Article:
        """The article of that source, its checksum verified. Raises SourceError if there is none, LibraryError if it is damaged."""
        found = self.rows(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE source = ?", source)
        if not found:
            raise SourceError(f"the library holds no article “{source}”", "qa sources list")
        return read_article(found[0])

    def passages(self, ids: Sequence[int]) -> tuple[Passage, ...]:
        """The passages of these ids, in their order. Raises KeyError for an id that the library does not hold."""
        found = self.rows(
            f"SELECT p.id, a.source, a.title, a.author, a.date, a.publisher, a.url, {_of('p', PASSAGE_COLUMNS)}"
            " FROM passages p JOIN articles a ON a.id = p.article WHERE p.id IN (SELECT value FROM json_each(?))",
            json.dumps(list(ids)),
        )
        by_id = {row[0]: read_passage(row[0], row[1], Metadata(*row[2:7]), row[7:]) for row in found}
        return tuple(by_id[number] for number in ids)

    def dense(self, vector: FloatArray, k: int, within: Filter = Filter()) -> Scored:  # noqa: B008 (frozen)
        """The `k` passages whose vectors are nearest to `vector`, with their dot products."""
        with self.snapshot():
            allowed = self._allowed(within)
            return self._vectors().search(vector, k, None if allowed is None else self._passage_ids(allowed))

    def similarities(self, vector: FloatArray, ids: Sequence[int]) -> Scored:
        """The dot products of `vector` with the vectors of these passages, best first."""
        return self._vectors().search(vector, len(ids), ids)

    def lexical(self, text: str, k: int, within: Filter = Filter()) -> Scored:  # noqa: B008 (frozen)
        """The `k` passages that best match the words of `text`, with their BM25 scores (higher is better)."""
        with self.snapshot():
            allowed = self._allowed(within)
            among = "" if allowed is None else "AND +rowid IN (SELECT id FROM passages WHERE article IN (SELECT value FROM json_each(?)))"
            return self._match("passages_fts", text, k, f"bm25({_TITLE_WEIGHT}, {_TEXT_WEIGHT})", among, allowed)

    def credited(self, text: str, k: int, within: Filter = Filter()) -> tuple[str, ...]:  # noqa: B008 (frozen)
        """The sources whose title, byline, dateline or other credits best match the words of `text`."""
        with self.snapshot():
            allowed = self._allowed(within)
            among = "" if allowed is None else "AND +rowid IN (SELECT value FROM json_each(?))"
            found = [number for number, _ in self._match("articles_fts", text, k, "bm25()", among, allowed)]
            sources = dict(self.rows("SELECT id, source FROM articles WHERE id IN (SELECT value FROM json_each(?))", json.dumps(found)))
        return tuple(sources[number] for number in found)

    def prepare(self) -> None:
        """Makes sure that the vector index of this generation is there, so that the next reader need not build it."""
        self._vectors()

    def undated_left_out(self, within: Filter) -> int:
        """How many articles a filter by date leaves out only because they carry no date."""
        if in_period(within, None):
            return 0
        undated = Filter(sources=within.sources, author=within.author)
        found = self.rows("SELECT source, author FROM articles WHERE date IS NULL")
        return sum(admits(undated, source, author, None) for source, author in found)

    def rows(self, sql: str, *values: object) -> list[Any]:
        """What SQLite answers. Raises LibraryError where the file is damaged, locked or gone."""
        with explained(self.file):
            return self.connection.execute(sql, values).fetchall()

    def _meta(self) -> dict[str, str]:
        return dict(self.rows("SELECT key, value FROM meta"))

    def _match(self, table: str, text: str, k: int, rank: str, among: str, allowed: list[int] | None) -> Scored:
        expression = match_expression(text)
        if expression is None or k <= 0:
            return ()
        # +rowid: as a plain condition; else SQLite searches the full text once for every row that is allowed
        values = [expression, rank, *([] if allowed is None else [json.dumps(allowed)]), k]
        found = self.rows(f"SELECT rowid, rank FROM {table} WHERE {table} MATCH ? AND rank MATCH ? {among} ORDER BY rank LIMIT ?", *values)
        return tuple((number, -rank) for number, rank in found)

    def _allowed(self, within: Filter) -> list[int] | None:
        """The ids of the articles that the filter lets through; None where that is all of them."""
        if within == Filter():
            return None
        return [number for number, *known in self.rows("SELECT id, source, author, date FROM articles") if admits(within, *known)]

    def _passage_ids(self, articles: list[int]) -> list[int]:
        found = self.rows("SELECT id FROM passages WHERE article IN (SELECT value FROM json_each(?))", json.dumps(articles))
        return [number for (number,) in found]

    def _vectors(self) -> VectorIndex:
        """The index of this generation: the one at hand, the saved one, or a new one."""
        generation = self.generation
        if self._index is None or self._index.generation != generation:
            self._index = VectorIndex.load(self.folder, generation) or self._indexed(generation)
        return self._index

    def _indexed(self, generation: str) -> VectorIndex:
        """Builds the index from the stored vectors, in an order that does not depend on how the library came about, and saves it."""
        dimension = self.identity.dimension
        found = self.rows(
            "SELECT p.id, v.value FROM passages p JOIN articles a ON a.id = p.article LEFT JOIN vectors v ON v.key = p.vector ORDER BY a.source, p.start"
        )
        if any(blob is None for _, blob in found):
            raise LibraryError(f"{self.file} is damaged: passages without vectors", REBUILD_HINT)
        rows = from_bytes([blob for _, blob in found], dimension)
        index = VectorIndex.built([number for number, _ in found], rows, dimension, generation)
        index.save(self.folder)
        return index


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))
