"""What `qa index` says and asks where the library was built with another embedder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from index.errors import LibraryError
from index.schema import REBUILD_HINT
from qa.render.counted import counted

if TYPE_CHECKING:
    from index.reembed import Cost
    from qa.commands.session import Session


def agreed(cost: Cost, session: Session, *, rebuild: bool, quiet: bool) -> None:
    """Return if the library may be embedded anew: `rebuild` was given, or the user agrees; else end the program.

    Raises `LibraryError`, with the cost, if there is no user to ask.
    """
    changed = f"the library was built with the embedder {cost.before}, not with {cost.now}"
    takes = f"{counted(cost.passages, 'passage')} embedded anew, {_about(cost.seconds)} (estimated on some of them)"
    if rebuild:
        if not quiet:
            session.say(f"{changed}: {takes}")
        return
    if session.as_json or quiet or not session.stdin.isatty():
        raise LibraryError(f"{changed}; to change it takes {takes}", REBUILD_HINT)
    session.say(f"{changed}. To change it takes {takes}, and all articles read anew.")
    sys.stderr.write("Change it now? [y/N] ")
    sys.stderr.flush()
    if session.stdin.readline().strip().lower() not in (b"y", b"yes"):
        session.say("nothing was changed; the old embedder is named with: embedder in qa.toml, or QA_EMBEDDER")
        raise typer.Exit(0)


def _about(seconds: float) -> str:
    if seconds < 60:
        return "less than a minute"
    minutes = round(seconds / 60)
    return f"about {counted(minutes, 'minute')}" if minutes < 120 else f"about {counted(round(minutes / 60), 'hour')}"
