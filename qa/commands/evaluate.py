"""`qa eval`: scores a question file that carries expected answers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from qa.commands.asking import opened
from qa.commands.bars import counting
from qa.commands.options import Engine, Json, LibraryFolder, Model, Passages
from qa.commands.session import current

Questions = Annotated[Path, typer.Argument(metavar="FILE", help="A .jsonl file: question, expect, and where they apply must, values, sources, kind.")]


def evaluate(
    ctx: typer.Context,
    file: Questions,
    *,
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
    from qa.answer import answer
    from qa.expectations import read_expectations
    from qa.render.json import to_object

    session = current(ctx)
    expectations = read_expectations(session.cwd / file)
    settings = session.settings(passages=passages, model=model, engine=engine, library=library)
    outcomes = []
    with opened(settings) as library_, counting(session, len(expectations)) as advance:
        assistant = session.assistant(settings, library_)
        for outcome in scoring.evaluate(expectations, lambda question: answer(question, assistant), library_):
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
