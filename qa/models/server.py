"""The side of `qa serve` that keeps the model: whoever of this user asks is answered, each in its turn.

In: a loaded model. Out: replies over `qa.models.wire`. A thread for each who knocks; one works, in the order in which
was asked.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from qa import __version__
from qa.models.engine import LanguageModel, Message
from qa.models.served import Record
from qa.models.wire import GONE, Door, Wire

HANDSHAKE = 3.0  # seconds in which one who knocks has to say who it is and what it wants
BEAT = 1.0  # seconds between two signs of life to one who waits
TURN = 300.0  # seconds: a model that takes longer for one reply does not come back
_LOOK = 5.0  # seconds between two looks whether the server can still be found


@dataclass(slots=True)
class _Request:
    """What is asked, and in the end the reply; None where there is none. `gone` when nobody waits for it any more."""

    message: dict[str, Any]
    reply: dict[str, Any] | None = None
    gone: bool = False
    done: Event = field(default_factory=Event)


class Server:
    """Serves `model` until `stop`; `idle` says for how long nothing was asked.

    Raises OSError where there can be no door.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._key = secrets.token_bytes(32)
        self._door = Door()
        self._waiting: SimpleQueue[_Request] = SimpleQueue()
        self._began: float | None = None  # when the model was given the one that it works at
        self._last = time.monotonic()
        self._stopped = Event()
        self._closed = Event()
        for loop in (self._accept, self._work):
            Thread(target=loop, daemon=True).start()

    @property
    def record(self) -> Record:
        """What others need to find it."""
        return Record(self._door.address, self._key.hex(), self._model.name, self._model.digest, os.getpid())

    @property
    def idle(self) -> float:
        """Seconds since the last request ended; 0 while there is one."""
        return time.monotonic() - self._last if self._began is None and self._waiting.empty() else 0.0

    def wait(self, idle: float, found: Callable[[], bool] = lambda: True) -> None:
        """Return when nothing was asked for `idle` seconds, or it was stopped, or can no longer be `found`."""
        while not self._stopped.wait(max(0.05, min(idle - self.idle, _LOOK))):
            if self.idle >= idle or not found():
                return

    def stop(self) -> None:
        """Let `wait` return."""
        self._stopped.set()

    def close(self) -> None:
        """Take the address away. A request under way is not waited for: who asked goes on by himself."""
        self.stop()
        self._closed.set()
        self._door.close()

    def _accept(self) -> None:
        # not only till it is stopped: whoever has knocked must be answered or turned away, never left waiting
        while not self._closed.is_set():
            try:
                wire = self._door.open()
            except OSError:  # too many knock at once
                time.sleep(0.05)
                continue
            if wire is not None:
                Thread(target=self._converse, args=(wire,), daemon=True).start()

    def _converse(self, wire: Wire) -> None:
        with wire, suppress(*GONE):
            wire.welcome(self._key, within=HANDSHAKE)
            message = wire.receive(within=HANDSHAKE)
            asked = message.get("do")
            self._last = time.monotonic()
            if asked == "stop":
                self.stop()
            if asked in ("hello", "stop"):
                wire.send({"reply": {}}, within=HANDSHAKE)
            elif message.get("version") != __version__:
                wire.send({"refused": f"this is version {__version__}"}, within=HANDSHAKE)
            else:
                self._answer(wire, _Request(message))

    def _answer(self, wire: Wire, request: _Request) -> None:
        self._waiting.put(request)
        try:
            while not request.done.wait(BEAT):
                if wire.hung_up() or self._stuck():
                    return
                wire.send({"busy": True}, within=HANDSHAKE)
            if request.reply is not None:
                wire.send({"reply": request.reply}, within=HANDSHAKE)
        finally:
            request.gone = True

    def _stuck(self) -> bool:
        """Whether the model takes too long to ever come back: nobody is kept waiting, and the server ends."""
        stuck = self._began is not None and time.monotonic() - self._began > TURN
        if stuck:
            self.stop()
        return stuck

    def _work(self) -> None:
        while True:
            request = self._waiting.get()
            self._began = time.monotonic()
            if not request.gone:
                with suppress(Exception):  # whatever fails here fails again, and visibly, in the process that asked
                    request.reply = self._reply(request)
            self._last = time.monotonic()
            self._began = None
            request.done.set()

    def _reply(self, request: _Request) -> dict[str, Any]:
        messages = [Message(**message) for message in request.message["messages"]]
        if request.message["do"] == "opinion":
            return asdict(self._model.opinion(messages))
        return asdict(
            self._model.generate(messages, max_tokens=request.message["max_tokens"], on_text=lambda _: request.gone)
        )
