"""The records of a conversation: frozen data. Knows nothing of files, terminals or models."""

from __future__ import annotations

from dataclasses import dataclass

from index.records import Filter
from qa.records import Answer


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was typed, and its answer; `answer.question` is the self-contained question that was asked.

    `at` is UTC, ISO 8601.
    """

    typed: str
    answer: Answer
    within: Filter
    at: str

    @property
    def question(self) -> str:
        """The self-contained question."""
        return self.answer.question

    @property
    def said(self) -> str:
        """The first sentence of the answer, or "" where there is none: what a later question may refer to."""
        sentences = self.answer.sentences if self.answer.status != "unanswered" else ()
        return sentences[0].text if sentences else ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in order, under a name of its own. `library` is the folder they were asked of, `started` UTC, ISO 8601."""

    id: str
    started: str
    library: str
    turns: tuple[Turn, ...] = ()
