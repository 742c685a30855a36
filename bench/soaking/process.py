"""The program as a process that can be killed.

Forked from this one, which has imported it already, so that a run costs milliseconds and not seconds.

The embedder and the model are the fakes of the tests, through the seam by which the real ones enter. A run is killed by
the clock, or just before it does the nth thing to a file: the first reaches into whatever computes or waits, the second
is the same on every machine.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.soaking.forked import be, command, fakes

KILLED = -signal.SIGKILL
FINE = (0, 1, 2, 3, 130, KILLED)  # exit codes that the program may end with, and that of our own kill
PATIENCE = 90.0  # seconds after which a run hangs
GRACE = 5.0  # seconds in which what a killed run had started must have ended by itself


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended; `code` is that of the signal, negative, where one ended it, and `None` where it hung and was ended after `PATIENCE`."""

    code: int | None
    out: str
    err: str
    seconds: float
    events: int  # things done to files, where it ended by itself
    orphans: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether it ended as a program should: no traceback, no code that means nothing."""
        return self.code in FINE and "Traceback" not in self.err and not self.orphans


@dataclass(frozen=True, slots=True)
class Kill:
    """When a run is killed: `after` seconds, or before its `event`th thing done to a file."""

    after: float | None = None
    event: int | None = None

    def __str__(self) -> str:
        return f"killed after {self.after:.4f} s" if self.after is not None else f"killed before event {self.event}"


def moment(random: Random, whole: Ended) -> Kill:
    """A random moment of a run that took as long as `whole`."""
    return (
        Kill(after=random.uniform(0.0, 1.1 * whole.seconds))
        if random.random() < 0.5
        else Kill(event=random.randint(1, max(1, whole.events)))
    )


def qa(
    arguments: Sequence[str],
    folder: Path,
    *,
    kill: Kill | None = None,
    environ: Mapping[str, str] | None = None,
    streams: Path | None = None,
) -> Ended:
    """`qa ARGUMENTS` in `folder`, with the fakes."""
    return ended(start_qa(arguments, folder, kill=kill, environ=environ, streams=streams), kill)


def start_qa(
    arguments: Sequence[str],
    folder: Path,
    *,
    kill: Kill | None = None,
    environ: Mapping[str, str] | None = None,
    streams: Path | None = None,
) -> Started:
    """The same, under way."""
    return start(lambda: command(arguments, fakes), folder, kill=kill, environ=environ, streams=streams)


@dataclass(frozen=True, slots=True)
class Started:
    """A run under way: its process, which leads a session of its own, the folder its streams go to, and when it began."""

    pid: int
    streams: Path
    began: float


def start(
    body: Callable[[], int],
    folder: Path,
    *,
    kill: Kill | None = None,
    environ: Mapping[str, str] | None = None,
    streams: Path | None = None,
) -> Started:
    """Fork a process that runs `body` in `folder`.

    Its home lies beside that, and what it says in `streams`, or beside it too.
    """
    streams = (streams or folder.parent) / f".{folder.name}-streams-{time.monotonic_ns()}"
    streams.mkdir()
    for name in ("out", "err"):
        (streams / name).touch()  # it may be killed before it opens them
    pid = os.fork()
    if pid == 0:
        be(body, folder, streams, None if kill is None else kill.event, environ or {})
    return Started(pid, streams, time.monotonic())


def ended(run: Started, kill: Kill | None = None) -> Ended:
    """Wait for a run, killing it when its time has come. Nothing that it started may outlive it."""
    code = None
    if kill is not None and kill.after is not None:
        code = _waited(run.pid, run.began + kill.after)
    code = _waited(run.pid, run.began + PATIENCE) if code is None and (kill is None or kill.after is None) else code
    hung = code is None and (kill is None or kill.after is None)
    if code is None:
        os.kill(run.pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(run.pid, 0)[1])
    seconds = time.monotonic() - run.began
    out, err = ((run.streams / name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err"))
    counted = run.streams / "events"
    events = int(counted.read_text()) if counted.exists() else 0
    left = _left(run.pid)
    for file in run.streams.iterdir():
        file.unlink()
    run.streams.rmdir()
    return Ended(None if hung else code, out, err, seconds, events, left)


def _waited(pid: int, until: float) -> int | None:
    """The exit code of a process; None where it still runs when the clock says `until`."""
    pause = 0.0005
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        left = until - time.monotonic()
        if left <= 0:
            return None
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, 0.01)


def _left(session: int) -> tuple[str, ...]:
    """What still runs of a session when it has had time to end; it is ended then."""
    until = time.monotonic() + GRACE
    while (there := _members(session)) and time.monotonic() < until:
        time.sleep(0.02)
    for pid in there:
        os.kill(pid, signal.SIGKILL)
    return tuple(there.values())


def _members(session: int) -> dict[int, str]:
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            said = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            state, *numbers = said.rpartition(")")[2].split()
            if int(numbers[2]) == session and state not in "ZX":
                found[int(entry.name)] = (
                    (entry / "cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ").strip()[:120]
                )
        except (OSError, ValueError, IndexError):
            continue  # it has just ended
    return found
