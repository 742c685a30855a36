"""`qa eval`: scores a question file that carries expected answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from qa.commands.asking import opened
from qa.commands.bars import counting
from qa.commands.options import Engine, Json, LibraryFolder, Model, Passages
from qa.commands.session import current
from qa.narrowing import narrowed
from qa.questions.form import STANDARD_INPUT, Format

Questions = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A .csv, .jsonl or .yaml file: question, expect, and where they apply must, values, sources, kind; - for standard input.",
        show_default=False,
    ),
]
Written = Annotated[Format | None, typer.Option("--format", help="What FILE holds, where its name does not say.")]


def evaluate(
    ctx: typer.Context,
    file: Questions,
    *,
    written: Written = None,
    passages: Passages = None,
    model: Model = None,
    engine: Engine = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Score a file of questions with answers.

    Every question is asked; what was expected is compared afterwards.
    """
    from qa import evaluate as scoring
    from qa.answering.answer import answer
    from qa.expectations import expectations
    from qa.questions.read import contents, read
    from qa.render.json import to_object

    session = current(ctx)
    path, name = (None, STANDARD_INPUT) if file == "-" else (session.cwd / file, file)
    expected = expectations(read(contents(path, session.stdin, name=name), name=name, form=written), name)
    settings = session.settings(passages=passages, model=model, engine=engine, library=library)
    outcomes = []
    with opened(settings) as library_, counting(session, len(expected)) as advance:
        for each in expected:
            narrowed(library_, each.within)  # before anything slow
        assistant = session.assistant(settings, library_)
        for outcome in scoring.evaluate(expected, lambda question, within: answer(question, assistant, within=within), library_):
            outcomes.append(outcome)
            advance(len(outcomes))
            if not as_json and outcome.verdict != "right":
                session.say(f"{outcome.verdict}: {outcome.expectation.question} → {outcome.answer.status}: {' '.join(outcome.answer.answer.split())}")
    lines = scoring.by_kind(outcomes)
    if not as_json:
        session.out.print(scoring.table(lines), end="", markup=False, soft_wrap=True)
        return
    rows = [
        {"id": each.expectation.id, "kind": each.expectation.kind, "expect": each.expectation.status, "verdict": each.verdict, "quotes": each.quotes,
         "valid": each.valid, "furniture": each.furniture, "seconds": round(each.seconds, 3), "answer": to_object(each.answer)}
        for each in outcomes
    ]  # fmt: skip
    session.write({"kinds": [asdict(line) for line in lines], "questions": rows})
