"""Index the lines already on disk: which row each is of, what was asked, what answered. Appends whole lines only.

Keeps where each line is, not what it says: ten thousand answers take a few megabytes. Reads a .jsonl output or a resume
file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, get_args

from index.errors import QuestionError
from qa.batch.outcome import BEGINNING
from qa.questions.rows import Asked, filter_of, question_of
from qa.records import Provenance, Status

if TYPE_CHECKING:
    from io import RawIOBase

HEADER = b'{"resumes": '  # how a resume file begins
GO_ON = "make room or mend that, and give the same command again: it goes on from there"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line lies, its line break included."""

    file: Path
    start: int
    length: int

    def read(self) -> bytes:
        """The line. Raises `QuestionError` where the file can no longer be read."""
        try:
            with self.file.open("rb") as stream:
                stream.seek(self.start)
                return stream.read(self.length)
        except OSError as error:
            raise QuestionError(f"{self.file} cannot be read: {error.strerror or error}", GO_ON) from error


@dataclass(frozen=True, slots=True)
class Held:
    """A line: `label` stands for the id and the columns of its row; without `asked`, it holds an error.

    `by` is the provenance as JSON.
    """

    place: Place
    label: bytes
    asked: Asked | None = None
    status: Status | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """The whole lines of a file, which end at `end`; `written` are the digests of the outputs that were rendered from it."""

    held: tuple[Held, ...] = ()
    written: frozenset[str] = frozenset()
    end: int = 0


class NoRecordError(Exception):
    """The file holds something else than lines of ours."""


def label(id_: object, columns: object) -> bytes:
    """What tells one row from another: the same for the same id and columns, of the same JSON types."""
    return blake2b(json.dumps([id_, columns]).encode(), digest_size=16).digest()


def signature(provenance: Provenance | dict[str, Any]) -> str:
    """A provenance as text that can be compared."""
    fields = (
        provenance
        if isinstance(provenance, dict)
        else {name: getattr(provenance, name) for name in provenance.__dataclass_fields__}
    )
    return json.dumps(fields, sort_keys=True)


def read(file: Path) -> Record:
    """The lines of `file`; a last one that was cut short is left out.

    Raises `NoRecordError`; `QuestionError` where the file cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return _read(file, stream)
    except OSError as error:
        raise QuestionError(f"{file} cannot be read: {error.strerror or error}", "name another file with -o") from error


class Appender:
    """A file that grows by whole lines: what cannot be written whole is taken back."""

    def __init__(self, file: Path, stream: RawIOBase, end: int) -> None:
        self._file = file
        self._stream = stream
        self._end = end

    def add(self, line: bytes) -> Place:
        """Where the line lies now. Raises `QuestionError` where it cannot be written; then the file is as it was."""
        start, done = self._end, 0
        try:
            with unwritable(self._file):
                while done < len(line):
                    done += self._stream.write(line[done:])
        except BaseException:
            self._stream.truncate(start)
            self._stream.seek(start)
            raise
        self._end = start + len(line)
        return Place(self._file, start, len(line))


@contextmanager
def appending(file: Path, end: int) -> Iterator[Appender]:
    """`file`, made if missing and cut off at `end`, to add lines to.

    Raises `QuestionError` where it cannot be written.
    """
    with unwritable(file):
        stream = os.fdopen(
            os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666), "r+b", buffering=0
        )
    with stream:
        with unwritable(file):
            stream.truncate(end)
            stream.seek(end)
        yield Appender(file, stream, end)


@contextmanager
def unwritable(file: Path) -> Iterator[None]:
    """Makes an `OSError` a `QuestionError` that names `file`."""
    try:
        yield
    except OSError as error:
        raise QuestionError(f"{file} cannot be written: {error.strerror or error}", GO_ON) from error


def _read(file: Path, stream: BinaryIO) -> Record:
    held: list[Held] = []
    written: set[str] = set()
    place = 0
    beginning = stream.read(len(BEGINNING))
    if not (BEGINNING.startswith(beginning) or HEADER.startswith(beginning[: len(HEADER)])):
        raise NoRecordError  # before a line is read that may be gigabytes long
    stream.seek(0)
    for line in stream:
        if not line.endswith(b"\n"):
            if not any(line.startswith(mark[: len(line)]) for mark in (BEGINNING, HEADER, b'{"written": ')):
                raise NoRecordError
            break
        found = _parsed(line)
        if "written" in found:
            written.add(str(found["written"]))
        elif "resumes" not in found:
            held.append(_held(found, Place(file, place, len(line))))
        place += len(line)
    return Record(tuple(held), frozenset(written), place)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NoRecordError from error
    if not isinstance(found, dict):
        raise NoRecordError
    return found


def _held(found: dict[str, Any], place: Place) -> Held:
    if not found.keys() >= {"id", "row"}:
        raise NoRecordError
    mark = label(found["id"], found["row"])
    if isinstance(found.get("error"), dict):
        return Held(place, mark)
    row, by, status = found["row"], found.get("provenance"), found.get("status")
    if not isinstance(row, dict) or not isinstance(by, dict) or status not in get_args(Status):
        raise NoRecordError
    try:
        return Held(place, mark, (question_of(row), filter_of(row)), status, signature(by))
    except QuestionError as error:
        raise NoRecordError from error
