"""Fits and measures how well quotes support a claim: `python -m bench.attribution`.

For every claim of AttributionBench and WiCE (dev): the few sentences of its reference that a citation would quote, what
`qa.answering.checks.support` sees in them, and, with `--ask`, what the language model makes of each claim of
AttributionBench: its P(yes), and its state as it replies. Reports macro-F1, AUROC and calibration on folds that were
not fitted on (claims on one question are never in two folds), with each part alone beside the whole. What the models
say is kept in bench/results/ and collected only once. `--write` puts the coefficients into qa/answering/support.toml.
Nothing of the seed questions is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score

from bench import data
from bench.claims import attributionbench, wice
from bench.seen import Row, seen
from bench.states import fitted_probe
from qa.answering.checks.logistic import log_odds
from qa.answering.checks.support import COEFFICIENTS

FOLDS = 5
WEAK, PROBE = 10.0, 0.0005  # the inverse of the penalty, of few features and of a state's 1,536
WORDS = ("held", "pairs", "figures", "names")
ALL = (*WORDS, "similarity")


def main() -> None:
    """Collect what is missing, fit, report."""
    options = data.options(__doc__)
    options.add_argument(
        "--ask",
        action="store_true",
        help="ask the language model about every claim of AttributionBench (1,198; 2 s each)",
    )
    options.add_argument("--write", action="store_true", help="put the coefficients into qa/answering/support.toml")
    given = options.parse_args()
    folder = data.folder(given.data)
    claims = attributionbench(folder)
    rows = seen([*claims, *wice(folder)], {claim.origin for claim in claims} if given.ask else ())
    weights, report = fitted(rows)
    print("\n".join(report))
    if given.write:
        COEFFICIENTS.write_text(_toml(weights, report), encoding="utf-8")


def fitted(rows: Sequence[Row]) -> tuple[dict[str, dict[str, float]], list[str]]:
    """The coefficients fitted on all rows, by section of qa/answering/support.toml, and figures from folds that were not fitted on."""
    unseen = _unseen(rows, _features(rows, ALL))
    weights = {"words": _weights(rows, _features(rows, ALL), ALL)}
    report = [
        f"{len(rows)} claims, {FOLDS} folds",
        _head(),
        _line("words alone", rows, _unseen(rows, _features(rows, WORDS))),
        _line("similarity alone", rows, _unseen(rows, _features(rows, ("similarity",)))),
        _line("words and similarity", rows, unseen),
        *_by_origin(rows, unseen),
        *_calibration(rows, unseen),
        *_reference_length(rows),
    ]
    asked = [(row, row.opinion, before) for row, before in zip(rows, unseen, strict=True) if row.opinion is not None]
    if asked:
        some, without = [row for row, _, _ in asked], np.array([before for _, _, before in asked])
        yes = np.array([[log_odds(opinion.yes)] for _, opinion, _ in asked])
        probed = _unseen(some, np.array([opinion.state for _, opinion, _ in asked]), PROBE)
        together = _unseen(some, np.c_[_odds(without), _odds(probed)])
        report += [
            f"the {len(asked)} claims that the model was asked about",
            _head(),
            _line("the model's P(yes)", some, _unseen(some, yes)),
            _line("a probe of its state", some, probed),
            _line("words and similarity", some, without),
            _line("with P(yes)", some, _unseen(some, np.c_[_odds(without), yes])),
            _line("with the probe", some, together),
            *_by_origin(some, together),
        ]
    return weights, report


def _weights(rows: Sequence[Row], x: Any, names: Sequence[str]) -> dict[str, float]:
    model = _model(rows, x)
    return {"intercept": float(model.intercept_[0])} | {
        name: float(value) for name, value in zip(names, model.coef_[0], strict=True)
    }


def _unseen(rows: Sequence[Row], x: Any, strength: float = WEAK) -> Any:  # (claims,)
    """P(supported) of every row, by a regression that was fitted on the other folds; `x` is (claims, features)."""
    folds = np.array([crc32(row.claim.group.encode()) % FOLDS for row in rows])
    probabilities = np.zeros(len(rows))
    for fold in range(FOLDS):
        model = _model(
            [row for row, place in zip(rows, folds, strict=True) if place != fold], x[folds != fold], strength
        )
        probabilities[folds == fold] = model.predict_proba(x[folds == fold])[:, 1]
    return probabilities


def _model(rows: Sequence[Row], x: Any, strength: float = WEAK) -> Any:
    """Fitted with both sets counting the same, however many claims each has."""
    sizes = Counter(_set(row) for row in rows)
    weights = np.array([len(rows) / (len(sizes) * sizes[_set(row)]) for row in rows])
    if strength == WEAK:
        return LogisticRegression(C=WEAK, max_iter=1000).fit(x, _supported(rows), weights)
    return fitted_probe(x, _supported(rows), weights, strength)


def _odds(probabilities: Any) -> Any:
    return np.log(probabilities / (1 - probabilities))


def _features(rows: Sequence[Row], names: Sequence[str]) -> Any:  # (claims, features)
    return np.array([[getattr(row.seen, name) for name in names] for row in rows])


def _supported(rows: Sequence[Row]) -> Any:  # (claims,)
    return np.array([row.claim.supported for row in rows])


def _set(row: Row) -> str:
    return "WiCE" if row.claim.origin == "WiCE" else "AttributionBench"


def _head() -> str:
    return f"{'':22} {'AttributionBench F1':>20} {'AUROC':>6} {'WiCE F1':>10} {'AUROC':>6}"


def _line(name: str, rows: Sequence[Row], probabilities: Any) -> str:
    """A row of the table: macro-F1 at one half, and AUROC, on each set."""
    y, sets = _supported(rows), np.array([_set(row) for row in rows])
    cells = [_figures(y[sets == one], probabilities[sets == one]) for one in ("AttributionBench", "WiCE")]
    return f"{name:22} {cells[0][0]:>20} {cells[0][1]:>6} {cells[1][0]:>10} {cells[1][1]:>6}"


def _figures(y: Any, probabilities: Any) -> tuple[str, str]:
    if len(set(y.tolist())) < 2:
        return "", ""
    return f"{100 * f1_score(y, probabilities > 0.5, average='macro'):.1f}", f"{roc_auc_score(y, probabilities):.3f}"


def _by_origin(rows: Sequence[Row], probabilities: Any) -> list[str]:
    y, origins = _supported(rows), np.array([row.claim.origin for row in rows])
    lines = []
    for origin in sorted(set(origins.tolist()) - {"WiCE"}):
        f1, area = _figures(y[origins == origin], probabilities[origins == origin])
        lines.append(f"  {origin + f' ({(origins == origin).sum()})':24} {f1:>16} {area:>6}")
    return lines


def _calibration(rows: Sequence[Row], probabilities: Any, bins: int = 10) -> list[str]:
    """Expected calibration error (Guo et al. 2017), and how often claims at both ends are supported."""
    y, sets = _supported(rows), np.array([_set(row) for row in rows])
    lines = []
    for one in ("AttributionBench", "WiCE"):
        right, sure = y[sets == one], probabilities[sets == one]
        place = np.minimum((sure * bins).astype(int), bins - 1)
        error = sum(
            abs(sure[place == b].mean() - right[place == b].mean()) * (place == b).mean()
            for b in range(bins)
            if (place == b).any()
        )
        high, low = sure >= 0.8, sure < 0.2
        lines.append(f"{one}: expected calibration error {error:.3f}")
        lines.append(
            f"  supported of {high.sum()} at 0.8 or more: {_rate(right, high)}; of {low.sum()} under "
            f"0.2: {_rate(right, low)}"
        )
    return lines


def _rate(right: Any, chosen: Any) -> str:
    return f"{right[chosen].mean():.2f}" if chosen.any() else "none"


def _reference_length(rows: Sequence[Row]) -> list[str]:
    """How much the length of the reference gives away.

    An artefact of how the sets were made, so nothing of it is fitted.
    """
    lines = []
    for origin in ("Stanford-GenSearch", "LFQA", "ExpertQA"):
        some = [row for row in rows if row.claim.origin == origin]
        if some:
            area = roc_auc_score(_supported(some), [-len(row.claim.sentences) for row in some])
            lines.append(f"a shorter reference alone, {origin}: AUROC {area:.3f} (not used)")
    return lines


def _toml(weights: dict[str, dict[str, float]], report: Sequence[str]) -> str:
    head = (
        f"# Fitted on {datetime.now(UTC):%Y-%m-%d} by `python -m bench.attribution --write` on AttributionBench (dev, "
        f"1,198 claims) and WiCE (dev, 1,043),\n"
        "# each counting half; nothing else. What each feature is, qa/answering/checks/support.py says. Figures from "
        "folds that were not fitted on:\n"
    )
    body = "".join(
        f"\n[{part}]\n" + "".join(f"{name} = {value:.4f}\n" for name, value in values.items())
        for part, values in weights.items()
    )
    return head + "".join(f"# {line}".rstrip() + "\n" for line in report) + body


if __name__ == "__main__":
    main()
