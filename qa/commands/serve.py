"""`qa serve`: keep the answering model loaded for the other commands."""

from __future__ import annotations

import re
import signal
from contextlib import suppress
from typing import Annotated

import typer

from index.errors import ModelError, SettingsError
from qa.commands.options import Engine, Model
from qa.commands.session import current, served_file

Idle = Annotated[str, typer.Option("--idle", metavar="TIME", help="Stop when nothing was asked for so long: 90s, 10m, 2h, or never.")]
Stop = Annotated[bool, typer.Option("--stop", help="Stop the one that is serving.")]

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def serve(ctx: typer.Context, *, idle: Idle = "10m", stop: Stop = False, model: Model = None, engine: Engine = None) -> None:
    """Keep the model loaded, so that the first answer comes as soon as any other.

    Runs until it is idle for too long, or Ctrl-C. Other commands of the same user find it by themselves and do without it where it is not running;
    their answers are the same either way. Nobody else can reach it.
    """
    from qa.models.engine import Message
    from qa.models.resolve import resolve
    from qa.models.served import Server, ask, publish, published, withdraw

    session = current(ctx)
    patience = seconds(idle)
    settings = session.settings(model=model, engine=engine)
    place = served_file(resolve(settings.model, "answer", settings.models), settings, session.environ)
    serving = published(place)
    if stop:
        if serving is not None:
            with suppress(OSError, EOFError):  # it has just ended by itself
                ask(serving, {"do": "stop"})
        session.say("nothing is being served" if serving is None else f"{serving.name} is no longer served")
        return
    if serving is not None:
        raise ModelError(f"{serving.name} is being served already", "use it, or end it with: qa serve --stop")
    session.say("loading the model ...")
    loaded = session.loaders.model(settings)
    loaded.generate([Message("user", "word " * 64)], max_tokens=1)  # what the first question would otherwise wait for
    server = Server(loaded)
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    publish(server.record, place)
    try:
        session.say(
            f"{loaded.name} is ready for your other commands; it ends with Ctrl-C" + ("" if idle == "never" else f", or after {idle} without a question")
        )
        server.wait(patience)
    finally:
        withdraw(server.record, place)
        server.close()
    session.say("no longer serving")


def seconds(idle: str) -> float:
    """How long "90s", "10m", "2h" or "never" is. Raises `SettingsError`."""
    if idle == "never":
        return float("inf")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", idle.strip().lower())
    if found is None:
        raise SettingsError(f"“{idle}” is no time", "write it like 90s, 10m or 2h, or: never")
    return float(found[1]) * _SECONDS[found[2]]
