"""Tell whether a claim counts something otherwise than its quotes, though they hold its figure for something else. Pure.

"Elected with 235 votes" is not said by "235 Democrats and 199 Republicans … with 220 votes".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from qa.answering.checks.figures import Number, is_year
from qa.answering.checks.tokens import tokens


def miscounted(claim: str, quotes: Sequence[str]) -> frozenset[Number]:
    """The figures of a claim that stand right before a word before which the quotes have only other figures."""
    held: defaultdict[str, set[Number]] = defaultdict(set)
    for quote in quotes:
        for noun, numbers in _counted(quote).items():
            held[noun] |= numbers
    return frozenset(
        number
        for noun, numbers in _counted(claim).items()
        if held[noun]
        for number in numbers
        if not any(number.agrees_with(other) for other in held[noun])
    )


def _counted(text: str) -> Mapping[str, set[Number]]:
    """The stem of each word that stands right behind a figure, and the figures before it; years count nothing."""
    found: defaultdict[str, set[Number]] = defaultdict(set)
    for figure, word in pairwise(tokens(text)):
        if isinstance(figure.value, Number) and not is_year(figure.value) and word.key and word.value is None:
            found[word.key].add(figure.value)
    return found
