"""`qa verify`: every quotation of a memo or an answers file, looked up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.asking import opened
from qa.commands.options import Json, LibraryFolder
from qa.commands.session import current
from qa.render.counted import counted

if TYPE_CHECKING:
    from rich.text import Text

    from qa.verify.records import Check

FAILED = 1
_WORDS = 60  # characters of a quotation that are shown

Checked = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="A memo or cited draft (.md, .html, .docx, .pdf, .txt), or answers (.jsonl, .json, .csv).",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="List only what is wrong.")]


def verify(
    ctx: typer.Context, file: Checked, *, quiet: Quiet = False, library: LibraryFolder = None, as_json: Json = False
) -> None:
    """Check every quotation of a memo or an answers file against the library.

    What counts is what a reader of the file sees; only white space is forgiven. Exit code 1 means that something is
    wrong.
    """
    from qa.verify.check import against
    from qa.verify.read import read

    session = current(ctx)
    settings = session.settings(library=library)
    document = read(session.cwd / file, settings.limits)
    with opened(settings) as library_:
        checks = against(document, str(file), library_)
    wrong = [check for check in checks if check.outcome != "ok"]
    if as_json:
        session.write(
            {
                "file": str(file),
                "ok": not wrong,
                "checked": len(checks),
                "failed": len(wrong),
                "checks": [asdict(check) for check in checks],
            }
        )
    else:
        session.out.print(table(wrong if quiet else checks), end="", soft_wrap=True)
        marks = (
            ""
            if document.marks is not None
            else "; marks and footnotes were not compared, for the format does not tell"
        )
        session.say(f"{file}: {counted(len(checks), 'check')}, {len(wrong)} failed{marks}")
    if wrong:
        raise typer.Exit(FAILED)


def table(checks: Sequence[Check]) -> Text:
    """A line for each check: its outcome, the footnote, the place, and the quotation or what is wrong with it."""
    from rich.text import Text

    from qa.render.harmless import one_line

    rows = [
        (
            check.outcome,
            one_line(check.where),
            _place(check),
            one_line(check.detail) or f"“{_cut(one_line(check.quote))}”",
        )
        for check in checks
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    text = Text()
    for row in rows:
        text.append(row[0].ljust(widths[0]), style="green" if row[0] == "ok" else "bold red")
        text.append(f"  {row[1].ljust(widths[1])}  {row[2].ljust(widths[2])}  {row[3]}\n")
    return text


def _place(check: Check) -> str:
    from qa.render.harmless import one_line

    if check.source is None:
        return ""
    return one_line(check.source) if check.start is None else f"{one_line(check.source)}:{check.start}-{check.end}"


def _cut(text: str) -> str:
    return text if len(text) <= _WORDS else f"{text[: _WORDS - 1]}…"
