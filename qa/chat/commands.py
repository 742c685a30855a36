"""The commands of a conversation: what they are called, what they take, what they do.

Takes a talk and a line that begins with a slash; returns what happens next. Knows nothing of how lines are typed.
"""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from index.errors import QuestionError
from qa.chat import about, files, narrowing
from qa.chat.talk import Asked, Talk

Takes = Literal["", "number", "sources", "date", "style", "file", "path"]


@dataclass(frozen=True, slots=True)
class Leave:
    """The conversation ends."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The next line begins with this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to ask as it stands."""

    asked: Asked


Outcome = Leave | Draft | Ask | None


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    `takes` says what its argument is, for completion; `shown` how the argument is written in the help.
    """

    name: str
    takes: Takes
    shown: str
    help: str
    run: Callable[[Talk, str], Outcome]


def obey(talk: Talk, line: str) -> Outcome:
    """Run the command on the line. Raises `QuestionError` for an unknown command or a wrong argument."""
    name, _, argument = line[1:].partition(" ")
    command = next((each for each in COMMANDS if each.name == name.casefold()), None)
    if command is None:
        raise QuestionError(f"there is no command /{name}", _did_you_mean(name))
    argument = argument.strip()
    if argument and not command.takes:
        raise QuestionError(f"/{command.name} takes nothing after it", f"/{command.name}")
    return command.run(talk, argument)


def usage(command: Command) -> str:
    """How a command is written."""
    return f"/{command.name} {command.shown}".rstrip()


def _did_you_mean(name: str) -> str:
    known = [command.name for command in COMMANDS]
    found = [each for each in known if name and each.startswith(name.casefold())] or difflib.get_close_matches(
        name.casefold(), known, n=1, cutoff=0.6
    )
    return f"did you mean /{found[0]}?" if found else "/help lists them"


def _help(talk: Talk, _: str) -> None:
    width = max(len(usage(command)) for command in COMMANDS)
    out = talk.screen.out
    room = max(LEAST_ROOM, out.width - width - 2)
    lines = []
    for command in COMMANDS:
        first, *further = [command.help] if out.soft_wrap else textwrap.wrap(command.help, room)
        lines += [f"{usage(command).ljust(width)}  {first}", *(f"{'':{width}}  {line}" for line in further)]
    talk.screen.show(
        "\n".join(["Ask a question in plain words. A question may refer to the one before it.", *lines, KEYS])
    )


def _retry(talk: Talk, _: str) -> Outcome:
    if talk.last is None:
        raise QuestionError("nothing has been asked yet", "ask a question first")
    return Ask(talk.last)


def _fresh(talk: Talk, _: str) -> Outcome:
    if talk.last is None:
        raise QuestionError("nothing has been asked yet", "ask a question first")
    return Ask(replace(talk.last, fresh=True))


def _edit(talk: Talk, _: str) -> Outcome:
    if talk.last is None:
        raise QuestionError("nothing has been asked yet", "ask a question first")
    talk.editing = bool(talk.turns) and talk.turns[-1].typed == talk.last.typed
    return Draft(talk.last.typed)


def _clear(talk: Talk, _: str) -> None:
    talk.turns.clear()
    talk.last = None
    talk.editing = False
    talk.keeper = talk.means.fresh()
    kept = narrowing.told(talk.within)
    talk.screen.say("a new conversation: nothing refers back" + (f"; still {kept}" if kept else ""))


def _leave(_: Talk, __: str) -> Outcome:
    return Leave()


def _doing(run: Callable[[Talk, str], None]) -> Callable[[Talk, str], Outcome]:
    def done(talk: Talk, argument: str) -> Outcome:
        run(talk, argument)
        return None

    return done


def _only(talk: Talk, argument: str) -> None:
    narrowing.set_filter(talk, replace(talk.within, sources=narrowing.patterns(argument)))


def _since(talk: Talk, argument: str) -> None:
    narrowing.set_filter(talk, replace(talk.within, since=argument or None))


def _until(talk: Talk, argument: str) -> None:
    narrowing.set_filter(talk, replace(talk.within, until=argument or None))


LEAST_ROOM = 20  # columns for what a command does; in a narrower terminal the terminal wraps
KEYS = "Keys: Alt-Enter (or Esc, Enter) begins a new line, Tab completes, Ctrl-R searches what was typed, Ctrl-C stops an answer, Ctrl-D leaves."
COMMANDS = (
    Command("open", "number", "[N]", "show the article of footnote N at the quote", _doing(about.open_article)),
    Command("read", "", "", "list the passages in which the last answer was looked for", _doing(about.read)),
    Command("why", "", "", "how the last answer came about: what was read, checked and removed", _doing(about.why)),
    Command(
        "sources", "sources", "[WORD]", "list the articles that answers may come from", _doing(narrowing.list_sources)
    ),
    Command(
        "only",
        "sources",
        "[SOURCE...]",
        "answer from these articles alone (* and ? match); nothing after it: from all",
        _doing(_only),
    ),
    Command(
        "since",
        "date",
        "[DATE]",
        "only from articles of this date or later; nothing after it: any date",
        _doing(_since),
    ),
    Command("until", "date", "[DATE]", "only from articles of this date or earlier", _doing(_until)),
    Command("retry", "", "", "ask the last question again; a kept answer is there at once", _retry),
    Command("fresh", "", "", "ask the last question again, though its answer was kept", _fresh),
    Command("edit", "", "", "put the last question back on the line", _edit),
    Command("copy", "", "", "copy the last answer with its footnotes", _doing(about.copy)),
    Command(
        "cite", "style", "[STYLE]", "the articles of the last answer as notes and bibliography", _doing(about.cite)
    ),
    Command("save", "file", "FILE", "save the conversation as .md, .json or .txt", _doing(files.save)),
    Command(
        "memo",
        "file",
        "[FILE]",
        "make a memo of the answers (.md, .html, .docx, .pdf); without FILE: a plan for qa memo",
        _doing(files.memo),
    ),
    Command("index", "path", "PATH", "take a file or folder of articles into the library", _doing(files.index)),
    Command("clear", "", "", "begin a new conversation", _doing(_clear)),
    Command("help", "", "", "this list", _doing(_help)),
    Command("quit", "", "", "leave", _leave),
)
