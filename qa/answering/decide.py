"""Decide whether the question is answered, and how sure that is.

Decided outside the model that wrote the draft, by a logistic regression over four signals.

The coefficients and where they come from stand in `qa/answering/calibration.toml`; `python -m bench.decision` fits
them. Pure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from qa.answering.checks.logistic import log_odds, sigmoid
from qa.answering.checks.relative import relative
from qa.answering.checks.words import has_word, words
from qa.answering.evidence import Evidence
from qa.answering.guarantee import Measured

CALIBRATION = Path(__file__).parent / "calibration.toml"

# signals that are probabilities of a model's
LOG_ODDS = frozenset({"answerable", "confirmed", "stated", "agreed", "sure", "probed"})

Coefficients = Mapping[str, Mapping[str, float]]  # of each table of `CALIBRATION`, by signal


@dataclass(frozen=True, slots=True)
class Decision:
    """What a model is decided by: coefficients instead of those that ship, the caution where the settings name none, and what an answer says of both."""

    coefficients: Coefficients = field(default_factory=dict)
    caution: float | None = None
    note: str = ""
    measured: Measured | None = None  # how often what it shows is wrong; None: as what ships


SHIPPED = Decision()


def as_shipped(_: str) -> Decision:
    """Decides any model by what ships."""
    return SHIPPED


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a sentence as the answer. All in [0, 1].

    `answerable`: the model's P(yes) that what it read answers the question. `confirmed`: its P(yes) that the quotes
    give the sentence as the answer. `coverage`: the share of the question's content words in the quotes, their titles
    and headings. `probed`: what a linear probe reads off the model's state as it confirms, None for a model that the
    probe was not fitted on. How well the quotes hold the sentence, how near they are to the question, and whether they
    hold its names were tried too: they add nothing (docs/decisions.md).
    """

    answerable: float
    confirmed: float
    coverage: float
    probed: float | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What speaks for a phrase as the answer. All in [0, 1].

    `stated`: the model's P(yes) that what it read states an answer. `agreed`: its P(yes) that the reading gives the
    phrase as the answer. `sentence`: the share of the question's content words in the phrase's sentence and the title.
    `articles`: how many articles have the phrase beside the question's words, of four. `sure`: how probable the phrase
    was as it was written, None where the engine does not tell. The same share of the passage, the question's names in
    it, and how well the sentence matches the question add nothing (docs/decisions.md).
    """

    stated: float
    agreed: float
    sentence: float
    articles: float
    sure: float | None = None


def probability_of_phrase(signals: Named, decision: Decision = SHIPPED) -> float:
    """P(the phrase answers the question), by the fitted coefficients."""
    return _probability(signals, decision)


def probability_of_answer(signals: Signals, decision: Decision = SHIPPED) -> float:
    """P(the claims answer the question), by the fitted coefficients."""
    return _probability(signals, decision)


def table_of(given: Mapping[str, float | None]) -> str:
    """The table of coefficients for the signals that are given.

    Those of a phrase or of a sentence, with what some models do not tell or without.
    """
    kinds = ("phrase", "phrase_unsure", "sure") if "stated" in given else ("probed", "unprobed", "probed")
    return kinds[0] if given.get(kinds[2]) is not None else kinds[1]


def settled(signals: Signals, least: float) -> Signals:
    """The signals with what the model thinks raised to `least`."""
    probed = None if signals.probed is None else max(signals.probed, least)
    return replace(
        signals, answerable=max(signals.answerable, least), confirmed=max(signals.confirmed, least), probed=probed
    )


def feature(name: str, value: float) -> float:
    """A signal as the regression sees it: the model's probabilities as log-odds, the rest as it is."""
    if name in LOG_ODDS:
        return log_odds(value)
    return value


def coverage(question: str, quotes: Sequence[Evidence]) -> float:
    """The share of the question's content words that stand in the quotes, their titles or headings.

    "this year" stands for the year it is.
    """
    asked = set(words(question))
    if not asked:
        return 0.0
    held: set[str] = set()
    for quote in quotes:
        metadata = quote.passage.metadata
        times = (meaning for _, meaning in relative(quote.sentence.text, metadata.date))
        held.update(words(" ".join(filter(None, (quote.sentence.text, metadata.title, quote.passage.heading, *times)))))
    return sum(has_word(word, held) for word in asked) / len(asked)


def _probability(signals: Signals | Named, decision: Decision) -> float:
    given = asdict(signals)
    table = table_of(given)
    weights = decision.coefficients[table] if table in decision.coefficients else shipped()[table]
    return probability(given, weights)


def probability(signals: Mapping[str, Any], weights: Mapping[str, float]) -> float:
    """The logistic regression of one table, on signals by name."""
    return sigmoid(
        sum(weight * (1.0 if name == "intercept" else feature(name, signals[name])) for name, weight in weights.items())
    )


@cache
def shipped() -> Coefficients:
    """The coefficients that come with the program."""
    return tomllib.loads(CALIBRATION.read_text(encoding="utf-8"))
