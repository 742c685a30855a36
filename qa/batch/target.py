"""Where the answers go: an output that can be written, that is nobody else's, and that only one run writes at a time.

Takes the path that the user named; returns a `Target`, or raises `QuestionError` before anything slow begins. Beside a .csv or
.md output lies a resume file, answers.csv.resume: the same answers, a line of JSON each, from which the output is
rendered. A .jsonl output is its own record; it has a resume file only while answers in its middle are renewed. A resume
file without its output is ignored.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from index.errors import QuestionError
from qa.batch.record import HEADER, NoRecordError, Record, label, read, unwritable
from qa.questions.rows import Row

NOTHING = Record()
Form = Literal["jsonl", "csv", "md"]


@dataclass(frozen=True, slots=True)
class Target:
    """An output file: `path` with links followed, `shown` as the user wrote it."""

    path: Path
    shown: str
    form: Form

    @property
    def resume(self) -> Path:
        """The resume file beside the output."""
        return self.path.with_name(self.path.name + ".resume")


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier run left: the lines of the output itself (.jsonl), and those of the resume file."""

    output: Record = NOTHING
    resume: Record = NOTHING


def target(path: Path, shown: str, *, questions: Path | None) -> Target:
    """The output at `path`. Raises `QuestionError` where nothing can be written there, or where the questions lie."""
    suffix = path.suffix.lower().removeprefix(".")
    form = next((form for form in get_args(Form) if form == suffix), None)
    if form is None:
        raise QuestionError(
            f"{shown} is none of .jsonl, .csv and .md", "name the output answers.jsonl, answers.csv or answers.md"
        )
    found = Target(Path(os.path.realpath(path)), shown, form)
    folder = found.path.parent
    try:
        if not folder.is_dir():
            raise QuestionError(f"{shown} cannot be written: there is no folder {folder}", f"mkdir -p {folder}")
        for file in (found.path, found.resume):
            _refuse_special(file, shown, questions)
            if file.exists():
                file.open("r+b").close()
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise QuestionError(
            f"{shown} cannot be written: {error.strerror or error}", "name another file with -o, in a folder of yours"
        ) from error
    return found


@contextmanager
def alone(to: Target) -> Iterator[None]:
    """Lock the output against other runs. Raises `QuestionError` where one is writing it."""
    from filelock import FileLock, Timeout

    file = to.path.with_name(f".{to.path.name}.lock")
    lock = FileLock(file, timeout=0)
    with unwritable(to.path):
        try:
            lock.acquire()
        except Timeout as error:
            raise QuestionError(
                f"another qa batch is writing {to.shown}", "wait for it to finish, or name another file with -o"
            ) from error
    try:
        # of a run that was killed while it put a file in place
        for stray in to.path.parent.glob(f".{_literally(to.path.name)}.*.tmp"):
            stray.unlink(missing_ok=True)
        yield
    finally:
        with suppress(OSError):  # where an open file cannot be deleted, it stays and does no harm
            file.unlink(missing_ok=True)
        lock.release()


def before(to: Target, rows: Sequence[Row], *, questions: str, force: bool) -> Before:
    """What an earlier run left there; nothing under `force`.

    Raises `QuestionError` where the output exists and is none of ours, was changed since, or answers other questions.
    """
    _refuse_foreign(to.resume)
    if force or not to.path.exists() or to.path.stat().st_size == 0:
        return Before()
    held = Before(_output_record(to) if to.form == "jsonl" else NOTHING, _resume_record(to))
    if to.form != "jsonl" and digest([to.path.read_bytes()]) not in held.resume.written:
        what = (
            "was changed since it was written"
            if held.resume.written
            else "exists and is not an output of qa batch, or its resume file is gone"
        )
        raise QuestionError(f"{to.shown} {what}", "name another file with -o, or write over it with --force")
    lines = (held.output if to.form == "jsonl" else held.resume).held
    labels, asked = {label(row.id, row.columns) for row in rows}, {row.asked for row in rows if row.error is None}
    ours = sum(line.label in labels or line.asked in asked for line in lines)
    if 2 * ours < len(lines):
        message = (
            f"{to.shown} holds the answers to other questions: {ours} of its {len(lines)} are to those of {questions}"
        )
        raise QuestionError(message, "name another file with -o, or write over it with --force")
    return held


def digest(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of an output."""
    found = hashlib.sha256()
    for chunk in chunks:
        found.update(chunk)
    return found.hexdigest()


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A file to write that takes the place of `file` at the end, whole or not at all.

    Raises `QuestionError` where that fails.
    """
    new = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    with unwritable(file):
        try:
            new.touch()
            if file.exists():
                shutil.copymode(file, new)  # who may read the old one may read the new one, and nobody else
            yield new
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)


def _output_record(to: Target) -> Record:
    try:
        return read(to.path)
    except NoRecordError as error:
        raise QuestionError(
            f"{to.shown} exists and is not an output of qa batch",
            "name another file with -o, or write over it with --force",
        ) from error


def _resume_record(to: Target) -> Record:
    try:
        return read(to.resume) if to.resume.exists() else NOTHING
    except NoRecordError as error:
        raise _in_the_way(to.resume) from error


def _refuse_foreign(resume: Path) -> None:
    """Refuse to overwrite another file that happens to have the name of a resume file."""
    if resume.exists():
        with unwritable(resume), resume.open("rb") as stream:
            beginning = stream.read(len(HEADER))
        if not HEADER.startswith(beginning):
            raise _in_the_way(resume)


def _in_the_way(resume: Path) -> QuestionError:
    return QuestionError(
        f"{resume} is in the way: it is not a resume file of qa batch", "move it away, or name another file with -o"
    )


def _refuse_special(file: Path, shown: str, questions: Path | None) -> None:
    if not file.exists():
        return
    if not file.is_file():
        raise QuestionError(
            f"{shown} cannot be written: {file} is {'a folder' if file.is_dir() else 'no ordinary file'}",
            "name another file with -o",
        )
    if questions is not None and questions.exists() and file.samefile(questions):
        raise QuestionError(f"{shown} would be written over the questions", "name another file with -o")


def _literally(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
