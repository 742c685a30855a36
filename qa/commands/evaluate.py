"""`qa eval`: scores a question file that carries expected answers, and fits the decision to the model on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from qa.commands.asking import opened
from qa.commands.bars import counting
from qa.commands.options import Engine, Json, LibraryFolder, Model, Passages, Written
from qa.commands.session import Session, current
from qa.narrowing import narrowed
from qa.questions.form import STANDARD_INPUT

if TYPE_CHECKING:
    from qa.answering.answer import Assistant
    from qa.calibration.keep import Kept
    from qa.evaluate import Outcome
    from qa.settings import Settings

Questions = Annotated[
    str | None,
    typer.Argument(
        metavar="FILE",
        help="A .csv, .jsonl or .yaml file: question, expect, and where they apply must, values, sources, kind; - for "
        "standard input.",
        show_default=False,
    ),
]
Calibrate = Annotated[
    bool,
    typer.Option("--calibrate", help="Fit the decision to the model on these questions, and use it from now on."),
]
Forget = Annotated[
    bool, typer.Option("--forget-calibration", help="Remove the calibration of this model; without FILE.")
]


def evaluate(
    ctx: typer.Context,
    file: Questions = None,
    *,
    written: Written = None,
    calibrate: Calibrate = False,
    forget_calibration: Forget = False,
    passages: Passages = None,
    model: Model = None,
    engine: Engine = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Score a file of questions with answers.

    Every question is asked; what was expected is compared afterwards. With --calibrate what was weighed for them also
    fits the decision to this model.
    """
    from dataclasses import replace

    from qa import evaluate as scoring
    from qa.answering.answer import answer
    from qa.answering.decide import as_shipped
    from qa.calibration.measure import check_questions
    from qa.expectations import expectations
    from qa.questions.read import contents, read

    if (file is None) != forget_calibration or (calibrate and forget_calibration):
        raise typer.BadParameter("name a FILE of questions, or --forget-calibration by itself")
    session = current(ctx)
    settings = session.settings(passages=passages, model=model, engine=engine, library=library)
    if file is None:
        _forget(session, settings, as_json=as_json)
        return
    path, name = (None, STANDARD_INPUT) if file == "-" else (session.cwd / file, file)
    expected = expectations(read(contents(path, session.stdin, name=name), name=name, form=written), name)
    if calibrate:
        check_questions([each.status != "unanswered" for each in expected], name)
    outcomes = []
    with opened(settings) as library_, counting(session, len(expected)) as advance:
        for each in expected:
            narrowed(library_, each.within)  # before anything slow
        assistant = session.assistant(settings, library_)
        # from what ships, so that the same questions give the same calibration again; without a risk, which may wait for it
        if calibrate:
            assistant = replace(assistant, decisions=as_shipped, settings=replace(settings, risk=None))
        for outcome in scoring.evaluate(
            expected, lambda question, within: answer(question, assistant, within=within), library_
        ):
            outcomes.append(outcome)
            advance(len(outcomes))
            if not as_json and outcome.grade != "right":
                session.say(
                    f"{outcome.grade}: {outcome.expectation.question} "
                    f"→ {outcome.answer.status}: {' '.join(outcome.answer.answer.split())}"
                )
        kept = _calibrated(session, assistant, outcomes) if calibrate else None
    _tell(session, outcomes, kept, as_json=as_json)


def _calibrated(session: Session, assistant: Assistant, outcomes: Sequence[Outcome]) -> Kept:
    """The calibration of these outcomes, kept for the model that gave them."""
    from qa.calibration.keep import write
    from qa.calibration.measure import calibrated
    from qa.calibration.weighed import weighing

    made = calibrated([weighing(outcome) for outcome in outcomes])
    return write(
        session.settings_folder, assistant.model.digest, assistant.model.name, f"{datetime.now(UTC):%Y-%m-%d}", made
    )


def _forget(session: Session, settings: Settings, *, as_json: bool) -> None:
    from qa.calibration.keep import forget

    model = session.loaders.model(settings)
    file = forget(session.settings_folder, model.digest)
    if as_json:
        session.write({"model": f"{model.name} {model.digest}", "forgotten": None if file is None else str(file)})
    elif file is None:
        session.say(f"{model.name} is not calibrated: it is decided by what ships")
    else:
        session.say(f"{model.name} is decided by what ships again; {file} is removed")


def _tell(session: Session, outcomes: Sequence[Outcome], kept: Kept | None, *, as_json: bool) -> None:
    from qa import evaluate as scoring
    from qa.calibration.tell import lines as told
    from qa.calibration.tell import to_object as calibration_to_object
    from qa.render.json import to_object

    scores = scoring.by_kind(outcomes)
    if not as_json:
        session.out.print(scoring.table(scores), end="", markup=False, soft_wrap=True)
        for line in told(kept) if kept is not None else ():
            session.out.print(line, markup=False, soft_wrap=True)
        return
    rows = [
        {
            "id": each.expectation.id, "kind": each.expectation.kind, "expect": each.expectation.status, "verdict": each.grade, "quotes": each.quotes,
         "valid": each.valid, "furniture": each.furniture, "seconds": round(each.seconds, 3), "answer": to_object(each.answer)}
        for each in outcomes
    ]  # fmt: skip
    calibration = {} if kept is None else {"calibration": calibration_to_object(kept)}
    session.write({"kinds": [asdict(one) for one in scores], "questions": rows, **calibration})
