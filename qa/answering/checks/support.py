"""Estimate how well quotes support a claim: a logistic regression over five readable features.

The coefficients, the data they were fitted on and the figures they reach are in `qa/answering/support.toml`, which
`python -m bench.attribution --write` fits. Pure, except that `similarity` calls the embedder it is given. It replaces
none of the checks in `qa.answering.checks.attribute`: a number that no quote holds is not a matter of degree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

from index.embed import Embedder
from qa.answering.checks.facts import Facts, facts
from qa.answering.checks.logistic import coefficients, sigmoid
from qa.answering.checks.words import has_word, normalise, words

COEFFICIENTS = Path(__file__).parent.parent / "support.toml"
_SAME = 0.01  # quotes that differ by less than this are one: what sets copies of a wire story apart means nothing


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a claim and its quotes agree, as the regression sees it.

    `held`: the share of the claim's content words, numbers and dates in the one quote that holds most of them. `pairs`:
    the share of its neighbouring content words that are neighbours in a quote too. `figures` and `names`: how many of
    its numbers and dates, and how many of its names, stand in no quote, as log(1 + n). `similarity`: how much of its
    meaning they hold.
    """

    held: float
    pairs: float
    figures: float
    names: float
    similarity: float


def supported(claim: str, quotes: Sequence[str], *, similarity: float) -> float:
    """P(the quotes support the claim), in [0, 1]: 0 without quotes, 1 where the claim is itself one of them.

    `similarity` is what the function of that name gives. The probability never falls when something that speaks for the
    claim rises.
    """
    if not quotes:
        return 0.0
    if any(_bare(claim) == _bare(quote) for quote in quotes):
        return 1.0
    weights = coefficients(COEFFICIENTS)["words"]
    found = agreement(claim, quotes, similarity=similarity)
    return sigmoid(
        weights["intercept"] + sum(weights[field.name] * getattr(found, field.name) for field in fields(Agreement))
    )


def agreement(claim: str, quotes: Sequence[str], *, similarity: float) -> Agreement:
    """The features of a claim and its quotes; there is at least one quote."""
    said, held = facts(claim), [facts(quote) for quote in quotes]
    return Agreement(
        held=max(_share(said, quote) for quote in held),
        pairs=neighbours_held(claim, quotes),
        figures=math.log1p(lacking_figures(said, held)),
        names=math.log1p(_lacking_names(said, held)),
        similarity=similarity,
    )


def similarity(claim: str, quotes: Sequence[str], embedder: Embedder) -> float:
    """Return how much of the claim's meaning its quotes hold, in [0, 1]; 0 without quotes.

    It is the cosine between the claim's vector and the space that theirs span.

    A claim that combines two sentences is near to neither, but lies between them; and one more quote never takes
    anything away.
    """
    if not quotes:
        return 0.0
    import numpy as np

    spanning = embedder.encode_passages(quotes).T  # (dimension, quotes) float32, unit columns
    vector = embedder.encode_query(claim)  # (dimension,) float32, unit length
    parts = np.linalg.lstsq(spanning, vector, rcond=_SAME)[0]
    return min(1.0, float(np.linalg.norm(spanning @ parts)))


def _share(said: Facts, quote: Facts) -> float:
    """The share of the claim's content words, numbers and months that a quote holds."""
    stems, total = set(said.stems), len(set(said.stems)) + len(said.numbers) + len(said.months)
    held = set(quote.stems)
    lacking = sum(not has_word(stem, held) for stem in stems) + lacking_figures(said, [quote])
    return 1.0 - lacking / total if total else 0.0


def neighbours_held(claim: str, quotes: Sequence[str]) -> float:
    """Return the share of the claim's neighbouring content words that are neighbours in one of the quotes too."""
    said = set(pairwise(words(claim)))
    held = {pair for quote in quotes for pair in pairwise(words(quote))}
    return len(said & held) / len(said) if said else 0.0


def lacking_figures(said: Facts, held: Sequence[Facts]) -> int:
    """Count the numbers and months of the claim `said` that no quote holds."""
    numbers = [number for quote in held for number in quote.numbers]
    months = {month for quote in held for month in quote.months}
    return sum(not any(number.agrees_with(other) for other in numbers) for number in said.numbers) + len(
        said.months - months
    )


def _lacking_names(said: Facts, held: Sequence[Facts]) -> int:
    stems = {stem for quote in held for stem in quote.stems}
    return sum(not has_word(name, stems) for name in said.names)


def _bare(text: str) -> str:
    return normalise(text).strip(" .!").casefold()
