"""`qa chat`: a conversation with the library, on a terminal, for a screen reader or through a pipe.

And the conversations that were kept.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from index.errors import QuestionError
from qa import paths
from qa.commands.asking import asked_for
from qa.commands.conversing import Wishes, converse, on_terminal
from qa.commands.options import Author, Engine, Json, LibraryFolder, Model, Passages, Since, Sources, Until
from qa.commands.session import Session, current
from qa.render.harmless import one_line

WRONG_USAGE = 2

Which = Annotated[
    str | None,
    typer.Argument(
        metavar="[ID]", help="With --resume: the conversation to continue (default: the latest).", show_default=False
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="Continue the conversation ID, or the latest.")]
Listing = Annotated[bool, typer.Option("--list", help="List the saved conversations and exit.")]
Export = Annotated[
    str | None,
    typer.Option(
        "--export", metavar="ID", help="Print a conversation, or write it to -o, and exit.", show_default=False
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Where --export writes: .md, .json or .txt.", show_default=False
    ),
]
Plain = Annotated[bool, typer.Option("--plain", help="For screen readers: no animation, each thing printed once.")]


def chat(
    ctx: typer.Context,
    which: Which = None,
    *,
    resume: Resume = False,
    listing: Listing = False,
    export: Export = None,
    output: Output = None,
    plain: Plain = False,
    source: Sources = None,
    since: Since = None,
    until: Until = None,
    author: Author = None,
    passages: Passages = None,
    model: Model = None,
    engine: Engine = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Ask one question after the other; a question may refer to the one before it.

    Without a terminal one question a line is read from standard input. Commands begin with a slash; /help lists them.
    """
    session = current(ctx)
    if which is not None and not resume:
        raise QuestionError(
            f"“{which}” is given without --resume",
            'qa chat --resume ID continues a conversation; for a single question: qa ask "..."',
        )
    if output is not None and export is None:
        raise QuestionError("-o is given without --export", "qa chat --export ID -o FILE")
    if listing:
        _list(session, as_json=as_json)
    elif export is not None:
        _export(session, export, output, as_json=as_json)
    else:
        settings = session.settings(passages=passages, model=model, engine=engine, library=library)
        converse(
            session, settings, Wishes(asked_for(source, since, until, author), resume=resume, which=which, plain=plain)
        )


def alone(ctx: typer.Context, session: Session) -> None:
    """`qa` without a command: a conversation on a terminal, elsewhere the help, as wrong usage."""
    from index.records import Filter

    if not on_terminal(session):
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(WRONG_USAGE)
    converse(session, session.settings(), Wishes(Filter()))


def _list(session: Session, *, as_json: bool) -> None:
    """The conversations, the latest first."""
    from qa.chat.keep import kept

    found = kept(paths.state_folder(session.environ))
    if as_json:
        rows = [
            {
                "id": each.id,
                "started": each.started,
                "library": each.library,
                "questions": [turn.question for turn in each.turns],
            }
            for each in found
        ]
        session.write({"conversations": rows})
        return
    for each in found:
        first = one_line(each.turns[0].typed) if each.turns else ""
        session.out.print(
            f"{each.id}  {each.started[:16].replace('T', ' ')}  {len(each.turns):3}  {first}",
            markup=False,
            soft_wrap=True,
        )
    if not found:
        session.say("no conversation has been kept yet")


def _export(session: Session, which: str, output: Path | None, *, as_json: bool) -> None:
    """A conversation as a file, or as Markdown on standard output."""
    from qa.chat.files import put
    from qa.chat.keep import find
    from qa.chat.transcript import WRITERS, writer

    conversation = find(paths.state_folder(session.environ), which)
    if output is None:
        sys.stdout.write(WRITERS[".json" if as_json else ".md"](conversation))
        return
    file = session.cwd / output.expanduser()
    put(file, writer(file)(conversation), over=False)
    session.say(f"conversation {conversation.id}: {output}")
