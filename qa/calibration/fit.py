"""Fits the decision to a model: the coefficients that ship, moved as far as the user's own questions with known answers carry. Pure.

Takes what the pipeline weighed for each question, and which of it was right; returns new coefficients with their figures from folds that they were not fitted
on. A logistic regression whose penalty pulls towards the coefficients that ship, instead of towards zero: a few questions move little, many move much, and what
they say nothing of stays, as in Chelba and Acero, "Adaptation of maximum entropy capitalizer: little data can help a lot" (2006).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qa.answering.decide import LOG_ODDS, Coefficients, feature, probability, shipped

FOLDS = 5
# towards what ships, the inverse of the variance of models' coefficients about it in log-odds of the answer; compared
# by `python -m bench.unprobed`
PULL = 1.0
# of a signal that is seen as log-odds, from -4.6 to 4.6: its weight moves the answer's log-odds so much more than that
# of a share does
SPREAD = 2.0


@dataclass(frozen=True, slots=True)
class Tried:
    """A sentence or a phrase that was weighed as the answer.

    By which of the tables of coefficients, on what signals, and whether it was right. `instead` tells a sentence that
    stands in for a phrase and does not say it: where no phrase was weighed it has to be likelier right than
    not, else it is not shown.
    """

    table: str
    signals: Mapping[str, float]
    right: bool
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Weighing:
    """A question, whether the articles answer it, and what was weighed for it; nothing where nothing passed the checks."""

    answerable: bool
    tried: tuple[Tried, ...]


def coefficients(weighings: Sequence[Weighing], *, pull: float = PULL) -> Coefficients:
    """Coefficients for each table that something was weighed by.

    A question counts once, however much was weighed for it. Tables without any stay away.
    """
    found: dict[str, list[tuple[Tried, float]]] = {}
    for weighing in weighings:
        for tried in weighing.tried:
            share = sum(other.table == tried.table for other in weighing.tried)
            found.setdefault(tried.table, []).append((tried, 1.0 / share))
    return {table: _moved(shipped()[table], rows, pull) for table, rows in found.items()}


def pulls(names: Sequence[str], pull: float = PULL) -> list[float]:
    """How strongly each weight is held to the shipped one."""
    return [pull * (SPREAD**2 if name in LOG_ODDS else 1.0) for name in names]


def crossed(weighings: Sequence[Weighing], *, pull: float = PULL, folds: int = FOLDS) -> list[list[float]]:
    """For each question the probabilities of what was weighed, by coefficients that were fitted on the other folds."""
    fits = [
        coefficients([one for place, one in enumerate(weighings) if place % folds != fold], pull=pull)
        for fold in range(folds)
    ]
    return [probabilities(weighing, fits[place % folds]) for place, weighing in enumerate(weighings)]


def probabilities(weighing: Weighing, fitted: Coefficients) -> list[float]:
    """The probability of each thing weighed, by `fitted`, or by what ships where that has no such table."""
    tables = {**shipped(), **fitted}
    return [probability(tried.signals, tables[tried.table]) for tried in weighing.tried]


def _moved(start: Mapping[str, float], rows: Sequence[tuple[Tried, float]], pull: float) -> dict[str, float]:
    """`start` moved towards what the rows say, by Newton's method.

    A signal never counts against an answer: a weight that would fall below 0 is 0.
    """
    names = list(start)
    # (rows, weights)
    x = np.array(
        [[1.0 if name == "intercept" else feature(name, tried.signals[name]) for name in names] for tried, _ in rows]
    )
    y = np.array([float(tried.right) for tried, _ in rows])
    shares = np.array([share for _, share in rows])
    origin = np.array([start[name] for name in names])
    held = np.array(pulls(names, pull))
    free = np.ones(len(names), dtype=bool)
    while True:
        found = _minimum(x, y, shares, origin, free, held)
        against = free & (found < 0) & np.array([name != "intercept" for name in names])
        if not against.any():
            return {name: float(value) for name, value in zip(names, found, strict=True)}
        free &= ~against


def _minimum(x: Any, y: Any, shares: Any, origin: Any, free: Any, held: Any) -> Any:
    """The weights with the least penalised loss; those that are not free are 0."""
    weights = np.where(free, origin, 0.0)
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-(x @ weights)))
        slope = (x.T @ (shares * (p - y)) + held * (weights - origin))[free]
        curve = (x.T * (shares * p * (1 - p))) @ x + np.diag(held)
        step = np.linalg.solve(curve[np.ix_(free, free)], slope)
        weights[free] -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights
