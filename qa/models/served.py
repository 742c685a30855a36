"""A model that one process keeps loaded and this user's other processes use: `qa serve`.

In: a loaded model, or the record of one that is served. Out: the same `LanguageModel`, near or far: its answers are the same to the bit.

Requests are JSON over the standard library's local connections (a Unix socket in a private folder, a named pipe on Windows), never pickled. Address and key
stand in a record that only its user can read; who does not know the key is turned away by the handshake. A request is a connection of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from qa.models.engine import Generation, LanguageModel, Message, Opinion

LONGEST = 10_000_000  # bytes of a request
PATIENCE = 3.0  # seconds
_GONE = (OSError, EOFError, ValueError, KeyError, AuthenticationError)  # what a connection raises whose other end has died or is not ours


@dataclass(frozen=True, slots=True)
class Record:
    """Where a served model is found: its `address`, the `key` that opens it (hexadecimal), and the `name` and `digest` it has."""

    address: str
    key: str
    name: str
    digest: str


class Server:
    """Serves `model` from a thread per request; calls of the model take turns. `stop` ends it, `idle` says for how long nothing was asked."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._key = secrets.token_bytes(32)
        self._listener = Listener(authkey=self._key)
        self._turn = Lock()  # of the model
        self._count = Lock()
        self._open = 0
        self._last = time.monotonic()
        self._stopped = Event()
        self._closed = Event()
        Thread(target=self._accept, daemon=True).start()

    @property
    def record(self) -> Record:
        """What others need to find it."""
        return Record(str(self._listener.address), self._key.hex(), self._model.name, self._model.digest)

    @property
    def idle(self) -> float:
        """Seconds since the last request ended; 0 while there is one."""
        return 0.0 if self._open else time.monotonic() - self._last

    def wait(self, idle: float) -> None:
        """Return when nothing was asked for `idle` seconds, or it was stopped."""
        while not self._stopped.wait(max(0.05, min(idle - self.idle, 3600.0))):
            if self.idle >= idle:
                return

    def stop(self) -> None:
        """Let `wait` return."""
        self._stopped.set()

    def close(self) -> None:
        """Take the address away. A request under way is not waited for: who asked goes on by himself."""
        self.stop()
        self._closed.set()
        with suppress(OSError):
            self._listener.close()

    def _accept(self) -> None:
        while not self._closed.is_set():  # not only till it is stopped: whoever has knocked must be answered or turned away, never left waiting
            with suppress(*_GONE):
                Thread(target=self._converse, args=(self._listener.accept(),), daemon=True).start()

    def _converse(self, connection: Connection[bytes, bytes]) -> None:
        with connection, self._counted(), suppress(Exception):  # whatever fails here fails again, and visibly, in the process that asked
            connection.send_bytes(json.dumps(self._reply(json.loads(connection.recv_bytes(LONGEST)))).encode())

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._count:
            self._open += 1
        try:
            yield
        finally:
            with self._count:
                self._open -= 1
                self._last = time.monotonic()

    def _reply(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["do"] == "hello":
            return {}
        if request["do"] == "stop":
            self.stop()
            return {}
        messages = [Message(**message) for message in request["messages"]]
        with self._turn:
            if request["do"] == "opinion":
                return asdict(self._model.opinion(messages))
            return asdict(self._model.generate(messages, max_tokens=request["max_tokens"]))


class ServedModel:
    """A model that another process serves. If that process ends, `load` brings the model into this one and all goes on."""

    def __init__(self, record: Record, load: Callable[[], LanguageModel]) -> None:
        self.name = record.name
        self.digest = record.digest
        self._record = record
        self._load = load
        self._own: LanguageModel | None = None

    def generate(self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None) -> Generation:
        """The reply; `on_text` gets it in one piece."""
        found = self._asked({"do": "generate", "messages": [asdict(message) for message in messages], "max_tokens": max_tokens})
        if found is None:
            return self._own_model().generate(messages, max_tokens=max_tokens, on_text=on_text)
        written = Generation(found["text"], found["prompt_tokens"], found["tokens"])
        if on_text is not None and written.text:
            on_text(written.text)
        return written

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        found = self._asked({"do": "opinion", "messages": [asdict(message) for message in messages]})
        return self._own_model().opinion(messages) if found is None else Opinion(found["yes"], tuple(found["state"]))

    def _asked(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The reply of the other process; None where it is no more."""
        if self._own is not None:
            return None
        try:
            return ask(self._record, request)
        except _GONE:
            return None

    def _own_model(self) -> LanguageModel:
        self._own = self._own or self._load()
        return self._own


def ask(record: Record, request: dict[str, Any]) -> dict[str, Any]:
    """One request and its reply. Raises OSError, EOFError, ValueError or AuthenticationError where nobody serves there any more."""
    with Client(record.address, authkey=bytes.fromhex(record.key)) as connection:
        connection.send_bytes(json.dumps(request).encode())
        reply: dict[str, Any] = json.loads(connection.recv_bytes(LONGEST))
        return reply


def publish(record: Record, place: Path) -> None:
    """Write the record where others of this user look for it, readable by nobody else."""
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f"{place.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(asdict(record), out)
    new.replace(place)


def withdraw(record: Record, place: Path) -> None:
    """Remove the record, unless another server's lies there by now."""
    with suppress(OSError, ValueError):
        if json.loads(place.read_text(encoding="utf-8")) == asdict(record):
            place.unlink()


def published(place: Path) -> Record | None:
    """The record that lies there, if it is this user's own and somebody answers at its address within `PATIENCE`; None otherwise."""
    try:
        if hasattr(os, "getuid") and place.stat().st_uid != os.getuid():
            return None
        record = Record(**json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    heard = Event()
    greeting = Thread(target=_greet, args=(record, heard), daemon=True)
    greeting.start()
    greeting.join(PATIENCE)  # a server that is suspended takes the connection and never speaks
    return record if heard.is_set() else None


def _greet(record: Record, heard: Event) -> None:
    with suppress(*_GONE):
        ask(record, {"do": "hello"})
        heard.set()
