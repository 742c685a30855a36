"""The process behind `index.isolated`: it calls the functions that it is sent, and replies with plain data.

It takes no more memory than it is given, where the system can see to that, writes to nobody's terminal, and ends at
once on Ctrl-C, when the process that started it is gone, or when a call has taken far more time than it may and nobody
has come to end it.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from index.errors import VouchError
from index.extras import MissingExtraError, explaining

_GRACE = 5  # seconds beyond those of a call: the caller kills this process first


@dataclass(frozen=True, slots=True)
class Done:
    """What the function returned."""

    result: object


@dataclass(frozen=True, slots=True)
class Refused:
    """The function refused what it was given, with a message for a person."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The function failed; `why` is a phrase that follows the name of the file that it read."""

    why: str


Reply = Done | Refused | Failed
_Call = tuple[Callable[..., object], tuple[object, ...]]


def serve(seconds: int, memory: int) -> None:
    """Answers calls from standard input on standard output, until the one ends or this process is killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python would wait for the parser to come back
    calls, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123 - a device
        for stream in range(3):
            os.dup2(nothing.fileno(), stream)
    _limit_memory(memory)
    waiting: queue.SimpleQueue[_Call] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(calls, waiting), daemon=True).start()
    while True:
        function, arguments = waiting.get()
        _limit_time(seconds + _GRACE)
        pickle.dump(_answered(function, arguments), replies)
        replies.flush()
        del function, arguments


def _listen(calls: BinaryIO, waiting: queue.SimpleQueue[_Call]) -> None:
    """Receive calls, also while one is being worked on.

    When the caller is gone, the process exits, whatever it is doing.
    """
    try:
        while True:
            waiting.put(pickle.load(calls))
    finally:
        os._exit(0)


def _answered(function: Callable[..., object], arguments: tuple[object, ...]) -> Reply:
    try:
        with explaining():
            return Done(function(*arguments))
    except MissingExtraError as error:
        # of a file that is left out, only the message is shown
        return Refused(f"{error.message}: {error.hint}", error.hint)
    except VouchError as error:
        return Refused(error.message, error.hint)
    except MemoryError:
        return Failed("needs more memory to read than it may take")
    except Exception as error:  # noqa: BLE001 - what this process is for: parsers of damaged files raise anything
        return Failed(f"is damaged, or not what its name says ({type(error).__name__})")


def _limit_memory(most: int) -> None:
    if sys.platform != "win32":
        import resource

        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_AS, most)


def _limit_time(seconds: int) -> None:
    """Limit the processor time from now on: for a parser that never lets `_listen` run."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds)


if sys.platform != "win32":

    def _lower(what: int, most: int) -> None:
        """Set a limit of the system, where it lets one.

        macOS has no limit of memory, and a stricter one may hold already.
        """
        import resource

        _, hard = resource.getrlimit(what)
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
