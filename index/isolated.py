"""Call functions in a separate process: parsers of other people's files, which may raise, hang, grow or crash.

The process is started when it is first needed and serves every call after that, so that its start is paid once; where a
call goes wrong it is killed, and the next call starts another. It never outlives this one, however this one ends: it
takes its calls from a pipe and leaves when the pipe closes (`index.child`). Knows nothing of files or formats.
"""

from __future__ import annotations

import json
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, Protocol, Self, TypeVar, cast

from index.child import Done, Failed, Refused, Reply
from index.errors import SourceError
from index.limits import Limits

T = TypeVar("T")
_Replies = queue.SimpleQueue[Reply | None]

_TICK = 0.05  # seconds between two checks of the memory and time that the process has used
_LONGEST_TICK = 1.0  # a longer gap was no work: the machine slept, or both processes were stopped by Ctrl-Z
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from index.child import serve; serve(int(sys.argv[2]), int(sys.argv[3]))"
_LEAVE = "mend it in the program it came from, or leave it out"


class Run(Protocol):
    """A way to call a function on the content of the file `name`."""

    def __call__(self, name: str, function: Callable[..., T], /, *arguments: object) -> T:
        """What `function(*arguments)` returns. Raises SourceError where it cannot."""


def directly(_name: str, function: Callable[..., T], *arguments: object) -> T:
    """Call the function in this process: for files of one's own making."""
    return function(*arguments)


class Isolated:
    """The process, started when it is first needed. One call at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: _Replies = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, name: str, function: Callable[..., T], *arguments: object) -> T:
        """What `function(*arguments)` returns; both are plain data.

        Raises SourceError, speaking of the file `name`, for whatever goes wrong there: the function's own refusal, any
        other error, a crash, too much time or memory. After all but the first, and where this process is interrupted
        meanwhile, the other one is killed.
        """
        reply: Reply | None = None
        try:
            reply = self._reply(function, arguments)
        finally:
            if not isinstance(reply, Done | Refused):
                self.close()
        if isinstance(reply, Done):
            return cast(T, reply.result)
        if isinstance(reply, Refused):
            raise SourceError(reply.message, reply.hint)
        raise SourceError(f"{name} {reply.why}", _LEAVE)

    def close(self) -> None:
        """Ends the process, at once, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was never sent
                        pipe.close()

    def _reply(self, function: Callable[..., object], arguments: tuple[object, ...]) -> Reply:
        """The reply, if it comes within the limits."""
        process = self._started()
        try:
            pickle.dump((function, arguments), cast(BinaryIO, process.stdin))
            cast(BinaryIO, process.stdin).flush()
        except BrokenPipeError:
            return _ended(process)
        spent, before = 0.0, time.monotonic()
        while spent < self._limits.seconds:
            with suppress(queue.Empty):
                return self._replies.get(timeout=_TICK) or _ended(process)
            if _memory(process) > self._limits.memory:
                return Failed(f"needs more than {self._limits.memory // 1_000_000:,} MB of memory to read")
            now = time.monotonic()
            spent += min(now - before, _LONGEST_TICK)
            before = now
        return Failed(f"takes more than {self._limits.seconds} s to read (the setting max_file_seconds)")

    def _started(self) -> subprocess.Popen[bytes]:
        """The process; a new one where there is none, or somebody ended it."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        command = [
            sys.executable,
            "-c",
            _START,
            json.dumps(sys.path),
            str(self._limits.seconds),
            str(self._limits.memory),
        ]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise SourceError(
                f"no process can be started to read files in: {reason}",
                f"look at {sys.executable} and at the limits of this user",
            ) from error
        self._replies = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(self._process.stdout, self._replies), daemon=True).start()
        return self._process


def _listen(pipe: BinaryIO, replies: _Replies) -> None:
    """Receive replies; None after the last."""
    try:
        while True:
            replies.put(pickle.load(pipe))
    except (
        EOFError,
        OSError,
        ValueError,
        pickle.UnpicklingError,
    ):  # the other process ended, in the middle of a reply perhaps
        replies.put(None)


def _ended(process: subprocess.Popen[bytes]) -> Failed:
    """Why a process ended without a reply."""
    code = process.wait()
    names = {-number: number.name for number in signal.Signals}
    return Failed(f"cannot be read: its reader ended ({names.get(code, f'exit code {code}')})")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and the programs it runs."""
    import psutil

    with suppress(psutil.Error):
        for program in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.Error):
                program.kill()
    process.kill()


def _memory(process: subprocess.Popen[bytes]) -> int:
    """The bytes of memory that the process has now; 0 where it is gone."""
    import psutil

    try:
        return int(psutil.Process(process.pid).memory_info().rss)
    except psutil.Error:
        return 0
