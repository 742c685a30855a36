"""A library of three articles and a conversation over it, with fakes for the models and consoles that write into strings."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from index.build import build
from index.errors import VouchError
from index.records import Filter
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.chat import loop, rewrite
from qa.chat.keep import Keeper, begun
from qa.chat.talk import Asked, Means, Screen, Talk
from qa.models.engine import Message
from qa.records import Answer
from qa.render.terminal import whole
from qa.settings import Settings
from tests.fakes import FakeEmbedder, FakeModel

ARTICLES = {
    "river.txt": "The river Alder rises in the northern hills. The river Alder is 210 kilometres long and carries timber to the port of Brandt.\n",
    "mayor.txt": "Mayor Ilse Brandt opened the bridge on Monday. The bridge cost 40 million crowns.\n",
    "dated.md": "---\ntitle: The ferry\nauthor: Ola Nord\ndate: 2024-05-01\n---\n\nThe ferry Aurora sank in 2024. The ferry Aurora carried 90 people.\n",
}
REPLIES = {  # what the fake model answers to a question that holds the word
    "long": "The river Alder is 210 kilometres long.",
    "rise": "The river Alder rises in the northern hills.",
    "bridge": "The bridge cost 40 million crowns.",
    "ferry": "The ferry Aurora sank in 2024.",
}
REWRITES = {"where does it rise?": "Where does the river Alder rise?"}
NOW = datetime(2025, 12, 10, 14, 32, 5, tzinfo=UTC)


def yes(messages: Sequence[Message]) -> float:
    """That the articles answer it, unless it is about Peru."""
    return 0.0 if "Peru" in messages[-1].content else 1.0


def reply(messages: Sequence[Message]) -> str:
    """A rewritten question where one is asked for, else the sentence that fits the last question of the prompt."""
    text = messages[-1].content
    if messages[0].content == rewrite.SYSTEM:
        return REWRITES.get(text.rpartition(rewrite.ASK)[2], "")
    question = text.rpartition("Question: ")[2]
    return next((sentence for word, sentence in REPLIES.items() if word in question), "I do not know.")


@dataclass
class Desk:
    """A conversation on strings: `out` and `err` hold what was written, `errors` what went wrong."""

    folder: Path
    model: FakeModel = field(default_factory=lambda: FakeModel(reply, yes=yes))
    environ: dict[str, str] = field(default_factory=dict)
    terminal: bool = False
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)
    errors: list[VouchError] = field(default_factory=list)
    fresh_ones: list[str] = field(default_factory=list)
    interrupt: str = ""  # the question in whose answer Ctrl-C is pressed

    def __post_init__(self) -> None:
        articles = self.folder / "articles"
        articles.mkdir()
        for name, text in ARTICLES.items():
            (articles / name).write_text(text, encoding="utf-8")
        self.embedder = FakeEmbedder()
        build(self.folder / ".qa", [articles], self.embedder)
        self.library = Library.open(self.folder / ".qa")
        settings = Settings(library=self.folder / ".qa", models=self.folder / "models")
        assistant = Assistant(self.library, self.embedder, self.model, settings)
        screen = Screen(self._console(self.out), self._console(self.err), still=not self.terminal)
        means = Means(self._answer, self._index, lambda: NOW, self.fresh, self.environ, self.folder)
        self.talk = Talk(assistant, screen, means, self.fresh())

    def say(self, *lines: str) -> str:
        """What is written to `out` and `err` when these lines are typed."""
        before = len(self.out.getvalue()), len(self.err.getvalue())
        loop.converse(self.talk, reader(lines), failed=self._failed)
        return self.out.getvalue()[before[0] :] + self.err.getvalue()[before[1] :]

    def fresh(self) -> Keeper:
        return Keeper(self.folder / "state", begun(self.folder / "state", self.folder / ".qa", NOW))

    def _answer(self, assistant: Assistant, asked: Asked, within: Filter) -> Answer:
        if asked.typed == self.interrupt:
            raise KeyboardInterrupt
        self.fresh_ones += [asked.question] if asked.fresh else []
        result = answer(asked.question, assistant, within=within)
        self.talk.screen.show(whole(result))
        return result

    def _index(self, path: Path) -> str:
        return f"added {build(self.folder / '.qa', [path], self.embedder).added}"

    def _failed(self, error: VouchError) -> None:
        self.errors.append(error)
        self.err.write(f"error: {error.message}; hint: {error.hint}\n")

    def _console(self, stream: io.StringIO) -> Console:
        return Console(
            file=stream,
            force_terminal=self.terminal,
            color_system=None,
            highlight=False,
            soft_wrap=not self.terminal,
            emoji=False,
            width=80,
        )


def reader(lines: Sequence[str]) -> Callable[[str], str]:
    """Reads the lines one after the other.

    A line of "^C" is Ctrl-C. What is to stand on the line already is put before it.
    """
    left = list(lines)

    def read(draft: str) -> str:
        if not left:
            raise EOFError
        line = left.pop(0)
        if line == "^C":
            raise KeyboardInterrupt
        return draft + line

    return read
