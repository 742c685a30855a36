"""Starting a library over: what is kept of the old one, and how the new one takes its place.

Knows nothing of articles or models.

The new library grows in a file beside the old one, so readers keep the old one until the end, and a run that is killed
leaves it untouched.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from index.errors import LibraryError
from index.listing import Root
from index.naming import located
from index.schema import FILE, connect, delete, delete_log, explained
from index.seal import SEAL, known, unseal, verify

LEFTOVER = "rebuild.sqlite"  # what a killed rebuild leaves; the next one goes on from it

Dropped = tuple[tuple[str, str, str], ...]  # rows of the table `dropped`: source, root, path


def rescued(folder: Path) -> tuple[tuple[Root, ...], Dropped]:
    """The roots of the library in `folder`, and the articles dropped from them, as far as they can still be read.

    They stand in the library and in its seal. What is sealed is sure; a library whose seal is broken may know of more.
    """
    sealed = known(folder)
    roots, dropped = (sealed.roots, sealed.dropped) if sealed is not None else ((), ())
    if not (folder / SEAL).is_file() or sealed is None:
        with (
            suppress(LibraryError, sqlite3.DatabaseError, UnicodeDecodeError),
            closing(connect(folder / FILE)) as connection,
        ):
            found = connection.execute("SELECT path, name FROM roots ORDER BY path").fetchall()
            roots, dropped = (
                tuple(found) or roots,
                tuple(connection.execute("SELECT source, root, path FROM dropped").fetchall()),
            )
    base = folder.resolve().parent
    return tuple(Root(located(base, path), name) for path, name in roots), dropped


def swap(folder: Path) -> None:
    """Puts the rebuilt library in the place of the old one, in one step, and breaks the old one's seal."""
    new, old = folder / LEFTOVER, folder / FILE
    sound = _is_sound(folder)
    unseal(folder)
    with explained(new):
        if sound:
            # SQLite's own copy is one transaction on the old file: its readers see the old library, then the new
            # one
            with closing(connect(new)) as source, closing(connect(old)) as target:
                source.backup(target)
            delete(new)
        else:
            with closing(connect(new)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            delete(old)
            new.replace(old)
            delete_log(new)


def _is_sound(folder: Path) -> bool:
    try:
        if verify(folder):
            return True
        with closing(connect(folder / FILE)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except (LibraryError, sqlite3.DatabaseError):
        return False
