"""The library's SQLite file: its tables, how it is opened, and what each of its failures means to a person.

Knows nothing of records or models.
"""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index.errors import LibraryError

FORMAT = 5  # raise it whenever the tables change: older libraries are then refused
FILE = "library.sqlite"
REBUILD_HINT = "qa index --rebuild"
TOKENS = "porter unicode61 remove_diacritics 2"  # how words of English are cut and stemmed, everywhere

_PAGE = 8192  # bytes; passages and vectors leave less room unused than in pages of 4096
_CACHE = 32_768  # kibibytes of pages kept in memory
_LOG = 64_000_000  # bytes that the log may keep on disk once its content is in the library
_UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)

_TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE roots (path TEXT PRIMARY KEY, name TEXT) STRICT;
CREATE TABLE files (
    root TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL, problem TEXT, note TEXT,
    PRIMARY KEY (root, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE dropped (source TEXT PRIMARY KEY, root TEXT NOT NULL, path TEXT NOT NULL) STRICT;
CREATE TABLE articles (
    id INTEGER PRIMARY KEY, root TEXT, path TEXT, source TEXT NOT NULL UNIQUE, encoding TEXT NOT NULL,
    title TEXT, author TEXT, date TEXT, publisher TEXT, url TEXT, language TEXT,
    regions TEXT NOT NULL, credits TEXT NOT NULL, page_starts TEXT NOT NULL, page_labels TEXT NOT NULL, credit_text TEXT NOT NULL,
    digest TEXT NOT NULL, seal BLOB NOT NULL, characters INTEGER NOT NULL, indexed_at TEXT NOT NULL, rest TEXT NOT NULL
) STRICT;
CREATE INDEX articles_by_file ON articles (root, path);
CREATE INDEX articles_filtered ON articles (date, author, source);
CREATE INDEX articles_by_language ON articles (language);
CREATE TABLE vectors (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL) STRICT;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (id), start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    heading TEXT, sentences TEXT NOT NULL, vector INTEGER NOT NULL REFERENCES vectors (id), seal BLOB NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_vector ON passages (vector);
CREATE INDEX passages_vectors ON passages (id, vector);
CREATE TABLE cells (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE VIEW passage_words AS
    SELECT p.id, p.article, trim(coalesce(a.title, '') || ' ' || coalesce(p.heading, '') || char(10) || p.text) AS words,
        coalesce(a.language, 'en') AS language
    FROM passages p JOIN articles a ON a.id = p.article;
CREATE TABLE words (block INTEGER, term TEXT, places BLOB NOT NULL, counts BLOB, PRIMARY KEY (block, term)) STRICT, WITHOUT ROWID;
CREATE TABLE lengths (block INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE VIEW article_words AS
    SELECT id, coalesce(title, '') AS title, coalesce(author, '') AS author, coalesce(publisher, '') AS publisher,
        coalesce(date, '') AS date, coalesce(url, '') AS url, credit_text AS credits
    FROM articles;
CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, author, publisher, date, url, credits, content='article_words', content_rowid='id', tokenize='{TOKENS}'
);
"""


def connect(file: Path, *, at_rest: bool = False) -> sqlite3.Connection:
    """Opens the SQLite file of a library in autocommit mode; the caller begins and ends transactions.

    SQLite keeps notes beside a file that it reads. Where it cannot (a read-only medium, a full disk, another's folder),
    a library that is `at_rest`, or that has no log, is read without them: `is_still` says so. Raises LibraryError where
    there is none or it cannot be opened.
    """
    look_for(file)
    with explained(file):
        try:
            return _connected(file, "mode=rw")
        except sqlite3.OperationalError as error:
            if _code(error) not in _UNWRITABLE:
                raise
            if not at_rest and log(file):
                hint = f"run qa index where {file.parent} can be written to, or copy that folder to such a place"
                raise LibraryError(
                    f"{file} was being written when its writer was stopped, and cannot be put in order where it is",
                    hint,
                ) from error
            return _connected(file, "immutable=1")


def is_still(connection: sqlite3.Connection) -> bool:
    """Whether the file is read without SQLite's notes, and must not change meanwhile."""
    return bool(connection.execute("PRAGMA journal_mode").fetchone() != ("wal",))


def look_for(file: Path, *, instead: Path | None = None) -> None:
    """Raises LibraryError where there is no such file; where `instead` is there, it is missing and not yet to be made."""
    with explained(file):
        if file.is_file():
            return
        if os.path.lexists(file) or (instead is not None and os.path.lexists(instead)):
            raise LibraryError(f"{file} is {'no file' if os.path.lexists(file) else 'missing'}", REBUILD_HINT)
    raise LibraryError(f"there is no library in {file.parent}", "qa index FOLDER")


def _connected(file: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?{how}", uri=True, isolation_level=None, timeout=30, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        # in WAL mode: a power cut may lose the last commit, never the library
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG}")
        if how == "immutable=1":
            connection.execute("PRAGMA temp_store = MEMORY")
        # the first read: finds a file that is no database
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def create(file: Path, meta: dict[str, str]) -> None:
    """Makes an empty library under a passing name and moves it into place, so that `file` never exists half-made."""
    draft = file.with_suffix(".draft")
    with explained(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        delete(draft)
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN")
            for statement in _TABLES.strip().split(";\n"):
                connection.execute(statement)
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            connection.execute("COMMIT")
        delete_log(file)
        draft.replace(file)


def delete(file: Path) -> None:
    """Deletes a SQLite file and what belongs to it; no error if there is none."""
    delete_log(file)
    removed(file)


def delete_log(file: Path) -> None:
    """Deletes the log of a SQLite file that is to be replaced: SQLite would replay it onto the new one."""
    for suffix in ("-wal", "-shm"):
        removed(file.with_name(file.name + suffix))


def make_way(file: Path) -> None:
    """Deletes folders that lie where SQLite keeps its notes.

    One reads a library at rest without them, but cannot write.
    """
    for suffix in ("-wal", "-shm", "-journal"):
        if (place := file.with_name(file.name + suffix)).is_dir():
            removed(place)


def log(file: Path) -> int:
    """How many bytes the log of a SQLite file holds."""
    try:
        return file.with_name(f"{file.name}-wal").stat().st_size
    except OSError:
        return 0


def removed(path: Path) -> None:
    """Deletes a file of the library's own folder, or whatever lies in its place; no error if there is none."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing: commits at the end, rolls back on any error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def explained(file: Path) -> Iterator[None]:
    """Turns SQLite's and the system's errors about `file` into `LibraryError`, and leaves mistakes of the program as they are."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise _library_error(file, error) from error
    except UnicodeDecodeError as error:  # Python's, of text that SQLite hands over as it finds it
        raise LibraryError(f"{file} is damaged: {error.reason}", REBUILD_HINT) from error
    except PermissionError as error:
        raise LibraryError(
            f"{error.filename or file} may not be read or written: {error.strerror}", permission_hint(file)
        ) from error
    except IsADirectoryError as error:
        raise LibraryError(f"{error.filename or file} is not a file", REBUILD_HINT) from error
    except OSError as error:
        hint = "check the folder and its permissions"
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            hint = "free some space and run it again; the library is as it was"
        elif error.errno == errno.EROFS:
            hint = "set QA_LIBRARY to a folder that can be written to; this library can still be read"
        raise LibraryError(f"{file.parent} cannot be read or written: {error.strerror or error}", hint) from error


def permission_hint(file: Path) -> str:
    """What gives a person access to a library: a command where the folder is theirs, another library where it is not."""
    folder = file.parent
    try:
        theirs = hasattr(os, "geteuid") and os.geteuid() in (0, folder.stat().st_uid)
    except OSError:
        theirs = False
    if theirs and os.access(folder, os.W_OK | os.X_OK):
        return f"chmod u+rw {shlex.quote(str(folder))}/*"
    return (
        f"chmod u+rwx {shlex.quote(str(folder))}"
        if theirs
        else f"ask the owner of {folder} for access to it, or set QA_LIBRARY to a library of your own"
    )


def _library_error(file: Path, error: sqlite3.DatabaseError) -> LibraryError:
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        return LibraryError(
            f"the disk is full: {file} cannot grow", "free some space and run it again; the library is as it was"
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryError(f"{file} is in use by another program", "wait for it to finish, or stop it")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        if any(file.with_name(file.name + suffix).is_dir() for suffix in ("-wal", "-shm", "-journal")):
            return LibraryError(f"what SQLite keeps beside {file} is not a file", "qa index")
        return LibraryError(f"{file} cannot be opened or written: {error}", permission_hint(file))
    if code == sqlite3.SQLITE_IOERR:
        return LibraryError(
            f"{file} cannot be read or written: {error}", "check the disk and the space on it; the library is as it was"
        )
    return LibraryError(f"{file} is damaged: {error}", REBUILD_HINT)


def _code(error: sqlite3.DatabaseError) -> int:
    """SQLite's primary result code."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
