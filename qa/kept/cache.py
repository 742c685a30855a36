"""Where answers are kept: files in the library's folder, one an answer, each under the fingerprint of what was asked, in a folder of the library's generation.

Takes and returns bytes; knows nothing of questions or answers. A file is written whole or not at all, and signed with the user's own key (`qa.kept.key`):
one that is damaged, or that somebody else put there, is none. Nothing here raises OSError: a disk that is full or may only be read keeps nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qa.paths import private_folder

FOLDER = "answers"
# of everything that is written here: nothing else is ever deleted
_NAMES = re.compile(r"\.?[0-9a-f]{16,64}(\.[0-9a-f.]+)?")
_HALF_WRITTEN = 600.0  # seconds after which a file under another name is what a killed process left


@dataclass(frozen=True, slots=True)
class Cache:
    """The folder of a library's kept answers, the key that they are signed with, and how many bytes they may take."""

    folder: Path
    key: bytes
    limit: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a cache holds: whole answers, the bytes that they take, and files that are none."""

    answers: int
    size: int
    damaged: int


def get(cache: Cache, generation: str, name: str) -> bytes | None:
    """What was put under this name; None where nothing was, or what is there is not what was put."""
    file = _place(cache.folder, generation) / name
    try:
        content = _opened(cache, file.read_bytes())
    except OSError:
        return None
    if content is not None:
        with suppress(OSError):
            os.utime(file)  # the last to be used is the last to go
    return content


def put(cache: Cache, generation: str, name: str, content: bytes) -> None:
    """Keep `content`, and let go what has not been used for longest where the cache is full.

    Nothing happens where it cannot be written.
    """
    signed = _signature(cache, content) + b"\n" + content
    if len(signed) > cache.limit:
        return
    place = _place(cache.folder, generation)
    draft = place / f".{name}.{os.getpid():x}.{secrets.token_hex(4)}"
    try:
        if cache.folder.is_symlink():
            return
        private_folder(place)
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb"
        ) as stream:
            stream.write(signed)
        draft.replace(place / name)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        return
    _make_room(place, cache.limit, spared=name)


def keep_only(folder: Path, generation: str) -> None:
    """Drop what is kept of every other generation of the library in `folder`."""
    _drop(folder / FOLDER, spared=_place(folder / FOLDER, generation).name)


def forget(folder: Path) -> None:
    """Drop everything that is kept of the library in `folder`."""
    _drop(folder / FOLDER, spared=None)


def contents(cache: Cache) -> Contents:
    """What is kept; reads all of it."""
    found = [
        (file, _read(file))
        for place in _folders(cache.folder)
        for file, _ in _files(place)
        if not file.name.startswith(".")
    ]
    whole = [content for _, content in found if content is not None and _opened(cache, content) is not None]
    return Contents(len(whole), sum(map(len, whole)), len(found) - len(whole))


def writable(cache: Cache) -> bool:
    """Whether something could be kept here."""
    there = next(folder for folder in (cache.folder, *cache.folder.parents) if folder.exists())
    return there.is_dir() and not cache.folder.is_symlink() and os.access(there, os.W_OK)


def _place(folder: Path, generation: str) -> Path:
    return folder / hashlib.sha256(generation.encode()).hexdigest()[:16]


def _signature(cache: Cache, content: bytes) -> bytes:
    return hmac.new(cache.key, content, "sha256").hexdigest().encode()


def _opened(cache: Cache, signed: bytes) -> bytes | None:
    """The content of a file whose signature is right."""
    signature, _, content = signed.partition(b"\n")
    return content if hmac.compare_digest(signature, _signature(cache, content)) else None


def _make_room(place: Path, limit: int, *, spared: str) -> None:
    """Delete what has not been used for longest until the rest fits, and what killed processes left."""
    found = sorted(
        ((status.st_mtime, status.st_size, file) for file, status in _files(place)),
        key=lambda each: (each[0], each[2].name),
    )
    stale = time.time() - _HALF_WRITTEN
    size = sum(each for _, each, _ in found)
    for used, each, file in found:
        if file.name != spared and (size > limit if not file.name.startswith(".") else used < stale):
            size -= each
            with suppress(OSError):
                file.unlink(missing_ok=True)


def _drop(folder: Path, *, spared: str | None) -> None:
    for place in _folders(folder):
        if place.name != spared:
            for file, _ in _files(place):
                with suppress(OSError):
                    file.unlink(missing_ok=True)
            with suppress(OSError):
                place.rmdir()
    if spared is None and not folder.is_symlink():
        with suppress(OSError):
            folder.rmdir()


def _folders(folder: Path) -> Iterator[Path]:
    """The folders of generations; none where `folder` leads elsewhere, where nothing may be deleted."""
    if folder.is_symlink():
        return
    with suppress(OSError):
        yield from [
            Path(each.path)
            for each in os.scandir(folder)
            if _NAMES.fullmatch(each.name) and each.is_dir(follow_symlinks=False)
        ]


def _files(place: Path) -> Iterator[tuple[Path, os.stat_result]]:
    with suppress(OSError):
        for each in list(os.scandir(place)):
            with suppress(OSError):
                if _NAMES.fullmatch(each.name) and each.is_file(follow_symlinks=False):
                    yield Path(each.path), each.stat(follow_symlinks=False)


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
