"""The program `qa`: its commands, and the one place where an error becomes a message and an exit code.

Nothing imports this.

Exit codes: 0 done, 1 an error that the user can fix (message and hint, no traceback), 2 wrong usage, 3 the library
does not answer, 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from index.errors import VouchError
from index.extras import explaining
from qa import __version__
from qa.commands.noise import leave_at_once, silence
from qa.commands.session import Session, current
from qa.models.late import loading

MISTAKE = 1
COMMANDS = {
    "index": ("library:index", "Make a folder of articles searchable."),
    "ask": ("ask:ask", "Answer one question, with quotes."),
    "search": ("ask:search", "Find passages, without a language model."),
    "chat": ("chat:chat", "Ask one question after the other."),
    "sources": ("sources:app", "The articles of the library."),
    "models": ("models:app", "The models: list, fetch, verify, remove."),
    "batch": ("batch:batch", "Answer every question of a file."),
    "memo": ("memo:memo", "Write a memo with footnotes and a bibliography."),
    "cite": ("cite:cite", "Check your own draft against the articles, or find a quotation."),
    "verify": ("verify:verify", "Check every quotation of a memo or an answers file."),
    "eval": ("evaluate:evaluate", "Score a file of questions with answers."),
    "serve": ("serve:serve", "Keep the model loaded for the commands that follow."),
    "settings": ("settings:settings", "Show the settings and where each comes from."),
    "doctor": ("doctor:doctor", "Say what is broken and how to repair it."),
}


class Commands(TyperGroup):
    """The commands of `COMMANDS`, each imported when it is called: `qa --help` imports none."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands: dict[str, Any] = dict.fromkeys(COMMANDS)  # the names, from which a misspelt one is guessed

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 (the group's signature)
        """The command, built from its function; None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found = getattr(import_module(f"qa.commands.{module}"), name)
        if not isinstance(found, typer.Typer):
            function, found = found, typer.Typer(add_completion=False, rich_markup_mode=None)
            found.command(cmd_name)(function)
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


app = typer.Typer(
    name="qa",
    cls=Commands,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line of this process."""
    silence()
    leave_at_once()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # a letter the terminal does not know must not end the program
            stream.reconfigure(errors="backslashreplace")
    try:
        code = run(sys.argv[1:], Session())
        sys.stdout.flush()
    except OSError as error:
        code = _unwritten(error)
    if loading():
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str], session: Session) -> int:
    """Run one command in `session`; the exit code."""
    try:
        with explaining():
            app(list(arguments), prog_name="qa", obj=session)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except VouchError as error:
        _report(error, session)
        return MISTAKE
    return 0


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"qa {__version__}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    *,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colour (also with NO_COLOR in the environment).")
    ] = False,
    version: Annotated[  # noqa: ARG001 (eager)
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Answers from your own articles; every sentence is vouched for by a verbatim quote.

    Start with: qa index FOLDER, then: qa ask "your question", or qa alone for a conversation.
    """
    session = current(ctx)
    session.plain = no_color
    if ctx.invoked_subcommand is None:
        from qa.commands import chat

        chat.alone(ctx, session)


def _report(error: VouchError, session: Session) -> None:
    error.hint = session.hint(error.hint)
    if session.as_json:
        from qa.render.json import error_to_object

        session.write(error_to_object(error))
    else:
        session.say(f"error: {error.message}")
        session.say(f"hint: {error.hint}")


def _unwritten(error: OSError) -> int:
    """Handle a failed write to standard output: its reader is gone (`qa search ... | head -1`), or its disk is full.

    Raises every other error again.
    """
    if error.errno not in (errno.EPIPE, errno.ENOSPC):
        raise error
    # what is still buffered must not fail again at exit
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.ENOSPC:
        sys.stderr.write(f"error: the output cannot be written: {error.strerror}\nhint: free some space on the disk\n")
    return MISTAKE
