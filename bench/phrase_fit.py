"""The decision on phrases, fitted on weighed phrases, and how they do on questions that they were not fitted on.

Takes rows; returns a `Fit`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench.fit import named
from bench.kept import Row
from bench.quiz import calibration_error
from qa.answering.answer import LIKELY
from qa.answering.decide import feature

FOLDS = 5
NATURAL = ("news", "news, its articles taken away")
UNSURE = ("stated", "agreed", "sentence", "articles")
SIGNALS = (*UNSURE, "sure")
CAUTIONS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients fitted on all rows, and figures from folds that were not fitted on."""

    coefficients: dict[str, dict[str, float]]
    report: list[str]


def fitted(rows: Sequence[Row]) -> Fit:
    """Fit the decision on the rows that have a phrase, with how sure the model wrote and without.

    Folds are by question: none is on both sides.
    """
    held = [row for row in rows if row["signals"]]
    y = np.array([row["right"] for row in held], dtype=int)
    x = np.array([[feature(name, row["signals"][name]) for name in SIGNALS] for row in held])
    questions = {question: number for number, question in enumerate(dict.fromkeys(row["question"] for row in held))}
    folds = np.array([questions[row["question"]] for row in held]) % FOLDS
    coefficients, probability = {}, {}
    for kind, names in (("phrase", SIGNALS), ("phrase_unsure", UNSURE)):
        own = x[:, : len(names)]
        probability[kind] = np.zeros(len(y))
        for fold in range(FOLDS):
            test = folds == fold
            probability[kind][test] = _regression(own[~test], y[~test]).predict_proba(own[test])[:, 1]
        coefficients[kind] = named(names, _regression(own, y))
    sure = probability["phrase"]
    report = [
        f"questions {len(rows)}, phrases {len(y)}, of which right {int(y.sum())}; area under the "
        f"curve {roc_auc_score(y, sure):.3f}"
    ]
    report.append(f"  without how sure it wrote {roc_auc_score(y, probability['phrase_unsure']):.3f}")
    report += [f"  {name} alone: {roc_auc_score(y, x[:, number]):.3f}" for number, name in enumerate(SIGNALS)]
    report += _report(rows, held, sure)
    report.append(
        f"expected calibration error, ten bins: with it {calibration_error(sure.tolist(), y.tolist()):.3f}, "
        f"without {calibration_error(probability['phrase_unsure'].tolist(), y.tolist()):.3f}"
    )
    return Fit(coefficients, report)


def _report(rows: Sequence[Row], held: Sequence[Row], probability: Any) -> list[str]:
    """For each set and caution: of all questions, those answered rightly, refused, and answered wrongly."""
    sure = {id(row): float(value) for row, value in zip(held, probability, strict=True)}
    lines = []
    for name in sorted({row["set"] for row in rows}):
        own = [row for row in rows if row["set"] == name]
        for caution in CAUTIONS:
            shown = [
                row for row in own if sure.get(id(row), 0.0) >= (max(caution, LIKELY) if row["strange"] else caution)
            ]
            right = sum(row["right"] for row in shown)
            lines.append(
                f"{name}, caution {caution}: right {right / len(own):.3f}, refused {1 - len(shown) / len(own):.3f}, "
                f"wrong {(len(shown) - right) / len(own):.3f}"
            )
        lines.append(
            f"{name}: {sum(row['right'] for row in own) / len(own):.3f} of {len(own)} phrases are right, "
            f"before anything is decided"
        )
    return lines


def _regression(x: Any, y: Any) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000).fit(x, y)
