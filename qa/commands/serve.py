"""`qa serve`: keep the answering model loaded for the other commands."""

from __future__ import annotations

import re
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import ModelError, SettingsError
from qa.commands.options import Engine, Model
from qa.commands.session import Session, current, served_file

if TYPE_CHECKING:
    from qa.settings import Settings

Idle = Annotated[
    str, typer.Option("--idle", metavar="TIME", help="Stop after this long without a question: 90s, 10m, 2h, or never.")
]
Stop = Annotated[bool, typer.Option("--stop", help="Stop the running server.")]

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def serve(
    ctx: typer.Context, *, idle: Idle = "10m", stop: Stop = False, model: Model = None, engine: Engine = None
) -> None:
    """Keep the model loaded, so that the first answer comes as soon as any other.

    Runs until it is idle for too long, or Ctrl-C. Other commands of the same user find it by themselves and do without
    it where it is not running; their answers are the same either way. Nobody else can reach it.
    """
    from qa.models.resolve import resolve
    from qa.models.served import claimed

    session = current(ctx)
    patience = seconds(idle)
    settings = session.settings(model=model, engine=engine)
    here = resolve(settings.model, "answer", settings.models)
    place = served_file(here, settings, session.environ)
    if stop:
        _stop(place, session)
        return
    with claimed(place, here.name):
        _serve(place, settings, session, idle, patience)
    session.say("no longer serving")


def _serve(place: Path, settings: Settings, session: Session, idle: str, patience: float) -> None:
    from qa.models.engine import Message
    from qa.models.served import publish, read
    from qa.models.server import Server

    session.say("loading the model ...")
    loaded = session.loaders.model(settings)
    loaded.generate([Message("user", "word " * 64)], max_tokens=1)  # what the first question would otherwise wait for
    try:
        server = Server(loaded)
    except OSError as error:
        raise ModelError(
            f"no socket can be made: {error.strerror or error}",
            "set TMPDIR to a folder with a short name that can be written",
        ) from error
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    try:
        publish(server.record, place)
        session.say(
            f"{loaded.name} is ready for your other commands; it ends with "
            f"Ctrl-C" + ("" if idle == "never" else f", or after {idle} without a question")
        )
        server.wait(patience, found=lambda: read(place) == server.record)
    finally:
        server.close()


def _stop(place: Path, session: Session) -> None:
    """Tell the serving process to end, and wait until it has. Raises `ModelError` if it does not react."""
    from qa.models.served import PATIENCE, ask, holder, published

    serving = published(place)
    if serving is not None:
        with suppress(OSError, EOFError, ValueError, KeyError):  # it has just ended by itself
            ask(serving, {"do": "stop"})
        until = time.monotonic() + PATIENCE
        while holder(place) is not None and time.monotonic() < until:
            time.sleep(0.05)
    if (held := holder(place)) is not None:
        problem = "does not answer" if held.address else "is still loading the model"
        raise ModelError(f"process {held.pid}, which serves {held.name}, {problem}", f"end it with: kill -9 {held.pid}")
    session.say("nothing is being served" if serving is None else f"{serving.name} is no longer served")


def seconds(idle: str) -> float:
    """How long "90s", "10m", "2h" or "never" is. Raises `SettingsError`."""
    if idle == "never":
        return float("inf")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", idle.strip().lower())
    if found is None:
        raise SettingsError(f"“{idle}” is no time", "write it like 90s, 10m or 2h, or: never")
    return float(found[1]) * _SECONDS[found[2]]
