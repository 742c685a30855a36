"""Fits how sure `qa cite` is that quotes say what a sentence says: `python -m bench.citing_fit`.

For every claim of AttributionBench and WiCE (dev): the quotes that `qa.citing.gather` takes of its reference, and what
`qa.citing.agree` sees in them. Reports AUROC and macro-F1 on folds that were not fitted on (claims on one question are
never in two folds). What was seen is kept in bench/results/. `--write` puts the coefficients into
qa/citing/decision.toml; the least probability there stays as it is. Nothing of bench/citing.jsonl is read.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import f1_score, roc_auc_score

from bench import data
from bench.claims import Claim, attributionbench, wice
from bench.vectors import Kept
from index.records import Metadata, Passage, Sentence
from qa.answering.checks.words import has_word, words
from qa.answering.evidence import Evidence
from qa.citing.agree import DECISION, Agreement, agreement, probability
from qa.citing.gather import gathered
from qa.citing.meanings import Meanings
from qa.citing.opening import uncapitalised, usage
from qa.commands.session import Session

SEEN = Path(__file__).parent / "results" / "citing_agreement.jsonl"
FOLDS = 5
WEAK = 0.05  # the penalty
AGAINST = ("figures", "names")
READ = 16  # sentences of a reference, those with most of the claim's words, that are embedded
READING = "# What a model's reading adds"  # what follows in the file is `bench.citing_reading`'s
FEATURES = tuple(field.name for field in fields(Agreement))


def main() -> None:
    """Collect what is missing, fit, report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path)
    options.add_argument("--kept", action="store_true", help="fit on what was seen so far, and collect nothing")
    options.add_argument("--write", action="store_true", help="put the coefficients into qa/citing/decision.toml")
    given = options.parse_args()
    folder = data.folder(given.data)
    pairs = zip_longest(wice(folder), attributionbench(folder))
    claims = [claim for pair in pairs for claim in pair if claim is not None and claim.sentences]
    rows = _seen([] if given.kept else claims)
    kept = [claim for claim in claims if claim.number in rows]
    x = np.array([[rows[claim.number][name] for name in FEATURES] for claim in kept])  # (claims, features)
    y = np.array([claim.supported for claim in kept])
    sets = np.array([claim.origin == "WiCE" for claim in kept])
    weight = np.where(sets, len(kept) / (2 * sets.sum()), len(kept) / (2 * (~sets).sum()))
    report = [f"{len(kept)} claims, {FOLDS} folds{'':14}AttributionBench F1  AUROC    WiCE F1  AUROC"]
    for name, chosen in (
        ("all", FEATURES),
        *((f"without {one}", tuple(other for other in FEATURES if other != one)) for one in FEATURES),
    ):
        report.append(_line(name, kept, x[:, [FEATURES.index(one) for one in chosen]], y, sets, weight, chosen))
    print("\n".join(report))
    weights = dict(zip(("intercept", *FEATURES), map(float, balanced(x, y, weight, FEATURES)), strict=True))
    print("\n".join(f"{name} = {value:.4f}" for name, value in weights.items()))
    if given.write:
        before = DECISION.read_text(encoding="utf-8")
        DECISION.write_text(_toml(weights, report, before[before.index(READING) :]), encoding="utf-8")


def _seen(claims: list[Claim]) -> dict[str, dict[str, float]]:
    """The features of every claim, collected once."""
    SEEN.parent.mkdir(exist_ok=True)
    rows: dict[str, dict[str, float]] = (
        dict(json.loads(line) for line in SEEN.read_text(encoding="utf-8").splitlines()) if SEEN.exists() else {}
    )
    missing = [claim for claim in claims if claim.number not in rows]
    if missing:
        session = Session()
        meanings = Meanings(Kept(session.loaders.embedder(session.settings())))
        with SEEN.open("a", encoding="utf-8") as out:
            for claim in missing:
                text = uncapitalised(claim.text, usage(claim.sentences))
                sets = gathered(text, evidence(text, claim, meanings), meanings)
                found = max((agreement(text, one.texts, meanings, known=one.known) for one in sets), key=probability)
                rows[claim.number] = asdict(found)
                out.write(json.dumps([claim.number, asdict(found)]) + "\n")
                out.flush()
    return rows


def evidence(text: str, claim: Claim, meanings: Meanings) -> list[Evidence]:
    """The sentences of the reference that share most with the claim, as one passage, each with its cosine to the claim for a score."""
    said = set(words(text))
    ranked = sorted(claim.sentences, key=lambda sentence: -sum(has_word(word, set(words(sentence))) for word in said))[
        :READ
    ]
    kept = [sentence for sentence in claim.sentences if sentence in ranked]
    placed, at = [], 0
    for sentence in kept:
        placed.append(Sentence(at, at + len(sentence), sentence))
        at += len(sentence) + 1
    passage = Passage(0, claim.number, 0, at - 1, " ".join(kept), None, tuple(placed), Metadata())
    scores = meanings.encode_passages(kept) @ meanings.encode_passages([text])[0]
    return [Evidence(sentence, passage, float(score)) for sentence, score in zip(placed, scores, strict=True)]


def _line(name: str, claims: list[Claim], x: Any, y: Any, sets: Any, weight: Any, chosen: Sequence[str]) -> str:
    """Macro-F1 at one half, and AUROC, on each set, of a regression fitted on the other folds."""
    folds = np.array([crc32(claim.group.encode()) % FOLDS for claim in claims])
    unseen = np.zeros(len(claims))
    for fold in range(FOLDS):
        found = balanced(x[folds != fold], y[folds != fold], weight[folds != fold], chosen)
        unseen[folds == fold] = found[0] + x[folds == fold] @ found[1:]
    cells = [
        f"{100 * f1_score(y[one], unseen[one] > 0, average='macro'):.1f}  {roc_auc_score(y[one], unseen[one]):.3f}"
        if one.any()
        else ""
        for one in (~sets, sets)
    ]
    return f"{name:38} {cells[0]:>20} {cells[1]:>18}"


def balanced(x: Any, y: Any, weight: Any, names: Sequence[str]) -> Any:  # (1 + features,)
    """Intercept and weights of a logistic regression in which nothing that speaks for a claim counts against it, nor the other way round."""

    def loss(found: Any) -> tuple[float, Any]:
        z = found[0] + x @ found[1:]
        error = weight * (1 / (1 + np.exp(-z)) - y)
        value = (weight * (np.logaddexp(0, z) - y * z)).sum() + WEAK * (found[1:] ** 2).sum()
        return float(value), np.r_[error.sum(), x.T @ error + 2 * WEAK * found[1:]]

    bounds = [(None, None), *((None, 0) if name in AGAINST else (0, None) for name in names)]
    return minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x


def _toml(weights: dict[str, float], report: list[str], thresholds: str) -> str:
    head = (
        f"# Weights fitted on {datetime.now(UTC):%Y-%m-%d} by `python -m bench.citing_fit --write`\n"
        "# on AttributionBench (dev) and WiCE (dev), each counting half.\n"
        "# What each feature is, qa/citing/agree.py says. Figures from folds that were not fitted on:\n"
    )
    body = "\n[weights]\n" + "".join(f"{name} = {value:.4f}\n" for name, value in weights.items())
    return head + "".join(f"# {line}".rstrip() + "\n" for line in report) + body + "\n" + thresholds


if __name__ == "__main__":
    main()
