"""`qa models`: which there are."""

from __future__ import annotations

import typer

app = typer.Typer(name="models", help="The models: which there are, fetching, checking and removing them.", no_args_is_help=True)


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """List."""
