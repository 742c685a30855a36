"""The seal of a library at rest: the checksum of its file as the last writer left it, and the folders it was made from.

Takes a library's folder; tells whether its file is what was written, to the last bit. A writer breaks the seal before
its first change and sets it after its last (`index.change`), so a library without one is being written, or its writer
was killed. The roots stand in it too: a rebuild finds them however the library is damaged. Knows nothing of articles or
vectors.
"""

from __future__ import annotations

import json
import os
import zlib
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import LibraryError
from index.schema import FILE, REBUILD_HINT, connect, explained, log, look_for, removed

SEAL, BROKEN = "library.seal", "library.unsealed"
# bytes; a larger library is taken to be whole while its size and time are those recorded (docs/decisions.md)
READ_IN_FULL = 512_000_000

_BLOCK = 1 << 20
_LOOKS = 5  # at a library that a writer changes meanwhile
# milliseconds that a writer waits for readers of an older moment, before it leaves the library unsealed
_PATIENCE = 3_000


@dataclass(frozen=True, slots=True)
class Seal:
    """What a library's file was, and its rows of `roots` (path, name) and `dropped` (source, root, path)."""

    size: int
    mtime_ns: int
    crc32: int
    roots: tuple[tuple[str, str | None], ...]
    dropped: tuple[tuple[str, str, str], ...]

    def fits(self, file: Path, *, in_full: int = READ_IN_FULL) -> bool:
        """Whether the file is as it was; one of more than `in_full` bytes is read only if its time is another."""
        status = file.stat()
        if status.st_size != self.size:
            return False
        return (status.st_size > in_full and status.st_mtime_ns == self.mtime_ns) or checksum(file) == self.crc32


def verify(folder: Path, *, in_full: int = READ_IN_FULL) -> bool:
    """True for a library that is sealed and whole, False for one without a seal.

    Raises LibraryError where it is missing, unreadable or damaged.
    """
    file = folder / FILE
    look_for(file, instead=folder / SEAL)
    for _ in range(_LOOKS):
        seal = read(folder / SEAL)
        if seal is None:
            return False
        with explained(file):
            if seal.fits(file, in_full=in_full):
                return True
        if read(folder / SEAL) == seal:
            raise LibraryError(f"{file} is damaged: it is not what was written", REBUILD_HINT)
    return False


def read(file: Path) -> Seal | None:
    """The seal in `file`, None if there is none. Raises LibraryError if it is damaged or cannot be read."""
    try:
        with explained(file):
            said = json.loads(file.read_bytes())
        check = said.pop("check")
        roots, dropped = (tuple(tuple(row) for row in said.pop(name)) for name in ("roots", "dropped"))
        seal = Seal(roots=roots, dropped=dropped, **said)
    except LibraryError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryError(f"{file} is damaged", REBUILD_HINT) from error
    if check != _check(seal):
        raise LibraryError(f"{file} is damaged", REBUILD_HINT)
    return seal


def known(folder: Path) -> Seal | None:
    """The seal of the library, or the one that a writer broke.

    None where there is neither, or what there is cannot be read.
    """
    for name in (SEAL, BROKEN):
        with suppress(LibraryError):
            if (seal := read(folder / name)) is not None:
                return seal
    return None


def unseal(folder: Path) -> None:
    """Breaks the seal; nothing may be changed before this returns.

    Needs no space on the disk. The caller holds the write lock.
    """
    with explained(folder / SEAL):
        for name in (SEAL, BROKEN):
            if (folder / name).is_dir():
                removed(folder / name)
        with suppress(FileNotFoundError):
            (folder / SEAL).replace(folder / BROKEN)
            _settle(folder)


def reseal(folder: Path) -> None:
    """Mends a broken seal if nothing was changed since.

    Leaves the library unsealed if anything was, or if it cannot be said.
    """
    with suppress(LibraryError, OSError):
        broken = read(folder / BROKEN)
        if broken is not None and not log(folder / FILE) and broken.fits(folder / FILE):
            (folder / BROKEN).replace(folder / SEAL)


def seal(folder: Path) -> None:
    """Seals the library as it is. The caller holds the write lock and knows it to be whole.

    It stays unsealed where a reader of an older moment does not end, or where the disk takes no more: the next writer
    checks it, and seals it.
    """
    file = folder / FILE
    if not file.is_file():
        for name in (SEAL, BROKEN):
            removed(folder / name)
        return
    with explained(file), closing(connect(file)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        waiting, pages, moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if waiting and pages != moved:
            return
        roots = connection.execute("SELECT path, name FROM roots ORDER BY path").fetchall()
        dropped = connection.execute("SELECT source, root, path FROM dropped ORDER BY source").fetchall()
    with suppress(OSError):
        status = file.stat()
        made = Seal(status.st_size, status.st_mtime_ns, checksum(file), tuple(roots), tuple(dropped))
        draft = folder / f"{SEAL}.new"
        with draft.open("w", encoding="utf-8") as written:
            json.dump(asdict(made) | {"check": _check(made)}, written)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(folder / SEAL)
        removed(folder / BROKEN)


def checksum(file: Path) -> int:
    """The CRC-32 of all bytes of a file: 6 GB a second where zlib uses the processor's own instructions."""
    value = 0
    with file.open("rb", buffering=0) as stream:
        while block := stream.read(_BLOCK):
            value = zlib.crc32(block, value)
    return value


def _check(seal: Seal) -> int:
    return zlib.crc32(json.dumps(asdict(seal), sort_keys=True).encode())


def _settle(folder: Path) -> None:
    """Has the disk take in the names of a folder, on systems that know how."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
