"""Starting a library over: what is kept of the old one, and how the new one takes its place. Knows nothing of articles or models.

The new library grows in a file beside the old one, so readers keep the old one until the end, and a run that is killed leaves it untouched.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from index.errors import LibraryError
from index.listing import Root
from index.naming import located
from index.schema import FILE, connect, delete, delete_log, explained

LEFTOVER = "rebuild.sqlite"  # what a killed rebuild leaves; the next one goes on from it

Dropped = tuple[tuple[str, str, str], ...]  # rows of the table `dropped`: source, root, path


def rescued(folder: Path) -> tuple[tuple[Root, ...], Dropped]:
    """The roots of the library in `folder`, and the articles dropped from them, as far as they can still be read."""
    try:
        with closing(connect(folder / FILE)) as connection:
            roots = connection.execute("SELECT path, name FROM roots ORDER BY path").fetchall()
            dropped = connection.execute("SELECT source, root, path FROM dropped").fetchall()
    except (LibraryError, sqlite3.DatabaseError):
        return (), ()
    base = folder.resolve().parent
    return tuple(Root(located(base, path), name) for path, name in roots), tuple(dropped)


def swap(folder: Path) -> None:
    """Puts the rebuilt library in the place of the old one, in one step."""
    new, old = folder / LEFTOVER, folder / FILE
    with explained(new):
        if _is_sound(old):
            # SQLite's own copy is one transaction on the old file: those who read it see the old library, then the new one
            with closing(connect(new)) as source, closing(connect(old)) as target:
                source.backup(target)
            delete(new)
        else:
            with closing(connect(new)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            delete_log(old)
            new.replace(old)


def _is_sound(file: Path) -> bool:
    try:
        with closing(connect(file)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except (LibraryError, sqlite3.DatabaseError):
        return False
