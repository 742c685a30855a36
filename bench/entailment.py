"""Measures a model that reads a sentence beside a text, and each rule that does so: `python -m bench.entailment`.

The model is the default embedder with its four upper layers trained on 28,639 public pairs (`bench.pairs`), one pass,
half an hour on two slow cores; what was trained is kept in bench/results/. It is no part of the program. On pairs that
it was not trained on: area under the curve of "the text says it"; then for each rule of `qa.answering.checks` how many
sentences that a text does not say it turns down, how many that the text says, and how many of the former the model would
turn down at as many of the latter. `--cite` asks what it adds to the decision of `qa cite` (`bench.citing_fit`) on
AttributionBench and WiCE, in folds that were not fitted on; `--limit N` on the first N of these claims.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import astuple
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench import data
from bench.citing_fit import FOLDS, evidence
from bench.claims import Claim, attributionbench, wice
from bench.entailment_net import Net, likely, trained
from bench.pairs import SAYS, Pair, pairs
from bench.vectors import Kept
from index.sentences import sentences
from qa.answering.checks.attribute import missing
from qa.answering.checks.hedges import unhedged
from qa.answering.checks.relations import turned
from qa.answering.checks.unsaid import unsaid
from qa.citing.agree import agreement, probability
from qa.citing.gather import gathered
from qa.citing.meanings import Meanings
from qa.citing.opening import uncapitalised, usage
from qa.commands.session import Session
from qa.models.resolve import resolve

BASE = "all-MiniLM-L6-v2"
RESULTS = Path(__file__).parent / "results"
_LEAST = 0.01  # log-odds are taken of nothing nearer to 0 or 1

Rule = Callable[[str, Sequence[str]], object]
RULES: tuple[tuple[str, Rule], ...] = (
    ("relations: who does what", lambda said, quotes: turned(said, quotes) == "it turns round who does what"),
    ("relations: whose figure", lambda said, quotes: turned(said, quotes) == "its quote says that of another figure"),
    ("relations: opposites", lambda said, quotes: turned(said, quotes) == "it says the opposite of its quote"),
    ("relations: denials", lambda said, quotes: (turned(said, quotes) or "").startswith("it affirms")),
    ("hedges", lambda said, quotes: unhedged(said, quotes[0])),
    ("unsaid words", unsaid),
    ("figures, names, dates", missing),
)


def main() -> None:
    """Train where that was not done, and print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path)
    options.add_argument("--cite", action="store_true", help="what it adds to the decision of `qa cite`")
    options.add_argument("--limit", type=int, help="with --cite: so many claims")
    given = options.parse_args()
    folder = data.folder(given.data)
    session = Session()
    settings = session.settings()
    base = resolve(BASE, "embed", settings.models).folder
    learning, measured = pairs(folder)
    net = _net(base, learning)
    if given.cite:
        _cite(net, base, Meanings(Kept(session.loaders.embedder(settings))), folder, given.limit)
        return
    found = likely(net, base, measured)[:, SAYS]
    for origin in dict.fromkeys(pair.origin for pair in measured):
        chosen = np.array([pair.origin == origin for pair in measured])
        _report(origin, [pair for pair in measured if pair.origin == origin], found[chosen])


def _net(base: Path, learning: Sequence[Pair]) -> Net:
    """What was trained on these pairs before, else what is trained now."""
    key = hashlib.sha256(repr([astuple(pair) for pair in learning]).encode()).hexdigest()[:12]
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"entailment-{key}.pt"
    if file.exists():
        net = Net(base)
        net.load_state_dict(torch.load(file, weights_only=True))
        return net
    net = trained(base, learning)
    torch.save(net.state_dict(), file)
    return net


def _report(origin: str, chosen: Sequence[Pair], says: Any) -> None:
    truth = np.array([pair.label == SAYS for pair in chosen])
    print(f"{origin}: {truth.sum()} said, {(~truth).sum()} not; area under the curve {roc_auc_score(truth, says):.3f}")
    quotes = [[sentence.text for sentence in sentences(pair.text, 0, len(pair.text))] for pair in chosen]
    for name, rule in RULES:
        down = np.array([bool(rule(pair.sentence, quoted)) for pair, quoted in zip(chosen, quotes, strict=True)])
        wrongly = int(down[truth].sum())
        least = np.sort(says[truth])[wrongly] if wrongly < truth.sum() else 1.0
        print(
            f"  {name:26} turns down {down[~truth].mean():.3f} of what is not said, {down[truth].mean():.3f} of what is;"
            f" the model at as many of these: {(says[~truth] < least).mean():.3f}",
            flush=True,
        )


def _cite(net: Net, base: Path, meanings: Meanings, folder: Path, limit: int | None) -> None:
    """The regression of `qa cite` with what the model makes of its quotes, and without."""
    both = (claim for pair in zip_longest(wice(folder), attributionbench(folder)) for claim in pair if claim)
    claims = [claim for claim in both if claim.sentences][:limit]
    seen, read = zip(*(_best(claim, meanings) for claim in claims), strict=True)
    told = np.clip(likely(net, base, read)[:, :2], _LEAST, 1 - _LEAST)
    x = np.hstack([np.array(seen), np.log(told / (1 - told))])  # (claims, features and the model's two)
    y = np.array([claim.supported for claim in claims])
    folds = np.array([crc32(claim.group.encode()) % FOLDS for claim in claims])
    sets = np.array([claim.origin == "WiCE" for claim in claims])
    weight = np.where(sets, len(y) / (2 * sets.sum()), len(y) / (2 * (~sets).sum()))
    print(f"{len(y)} claims, area under the curve{'':8}AttributionBench      WiCE")
    features = np.arange(x.shape[1])
    for name, columns in (("as it ships", features[:-2]), ("and says", features[:-1]), ("and denies", features)):
        unseen = np.zeros(len(y))
        for fold in range(FOLDS):
            fitted = LogisticRegression(C=10, max_iter=1000).fit(
                x[folds != fold][:, columns], y[folds != fold], sample_weight=weight[folds != fold]
            )
            unseen[folds == fold] = fitted.decision_function(x[folds == fold][:, columns])
        areas = (roc_auc_score(y[one], unseen[one]) for one in (~sets, sets))
        print(f"{name:46}" + "".join(f"{area:10.3f}" for area in areas))


def _best(claim: Claim, meanings: Meanings) -> tuple[tuple[float, ...], Pair]:
    """The features of the quotes that `qa cite` would take, and those quotes beside the claim."""
    text = uncapitalised(claim.text, usage(claim.sentences))
    weighed = [
        (agreement(text, one.texts, meanings, known=one.known), one.texts)
        for one in gathered(text, evidence(text, claim, meanings), meanings)
    ]
    found, texts = max(weighed, key=lambda one: probability(one[0]))
    return astuple(found), Pair(" ".join(texts), text, SAYS, claim.origin)


if __name__ == "__main__":
    main()
