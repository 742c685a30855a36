"""The decision on phrases and its probe, fitted on weighed phrases, and how they do on questions that they were not fitted on. In: rows; out: a `Fit`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench.kept import Row
from bench.states import fitted_probe, unpacked
from qa.answer import DENIED
from qa.decide import feature

FOLDS = 5
STRENGTH = 0.0005  # of the probe, the inverse of its penalty
NATURAL = ("news", "news, its articles taken away")
UNPROBED = ("stated", "agreed", "coverage", "sentence", "known", "near", "articles")
PROBED = (*UNPROBED, "probed")
CAUTIONS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients fitted on all rows, the probe, and figures from folds that were not fitted on."""

    coefficients: dict[str, dict[str, float]]
    probe: Any
    report: list[str]

    def probe_toml(self, digest: str) -> str:
        """The probe as a file: the scale of the states is made part of its weights."""
        scale, regression = (self.probe[name] for name in ("standardscaler", "logisticregression"))
        weights = regression.coef_[0] / scale.scale_
        intercept = regression.intercept_[0] - weights @ scale.mean_
        lines = [", ".join(f"{weight:.3g}" for weight in weights[start : start + 16]) for start in range(0, len(weights), 16)]
        return (
            f"# The linear probe for phrases of qa/probe.py and the model {digest}, fitted by bench/phrases.py on what qa/calibration.toml names.\n"
            f'model = "{digest}"\nintercept = {intercept:.4f}\nweights = [\n' + "".join(f"    {line},\n" for line in lines) + "]\n"
        )


def fitted(rows: Sequence[Row]) -> Fit:
    """Fit the probe and the decision on the rows that have a phrase; folds are by question, so that one question is never on both sides."""
    held = [row for row in rows if row["signals"]]
    y = np.array([row["right"] for row in held], dtype=int)
    x = np.array([[feature(name, row["signals"][name]) for name in UNPROBED] for row in held])
    states = np.array([unpacked(row["state"]) for row in held])
    questions = {question: number for number, question in enumerate(dict.fromkeys(row["question"] for row in held))}
    owners = np.array([questions[row["question"]] for row in held])
    sizes = Counter(row["set"] for row in held)
    shares = np.array([len(held) / len(sizes) / sizes[row["set"]] for row in held])
    folds = owners % FOLDS
    probabilities = {"probed": np.zeros(len(y)), "unprobed": np.zeros(len(y)), "the probe alone": np.zeros(len(y))}
    for fold in range(FOLDS):
        test = folds == fold
        probe = fitted_probe(states[~test], y[~test], shares[~test], STRENGTH)
        read = _crossed(states[~test], y[~test], shares[~test], owners[~test])
        probabilities["the probe alone"][test] = probe.predict_proba(states[test])[:, 1]
        both = _regression(np.c_[x[~test], read], y[~test], shares[~test])
        probabilities["probed"][test] = both.predict_proba(np.c_[x[test], _log_odds(probe, states[test])])[:, 1]
        probabilities["unprobed"][test] = _regression(x[~test], y[~test], shares[~test]).predict_proba(x[test])[:, 1]
    coefficients = {
        "phrase_probed": _named(PROBED, _regression(np.c_[x, _crossed(states, y, shares, owners)], y, shares)),
        "phrase_unprobed": _named(UNPROBED, _regression(x, y, shares)),
    }
    report = [f"questions {len(rows)}, phrases {len(y)}, of which right {int(y.sum())}; area under the curve {roc_auc_score(y, probabilities['probed']):.3f}"]
    report += [f"  {name} alone: {roc_auc_score(y, x[:, number]):.3f}" for number, name in enumerate(UNPROBED)]
    report += [f"  the probe alone: {roc_auc_score(y, probabilities['the probe alone']):.3f}; all but it: {roc_auc_score(y, probabilities['unprobed']):.3f}"]
    report += _report(rows, held, probabilities["probed"])
    report.append(
        f"expected calibration error, ten bins: with the probe {_error(probabilities['probed'], y):.3f}, without {_error(probabilities['unprobed'], y):.3f}"
    )
    return Fit(coefficients, fitted_probe(states, y, shares, STRENGTH), report)


def _report(rows: Sequence[Row], held: Sequence[Row], probability: Any) -> list[str]:
    """For each set and caution: of all questions, those answered rightly, refused, and answered wrongly."""
    sure = {id(row): float(value) for row, value in zip(held, probability, strict=True)}
    lines = []
    for name in sorted({row["set"] for row in rows}):
        own = [row for row in rows if row["set"] == name]
        for caution in CAUTIONS:
            shown = [row for row in own if sure.get(id(row), 0.0) >= (max(caution, DENIED) if row["strange"] else caution)]
            right = sum(row["right"] for row in shown)
            lines.append(
                f"{name}, caution {caution}: right {right / len(own):.3f}, refused {1 - len(shown) / len(own):.3f}, wrong {(len(shown) - right) / len(own):.3f}"
            )
        lines.append(f"{name}: {sum(row['right'] for row in own) / len(own):.3f} of {len(own)} phrases are right, before anything is decided")
    return lines


def _crossed(states: Any, y: Any, shares: Any, owners: Any) -> Any:
    """The probe's log-odds for each phrase by a probe that was fitted on other questions."""
    read = np.zeros(len(y))
    places = np.unique(owners, return_inverse=True)[1]
    for fold in range(FOLDS):
        test = places % FOLDS == fold
        read[test] = _log_odds(fitted_probe(states[~test], y[~test], shares[~test], STRENGTH), states[test])
    return read


def _log_odds(probe: Any, states: Any) -> Any:
    return np.array([feature("probed", float(value)) for value in probe.predict_proba(states)[:, 1]])


def _regression(x: Any, y: Any, shares: Any) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000).fit(x, y, sample_weight=shares)


def _named(names: Sequence[str], model: Any) -> dict[str, float]:
    return {"intercept": float(model.intercept_[0])} | {name: float(value) for name, value in zip(names, model.coef_[0], strict=True)}


def _error(confidence: Any, right: Any, bins: int = 10) -> float:
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(sum(abs(confidence[place == one].mean() - right[place == one].mean()) * (place == one).mean() for one in range(bins) if (place == one).any()))
