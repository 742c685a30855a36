"""Changes to a library: staged in passing tables, then made in one transaction.

Knows nothing of how files are found or read.

Vectors are the costly part, so they are committed in batches as they come, each under the hash of what it was computed
from: a run that is killed leaves them behind and the next one finds them. Everything else waits in TEMP tables, which
vanish with the process, until `commit`.
"""

from __future__ import annotations

import itertools
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from index.chunk import embedded_text, passages
from index.embed import Embedder
from index.errors import LibraryError, SourceError
from index.postings import change
from index.records import Article
from index.rows import ARTICLE_COLUMNS, PASSAGE_COLUMNS, article_row, library_digest, passage_row
from index.schema import explained, removed, transaction
from index.store import Library
from index.vectors import to_bytes, vector_key

_LOCK = "lock"
_BATCH = 128  # passages embedded and committed at a time: a killed run loses no more

Change = tuple[str, tuple[object, ...]]  # a statement and its values

_STAGE = (
    "CREATE TEMP TABLE staged_articles (number INTEGER PRIMARY KEY, root, path, {articles})",
    "CREATE INDEX temp.staged_sources ON staged_articles (source)",
    "CREATE TEMP TABLE staged_passages (article INTEGER, vector, {passages})",
    "CREATE TEMP TABLE staged_files (root, path, size, mtime_ns, digest, problem, note)",
    "CREATE TEMP TABLE gone (id INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE gone_files (root, path)",
    "CREATE TEMP TABLE gone_vectors (id INTEGER PRIMARY KEY)",
)
_ARTICLES_GONE = "article IN (SELECT id FROM temp.gone)"
_WORDS_GONE = f"SELECT id, words, language FROM passage_words WHERE {_ARTICLES_GONE} ORDER BY id"
_WORDS_NEW = "SELECT id, words, language FROM passage_words WHERE article IN (SELECT number FROM temp.staged_articles) ORDER BY id"
_CHANGES = (
    # full text first: to delete a row, FTS5 must be given the words that were indexed
    "INSERT INTO articles_fts (articles_fts, rowid, title, author, publisher, date, url, credits)"
    " SELECT 'delete', * FROM article_words WHERE id IN (SELECT id FROM temp.gone) ORDER BY id",
    f"INSERT OR IGNORE INTO temp.gone_vectors SELECT vector FROM passages WHERE {_ARTICLES_GONE}",
    f"DELETE FROM passages WHERE {_ARTICLES_GONE}",
    "DELETE FROM articles WHERE id IN (SELECT id FROM temp.gone)",
    "DELETE FROM files WHERE (root, path) IN (SELECT root, path FROM temp.gone_files)",
    "INSERT OR REPLACE INTO files SELECT * FROM temp.staged_files",
    f"INSERT INTO articles (id, root, path, indexed_at, {ARTICLE_COLUMNS})"
    f" SELECT number, root, path, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), {ARTICLE_COLUMNS} FROM temp.staged_articles "
    f"ORDER BY number",
    f"INSERT INTO passages (article, vector, {PASSAGE_COLUMNS})"
    f" SELECT article, (SELECT id FROM vectors WHERE key = staged_passages.vector), {PASSAGE_COLUMNS} FROM "
    f"temp.staged_passages ORDER BY rowid",
    "INSERT INTO articles_fts (rowid, title, author, publisher, date, url, credits)"
    " SELECT * FROM article_words WHERE id IN (SELECT number FROM temp.staged_articles) ORDER BY id",
    "DELETE FROM vectors WHERE id IN (SELECT id FROM temp.gone_vectors) AND NOT EXISTS (SELECT 1 FROM passages WHERE "
    "vector = vectors.id)",
)
_SWEEP = "DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM passages WHERE vector = vectors.id)"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Holds the library's write lock, also across processes. Raises LibraryError if another run holds it."""
    with explained(folder / _LOCK):
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / _LOCK).is_dir():
            removed(folder / _LOCK)
        lock = FileLock(folder / _LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise LibraryError(
                f"another qa index is running on {folder}", "wait for it to finish, or stop it"
            ) from error
    try:
        yield
    finally:
        lock.release()


def is_being_written(folder: Path) -> bool:
    """Whether a run holds the library's write lock now; False where that cannot be said."""
    try:
        with FileLock(folder / _LOCK, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when it was read. `digest` covers its bytes and what the sidecar says of it.

    `problem` is why it was left out, `note` what was lost of a file that was read.
    """

    root: str
    path: str
    size: int
    mtime_ns: int
    digest: str
    problem: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles a build added, changed, found unchanged and removed."""

    added: int
    changed: int
    unchanged: int
    removed: int


class Writer:
    """Collects the changes to a library and makes them at once. The caller holds the lock (`writing`)."""

    def __init__(
        self, library: Library, embedder: Embedder | None, *, advanced: Callable[[], None] = lambda: None
    ) -> None:
        """`embedder` may be None where only articles are removed; `advanced` is called after every batch of vectors."""
        self.passages = 0  # staged so far
        self.embedded = 0  # of these, those whose vectors were not there
        self._library = library
        self._embedder = embedder
        self._advanced = advanced
        self._waiting: dict[bytes, str] = {}
        with explained(library.file):
            self._clear()  # what a commit that failed left
            for table in _STAGE:
                library.connection.execute(table.format(articles=ARTICLE_COLUMNS, passages=PASSAGE_COLUMNS))
            (highest,) = library.connection.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
            (self._unswept,) = library.connection.execute(
                "SELECT value <> '' FROM meta WHERE key = 'unfinished'"
            ).fetchone()
        self._numbers = itertools.count(highest + 1)

    def file(self, state: FileState) -> None:
        """Records the state of a file, in place of what was known of it."""
        with explained(self._library.file):
            self._execute(f"INSERT INTO staged_files VALUES ({', '.join('?' * 7)})", *astuple(state))

    def forget_file(self, root: str, path: str) -> None:
        """Removes a file and its articles."""
        with explained(self._library.file):
            self._execute("INSERT INTO gone_files VALUES (?, ?)", root, path)
            self._execute("INSERT OR IGNORE INTO gone SELECT id FROM articles WHERE root = ? AND path = ?", root, path)

    def forget_article(self, source: str) -> None:
        """Removes an article."""
        with explained(self._library.file):
            self._execute("INSERT OR IGNORE INTO gone SELECT id FROM articles WHERE source = ?", source)

    def article(self, article: Article, *, root: str | None = None, path: str | None = None) -> None:
        """Adds an article, cut into passages.

        Raises SourceError if its source is taken: what is to be replaced must be forgotten first.
        """
        if self._embedder is None:
            raise ValueError("articles cannot be added without an embedder")
        if self._is_taken(article.source):
            raise SourceError(
                f"two articles would be called “{article.source}”",
                "name their folders apart: qa index FOLDER --name NAME",
            )
        drafts = passages(article)
        number = next(self._numbers)
        marks = ", ".join("?" * len(ARTICLE_COLUMNS.split(", ")))
        with explained(self._library.file):
            self._execute(
                f"INSERT INTO staged_articles VALUES (?, ?, ?, {marks})",
                number,
                root,
                path,
                *article_row(article, drafts),
            )
            for draft in drafts:
                text = embedded_text(article.metadata, draft)
                key = vector_key(self._embedder.digest, text)
                self._execute(
                    f"INSERT INTO staged_passages VALUES (?, ?, {', '.join('?' * 6)})", number, key, *passage_row(draft)
                )
                self._waiting.setdefault(key, text)
                self.passages += 1
                if len(self._waiting) >= _BATCH:
                    self._embed()

    def counts(self) -> Counts:
        """What `commit` will have done to the articles."""
        same, changed, added = (
            "a.seal = s.seal AND a.digest = s.digest", "NOT (a.seal = s.seal AND a.digest = s.digest)", "a.id IS NULL",
        )  # fmt: skip
        staged = "SELECT count(*) FROM temp.staged_articles s LEFT JOIN articles a ON a.source = s.source WHERE "
        gone = "SELECT count(*) FROM temp.gone g JOIN articles a ON a.id = g.id WHERE a.source NOT IN (SELECT source FROM temp.staged_articles)"
        untouched = "SELECT count(*) FROM articles WHERE id NOT IN (SELECT id FROM temp.gone)"
        one = [
            self._library.rows(query)[0][0]
            for query in (staged + added, staged + changed, staged + same, untouched, gone)
        ]
        return Counts(added=one[0], changed=one[1], unchanged=one[2] + one[3], removed=one[4])

    def commit(self, *, also: Sequence[Change] = ()) -> None:
        """Makes all changes, with the statements of `also`, or none.

        Raises LibraryError if the disk is full or the file damaged.
        """
        with explained(self._library.file):
            self._embed()
            (touched,) = self._execute(
                "SELECT EXISTS (SELECT 1 FROM temp.staged_articles) OR EXISTS (SELECT 1 FROM temp.gone)"
            ).fetchone()
            with transaction(self._library.connection):
                for statement, values in also:
                    self._execute(statement, *values)
                if touched:
                    change(self._library.connection, gone=self._execute(_WORDS_GONE), new=())
                for statement in _CHANGES:
                    self._execute(statement)
                if self._unswept:  # a killed run may have left vectors that nothing needs
                    self._execute(_SWEEP)
                self._execute("UPDATE meta SET value = '' WHERE key = 'unfinished'")
                if touched:
                    change(self._library.connection, gone=(), new=self._execute(_WORDS_NEW))
                    stamp(self._library)
            self._clear()

    def _clear(self) -> None:
        for table in ("staged_articles", "staged_passages", "staged_files", "gone", "gone_files", "gone_vectors"):
            self._execute(f"DROP TABLE IF EXISTS temp.{table}")

    def _embed(self) -> None:
        """Computes and commits the vectors that are waiting and not yet there."""
        missing = [
            (key, text)
            for key, text in self._waiting.items()
            if not self._execute("SELECT 1 FROM vectors WHERE key = ?", key).fetchone()
        ]
        self._waiting.clear()
        if not missing or self._embedder is None:
            return
        rows = self._embedder.encode_passages([text for _, text in missing])
        with transaction(self._library.connection):
            blobs = [(key, to_bytes(row)) for (key, _), row in zip(missing, rows, strict=True)]
            self._library.connection.executemany("INSERT INTO vectors (key, value) VALUES (?, ?)", blobs)
            self._execute("UPDATE meta SET value = 'yes' WHERE key = 'unfinished'")
        self.embedded += len(missing)
        self._advanced()

    def _is_taken(self, source: str) -> bool:
        return bool(
            self._library.rows("SELECT 1 FROM temp.staged_articles WHERE source = ?", source)
            or self._library.rows(
                "SELECT 1 FROM articles WHERE source = ? AND id NOT IN (SELECT id FROM temp.gone)", source
            )
        )

    def _execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        return self._library.connection.execute(statement, values)


def stamp(library: Library) -> None:
    """Marks the library as changed, within the transaction that changes it."""
    library.connection.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (secrets.token_hex(8),))
    library.connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'moment'")
    library.connection.execute("UPDATE meta SET value = ? WHERE key = 'digest'", (current_digest(library),))


def current_digest(library: Library) -> str:
    """The digest that the library's present articles and cells give; `Library.digest` is the one that was recorded."""
    with explained(library.file):
        known = library.connection.execute("SELECT source, digest, hex(seal) FROM articles ORDER BY source")
        identity, cells = library.identity, library.cells()
        built = (
            identity.format,
            identity.chunking,
            identity.embedder_digest,
            identity.dimension,
            cells.digest if cells else "",
        )
        return library_digest(built, known)
