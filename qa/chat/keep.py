"""Conversations on disk: one JSON-lines file each, readable by its owner alone, one line a turn.

Appends turns as they happen; reads conversations back. A line is written in one call, and one that was cut
short is left out when reading, so a process that is killed loses at most the turn under way. Knows nothing of how
answers come about.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from index.errors import QuestionError
from index.records import Filter
from qa.chat.records import Conversation, Turn
from qa.paths import private_folder
from qa.render.json import dumps, from_object, to_object

FOLDER = "conversations"
FORMAT = 1
_LIST = "qa chat --list"


class Keeper:
    """Appends the turns of one conversation to its file, which is made with the first turn."""

    def __init__(self, folder: Path, conversation: Conversation) -> None:
        self.conversation = conversation
        self._folder = folder
        self._file = _file(folder, conversation.id)

    def of(self, conversation: Conversation) -> Keeper:
        """The keeper of another conversation in the same place."""
        return Keeper(self._folder, conversation)

    def add(self, turn: Turn) -> None:
        """Keep a turn. Raises `QuestionError` where the file cannot be written."""
        conversation = self.conversation
        lines = (
            []
            if self._file.exists()
            else [
                {
                    "format": FORMAT,
                    "id": conversation.id,
                    "started": conversation.started,
                    "library": conversation.library,
                }
            ]
        )
        lines.append(
            {"typed": turn.typed, "at": turn.at, "within": asdict(turn.within), "answer": to_object(turn.answer)}
        )
        try:
            private_folder(self._file.parent)
            _append(self._file, "".join(dumps(line) + "\n" for line in lines).encode("utf-8", "backslashreplace"))
        except OSError as error:
            message = f"the conversation cannot be kept in {self._file}: {error.strerror or error}"
            raise QuestionError(message, "set QA_STATE to a folder that can be written") from error
        self.conversation = Conversation(
            conversation.id, conversation.started, conversation.library, (*conversation.turns, turn)
        )


def begun(folder: Path, library: Path, now: datetime) -> Conversation:
    """A conversation without turns, with a new id: the moment, and a letter if that is taken."""
    stem = now.strftime("%Y%m%d-%H%M%S")
    taken = {path.stem for path in _files(folder)}
    free = next(name for name in (stem, *(f"{stem}{letter}" for letter in _letters())) if name not in taken)
    return Conversation(free, now.isoformat(timespec="seconds"), str(library))


def kept(folder: Path) -> tuple[Conversation, ...]:
    """Every conversation, the latest first. Files that are none are skipped."""
    found = [conversation for path in _files(folder) if (conversation := _read(path)) is not None]
    return tuple(
        sorted(found, key=lambda each: (each.turns[-1].at if each.turns else each.started, each.id), reverse=True)
    )


def find(folder: Path, wanted: str | None) -> Conversation:
    """The conversation of this id or of the one id that begins so; the latest where `wanted` is None.

    Raises `QuestionError`.
    """
    everything = kept(folder)
    if wanted is None:
        if not everything:
            raise QuestionError("no conversation has been kept yet", "qa chat")
        return everything[0]
    found = [each for each in everything if each.id == wanted] or [
        each for each in everything if each.id.startswith(wanted)
    ]
    if len(found) != 1:
        what = f"{len(found)} conversations begin with" if found else "no conversation is called"
        raise QuestionError(f"{what} “{wanted}”", _LIST)
    return found[0]


def private_file(file: Path) -> Path:
    """Make `file` if it is not there, for its owner alone. Raises OSError."""
    private_folder(file.parent)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    return file


def _append(file: Path, content: bytes) -> None:
    """Write all of `content` at the end in one call, on a line of its own."""
    descriptor = os.open(private_file(file), os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))
    try:
        size = os.lseek(descriptor, 0, os.SEEK_END)
        if size:
            os.lseek(descriptor, size - 1, os.SEEK_SET)
            if os.read(descriptor, 1) != b"\n":  # what a power cut left of a line ends here
                content = b"\n" + content
        while content:
            content = content[os.write(descriptor, content) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.jsonl"))


def _file(folder: Path, name: str) -> Path:
    return folder / FOLDER / f"{name}.jsonl"


def _read(file: Path) -> Conversation | None:
    try:
        lines = [line for line in map(_object, file.read_bytes().split(b"\n")) if line is not None]
    except OSError:
        return None
    if not lines or lines[0].get("format") != FORMAT:
        return None
    head, *rest = lines
    turns = tuple(turn for line in rest if (turn := _turn(line)) is not None)
    return Conversation(file.stem, str(head.get("started", "")), str(head.get("library", "")), turns)


def _object(line: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _turn(line: Mapping[str, Any]) -> Turn | None:
    try:
        within = line["within"]
        return Turn(
            line["typed"],
            from_object(line["answer"]),
            Filter(tuple(within["sources"]), within["since"], within["until"], within["author"]),
            line["at"],
        )
    except (KeyError, TypeError):
        return None


def _letters() -> Iterator[str]:
    yield from "bcdefghijklmnopqrstuvwxyz"
