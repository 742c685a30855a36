"""The program as a process that can be killed: forked from this one, which has imported it already, so that a run costs milliseconds and not seconds.

The embedder and the model are the fakes of the tests, through the seam by which the real ones enter. A run is killed by the clock, or just before it does the
nth thing to a file: the first reaches into whatever computes or waits, the second is the same on every machine.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NoReturn

from index.errors import VouchError
from qa.commands.session import Loaders, Session
from qa.models.engine import Message
from tests.fakes import FakeEmbedder, FakeModel

KILLED = -signal.SIGKILL
FINE = (0, 1, 2, 3, 130, KILLED)  # exit codes that the program may end with, and that of our own kill
PATIENCE = 90.0  # seconds after which a run hangs
GRACE = 5.0  # seconds in which what a killed run had started must have ended by itself
MEMORY = 6 << 30  # bytes of address space of a run: what asks for more fails there, and does not take the machine with it
_FILES = (
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.truncate",
    "os.link",
    "os.symlink",
    "os.utime",
    "shutil.rmtree",
    "sqlite3.connect",
    "subprocess.Popen",
)
_WARMED = (
    "index",
    "index.ingest",
    "qa",
    "qa.batch",
    "qa.checks",
    "qa.commands",
    "qa.memo",
    "qa.models",
    "qa.questions",
    "qa.render",
    "qa.render.html",
    "qa.verify",
)
_HEAVY = (
    "numpy",
    "faiss",
    "yaml",
    "sentencex",
    "snowballstemmer",
    "docx",
    "pypdf",
    "trafilatura",
    "htmldate",
    "charset_normalizer",
    "lxml.html",
    "filelock",
    "rich.console",
)


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
    return Kill(after=random.uniform(0.0, 1.1 * whole.seconds)) if random.random() < 0.5 else Kill(event=random.randint(1, max(1, whole.events)))


def warm() -> None:
    """Import the program and what it imports late, so that no forked run has to."""
    for package in _WARMED:
        for found in pkgutil.iter_modules(importlib.import_module(package).__path__):
            if not found.ispkg:
                importlib.import_module(f"{package}.{found.name}")
    for name in _HEAVY:
        importlib.import_module(name)


def qa(arguments: Sequence[str], folder: Path, *, kill: Kill | None = None, environ: Mapping[str, str] | None = None, streams: Path | None = None) -> Ended:
    """`qa ARGUMENTS` in `folder`, with the fakes."""
    return ended(start_qa(arguments, folder, kill=kill, environ=environ, streams=streams), kill)


def start_qa(
    arguments: Sequence[str], folder: Path, *, kill: Kill | None = None, environ: Mapping[str, str] | None = None, streams: Path | None = None
) -> Started:
    """The same, under way."""
    return start(lambda: command(arguments, _fakes), folder, kill=kill, environ=environ, streams=streams)


@dataclass(frozen=True, slots=True)
class Started:
    """A run under way: its process, which leads a session of its own, the folder its streams go to, and when it began."""

    pid: int
    streams: Path
    began: float


def start(body: Callable[[], int], folder: Path, *, kill: Kill | None = None, environ: Mapping[str, str] | None = None, streams: Path | None = None) -> Started:
    """Fork a process that runs `body` in `folder`; its home lies beside that, and what it says in `streams`, or beside it too."""
    streams = (streams or folder.parent) / f".{folder.name}-streams-{time.monotonic_ns()}"
    streams.mkdir()
    for name in ("out", "err"):
        (streams / name).touch()  # it may be killed before it opens them
    pid = os.fork()
    if pid == 0:
        _be(body, folder, streams, kill, environ or {})
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
                found[int(entry.name)] = (entry / "cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ").strip()[:120]
        except (OSError, ValueError, IndexError):
            continue  # it has just ended
    return found


def _be(body: Callable[[], int], folder: Path, streams: Path, kill: Kill | None, environ: Mapping[str, str]) -> NoReturn:
    """Be the run from now on, in the process that was forked for it."""
    code = 70
    try:
        os.setsid()
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(streams / name, os.O_WRONLY), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for name in [name for name in os.environ if name.startswith(("QA_", "XDG_"))]:
            del os.environ[name]
        home = streams.parent / "home"
        os.environ.update(
            {"HOME": str(home), "QA_STATE": str(home / "state"), "QA_MODELS": str(home / "models"), "TMPDIR": str(streams.parent)} | dict(environ)
        )
        os.chdir(folder)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        events = _counting(None if kill is None else kill.event)
        code = body()
        sys.stdout.flush()
        sys.stderr.flush()
        if kill is None:
            (streams / "events").write_text(str(events()))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 (what the interpreter would print at its end)
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
    finally:
        os._exit(code)


def _counting(fatal: int | None) -> Callable[[], int]:
    """Count what is done to files from now on; before the one numbered `fatal`, this process is no more."""
    seen = 0

    def hear(event: str, _: object) -> None:
        nonlocal seen
        if event in _FILES:
            seen += 1
            if seen == fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    return lambda: seen


def command(arguments: Sequence[str], session: Callable[[], Session]) -> int:
    """What `qa.cli.main` does, in a session of ours."""
    from qa.cli import _unwritten, run
    from qa.commands.noise import leave_at_once, silence

    silence()
    leave_at_once()
    try:
        code = run(arguments, session())
        sys.stdout.flush()
    except OSError as error:
        code = _unwritten(error)
    return code


def _fakes() -> Session:
    """An embedder of words, and a model that answers with the first sentence it is given."""
    loaders = Loaders(embedder=lambda _: FakeEmbedder(dimension=64), model=lambda _: FakeModel(_first_sentence))
    return Session(loaders=loaders, user_file=Path("none.toml"))


def _first_sentence(messages: Sequence[Message]) -> str:
    return next((line[2:] for message in messages for line in message.content.splitlines() if line.startswith("- ")), "I do not know.")


def said(body: Callable[[], object]) -> Callable[[], int]:
    """`body` as a command: an error that a user can mend is two lines and code 1."""

    def told() -> int:
        try:
            body()
        except VouchError as error:
            sys.stderr.write(f"error: {error.message}\nhint: {error.hint}\n")
            return 1
        return 0

    return told
