"""Keeps this program off the network: no telemetry, no look-ups in a model hub, no connection to another machine.

`shut` runs when the package `index` is imported, and with it before any other library of ours loads one of those that
would look outside; nobody can forget it, and what a worker process imports shuts that too. What the user asks to fetch
is fetched by `qa.models` and `index.web`, in `asked` or in a process with the environment `opened`.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

SHUT = (
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "HF_HUB_DISABLE_TELEMETRY",
    "HF_HUB_DISABLE_UPDATE_CHECK",
    "DISABLE_TELEMETRY",
    "DO_NOT_TRACK",
)
# `import openvino` loads it where it is installed; it then reports the start of every program, and writes to ~/intel
TELEMETRY = ("openvino_telemetry",)
_OURS = "VOUCH_SHUT"  # which of the variables were set here and not by the user
_REFUSING = "VOUCH_REFUSES"  # set where this process refuses, so that its workers do
_TRUE = ("1", "ON", "YES", "TRUE")  # as the hub's client reads a variable

_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg")
_TRIAL = "index.offline.refuses"
_asked: ContextVar[bool] = ContextVar("asked", default=False)


def shut() -> None:
    """Tell the hub's client to stay offline, and make imports of the telemetry package fail as if it were missing."""
    ours = {name for name in SHUT if not true(os.environ.get(name))} | set(os.environ.get(_OURS, "").split())
    os.environ.update(dict.fromkeys(SHUT, "1") | {_OURS: " ".join(sorted(ours))})
    # None there is Python's own sign that a module cannot be had
    cast("dict[str, Any]", sys.modules).update(dict.fromkeys(TELEMETRY))
    if os.environ.get(_REFUSING) and not refuses():
        refuse()


def opened() -> dict[str, str]:
    """The environment as the user made it, for a process that fetches what was asked for."""
    ours = os.environ.get(_OURS, "").split()
    return {name: value for name, value in os.environ.items() if name not in (*ours, _OURS, _REFUSING)}


def true(value: str | None) -> bool:
    """Whether the hub's client reads this value of a variable as true."""
    return (value or "").upper() in _TRUE


def refuse() -> None:
    """Make other machines unreachable for the Python code of this process from now on.

    Holds for every library, whatever it was installed for, and for the processes of ours that this one starts, and
    cannot be taken back.
    """
    os.environ[_REFUSING] = "1"
    sys.addaudithook(_refuse)


def refuses() -> bool:
    """Whether this process refuses, tried with an audit event of our own: no name is looked up."""
    try:
        sys.audit(_TRIAL)
    except OSError:
        return True
    return False


@contextmanager
def asked() -> Iterator[None]:
    """While this runs, its thread may use the network: the user asked for it."""
    before = _asked.set(True)
    try:
        yield
    finally:
        _asked.reset(before)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _LOOKUPS:
        near = arguments[0] is None
    elif event in _SENDING:
        connection, address = arguments
        near = connection.family == getattr(socket, "AF_UNIX", None) or _own(address)
    else:
        near = event != _TRIAL
    if not near and not _asked.get():
        raise OSError(errno.ENETUNREACH, "this program does not use the network")


def _own(address: object) -> bool:
    """Whether this is the machine itself, on Windows, whose pairs of sockets are made over it.

    Elsewhere a proxy may stand there and lead out.
    """
    return os.name == "nt" and isinstance(address, tuple) and address[0] in ("127.0.0.1", "::1")
