"""Read from a model's hidden state whether a sentence answers the question: a linear probe. Pure.

Asked whether quotes give a sentence as the answer, a small model replies worse than it knows: a logistic regression
over the residual stream from which it would reply ranks candidates better than its P(yes). After Azaria and Mitchell,
"The internal state of an LLM knows when it's lying" (2023), and Slobodkin et al., "The curious case of hallucinatory
(un)answerability" (2023). The weights fit one model and are in `qa/answering/probe.toml`; `python -m bench.decision`
fits them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.answering.checks.logistic import sigmoid

PROBE = Path(__file__).parent / "probe.toml"


@dataclass(frozen=True, slots=True)
class Probe:
    """A logistic regression over the states of the model `digest`; as many weights as a state has numbers."""

    digest: str
    intercept: float
    weights: tuple[float, ...]


def probed(state: Sequence[float], digest: str) -> float | None:
    """Return P(the sentence answers the question) from the state in which the model would confirm it.

    None if the probe was not fitted on the model `digest`.
    """
    probe = _probe()
    if digest != probe.digest or len(state) != len(probe.weights):
        return None
    return sigmoid(probe.intercept + sum(weight * value for weight, value in zip(probe.weights, state, strict=True)))


def is_of(digest: str) -> bool:
    """Whether the probe, and with it the decision that ships, was fitted on the model `digest`."""
    return _probe().digest == digest


@cache
def _probe() -> Probe:
    table = tomllib.loads(PROBE.read_text(encoding="utf-8"))
    return Probe(table["model"], table["intercept"], tuple(table["weights"]))
