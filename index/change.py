"""Every change to a library happens within this: one writer at a time, no damage, a seal again at the end.

Knows nothing about the changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import LibraryError
from index.health import check
from index.schema import FILE, REBUILD_HINT, explained, make_way
from index.seal import SEAL, reseal, seal, unseal, verify
from index.store import Library
from index.write import is_being_written, writing

_LONG = 20_000_000  # bytes; a library of this size is checked in a second or two


@contextmanager
def changing(folder: Path, *, anew: bool = False, told: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Holds the write lock, and leaves the library sealed; `told` hears of what takes long.

    Raises LibraryError, before anything is changed, if another run holds the lock or the library is damaged: what is
    damaged must never be sealed. With `anew` the old library is not looked at and keeps its seal until the caller
    breaks it (`unseal`), just before the new one takes its place.
    """
    with writing(folder):
        with explained(folder / FILE):
            make_way(folder / FILE)
        if not anew:
            if ((folder / FILE).exists() or (folder / SEAL).exists()) and not verify(folder):
                with Library.open(folder) as library:
                    _inspect(library, told)
            unseal(folder)
        try:
            yield
        except BaseException as error:
            if anew or isinstance(error, LibraryError):
                reseal(folder)
            else:
                seal(folder)
            raise
        if not (folder / SEAL).exists():
            seal(folder)


def look_through(library: Library, told: Callable[[str], None] = lambda _: None) -> None:
    """Raise LibraryError if a library without a seal is damaged.

    Its writer was killed, or only older versions have written it.

    Passed over while a writer is at work. Reads all of the library, and `told` hears of that where it takes long.
    """
    if not library.sealed and not is_being_written(library.folder):
        _inspect(library, told)


def _inspect(library: Library, told: Callable[[str], None]) -> None:
    if library.file.stat().st_size > _LONG:
        told("looking through the library, which has no seal: its last writer was stopped, and qa index seals it")
    for problem in check(library):
        raise LibraryError(f"{library.file} is damaged: {problem}", REBUILD_HINT)
