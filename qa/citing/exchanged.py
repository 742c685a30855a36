"""Find a figure or name of a sentence in whose place its quotes have another.

A small model takes "7.0 by AFAD" for said where a quote gives 6.6 by AFAD and 7.0 by somebody else. Asked about both, it
still prefers the right one: so the sentence is read again with each other figure or name of the quotes in the place of
its own, and one that reads clearly better than the sentence itself is told. `python -m bench.entailment` measures it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from qa.answering.checks.numerals import CARDINALS
from qa.answering.evidence import Evidence

CLEARLY = 0.1  # of the model's P(yes): no sentence of 80 that its text says was below another by so much, 42 of 80 altered ones were
TRIED = 4  # other figures and names at most

# "one" is a pronoun more often than a figure
_SPELLED = "|".join([*(word for word in CARDINALS if word not in ("zero", "one")), "hundred"])
_FIGURE = re.compile(rf"(?<![\w.,])[$€£]?\d+(?:[.,]\d+)*(?!\w)|\b(?:{_SPELLED})\b")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_NAME = re.compile(r"\b[^\W\d_a-z]\w+(?:[ -][^\W\d_a-z]\w+)*")


def exchanged(
    claim: str, quotes: Sequence[Evidence], says: Callable[[str, Sequence[Evidence]], float], said: float
) -> tuple[str, str] | None:
    """The claim's own figure or name, and the one of the quotes that reads clearly better; `said` is P(yes) of the claim."""
    for own, other in islice(alternatives(claim, [quote.sentence.text for quote in quotes]), TRIED):
        if says(claim.replace(own, other, 1), quotes) > said + CLEARLY:
            return own, other
    return None


def alternatives(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each figure of a claim that the quotes hold, with each other of theirs, a year only for a year; then names likewise."""
    figures = dict.fromkeys(figure for quote in quotes for figure in _FIGURE.findall(quote))
    for own in dict.fromkeys(_FIGURE.findall(claim)):
        if own in figures:
            yield from ((own, other) for other in figures if other not in claim and _is_year(own) == _is_year(other))
    names = dict.fromkeys(name for quote in quotes for name in _names(quote))
    for own in dict.fromkeys(_NAME.findall(claim)):
        if own in names:
            yield from (
                (own, other) for other in names if other not in claim and set(own.split()).isdisjoint(other.split())
            )


def _names(quote: str) -> Iterator[str]:
    """The names of a sentence. Its first word is capitalised in any case, and a name only with another behind it."""
    for found in _NAME.finditer(quote):
        if found.start() > 0 or " " in found.group():
            yield found.group()


def _is_year(figure: str) -> bool:
    return _YEAR.fullmatch(figure) is not None
