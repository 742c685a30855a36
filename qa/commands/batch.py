"""`qa batch`: many questions from a file, one answer a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import LibraryError, QuestionError
from qa.commands.asking import opened
from qa.commands.options import Engine, Json, LibraryFolder, Model, Passages, Written
from qa.commands.pace import pacing
from qa.commands.session import Session, current
from qa.narrowing import among
from qa.questions.form import STANDARD_INPUT
from qa.render.counted import counted

if TYPE_CHECKING:
    from index.records import Filter
    from index.store import Library
    from qa.answering.answer import Assistant
    from qa.batch.ahead import Asking
    from qa.batch.answers import Ask
    from qa.batch.run import Progress, Render
    from qa.batch.target import Target
    from qa.questions.read import Questions
    from qa.questions.rows import Row
    from qa.records import Answer

_NAMED = 3  # rows or ids that a warning names

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="The questions: .txt (one a line), .csv, .jsonl or .yaml, or - for standard input.",
        show_default=False,
    ),
]
Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT",
        help="The answers: .jsonl, .csv or .md. An unfinished one is resumed.",
        show_default=False,
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        "-j",
        metavar="N",
        min=1,
        max=64,
        help="Questions asked at once: for a server that can answer several.",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Start over: overwrite OUT, whatever it holds.")]


def batch(
    ctx: typer.Context,
    file: File,
    *,
    output: Output,
    written: Written = None,
    force: Force = False,
    passages: Passages = None,
    model: Model = None,
    engine: Engine = None,
    jobs: Jobs = 1,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Answer every question of a file.

    A table needs a column called question; id, source, since and until narrow each row, and columns of your own come
    back with the answer. Each answer is kept as soon as it is there: give the same command again, and it goes on where
    it stopped. Rows that changed are asked again, and no others; all are where the library, a model or a setting
    changed.
    """
    from qa.answering.answer import provenance
    from qa.batch.run import run
    from qa.batch.target import alone, before, target
    from qa.questions import rows as parsing
    from qa.questions.read import contents, read

    session = current(ctx)
    path = None if file == "-" else session.cwd / file
    name = STANDARD_INPUT if path is None else file
    questions = read(contents(path, session.stdin, name=name), name=name, form=written)
    to = target(session.cwd / output, str(output), questions=path)
    settings = session.settings(passages=passages, model=model, engine=engine, library=library)
    with opened(settings) as library_, alone(to):
        rows = parsing.checked(parsing.parsed(questions.rows), _askable(library_))
        left = before(to, rows, questions=name, force=force)
        _warn(session, rows, library_)
        with pacing(session, len(rows)) as advance:
            assistant = session.assistant(settings, library_)
            by = provenance(assistant)
            count = _Count(session, len(rows), advance)
            tally = run(
                rows,
                to,
                left,
                _asking(assistant, jobs),
                by,
                render=_render(to, rows, questions, name),
                report=count.report,
                stopped=count.stopped,
            )
        if provenance(assistant) != by:
            session.say(
                "warning: the library was changed while the batch ran; the same command asks again what that "
                "may have changed"
            )
    if as_json:
        session.write({**asdict(tally), "output": to.shown})
        return
    kept = f"; {tally.kept} of them from before" if tally.kept else ""
    counts = (
        f"{tally.answered} answered, {tally.conflicting} conflicting, {tally.unanswered} refused, {tally.failed} failed"
    )
    session.say(f"{counted(tally.rows, 'row')}: {counts}{kept}; written to {to.shown}")


def _askable(library: Library) -> Callable[[str, Filter], object]:
    """Check, before anything slow, that a row can be asked of this library."""
    from qa.answering.valid import valid

    known = [info.source for info in library.sources()]

    def check(question: str, within: Filter) -> None:
        valid(question)
        among(known, within)

    return check


def _warn(session: Session, rows: Sequence[Row], library: Library) -> None:
    """Warn, before hours of waiting, of repeated ids, rows that will fail, and undated articles that are left out."""
    from qa.questions.rows import repeated_ids

    if repeated := repeated_ids(rows):
        session.say(f"warning: more than one row has the id {_some(repeated)}; all are kept")
    bad = [
        f"row {number} ({row.error.message.removeprefix(f'row {number}: ')})"
        for number, row in enumerate(rows, start=1)
        if row.error is not None
    ]
    if bad:
        session.say(f"warning: {counted(len(bad), 'row')} cannot be asked: {_some(bad)}")
    undated = {within: library.undated_left_out(within) for within in {row.within for row in rows if row.error is None}}
    narrowed = [undated[row.within] for row in rows if row.error is None and undated[row.within]]
    if narrowed:
        session.say(
            f"note: since and until leave out up to {counted(max(narrowed), 'article')} without a date, "
            f"in {counted(len(narrowed), 'row')}"
        )


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


@dataclass(slots=True)
class _Count:
    """How many rows are done; says so at once where the run is stopped, before anything that may take longer than Ctrl-C leaves time for."""

    session: Session
    total: int
    advance: Callable[[Progress], None]
    done: int = 0

    def report(self, now: Progress) -> None:
        self.done = now.done
        self.advance(now)

    def stopped(self) -> None:
        self.session.say(
            f"stopped: {self.done} of {counted(self.total, 'row')} are done and kept; the same command "
            f"goes on from there"
        )


def _asking(assistant: Assistant, jobs: int) -> Asking:
    """The way to ask, one by one or several at once, each then with the library opened anew.

    An open one belongs to its thread.
    """
    from qa.batch.ahead import ahead, one_by_one

    if jobs == 1:
        return one_by_one(_ask(assistant))

    @contextmanager
    def another() -> Iterator[Ask]:
        with opened(assistant.settings) as library:
            yield _ask(replace(assistant, library=library))

    return lambda questions: ahead(questions, another, jobs=jobs)


def _ask(assistant: Assistant) -> Ask:
    """How one question is asked. If its quotes fail the check, its row fails; if the library is gone, all ends."""
    from qa.answering.answer import answer
    from qa.render.check import check_quotes

    def ask(question: str, within: Filter) -> Answer:
        try:
            result = answer(question, assistant, within=within)
            check_quotes(result, assistant.library)
        except LibraryError as error:
            assistant.library.summary()  # raises as well where it is the whole library that is damaged, locked or gone
            raise QuestionError(error.message, error.hint) from error
        return result

    return ask


def _render(to: Target, rows: Sequence[Row], questions: Questions, name: str) -> Render | None:
    """How the output is rendered; `None` where it is the lines themselves."""
    from qa.render.answers import document
    from qa.render.csv import table

    if to.form == "csv":
        columns = tuple(dict.fromkeys(column for row in rows for column in row.columns or ()))
        return lambda outcomes, _: table(outcomes, columns, delimiter=questions.delimiter)
    return partial(document, title=f"Answers to {PurePath(name).name}") if to.form == "md" else None
