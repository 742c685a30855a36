"""Measures the decision on models that it was not fitted on: `python -m bench.unprobed`.

For each model named, the questions of `bench.decision` (SQuAD 2 against all paragraphs, again without the article they
are about, CLAP NQ), and for those that a phrase can answer the phrase that the pipeline names; all weighed by the
coefficients that ship. Reported: the calibration error, with the error that the same probabilities would have by chance
if they were right; what is answered, refused and wrong at the default caution; and what `qa eval --calibrate` would
make of so many of these questions, drawn fifty times and measured on the others. What the model said is kept in
bench/results/.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path

from bench import data
from bench.decision import candidates, searched
from bench.kept import Kept, Row, code
from bench.quiz import calibration_error, is_right
from index.embed import Embedder
from index.records import Hit
from qa.answering.decide import Coefficients
from qa.answering.evidence import select
from qa.answering.guarantee import at_most
from qa.answering.phrase import name as named
from qa.answering.phrase import phrasal
from qa.answering.question import parse
from qa.answering.reading import reading
from qa.calibration.fit import PULL, Tried, Weighing, coefficients, probabilities
from qa.commands.session import Session
from qa.models.engine import LanguageModel
from qa.settings import CAUTION, Settings

MODELS = ("smollm2-135m-instruct", "qwen2.5-coder-0.5b-instruct")
SIZES = (10, 20, 30, 50, 80, 120)
PULLS = (0.1, 0.3, 1.0, 3.0, 10.0)
DRAWS = 50


def main() -> None:
    """Ask what was not asked before, and print the report of each model."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "models",
        nargs="*",
        default=MODELS,
        help="names that --model takes; without the two smaller ones of the catalogue",
    )
    options.add_argument("--data", type=Path)
    options.add_argument("--squad", type=int, default=50, help="answerable and as many unanswerable SQuAD 2 questions")
    options.add_argument(
        "--away", type=int, default=20, help="how many of the answerable ones are asked again without their article"
    )
    options.add_argument(
        "--clapnq", type=int, default=30, help="answerable and as many unanswerable CLAP NQ questions, passage given"
    )
    options.add_argument("--limit", type=int, help="only the first so many of all these, which are shuffled")
    given = options.parse_args()
    session = Session()
    folder = data.folder(given.data)
    embedder = session.loaders.embedder(session.settings())
    with tempfile.TemporaryDirectory() as scratch:
        questions = list(searched(folder, given.squad, given.away, given.clapnq, embedder, Path(scratch)))[
            : given.limit
        ]
    for model in given.models:
        settings = session.settings(model=model)
        rows = list(_collected(questions, embedder, cache(partial(session.loaders.model, settings)), settings))
        print(f"\n{model}, {len(rows)} questions")
        print("\n".join(report(rows)))


def _collected(
    questions: Sequence[tuple[str, data.Asked, tuple[Hit, ...]]],
    embedder: Embedder,
    load: Callable[[], LanguageModel],
    settings: Settings,
) -> Iterator[Row]:
    kept = Kept("unprobed")
    for name, asked, hits in questions:
        yield kept.once(
            [settings.model, name, asked.question], partial(_weighed, name, asked, hits, embedder, load, settings)
        )


def _weighed(
    name: str,
    asked: data.Asked,
    hits: Sequence[Hit],
    embedder: Embedder,
    load: Callable[[], LanguageModel],
    settings: Settings,
) -> Row:
    model = load()
    tried = [
        {
            "table": "unprobed" if one["signals"]["probed"] is None else "probed",
            "signals": one["signals"],
            "right": one["right"],
        }
        for one in candidates(asked, hits, embedder, model)
    ]
    question = parse(asked.question)
    if phrasal(question) and not asked.sentences and name.startswith("SQuAD"):
        evidence = select(question.query, hits, embedder)
        found = named(question, reading(evidence, limit=settings.reading), evidence, model, hopeless=0.0)
        if found.signals is not None:
            said = found.found[0].text
            signals = asdict(found.signals)
            right = asked.answerable and is_right(said, asked.answers)
            tried.append(
                {
                    "table": "phrase_unsure" if found.signals.sure is None else "phrase",
                    "signals": signals,
                    "right": right,
                }
            )
    return {
        "program": code(),
        "model": model.digest,
        "set": name,
        "question": asked.question,
        "answerable": asked.answerable,
        "tried": tried,
    }


def weighings(rows: Sequence[Row], tables: Sequence[str]) -> list[Weighing]:
    """What was weighed by some of the tables."""
    return [
        Weighing(
            row["answerable"],
            tuple(Tried(one["table"], one["signals"], one["right"]) for one in row["tried"] if one["table"] in tables),
        )
        for row in rows
    ]


def report(rows: Sequence[Row]) -> list[str]:
    """The figures of one model: of its sentences, then of its phrases."""
    lines = []
    for what, tables in (("sentences", ("unprobed", "probed")), ("phrases", ("phrase", "phrase_unsure"))):
        chosen = weighings(rows, tables)
        shown = [one for one in chosen if one.tried]
        if len({tried.right for one in shown for tried in one.tried}) < 2:
            lines.append(f"{what}: {len(shown)} questions have one, and all are alike: nothing to measure")
            continue
        lines += _as_shipped(what, chosen, shown)
        lines += _learning(what, shown)
    return lines


def _as_shipped(what: str, chosen: Sequence[Weighing], shown: Sequence[Weighing]) -> Iterator[str]:
    """The best of each question, by the coefficients that ship."""
    best = [_best(one, {}) for one in shown]
    probability, right = [p for p, _ in best], [is_so for _, is_so in best]
    error, chance = calibration_error(probability, right), _by_chance(probability)
    mean = f"said {statistics.fmean(probability):.2f}, right {statistics.fmean(right):.2f}"
    yield f"{what}: {len(shown)} questions have one; {mean}; calibration error {error:.3f}, by chance alone {chance:.3f}; log loss {_loss(best):.3f}"
    answerable = [one for one in chosen if one.answerable]
    sure = [(p, is_so, one) for (p, is_so), one in zip(best, shown, strict=True) if p >= CAUTION]
    wrong = sum(not is_so for _, is_so, _ in sure)
    refused = sum(not one.answerable for one in chosen) - sum(not one.answerable for *_, one in sure)
    yield (
        f"  at caution {CAUTION}: of {len(answerable)} answerable right {sum(is_so for _, is_so, _ in sure)}, "
        f"of {len(chosen) - len(answerable)} others"
        f" refused {refused}; of {len(sure)} shown {wrong} wrong: {wrong / max(len(sure), 1):.2f}, at "
        f"most {at_most(wrong, len(sure)):.2f}"
    )


def _learning(what: str, shown: Sequence[Weighing]) -> Iterator[str]:
    """What a fit on so many questions is worth on the others, against what ships."""
    yield f"  {what} fitted on n questions, measured on the others: log loss against that as shipped, calibration error, share of draws that gain"
    for size in (size for size in SIZES if size <= len(shown) * 2 / 3):
        cells = []
        for pull in PULLS:
            losses, errors = [], []
            for draw in range(DRAWS):
                order = random.Random(draw).sample(range(len(shown)), len(shown))
                fitted = coefficients([shown[place] for place in order[:size]], pull=pull)
                others = [shown[place] for place in order[size:]]
                after, before = [_best(one, fitted) for one in others], [_best(one, {}) for one in others]
                losses.append(_loss(after) - _loss(before))
                errors.append(calibration_error([p for p, _ in after], [is_so for _, is_so in after]))
            gain = statistics.fmean(loss < 0 for loss in losses)
            cells.append(
                f"pull {pull}: {statistics.fmean(losses):+.3f} {statistics.fmean(errors):.3f} {gain:.2f}{' *' if pull == PULL else ''}"
            )
        yield f"    n {size:3}  " + "   ".join(cells)


def _best(weighing: Weighing, fitted: Coefficients) -> tuple[float, bool]:
    """The probability of the likeliest thing weighed, and whether it is right."""
    found = zip(probabilities(weighing, fitted), weighing.tried, strict=True)
    return max(((p, tried.right) for p, tried in found), key=lambda one: one[0])


def _loss(best: Sequence[tuple[float, bool]]) -> float:
    return -statistics.fmean(math.log(p if is_so else 1 - p) for p, is_so in best)


def _by_chance(probability: Sequence[float]) -> float:
    """The mean calibration error of as many questions if each were right with exactly its probability.

    What so few of them show of a perfect one.
    """
    chance = random.Random(0)
    return statistics.fmean(
        calibration_error(probability, [chance.random() < p for p in probability]) for _ in range(200)
    )


if __name__ == "__main__":
    main()
