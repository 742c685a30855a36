"""Collect the answers of a run, earlier ones and new ones, by what was asked; ask what is missing.

An answer is reused wherever the same was asked of the same library, models and settings, so nothing is asked twice,
however often a run was interrupted, moved, renamed or repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.errors import QuestionError
from index.records import Filter
from qa.batch import outcome
from qa.batch.outcome import Outcome
from qa.batch.record import Held, Place, label
from qa.questions.rows import Asked, Row
from qa.records import Answer, Status

Ask = Callable[[str, Filter], Answer]


@dataclass(frozen=True, slots=True)
class Tally:
    """How a batch went: its rows by what became of them, how many questions were put, and how many rows had an answer from before."""

    rows: int
    answered: int
    conflicting: int
    unanswered: int
    failed: int
    asked: int
    kept: int

    @property
    def done(self) -> int:
        """The number of rows that are done."""
        return self.answered + self.conflicting + self.unanswered + self.failed


@dataclass(frozen=True, slots=True)
class New:
    """A line that is not on disk yet, and the status of its answer; `None` for a row that failed."""

    line: bytes
    status: Status | None


@dataclass(slots=True)
class Answers:
    """What is known of every row; `asked` counts the questions that were asked."""

    rows: Sequence[Row]
    places: dict[Asked, Held] = field(default_factory=dict)
    before: frozenset[Asked] = frozenset()
    failed: dict[int, bytes] = field(default_factory=dict)
    asked: int = 0

    def to_ask(self) -> tuple[Asked, ...]:
        """The questions that remain to be asked, each once, in the order of the rows."""
        return tuple(
            dict.fromkeys(row.asked for row in self.rows if row.error is None and row.asked not in self.places)
        )

    def line(self, number: int) -> bytes | None:
        """The line of a row (from 0), if it is done."""
        row = self.rows[number]
        if row.error is not None:
            return outcome.refused(row, row.error)
        if number in self.failed:
            return self.failed[number]
        if row.asked not in self.places:
            return None
        held = self.places[row.asked]
        line = held.place.read()
        return line if held.label == label(row.id, row.columns) else outcome.relabelled(line, row)

    def ask(self, number: int, ask: Ask) -> New:
        """Ask the question of a row that has no line yet.

        Whatever `ask` raises besides `QuestionError` ends the run.
        """
        row = self.rows[number]
        self.asked += 1
        try:
            answer = ask(row.question, row.within)
        except QuestionError as error:
            self.failed[number] = outcome.refused(row, error)
            return New(self.failed[number], None)
        return New(outcome.answered(row, answer), answer.status)

    def lies(self, number: int, place: Place, status: Status) -> None:
        """Remembers where the answer of a row was written to."""
        row = self.rows[number]
        self.places.setdefault(row.asked, Held(place, label(row.id, row.columns), row.asked, status))

    def outcomes(self) -> Iterator[Outcome]:
        """The outcomes of the rows that are done, in order."""
        lines = (self.line(number) for number in range(len(self.rows)))
        return (outcome.outcome(line) for line in lines if line is not None)

    def tally(self) -> Tally:
        """The rows by what became of them so far."""
        counts = Counter(self._status(number, row) for number, row in enumerate(self.rows))
        kept = sum(row.error is None and row.asked in self.before for row in self.rows)
        return Tally(
            len(self.rows),
            counts["answered"],
            counts["conflicting"],
            counts["unanswered"],
            counts["failed"],
            self.asked,
            kept,
        )

    def _status(self, number: int, row: Row) -> str:
        if row.error is not None or number in self.failed:
            return "failed"
        held = self.places.get(row.asked)
        return "to come" if held is None else str(held.status)


def taken_over(rows: Sequence[Row], held: Iterable[Held], by: str) -> Answers:
    """The answers to `rows` with those of `held` that have the provenance `by`."""
    places = {each.asked: each for each in held if each.asked is not None and each.by == by}
    return Answers(rows, places, frozenset(places))
