"""Fit the decision and the probe on weighed candidates, and measure them on questions they were not fitted on.

Takes rows; returns a `Fit`. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bench.kept import Row
from bench.quiz import calibration_error
from bench.states import fitted_probe, unpacked
from qa.answering.answer import LIKELY
from qa.answering.decide import feature
from qa.answering.draft import HOPELESS

FOLDS = 5
# of the probe, the inverse of its penalty: chosen, as its layer was, on the folds of 361 of these questions; 0.001 and
# 0.003 are alike
STRENGTH = 0.002
UNPROBED = ("answerable", "confirmed", "coverage")
# the signals that the probe stands beside: it reads all that the model's P(yes) for the same prompt says, and more
BESIDE = ("answerable", "coverage")
CAUTIONS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
ADVERSARIAL = "SQuAD 2, open"  # its unanswerable questions are written to deceive: reported, and not chosen on


@dataclass(frozen=True, slots=True)
class Fit:
    """What comes of the rows: coefficients fitted on all of them.

    Figures and curves from folds that were not fitted on.
    """

    coefficients: dict[str, dict[str, float]]  # with the probe and without
    probe: LogisticRegression
    report: list[str]
    drawn: dict[str, list[tuple[float, float]]]


def fitted(rows: Sequence[Row]) -> Fit:
    """Fit the probe and the decision."""
    owners = np.array([number for number, row in enumerate(rows) for _ in row["candidates"]])
    x, states, y = _matrices(rows)
    beside = x[:, [UNPROBED.index(name) for name in BESIDE]]
    sizes = Counter(row["set"] for row in rows)
    shares = np.array([len(rows) / len(sizes) / sizes[rows[owner]["set"]] for owner in owners])
    folds = owners % FOLDS
    probabilities = {"probed": np.zeros(len(y)), "unprobed": np.zeros(len(y)), "the probe alone": np.zeros(len(y))}
    for fold in range(FOLDS):
        test = folds == fold
        probe = fitted_probe(states[~test], y[~test], shares[~test], STRENGTH)
        # what the probe says where it was not fitted: so it is trusted as it deserves
        read = _crossed(states[~test], y[~test], shares[~test], owners[~test])
        probabilities["the probe alone"][test] = probe.predict_proba(states[test])[:, 1]
        with_probe = _regression(np.c_[beside[~test], read], y[~test], shares[~test])
        probabilities["probed"][test] = with_probe.predict_proba(np.c_[beside[test], _log_odds(probe, states[test])])[
            :, 1
        ]
        probabilities["unprobed"][test] = _regression(x[~test], y[~test], shares[~test]).predict_proba(x[test])[:, 1]
    coefficients = {
        "probed": named(
            (*BESIDE, "probed"), _regression(np.c_[beside, _crossed(states, y, shares, owners)], y, shares)
        ),
        "unprobed": named(UNPROBED, _regression(x, y, shares)),
    }
    answerable = np.array([row["answerable"] for row in rows])
    best = np.array([probabilities["probed"][owners == number].max(initial=0.0) for number in range(len(rows))])
    right = np.array(
        [_is_best_right(y, probabilities["probed"], owners == number) for number in range(len(rows))], dtype=bool
    )
    report = [
        f"candidates {len(y)}, of which right {int(y.sum())}; area under the "
        f"curve {roc_auc_score(y, probabilities['probed']):.3f}"
    ]
    report += [f"  {name} alone: {roc_auc_score(y, x[:, number]):.3f}" for number, name in enumerate(UNPROBED)]
    report += [
        f"  the probe alone: {roc_auc_score(y, probabilities['the probe alone']):.3f}; all but "
        f"it: {roc_auc_score(y, probabilities['unprobed']):.3f}"
    ]
    report += _report(rows, best, right, answerable)
    return Fit(
        coefficients,
        fitted_probe(states, y, shares, STRENGTH),
        report,
        curves(best, right, answerable, [row["set"] for row in rows]),
    )


def _is_best_right(y: Any, probabilities: Any, own: Any) -> bool:
    """Whether the likeliest of a question's candidates is right."""
    return bool(own.any() and y[own][probabilities[own].argmax()])


def named(names: Sequence[str], model: Any) -> dict[str, float]:
    """The coefficients of a fitted regression by the names of its columns."""
    return {"intercept": float(model.intercept_[0])} | {
        name: float(value) for name, value in zip(names, model.coef_[0], strict=True)
    }


def _crossed(states: Any, y: Any, shares: Any, owners: Any) -> Any:
    """The probe's log-odds for each candidate by a probe that was fitted on other questions."""
    read = np.zeros(len(y))
    places = np.unique(owners, return_inverse=True)[1]
    for fold in range(FOLDS):
        test = places % FOLDS == fold
        read[test] = _log_odds(fitted_probe(states[~test], y[~test], shares[~test], STRENGTH), states[test])
    return read


def _log_odds(probe: Any, states: Any) -> Any:
    return np.array([feature("probed", float(value)) for value in probe.predict_proba(states)[:, 1]])


def _report(rows: Sequence[Row], best: Any, right: Any, answerable: Any) -> list[str]:
    lines = []
    strange = np.array([row["strange"] for row in rows])
    shown_at = {caution: best >= np.where(strange, max(caution, LIKELY), caution) for caution in CAUTIONS}
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
                f"{name}, caution {caution}: answered {answered:.2f}, refused {refused:.2f}, balanced "
                f"accuracy {(answered + refused) / 2:.3f},"
                f" right among answered {correct:.2f}"
            )
    lines += [
        f"caution {caution}: balance that the default is chosen by {_balance(rows, shown, answerable):.3f}"
        for caution, shown in shown_at.items()
    ]
    lines.append(
        f"a name that nothing found mentions: {int(strange.sum())} "
        f"questions, {int((strange & answerable).sum())} of them answerable"
    )
    hopeless = np.array(
        [any(candidate["signals"]["answerable"] < HOPELESS for candidate in row["candidates"]) for row in rows]
    )
    lines.append(
        f"never drafted, for P(answerable) < {HOPELESS}: {int(hopeless.sum())} "
        f"questions, {int((hopeless & answerable).sum())} of them answerable;"
        f" at caution 0.15 {int((hopeless & (best >= 0.15)).sum())} would have been answered"
    )
    lines.append(
        f"expected calibration error of the best candidate, ten bins: {calibration_error(best.tolist(), right.tolist()):.3f}"
    )
    return lines


def _balance(rows: Sequence[Row], shown: Any, answerable: Any) -> float:
    """The mean of what is answered of the answerable and what is refused of the others, each set counting alike, the adversarial ones aside."""
    sets = np.array([row["set"] for row in rows])
    answered = [shown[answerable & (sets == name)].mean() for name in sorted(set(sets[answerable]))]
    refused = [
        (~shown)[~answerable & (sets == name)].mean() for name in sorted(set(sets[~answerable])) if name != ADVERSARIAL
    ]
    return float((np.mean(answered) + np.mean(refused)) / 2)


def curves(best: Any, right: Any, answerable: Any, sets: Any) -> dict[str, list[tuple[float, float]]]:
    """Risk against coverage, by set: of the questions sorted by confidence, the share answered so far and the share of those that is not right."""
    found = {}
    for name in sorted(set(sets)):
        chosen = np.array([each == name for each in sets])
        if (chosen & answerable).any():
            wrong = ~right[chosen][np.argsort(-best[chosen], kind="stable")]
            counted = np.arange(1, len(wrong) + 1)
            found[name] = [
                (float(count / len(wrong)), float(risk))
                for count, risk in zip(counted, np.cumsum(wrong) / counted, strict=True)
            ]
    return found


def _regression(x: Any, y: Any, shares: Any) -> LogisticRegression:
    return LogisticRegression(C=1.0, max_iter=1000).fit(x, y, sample_weight=shares)


# (candidates, signals but the probe's), (candidates, hidden size), (candidates,)
def _matrices(rows: Sequence[Row]) -> tuple[Any, Any, Any]:
    candidates = [candidate for row in rows for candidate in row["candidates"]]
    x = np.array([[feature(name, candidate["signals"][name]) for name in UNPROBED] for candidate in candidates])
    states = np.array([unpacked(candidate["state"]) for candidate in candidates])
    return x, states, np.array([candidate["right"] for candidate in candidates], dtype=int)
