"""Fits what the answering model's reading adds to the decision of `qa cite`: `python -m bench.citing_reading`.

For claims whose figures and names the quotes hold: how likely the quotes say them by their words (`qa.citing.agree`),
and the model's P(yes) that they do. Fitted on AttributionBench (dev) and on public pairs of a text and a sentence
(`bench/pairs.py`), both counting alike; area under the curve on folds that were not fitted on. WiCE, whose claims say
several things each, is reported and not fitted on. What the model reads is kept by prompt. `--write` puts the weights
into qa/citing/decision.toml; the least probabilities there stay as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
from sklearn.metrics import roc_auc_score

from bench import data
from bench.citing_fit import FOLDS, READING, balanced, evidence
from bench.claims import Claim, attributionbench, wice
from bench.pairs import SAYS, Pair, pairs
from bench.recorded import Recorded
from bench.vectors import Kept
from index.sentences import sentences
from qa.answering import prompt
from qa.answering.checks.logistic import log_odds
from qa.citing.agree import DECISION
from qa.citing.meanings import Meanings
from qa.citing.opening import uncapitalised, usage
from qa.citing.weigh import weighed
from qa.commands.session import Session
from qa.models.engine import LanguageModel

FITTED = ("AttributionBench", "pairs")
NAMES = ("words", "says")


@dataclass(frozen=True, slots=True)
class Seen:
    """A claim as it was weighed, both in log-odds: by the words of its quotes, and as the model reads them."""

    origin: str
    words: float
    says: float
    supported: bool
    fold: int


def main() -> None:
    """Read what was not read before, fit, report."""
    options = data.options(__doc__)
    options.add_argument("--claims", type=int, default=250, help="of each set")
    options.add_argument("--write", action="store_true", help="put the weights into qa/citing/decision.toml")
    given = options.parse_args()
    session = Session()
    settings = session.settings()
    meanings = Meanings(Kept(session.loaders.embedder(settings)))
    model = Recorded(cache(partial(session.loaders.model, settings)))
    seen = [
        one
        for origin, claims in _sets(data.folder(given.data), given.claims).items()
        for one in _seen(origin, claims, given.claims, meanings, model)
    ]
    weights, report = fitted(seen)
    print("\n" + "\n".join(report))
    if given.write:
        DECISION.write_text(_written(DECISION.read_text(encoding="utf-8"), weights, report), encoding="utf-8")


def _sets(folder: Path, count: int) -> dict[str, list[Claim]]:
    made = [_claim(number, pair) for number, pair in enumerate(pairs(folder, count)) if pair.origin != "e-SNLI"]
    return {
        name: Random(0).sample(claims, len(claims))
        for name, claims in (
            ("AttributionBench", list(attributionbench(folder))),
            ("pairs", made),
            ("WiCE", list(wice(folder))),
        )
    }


def _claim(number: int, pair: Pair) -> Claim:
    """A pair as a claim with its reference."""
    texts = tuple(sentence.text for sentence in sentences(pair.text, 0, len(pair.text)))
    return Claim(f"pair {number}", "pairs", pair.text, "", pair.sentence, pair.label == SAYS, texts)


def _seen(origin: str, claims: Sequence[Claim], count: int, meanings: Meanings, model: LanguageModel) -> Iterator[Seen]:
    """The first `count` claims of which some quotes hold every figure and name, with the nearest of these quotes."""
    found = 0
    for claim in claims:
        if found == count:
            return
        text = uncapitalised(claim.text, usage(claim.sentences))
        told = [one for one in weighed(text, evidence(text, claim, meanings), meanings) if not one.lacking]
        if not told:
            continue
        best = max(told, key=lambda one: one.near)
        says = model.opinion(prompt.said(text, best.quotes)).yes
        found += 1
        print(f"\r{origin}: {found} of {count} read", end="", file=sys.stderr, flush=True)
        yield Seen(origin, log_odds(best.sure), log_odds(says), claim.supported, crc32(claim.group.encode()) % FOLDS)


def fitted(seen: Sequence[Seen]) -> tuple[dict[str, float], list[str]]:
    """The weights of both, and figures from folds that were not fitted on."""
    chosen = [one for one in seen if one.origin in FITTED]
    x, y = _matrix(chosen), np.array([one.supported for one in chosen])
    origins, folds = np.array([one.origin for one in chosen]), np.array([one.fold for one in chosen])
    weight = np.array([len(y) / (len(FITTED) * (origins == origin).sum()) for origin in origins])
    both = np.zeros(len(y))
    for fold in range(FOLDS):
        found = balanced(x[folds != fold], y[folds != fold], weight[folds != fold], NAMES)
        both[folds == fold] = found[0] + x[folds == fold] @ found[1:]
    report = [f"{len(y)} claims, {FOLDS} folds; area under the curve:  by words  by reading  by both"]
    for origin in FITTED:
        own = origins == origin
        report.append(_line(f"{origin}, {own.sum()}", y[own], x[own], both[own]))
    weights = dict(zip(("intercept", *NAMES), map(float, balanced(x, y, weight, NAMES)), strict=True))
    others = [one for one in seen if one.origin not in FITTED]
    if others:
        z = _matrix(others)
        score = weights["intercept"] + z @ np.array([weights[name] for name in NAMES])
        report.append(
            _line(f"{others[0].origin}, {len(z)}, not fitted on", np.array([one.supported for one in others]), z, score)
        )
    return weights, report


def _matrix(seen: Sequence[Seen]) -> Any:  # (claims, 2)
    return np.array([[one.words, one.says] for one in seen])


def _line(name: str, y: Any, x: Any, both: Any) -> str:
    areas = [roc_auc_score(y, scores) for scores in (x[:, 0], x[:, 1], both)]
    return f"{name:44}{areas[0]:12.3f}{areas[1]:12.3f}{areas[2]:9.3f}"


def _written(before: str, weights: dict[str, float], report: Sequence[str]) -> str:
    """The file with the table of the reading anew."""
    table = f"{READING}, by `python -m bench.citing_reading --write`:\n"
    table += "".join(f"# {line}\n" for line in report) + "[reading]\n"
    table += "".join(f"{name} = {value:.4f}\n" for name, value in weights.items())
    return f"{before.partition(READING)[0]}{table}\n{before[before.index('[decision]') :]}"


if __name__ == "__main__":
    main()
