"""How well do quotes support a claim? In go the claim, its quotes and what the models make of them, out comes a probability.

A logistic regression over five readable features. The coefficients, the data they were fitted on and the figures they reach stand in
`qa/answering/support.toml`;
`python -m bench.attribution --write` fits them. Pure but for `similarity`, which is given an embedder. Knows nothing of questions or the library, and replaces
none of the checks of `qa.answering.checks.attribute`: a number that stands in no quote is no matter of degree.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from pathlib import Path

from index.embed import Embedder
from qa.answering.checks.facts import Facts, facts
from qa.answering.checks.words import has_word, normalise, words

COEFFICIENTS = Path(__file__).parent.parent / "support.toml"
_SAME = 0.01  # quotes that differ by less than this are one: what sets copies of a wire story apart means nothing


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a claim and its quotes agree, as the regression sees it.

    `held`: the share of the claim's content words, numbers and dates in the one quote that holds most of them. `pairs`: the share of its neighbouring
    content words that are neighbours in a quote too. `figures` and `names`: how many of its numbers and dates, and how many of its names, stand in no quote,
    as log(1 + n). `similarity`: how much of its meaning they hold.
    """

    held: float
    pairs: float
    figures: float
    names: float
    similarity: float


def supported(claim: str, quotes: Sequence[str], *, similarity: float) -> float:
    """P(the quotes support the claim), in [0, 1]: 0 without quotes, 1 where the claim is itself one of them.

    `similarity` is what the function of that name gives. The probability never falls when something that speaks for the claim rises.
    """
    if not quotes:
        return 0.0
    if any(_bare(claim) == _bare(quote) for quote in quotes):
        return 1.0
    weights = _weights()
    found = agreement(claim, quotes, similarity=similarity)
    value = weights["words"]["intercept"] + sum(weights["words"][field.name] * getattr(found, field.name) for field in fields(Agreement))
    return 1.0 / (1.0 + math.exp(-value))


def agreement(claim: str, quotes: Sequence[str], *, similarity: float) -> Agreement:
    """The features of a claim and its quotes; there is at least one quote."""
    said, held = facts(claim), [facts(quote) for quote in quotes]
    return Agreement(
        held=max(_share(said, quote) for quote in held),
        pairs=_pairs(claim, quotes),
        figures=math.log1p(_lacking_figures(said, held)),
        names=math.log1p(_lacking_names(said, held)),
        similarity=similarity,
    )


def log_odds(probability: float) -> float:
    """The logarithm of the odds, of a probability kept between 0.01 and 0.99: a small model is never surer than that."""
    bounded = min(max(probability, 0.01), 0.99)
    return math.log(bounded / (1 - bounded))


def similarity(claim: str, quotes: Sequence[str], embedder: Embedder) -> float:
    """How much of the claim's meaning its quotes hold: the cosine between its vector and the space that theirs span, in [0, 1]; 0 without quotes.

    A claim that puts two sentences into one is near to neither, but lies between them; and one more quote never takes anything away.
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
    lacking = sum(not has_word(stem, held) for stem in stems) + _lacking_figures(said, [quote])
    return 1.0 - lacking / total if total else 0.0


def _pairs(claim: str, quotes: Sequence[str]) -> float:
    said = set(pairwise(words(claim)))
    held = {pair for quote in quotes for pair in pairwise(words(quote))}
    return len(said & held) / len(said) if said else 0.0


def _lacking_figures(said: Facts, held: Sequence[Facts]) -> int:
    """How many numbers and months of the claim stand in no quote."""
    numbers = [number for quote in held for number in quote.numbers]
    months = {month for quote in held for month in quote.months}
    return sum(not any(number.agrees_with(other) for other in numbers) for number in said.numbers) + len(said.months - months)


def _lacking_names(said: Facts, held: Sequence[Facts]) -> int:
    stems = {stem for quote in held for stem in quote.stems}
    return sum(not has_word(name, stems) for name in said.names)


def _bare(text: str) -> str:
    return normalise(text).strip(" .!").casefold()


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    table = tomllib.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    return {part: {name: float(value) for name, value in weights.items()} for part, weights in table.items()}
