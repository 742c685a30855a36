"""Measure how far a sentence and quotes agree, as numbers and as a probability.

Pure, except for the embedder it is given.

Words of the sentence that no quote holds are compared with the quotes' words by meaning: "repair" is near "mend",
"museum" may be near nothing. The coefficients are in `qa/citing/decision.toml`; `python -m bench.citing_fit --write`
fits them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass, fields, replace
from pathlib import Path

from qa.answering.checks.facts import facts
from qa.answering.checks.logistic import coefficients, log_odds, sigmoid
from qa.answering.checks.support import lacking_figures, neighbours_held
from qa.answering.checks.tokens import tokens
from qa.answering.checks.unsaid import unsaid
from qa.answering.checks.words import has_word, words
from qa.citing.meanings import Meanings

_LONG = 6  # letters: of a shorter name another may be the beginning, as Niger is of Nigeria
_CALLED = tuple(
    frozenset(words(group)) for group in ("US America American Americans", "UK Britain British Briton", "EU European")
)
DECISION = Path(__file__).parent / "decision.toml"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is compared.

    `meant`: the mean over the sentence's content words (names and figures aside) of the cosine to the nearest word of
    the quotes, 1 for a word that they hold. `pairs`: the share of its neighbouring content words that are neighbours in
    a quote. `whole`: how much of its meaning the quotes hold. `figures` and `names`: how many of its numbers and dates,
    and names, stand in no quote, as log(1 + n).
    """

    meant: float
    pairs: float
    whole: float
    figures: float
    names: float


def agreement(
    claim: str, quotes: Sequence[str], meanings: Meanings, *, known: str = "", dated: Sequence[str] = ()
) -> Agreement:
    """The features of a claim and at least one quote.

    `known` is text that tells whom the quotes speak of, such as a title, `dated` are the days that they mean by "on
    Friday" (`qa.answering.checks.days`).
    """
    said, held = facts(claim), [facts(quote) for quote in quotes]
    near = _nearness(claim, quotes, meanings)
    stems = {stem for quote in held for stem in quote.stems} | set(facts(known).stems)
    return Agreement(
        meant=sum(near) / len(near) if near else 1.0,
        pairs=neighbours_held(claim, quotes),
        whole=meanings.held(claim, quotes),
        figures=math.log1p(lacking_figures(said, [*held, *map(facts, dated)])),
        names=math.log1p(sum(not has_name(name, stems) for name in said.names)),
    )


def has_name(name: str, held: Set[str]) -> bool:
    """Whether the stem of a name is among others, a country and those who live there counting as one.

    "Antarctic" and "Antarctica", "American" and "US".
    """
    if has_word(name, held) or any(name in group and not held.isdisjoint(group) for group in _CALLED):
        return True
    return len(name) >= _LONG and any(
        name.startswith(other) or other.startswith(name)
        for other in held
        if abs(len(other) - len(name)) <= 3 and len(other) >= _LONG
    )


def probability(found: Agreement) -> float:
    """P(the quotes say what the claim says), in (0, 1)."""
    weights = coefficients(DECISION)["weights"]
    return sigmoid(
        weights["intercept"] + sum(weights[field.name] * getattr(found, field.name) for field in fields(Agreement))
    )


def overlooking(found: Agreement) -> Agreement:
    """The same, as if the quotes held every figure and name."""
    return replace(found, figures=0.0, names=0.0)


def read(sure: float, says: float) -> float:
    """P(the quotes say what the claim says), in (0, 1): from `probability` and a model's P(yes) that they do."""
    weights = coefficients(DECISION)["reading"]
    return sigmoid(weights["intercept"] + weights["words"] * log_odds(sure) + weights["says"] * log_odds(says))


def least() -> float:
    """The probability from which on quotes are taken to say a sentence."""
    return coefficients(DECISION)["decision"]["least"]


def about() -> float:
    """The probability by words alone, figures and names overlooked, from which on quotes speak of what a sentence does."""
    return coefficients(DECISION)["decision"]["about"]


def denied() -> float:
    """The probability below which quotes that speak of what a sentence does are taken to say otherwise."""
    return coefficients(DECISION)["decision"]["denied"]


def _nearness(claim: str, quotes: Sequence[str], meanings: Meanings) -> list[float]:
    """For each content word of the claim, names and figures aside, how near the quotes come to it.

    1 where they hold it, else the cosine to their nearest.
    """
    own = list(
        dict.fromkeys(
            token.written.casefold() for token in tokens(claim) if token.key and token.value is None and not token.named
        )
    )
    new = {word.casefold() for word in unsaid(claim, quotes)}
    missing = [word for word in own if word in new]
    theirs = [
        token.written.casefold() for quote in quotes for token in tokens(quote) if token.key and token.value is None
    ]
    return [*meanings.nearest(missing, theirs), *(1.0 for word in own if word not in new)]
