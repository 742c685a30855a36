"""A conversation between two processes of one user.

Sockets, a handshake by key, JSON messages, and a limit on every wait.

In: an address and a key. Out: messages. Knows nothing of models.

A Unix socket lies in a folder that only its user can enter; where Python has none (Windows), it is a port of the
loopback. Either side proves that it knows the key and neither sends it. Whatever the other end does, sends or leaves
undone, a call ends within its limit.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import shutil
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

LONGEST = 10_000_000  # bytes of a message
# what a wire raises whose other end has died, is silent for too long or is not ours
GONE = (OSError, EOFError, ValueError)
_FOLDER = "qa-serve-"
_PROOF = 32  # bytes of a challenge, and of the answer to it
_UNIX = hasattr(socket, "AF_UNIX")


class Door:
    """A place to knock at, for this user alone. Raises OSError where there can be none."""

    def __init__(self) -> None:
        if _UNIX:
            folder = tempfile.mkdtemp(prefix=_FOLDER)  # 0700
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.address = str(Path(folder) / "socket")
        else:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self.address = ""
        try:
            self._socket.bind(self.address if _UNIX else ("127.0.0.1", 0))
            self._socket.listen(128)
        except OSError:
            self.close()
            raise
        self.address = self.address or "{}:{}".format(*self._socket.getsockname())
        self._socket.settimeout(1.0)  # so that whoever waits in `open` looks up

    def open(self) -> Wire | None:
        """Whoever has knocked; None where nobody did for a second.

        Raises OSError when the door is closed, or no more can be let in.
        """
        try:
            return Wire(self._socket.accept()[0])
        except TimeoutError:
            return None

    def close(self) -> None:
        """Nobody is let in any more."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes a thread in `open`
        self._socket.close()
        clear(self.address)


def clear(address: str) -> None:
    """Remove what a door left behind whose process was killed."""
    folder = Path(address).parent
    if _UNIX and folder.name.startswith(_FOLDER):
        shutil.rmtree(folder, ignore_errors=True)


def knock(address: str, within: float) -> Wire:
    """A wire to the process behind the door at `address`, within so many seconds.

    Raises one of `GONE` where nobody is there.
    """
    made = socket.socket(socket.AF_UNIX if _UNIX else socket.AF_INET, socket.SOCK_STREAM)
    host, _, port = address.rpartition(":")
    try:
        made.settimeout(within)
        made.connect(address if _UNIX else (host, int(port)))
    except BaseException:
        made.close()
        raise
    return Wire(made)


class Wire:
    """One end of a conversation.

    Every method raises one of `GONE` where the other end fails, or takes longer than `within` seconds altogether.
    """

    def __init__(self, made: socket.socket) -> None:
        self._socket = made

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def greet(self, key: bytes, *, within: float) -> None:
        """Who knocks: prove that `key` is known here, and see that it is there."""
        until = time.monotonic() + within
        mine = secrets.token_bytes(_PROOF)
        self._write(mine, until)
        theirs = self._read(_PROOF, until)
        self._write(_proof(key, b"knocks", mine, theirs), until)
        _require(self._read(_PROOF, until), _proof(key, b"opens", mine, theirs))

    def welcome(self, key: bytes, *, within: float) -> None:
        """Who opens: the same from the other side; nothing is proved to one who has not."""
        until = time.monotonic() + within
        mine = secrets.token_bytes(_PROOF)
        self._write(mine, until)
        theirs = self._read(_PROOF, until)
        _require(self._read(_PROOF, until), _proof(key, b"knocks", theirs, mine))
        self._write(_proof(key, b"opens", theirs, mine), until)

    def send(self, message: dict[str, Any], *, within: float) -> None:
        content = json.dumps(message).encode()
        self._write(len(content).to_bytes(4, "big") + content, time.monotonic() + within)

    def receive(self, *, within: float) -> dict[str, Any]:
        until = time.monotonic() + within
        length = int.from_bytes(self._read(4, until), "big")
        if length > LONGEST:
            raise ValueError("a message that is too long")
        try:
            message = json.loads(self._read(length, until))
        except RecursionError as error:
            raise ValueError("a message that is nested too deep") from error
        if not isinstance(message, dict):
            raise ValueError("a message that is no object")
        return message

    def hung_up(self) -> bool:
        """Whether the other end, which has nothing more to say, has left."""
        self._socket.settimeout(0)
        try:
            return self._socket.recv(1) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _read(self, count: int, until: float) -> bytes:
        pieces = []
        while count:
            self._wait(until)
            piece = self._socket.recv(min(count, 65536))
            if not piece:
                raise EOFError("the other end has left")
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def _write(self, content: bytes, until: float) -> None:
        self._wait(until)
        self._socket.sendall(content)  # its limit is for all of it

    def _wait(self, until: float) -> None:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the other end is silent")
        self._socket.settimeout(left)


def _proof(key: bytes, role: bytes, *challenges: bytes) -> bytes:
    return hmac.new(key, role + b"".join(challenges), hashlib.sha256).digest()


def _require(given: bytes, expected: bytes) -> None:
    if not hmac.compare_digest(given, expected):
        raise PermissionError("the other end does not know the key")
