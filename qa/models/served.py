"""A model that one process keeps loaded and this user's other processes use: `qa serve`.

In: the record of a model that is served. Out: a `LanguageModel` whose answers are those of the model itself, to the
bit.

Requests are JSON, never pickled, over a wire that only this user can reach (`qa.models.wire`). Address and key stand in
a record that only its user can read. A request is a connection of its own; while it waits its turn the server says
every second that it lives.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from index.errors import ModelError
from qa import __version__
from qa.models.engine import Generation, LanguageModel, Message, Opinion
from qa.models.wire import GONE, clear, knock
from qa.paths import private_folder

PATIENCE = 5.0  # seconds in which a server has to answer when it is greeted
SILENCE = 15.0  # seconds without a sign of life, after which a server that was asked is taken to be no more
LIMIT = 900.0  # seconds that one request may take, the turns of others included
_GONE = (*GONE, KeyError, TypeError)  # the last two for replies of another make
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Record:
    """Where a served model is found: its `address` (none while it is being loaded), the `key` that opens it (hexadecimal), its `name` and `digest`.

    `pid` and `version` are those of the process and the program that serve it.
    """

    address: str
    key: str
    name: str
    digest: str
    pid: int
    version: str = __version__


class ServedModel:
    """A model that another process serves.

    If that process ends or hangs, `load` brings the model into this one and all goes on.
    """

    def __init__(self, record: Record, load: Callable[[], LanguageModel]) -> None:
        self.name = record.name
        self.digest = record.digest
        self._record = record
        self._load = load
        self._own: LanguageModel | None = None

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None
    ) -> Generation:
        """The reply; `on_text` gets it in one piece."""
        request = {"do": "generate", "messages": [asdict(message) for message in messages], "max_tokens": max_tokens}
        written = self._asked(
            request, lambda reply: Generation(reply["text"], reply["prompt_tokens"], reply["tokens"], reply["sure"])
        )
        if written is None:
            return self._own_model().generate(messages, max_tokens=max_tokens, on_text=on_text)
        if on_text is not None and written.text:
            on_text(written.text)
        return written

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        request = {"do": "opinion", "messages": [asdict(message) for message in messages]}
        found = self._asked(request, lambda reply: Opinion(reply["yes"], tuple(reply["state"])))
        return self._own_model().opinion(messages) if found is None else found

    def _asked(self, request: dict[str, Any], made: Callable[[dict[str, Any]], _T]) -> _T | None:
        """What is made of the other process's reply; None where it is no more."""
        if self._own is not None:
            return None
        try:
            return made(ask(self._record, request))
        except _GONE:
            return None

    def _own_model(self) -> LanguageModel:
        self._own = self._own or self._load()
        return self._own


def ask(record: Record, request: dict[str, Any], *, silence: float = SILENCE, limit: float = LIMIT) -> dict[str, Any]:
    """One request and its reply.

    Raises OSError, EOFError, ValueError or KeyError where nobody serves there any more, or it takes too long.

    Too long is `silence` seconds without a word, or `limit` seconds in all.
    """
    until = time.monotonic() + limit
    with knock(record.address, silence) as wire:
        wire.greet(bytes.fromhex(record.key), within=silence)
        wire.send({"version": __version__, **request}, within=silence)
        while "busy" in (said := wire.receive(within=min(silence, until - time.monotonic()))):
            pass  # it lives, and others are before us or the model is at work
        reply: dict[str, Any] = said["reply"]
        return reply


@contextmanager
def claimed(place: Path, name: str) -> Iterator[None]:
    """Hold `place` for this process, which is about to serve the model `name`, so that no other does.

    The record goes when this ends.

    Raises `ModelError` where another process holds it, whether it answers or not, or where nothing can be written. What
    a killed one left is cleared away.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(_lock(place))
    try:
        private_folder(place.parent)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise _taken(read(place), name) from error
    except OSError as error:
        raise _unwritten(place, error) from error
    with lock:
        if (serving := published(place)) is not None:  # its lock was taken away
            raise _taken(serving, name)
        if (dead := read(place)) is not None:
            clear(dead.address)
        publish(Record("", "", name, "", os.getpid()), place)
        try:
            yield
        finally:
            if (left := read(place)) is not None and left.pid == os.getpid():
                place.unlink(missing_ok=True)
            lock.release()


def holder(place: Path) -> Record | None:
    """The record of the process that holds `place`, whether it answers or not; None where none does."""
    from filelock import FileLock, Timeout

    if not _lock(place).exists():
        return None
    try:
        with FileLock(_lock(place)).acquire(timeout=0):
            return None
    except Timeout:
        return read(place)
    except OSError:
        return None


def publish(record: Record, place: Path) -> None:
    """Write the record where others of this user look for it, readable by nobody else.

    Raises `ModelError` where that fails.
    """
    new = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        private_folder(place.parent)
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(asdict(record), out)
        new.replace(place)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise _unwritten(place, error) from error


def read(place: Path) -> Record | None:
    """The record that lies there, if there is one that is this user's own."""
    try:
        if hasattr(os, "getuid") and place.stat().st_uid != os.getuid():
            return None
        held = json.loads(place.read_text(encoding="utf-8"))
        record = Record(**{each.name: held[each.name] for each in fields(Record)})
        bytes.fromhex(record.key)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return (
        record
        if all(isinstance(value, int if name == "pid" else str) for name, value in asdict(record).items())
        else None
    )


def published(place: Path) -> Record | None:
    """The record that lies there, if it is this user's own and somebody answers at its address within `PATIENCE`.

    None otherwise.
    """
    record = read(place)
    if record is None or not record.address:
        return None
    try:
        ask(record, {"do": "hello"}, silence=PATIENCE, limit=PATIENCE)
    except _GONE:
        return None
    return record


def _taken(held: Record | None, name: str) -> ModelError:
    if held is None:
        return ModelError(f"{name} is being served already", "use it, or end it with: qa serve --stop")
    other = "" if held.version == __version__ else f" of version {held.version}"
    return ModelError(
        f"{held.name} is being served already, by process {held.pid}{other}", "use it, or end it with: qa serve --stop"
    )


def _unwritten(place: Path, error: OSError) -> ModelError:
    return ModelError(
        f"nothing can be kept in {place.parent}: {error.strerror or error}",
        "set QA_STATE to a folder that can be written",
    )


def _lock(place: Path) -> Path:
    return place.with_suffix(".lock")
