"""The run of a batch: every row that has no answer yet is asked, in order, and its answer is on disk before the next is asked.

Takes rows, a target, what an earlier run left, and a way to ask; writes the output and returns a `Tally`. A .jsonl output
grows line by line; every other one, and one whose middle is renewed, is put in place as a whole, from a resume file
that grows line by line. Knows nothing of how an output looks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256

from index.errors import QuestionError, VouchError
from qa.batch import outcome
from qa.batch.ahead import Asking
from qa.batch.answers import Answers, Ask, Tally, taken_over
from qa.batch.outcome import Outcome
from qa.batch.record import HEADER, Appender, Held, Record, appending, label, signature
from qa.batch.target import Before, Target, digest, replacing
from qa.questions.rows import Row
from qa.records import Provenance

Render = Callable[[Iterable[Outcome], Tally], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: rows done of all, and questions put of those that have to be."""

    done: int
    total: int
    asked: int
    to_ask: int


Report = Callable[[Progress], None]


def run(
    rows: tuple[Row, ...],
    to: Target,
    left: Before,
    asking: Asking,
    by: Provenance,
    *,
    render: Render | None,
    report: Report,
    stopped: Callable[[], None],
) -> Tally:
    """Ask every row that has no answer with the provenance `by`.

    `asking` takes the questions to come and gives the way to put them; `render` makes a .csv or .md output of what
    became of the rows, `None` a .jsonl one. Raises `QuestionError` where the output cannot be written, and whatever
    else asking raises; what is done is kept, and `stopped` is called first.
    """
    answers = taken_over(rows, (*left.resume.held, *left.output.held), signature(by))
    reporting = _reporting(answers, report)
    if not left.resume.end:
        # one without its output is ignored, also by the run that goes on from this one
        to.resume.unlink(missing_ok=True)
    with asking(answers.to_ask()) as ask:
        if render is None and _begins(answers, left.output, signature(by)):
            with _telling(stopped):
                _append(answers, to, left.output, ask, reporting)
        else:
            _renew(answers, to, left.resume, ask, render, reporting, stopped)
    return answers.tally()


def _append(answers: Answers, to: Target, output: Record, ask: Ask, report: Callable[[int], None]) -> None:
    """The output holds the first rows as they should be: the others are added to it."""
    report(len(output.held))
    with appending(to.path, output.end) as stream:
        for number in range(len(output.held), len(answers.rows)):
            line = answers.line(number)
            if line is not None:
                stream.add(line)
            else:
                new = answers.ask(number, ask)
                place = stream.add(new.line)
                if new.status is not None:
                    answers.lies(number, place, new.status)
            report(number + 1)
    to.resume.unlink(missing_ok=True)


def _renew(
    answers: Answers,
    to: Target,
    resume: Record,
    ask: Ask,
    render: Render | None,
    report: Callable[[int], None],
    stopped: Callable[[], None],
) -> None:
    """What is missing is added to the resume file, and the output put in place at the end.

    A rendered one also on an interruption.
    """
    with appending(to.resume, resume.end) as stream:
        if not resume.end:
            stream.add(HEADER + json.dumps(to.path.name).encode() + b"}\n")
            if render is not None:
                # from here on the resume file has its output, and counts
                _put(answers, to, stream, render, resume.written)
        try:
            with _telling(stopped):
                _ask_missing(answers, stream, ask, report)
        except (KeyboardInterrupt, VouchError):
            if render is not None:
                with suppress(QuestionError):
                    _put(answers, to, stream, render, resume.written)
            raise
        _put(answers, to, stream, render, resume.written)
    if render is None:
        to.resume.unlink()
    elif len(resume.held) + answers.asked > len({row.asked for row in answers.rows}):
        with suppress(QuestionError):  # the output is whole; a resume file that is longer than it need be does no harm
            _compact(answers, to)


@contextmanager
def _telling(stopped: Callable[[], None]) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, VouchError):
        stopped()
        raise


def _ask_missing(answers: Answers, stream: Appender, ask: Ask, report: Callable[[int], None]) -> None:
    for number, row in enumerate(answers.rows):
        if row.error is None and row.asked not in answers.places:
            new = answers.ask(number, ask)
            if new.status is not None:
                answers.lies(number, stream.add(new.line), new.status)
        report(number + 1)


def _put(answers: Answers, to: Target, stream: Appender, render: Render | None, known: frozenset[str]) -> None:
    """Put the output in place, whole; its digest is in the resume file first, so that a later run knows it for its own."""
    chunks = _lines(answers) if render is None else render(answers.outcomes(), answers.tally())
    with replacing(to.path) as new:
        found = sha256()
        with new.open("wb") as file:
            for chunk in chunks:
                found.update(chunk)
                file.write(chunk)
        if render is not None and found.hexdigest() not in known:
            stream.add(_written(found.hexdigest()))


def _compact(answers: Answers, to: Target) -> None:
    """Remove from the resume file what no row asks any more."""
    used = {row.asked: None for row in answers.rows if row.error is None and row.asked in answers.places}
    with replacing(to.resume) as new, new.open("wb") as file:
        file.write(HEADER + json.dumps(to.path.name).encode() + b"}\n" + _written(digest([to.path.read_bytes()])))
        file.writelines(answers.places[asked].place.read() for asked in used)


def _lines(answers: Answers) -> Iterator[bytes]:
    lines = (answers.line(number) for number in range(len(answers.rows)))
    return (line for line in lines if line is not None)


def _written(found: str) -> bytes:
    return json.dumps({"written": found}).encode() + b"\n"


def _begins(answers: Answers, output: Record, by: str) -> bool:
    """Whether the lines of the output are those of the first rows, and none of them has to be renewed."""
    return len(output.held) <= len(answers.rows) and all(
        _fits(row, held, by) for row, held in zip(answers.rows, output.held, strict=False)
    )


def _fits(row: Row, held: Held, by: str) -> bool:
    if row.error is not None:
        return held.asked is None and held.place.read() == outcome.refused(row, row.error)
    return held.label == label(row.id, row.columns) and held.asked == row.asked and held.by == by


def _reporting(answers: Answers, report: Report) -> Callable[[int], None]:
    to_ask = len(answers.to_ask())
    return lambda done: report(Progress(done, len(answers.rows), answers.asked, to_ask))
