"""The frame of every change to a library: one writer at a time, on a library that is whole, sealed again at the end.

In: a library's folder. Knows nothing of what is changed.
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
from index.write import writing


@contextmanager
def changing(folder: Path, *, anew: bool = False, told: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Holds the write lock, and leaves the library sealed; `told` hears of what takes long.

    Raises LibraryError, before anything is changed, if another run holds the lock or the library is damaged: what is damaged must never be sealed. With
    `anew` the old library is not looked at and keeps its seal until the caller breaks it (`unseal`), just before the new one takes its place.
    """
    with writing(folder):
        with explained(folder / FILE):
            make_way(folder / FILE)
        if not anew:
            if (folder / FILE).exists() or (folder / SEAL).exists():
                _inspect(folder, told)
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


def _inspect(folder: Path, told: Callable[[str], None]) -> None:
    """Raises LibraryError unless the library is whole; one whose writer was killed carries no seal and is looked through."""
    if verify(folder):
        return
    with Library.open(folder) as library:
        if library.passage_count():
            told("checking what an interrupted run left")
        for problem in check(library):
            raise LibraryError(f"{folder / FILE} is damaged: {problem}", REBUILD_HINT)
