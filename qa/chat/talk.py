"""A conversation under way: what it knows, how a question is asked in it, where things are shown.

Knows nothing of lines and commands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import QuestionError
from index.records import Filter
from qa.answering.answer import Assistant
from qa.answering.valid import valid
from qa.chat.followup import standalone
from qa.chat.keep import Keeper
from qa.chat.records import Conversation, Turn
from qa.records import Answer
from qa.render.harmless import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a conversation is shown: `out` takes what was asked for, `err` what is said about it.

    `still`: nothing moves, nothing is drawn twice.
    """

    out: Console
    err: Console
    still: bool

    def show(self, text: Text | str) -> None:
        """Show what was asked for, unchanged: markup in a string is not interpreted."""
        self.out.print(text, end="" if str(text).endswith("\n") else "\n", markup=False)

    def say(self, line: str) -> None:
        """A line about what is going on."""
        self.err.print(one_line(line), style="dim", markup=False, soft_wrap=True)

    @contextmanager
    def busy(self, what: str) -> Iterator[None]:
        """Show that something is going on, where the terminal can."""
        if self.still or not self.err.is_terminal or self.err.is_dumb_terminal:
            yield
            return
        with self.err.status(what, spinner="dots"):
            yield


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as typed and as asked; `fresh`: not to be answered from what was kept."""

    typed: str
    question: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Means:
    """The functions that a conversation works with.

    `answer` shows an answer while it comes; `index` takes articles in and says what it did.
    """

    answer: Callable[[Assistant, Asked, Filter], Answer]
    index: Callable[[Path], str]
    now: Callable[[], datetime]
    fresh: Callable[[], Keeper]
    environ: Mapping[str, str]
    cwd: Path


@dataclass(slots=True)
class Talk:
    """The state of a conversation.

    `turns` are what a question may refer to, `last` what was asked last, answered or not; `files` those that it wrote.
    """

    assistant: Assistant
    screen: Screen
    means: Means
    keeper: Keeper
    turns: list[Turn] = field(default_factory=list)
    within: Filter = field(default_factory=Filter)
    last: Asked | None = None
    editing: bool = False
    keeping: bool = True
    files: set[Path] = field(default_factory=set)

    @property
    def answer(self) -> Answer:
        """The last answer. Raises `QuestionError` where there is none."""
        if not self.turns:
            raise QuestionError("nothing has been answered yet", "ask a question first")
        return self.turns[-1].answer

    def resume(self, conversation: Conversation) -> None:
        """Go on with a conversation that was kept: what is asked may refer to it, and is kept with it."""
        self.keeper = self.keeper.of(conversation)
        self.turns = list(conversation.turns)
        if self.turns:
            self.last = Asked(self.turns[-1].typed, self.turns[-1].question)


def ask(talk: Talk, typed: str) -> None:
    """Ask what was typed, made self-contained, and keep the answer.

    Raises what `qa.answering.answer.answer` raises; the conversation is then as it was.
    """
    typed = valid(" ".join(typed.split()))
    # a question that was put back to be edited does not refer to itself
    before = talk.turns[:-1] if talk.editing else talk.turns
    talk.editing = False
    talk.last = Asked(typed, typed)
    with talk.screen.busy("reading the question"):
        asked = standalone(typed, [(turn.question, turn.said) for turn in before], talk.assistant.model)
    if asked.how != "as typed":
        talk.screen.say(f"asking: {asked.question}")
    again(talk, Asked(typed, valid(asked.question)))


def again(talk: Talk, asked: Asked) -> None:
    """Ask a question that is self-contained already, and keep the answer."""
    talk.last = Asked(asked.typed, asked.question)
    answer = talk.means.answer(talk.assistant, asked, talk.within)
    turn = Turn(asked.typed, answer, talk.within, talk.means.now().isoformat(timespec="seconds"))
    talk.turns.append(turn)
    if talk.keeping:
        try:
            talk.keeper.add(turn)
        except QuestionError as error:  # the answer is on the screen: a full disk must not end the conversation
            talk.keeping = False
            talk.screen.say(f"warning: {error.message}; hint: {error.hint}")
