"""What the articles differ on, each value once, with those who give it.

Records that every renderer shows in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.records import Answer, Citation, Claim, Conflict
from qa.render.naming import voice
from qa.render.phrases import shown_value

HEADING = "Sources differ:"


@dataclass(frozen=True, slots=True)
class Position:
    """A value, the numbers of its quotes, and the articles that give it.

    Each article is named once, with its date: `“The ferry” (2024-05-01)`.
    """

    value: str
    citations: tuple[int, ...]
    voices: tuple[str, ...]


def positions(conflict: Conflict, citations: Iterable[Citation]) -> tuple[Position, ...]:
    """The values of a conflict in its order."""
    by_number = {citation.number: citation for citation in citations}
    return tuple(
        Position(
            shown_value(value),
            value.citations,
            tuple({by_number[number].source: voice(by_number[number]) for number in value.citations}.values()),
        )
        for value in conflict.claims
    )


def beside(answer: Answer) -> tuple[Claim, ...]:
    """The sentences of an answer that say more than the values on which its articles differ."""
    told = {" ".join(value.value.split()) for conflict in answer.conflicts for value in conflict.claims}
    return tuple(claim for claim in answer.sentences if " ".join(claim.text.split()) not in told)
