"""The options that several commands share, each declared once.

Each is a type for the signature of a command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.commands.session import current
from qa.questions.form import Format


def _remember_json(ctx: typer.Context, value: bool) -> bool:
    current(ctx).as_json = current(ctx).as_json or value
    return value


Json = Annotated[
    bool,
    typer.Option(
        "--json", callback=_remember_json, is_eager=True, help="Write JSON to standard output, including errors."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing unless something is wrong or was changed.")]
LibraryFolder = Annotated[
    Path | None,
    typer.Option("--library", metavar="FOLDER", help="The library's own folder (default: .qa/ here or above)."),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="The model that answers: a name of `qa models list`, a hub id, a folder, or what a server calls it.",
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="ENGINE",
        help="What runs the model: auto, openvino, transformers, or the address of a server.",
    ),
]
Passages = Annotated[int | None, typer.Option("--passages", "-k", metavar="N", help="How many passages to read.")]
Sources = Annotated[
    list[str] | None, typer.Option("--source", "-s", metavar="SOURCE", help="Only this article; may be repeated.")
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Only articles of this date or later (2025, 2025-12 or 2025-12-10)."),
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only articles of this date or earlier.")]
Author = Annotated[str | None, typer.Option("--author", metavar="NAME", help="Only articles by this author.")]
Caution = Annotated[
    float | None,
    typer.Option(
        "--caution",
        metavar="P",
        help="Refuse answers less probable than this, 0 to 1: higher is safer, lower answers more.",
    ),
]
Risk = Annotated[
    str | None,
    typer.Option(
        "--risk",
        metavar="SHARE",
        help="Instead of --caution: the least caution at which at most this share of the answers is wrong, say 30%.",
    ),
]
Length = Annotated[
    str | None,
    typer.Option(
        "--length", metavar="LENGTH", help="short: one or two sentences; full: one for each part of the question."
    ),
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show how the answer was found: what was read, drafted, checked and decided.")
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Ask again, even if an answer is kept.")]
Rebuild = Annotated[bool, typer.Option("--rebuild", help="Start over: read and embed everything again.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite existing files.")]
StyleName = Annotated[
    str,
    typer.Option(
        "--style", metavar="STYLE", help="Citation style: chicago-note-bibliography, apa, mla, ieee, … or a .csl file."
    ),
]
Written = Annotated[Format | None, typer.Option("--format", help="The format of FILE, if its name does not tell.")]
