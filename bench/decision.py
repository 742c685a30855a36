"""Fits and measures the decision to answer or refuse: `python -m bench.decision`.

Collects, for public questions whose answers are known, every candidate sentence that the pipeline would consider, with its signals; fits the logistic
regression of `qa/decide.py` to "this sentence answers the question"; and reports how well the decision holds on folds that it was not fitted on. Candidates
are kept in bench/results/ and collected only once: delete decision.jsonl there to weigh them by a changed program. The sets count alike, however many
questions there are of each. Nothing of the seed questions is read. `--write` puts the coefficients into qa/calibration.toml.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench import data
from bench.kept import Kept, Row, code
from bench.plot import plot
from index.build import add_articles
from index.embed import Embedder
from index.records import Article, Filter, Hit
from index.search import search
from index.store import Library
from qa import prompt
from qa.answer import DENIED
from qa.checks.expected import sought
from qa.checks.words import words
from qa.commands.session import Session
from qa.decide import CALIBRATION, Signals, feature
from qa.draft import HOPELESS, checked, instead, nearest, signalled, split, verbatim
from qa.evidence import Evidence, foremost, select
from qa.models.engine import LanguageModel
from qa.premise import unmentioned

PLOT = Path(__file__).parent.parent / "docs" / "risk-coverage.svg"
CAUTIONS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
ADVERSARIAL = "SQuAD 2, open"  # its unanswerable questions are written to deceive: reported, and not chosen on


def main() -> None:
    """Collect what is missing, fit, report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path)
    options.add_argument(
        "--squad", type=int, default=150, help="answerable and as many unanswerable SQuAD 2 questions, each against the whole set of paragraphs"
    )
    options.add_argument("--away", type=int, default=75, help="how many of the answerable ones are asked again without the article they are about")
    options.add_argument("--clapnq", type=int, default=150, help="answerable and as many unanswerable CLAP NQ questions, passage given")
    options.add_argument("--write", action="store_true", help="put the coefficients into qa/calibration.toml")
    given = options.parse_args()
    rows = _collected(data.folder(given.data), given.squad, given.away, given.clapnq)
    weights, report, drawn = fitted(rows)
    program = code()
    report.append(f"{sum(row['program'] != program for row in rows)} of {len(rows)} questions were weighed by another state of the program")
    print("\n".join(report))
    if given.write:
        CALIBRATION.write_text(_toml(weights, report, given.squad, given.away, given.clapnq), encoding="utf-8")
        PLOT.write_text(plot(drawn, across="coverage: share of the questions answered", up="risk: share of those not right"), encoding="utf-8")


def fitted(rows: Sequence[Row], *, folds: int = 5) -> tuple[dict[str, float], list[str], dict[str, list[tuple[float, float]]]]:
    """The coefficients fitted on all rows; figures and curves from folds that were not fitted on."""
    probabilities = np.zeros(sum(len(row["candidates"]) for row in rows))
    owners = np.array([number for number, row in enumerate(rows) for _ in row["candidates"]])
    x, y = _matrix(rows)
    sizes = Counter(row["set"] for row in rows)
    shares = np.array([len(rows) / len(sizes) / sizes[rows[owner]["set"]] for owner in owners])
    for fold in range(folds):
        test = owners % folds == fold
        probabilities[test] = _model(x[~test], y[~test], shares[~test]).predict_proba(x[test])[:, 1]
    model = _model(x, y, shares)
    weights = {"intercept": float(model.intercept_[0])} | {field.name: float(value) for field, value in zip(fields(Signals), model.coef_[0], strict=True)}
    best = np.array([probabilities[owners == number].max(initial=0.0) for number in range(len(rows))])
    right = np.array(
        [y[owners == number][probabilities[owners == number].argmax()] if (owners == number).any() else 0 for number in range(len(rows))], dtype=bool
    )
    answerable = np.array([row["answerable"] for row in rows])
    report = _report(rows, best, right, answerable)
    report.insert(0, f"candidates {len(y)}, of which right {int(y.sum())}; AUROC {roc_auc_score(y, probabilities):.3f}")
    report[1:1] = [f"  {field.name} alone: AUROC {roc_auc_score(y, x[:, number]):.3f}" for number, field in enumerate(fields(Signals))]
    return weights, report, curves(best, right, answerable, [row["set"] for row in rows])


def _report(rows: Sequence[Row], best: Any, right: Any, answerable: Any) -> list[str]:
    lines = []
    strange = np.array([row["strange"] for row in rows])
    shown_at = {caution: best >= np.where(strange, max(caution, DENIED), caution) for caution in CAUTIONS}
    for name in sorted({row["set"] for row in rows}):
        chosen = np.array([row["set"] == name for row in rows])
        for caution, shown in shown_at.items():
            refused = (~shown)[chosen & ~answerable].mean()
            if not (chosen & answerable).any():
                lines.append(f"{name}, caution {caution}: refused {refused:.2f}")
                continue
            answered = shown[chosen & answerable].mean()
            correct = right[chosen & answerable & shown].mean()
            lines.append(
                f"{name}, caution {caution}: answered {answered:.2f}, refused {refused:.2f}, balanced accuracy {(answered + refused) / 2:.3f},"
                f" right among answered {correct:.2f}"
            )
    lines += [f"caution {caution}: balance that the default is chosen by {_balance(rows, shown, answerable):.3f}" for caution, shown in shown_at.items()]
    lines.append(f"a name that nothing found mentions: {int(strange.sum())} questions, {int((strange & answerable).sum())} of them answerable")
    hopeless = np.array([any(candidate["signals"]["answerable"] < HOPELESS for candidate in row["candidates"]) for row in rows])
    lines.append(
        f"never drafted, for P(answerable) < {HOPELESS}: {int(hopeless.sum())} questions, {int((hopeless & answerable).sum())} of them answerable;"
        f" at caution 0.15 {int((hopeless & (best >= 0.15)).sum())} would have been answered"
    )
    lines.append(f"expected calibration error of the best candidate, ten bins: {_calibration_error(best, right):.3f}")
    return lines


def _balance(rows: Sequence[Row], shown: Any, answerable: Any) -> float:
    """The mean of what is answered of the answerable and what is refused of the others, each set counting alike, the adversarial ones aside."""
    sets = np.array([row["set"] for row in rows])
    answered = [shown[answerable & (sets == name)].mean() for name in sorted(set(sets[answerable]))]
    refused = [(~shown)[~answerable & (sets == name)].mean() for name in sorted(set(sets[~answerable])) if name != ADVERSARIAL]
    return float((np.mean(answered) + np.mean(refused)) / 2)


def curves(best: Any, right: Any, answerable: Any, sets: Any) -> dict[str, list[tuple[float, float]]]:
    """Risk against coverage, by set: of the questions sorted by confidence, the share answered so far and the share of those that is not right."""
    found = {}
    for name in sorted(set(sets)):
        chosen = np.array([each == name for each in sets])
        if (chosen & answerable).any():
            wrong = ~right[chosen][np.argsort(-best[chosen], kind="stable")]
            counted = np.arange(1, len(wrong) + 1)
            found[name] = [(float(count / len(wrong)), float(risk)) for count, risk in zip(counted, np.cumsum(wrong) / counted, strict=True)]
    return found


def _calibration_error(confidence: Any, right: Any, bins: int = 10) -> float:
    """Guo et al., "On calibration of modern neural networks" (2017): the mean distance of confidence and accuracy over equal bins."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(sum(abs(confidence[place == one].mean() - right[place == one].mean()) * (place == one).mean() for one in range(bins) if (place == one).any()))


def _model(x: Any, y: Any, shares: Any) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000).fit(x, y, sample_weight=shares)


def _matrix(rows: Sequence[Row]) -> tuple[Any, Any]:  # (candidates, signals), (candidates,)
    names = [field.name for field in fields(Signals)]
    x = np.array([[feature(name, candidate["signals"][name]) for name in names] for row in rows for candidate in row["candidates"]])
    return x, np.array([candidate["right"] for row in rows for candidate in row["candidates"]], dtype=int)


def _collected(folder: Path, squad: int, away: int, clapnq: int) -> list[Row]:
    """The rows of all sets; `strange` ones have a name that nothing found mentions."""
    kept, session = Kept("decision"), Session()
    settings = session.settings()
    embedder = session.loaders.embedder(settings)
    load = cache(partial(session.loaders.model, settings))
    with tempfile.TemporaryDirectory() as scratch:
        return [
            kept.once([name, asked.question], partial(_weighed, name, asked, hits, embedder, load)) | {"strange": bool(unmentioned(asked.question, hits))}
            for name, asked, hits in _questions(folder, squad, away, clapnq, embedder, Path(scratch))
        ]


def _weighed(name: str, asked: data.Asked, hits: Sequence[Hit], embedder: Embedder, load: Callable[[], LanguageModel]) -> Row:
    candidates = list(_candidates(asked, hits, embedder, load()))
    return {"program": code(), "set": name, "question": asked.question, "answerable": asked.answerable, "candidates": candidates}


def _questions(folder: Path, squad: int, away: int, clapnq: int, embedder: Embedder, scratch: Path) -> Iterator[tuple[str, data.Asked, tuple[Hit, ...]]]:
    articles, questions = data.squad(folder, squad, seed=0)
    with _library(scratch / "squad", articles, embedder) as library:
        for asked in questions:
            yield ADVERSARIAL, asked, search(sought(asked.question), library, embedder)
        for asked in [asked for asked in data.squad(folder, away, seed=0)[1] if asked.answerable]:
            elsewhere = [hit for hit in search(sought(asked.question), library, embedder, k=100) if hit.passage.metadata.title != asked.title]
            yield "SQuAD 2, its article taken away", replace(asked, answerable=False, answers=()), tuple(elsewhere[:8])
    pairs = data.clapnq(folder, clapnq, seed=0)
    with _library(scratch / "clapnq", list(dict.fromkeys(article for article, _ in pairs)), embedder) as library:
        for article, asked in pairs:
            yield "CLAP NQ", asked, search(sought(asked.question), library, embedder, within=Filter(sources=(article.source,)))


def _library(folder: Path, articles: Sequence[Article], embedder: Embedder) -> Library:
    library = Library.create(folder, embedder)
    add_articles(library, articles, embedder)
    return library


def _candidates(asked: data.Asked, hits: Sequence[Hit], embedder: Embedder, model: LanguageModel) -> Iterator[Row]:
    """Every sentence of the draft that passes the checks, and the articles' own that are tried instead, as the pipeline would weigh them."""
    evidence = select(sought(asked.question), hits, embedder)
    read = foremost(evidence)
    answerable = model.probability_of_yes(prompt.answerable(asked.question, read))
    text = model.generate(prompt.draft(asked.question, read), max_tokens=160).text.strip()
    written = [checked(asked.question, claim, evidence) for claim in split(text)]
    own = [verbatim(item) for item in instead(asked.question, written, nearest(asked.question, evidence))]
    for found in (*(candidate for candidate in written if candidate.reason is None), *own):
        signals = signalled(asked.question, found.text, found.attribution, model, answerable)
        yield {"kind": found.origin, "text": found.text, "right": _is_right(asked, found.text, found.attribution.quotes), "signals": asdict(signals)}


def _is_right(asked: data.Asked, claim: str, quotes: Sequence[Evidence]) -> bool:
    """SQuAD: the claim holds a gold answer. CLAP NQ: its first quote is one of the gold sentences."""
    said = " ".join(words(claim))
    if any(" ".join(words(answer)) in said for answer in asked.answers if words(answer)):
        return True
    quoted = words(quotes[0].sentence.text)
    return any(quoted == words(gold) or (len(quoted) > 3 and set(quoted) <= set(words(gold))) for gold in asked.sentences)


def _toml(weights: dict[str, float], report: Sequence[str], squad: int, away: int, clapnq: int) -> str:
    head = (
        f"# Fitted on {datetime.now(UTC):%Y-%m-%d} by `python -m bench.decision --squad {squad} --away {away} --clapnq {clapnq} --write`:\n"
        f"# {2 * squad} questions of SQuAD 2 (dev, half), each against all paragraphs; {away} of them again without the article they are about;\n"
        f"# and {2 * clapnq} of CLAP NQ, passage given.\n"
        "# Figures from five folds, fitted on four and measured on the fifth:\n"
    )
    return head + "".join(f"# {line}\n" for line in report) + "\n[coefficients]\n" + "".join(f"{name} = {value:.4f}\n" for name, value in weights.items())


if __name__ == "__main__":
    main()
