"""`qa settings`: what is set, and by what."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer

from qa.commands.options import Engine, Json, LibraryFolder, Model, Passages
from qa.commands.session import current


def settings(
    ctx: typer.Context,
    *,
    passages: Passages = None,
    model: Model = None,
    engine: Engine = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Show the settings and where each comes from.

    Defaults give way to the user's file, that to qa.toml here or above, that to the environment (QA_MODEL ...), that to
    options.
    """
    from qa.settings import CAUTION

    session = current(ctx)
    chosen, origins = session.settings_with_origins(passages=passages, model=model, engine=engine, library=library)
    values = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(chosen).items()}
    if chosen.risk is None:  # else the caution is what the risk stands for, with the model
        values["caution"] = CAUTION if chosen.caution is None else chosen.caution
    if as_json:
        session.write({key: {"value": value, "from": origins[key]} for key, value in values.items()})
        return
    width = max(len(key) for key in values)
    for key, value in values.items():
        shown = str(value).lower() if value is None or isinstance(value, bool) else value
        session.out.print(f"{key.ljust(width)}  {shown}  ({origins[key]})", markup=False)
