"""The forked side of a run: a home and streams of its own, a bound on its memory, a count of what it does to files, and the program itself."""

from __future__ import annotations

import importlib
import os
import pkgutil
import resource
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from index.errors import VouchError
from qa.commands.session import Loaders, Session
from qa.models.engine import Message
from tests.fakes import FakeEmbedder, FakeModel

# bytes of address space of a run: what asks for more fails there, and does not take the machine with it
MEMORY = 6 << 30
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
    "qa.answering.checks",
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
    "pypdfium2",
    "trafilatura",
    "htmldate",
    "charset_normalizer",
    "lxml.html",
    "filelock",
    "rich.console",
)


def warm() -> None:
    """Import the program and what it imports late, so that no forked run has to."""
    for package in _WARMED:
        for found in pkgutil.iter_modules(importlib.import_module(package).__path__):
            if not found.ispkg:
                importlib.import_module(f"{package}.{found.name}")
    for name in _HEAVY:
        importlib.import_module(name)


def be(body: Callable[[], int], folder: Path, streams: Path, fatal: int | None, environ: Mapping[str, str]) -> NoReturn:
    """Be the run from now on, in the process that was forked for it.

    Before the thing done to a file that is numbered `fatal`, be no more.
    """
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
            {
                "HOME": str(home),
                "QA_STATE": str(home / "state"),
                "QA_MODELS": str(home / "models"),
                "TMPDIR": str(streams.parent),
            }
            | dict(environ)
        )
        os.chdir(folder)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        events = _counting(fatal)
        code = body()
        sys.stdout.flush()
        sys.stderr.flush()
        if fatal is None:
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


def fakes() -> Session:
    """An embedder of words, and a model that answers with the first sentence it is given."""
    loaders = Loaders(embedder=lambda _: FakeEmbedder(dimension=64), model=lambda _: FakeModel(_first_sentence))
    return Session(loaders=loaders, user_file=Path("none.toml"))


def _first_sentence(messages: Sequence[Message]) -> str:
    return next(
        (line[2:] for message in messages for line in message.content.splitlines() if line.startswith("- ")),
        "I do not know.",
    )


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
