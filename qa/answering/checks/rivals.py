"""Detect a draft that took the wrong figure of its quote. Pure.

One sentence of news holds several figures: "116 people died and 1,035 were hurt". A draft that takes the wrong one is
still carried by its quote, word for word. The figure asked for is the one that the words of the question gather round,
after the distance feature of Radev et al., "Ranking suspected answers to natural language questions using predictive
annotation" (2000). `python -m bench.rivals` measures how often that is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from qa.answering.checks.expected import kind
from qa.answering.checks.facts import facts
from qa.answering.checks.figures import Number, of_a_kind
from qa.answering.checks.tokens import JOINING, Token, tokens
from qa.answering.checks.words import has_word, normalise, words

REACH = 8  # words to either side of a figure, within its clause
COUNTS = 3  # words after a figure that may be the thing it counts
CLEARLY = 2  # of the question's words: so many more have to stand beside the other figure

_COUNTED = re.compile(
    r"\b(?:how many|number of) (?P<things>(?:(?!(?:is|are|was|were|will|would|do|does|did|has|have"
    r"|had|can|could)\b)[\w'-]+ ?){1,3})"
)
_CLAUSE = re.compile(r"[;:,()]| - |–|—")


def rival(question: str, claim: str, quotes: Iterable[str]) -> Number | None:
    """Return the figure of a quote that fits the question clearly better than those of `claim`.

    None where there is none, or where the question asks for no figure.
    """
    if kind(question) not in ("figure", "time"):
        return None
    asked = set(words(question))
    given = facts(claim).numbers
    known = facts(question).numbers
    for quote in quotes:
        beside = list(_beside(tokens(quote)))
        taken = [(number, near) for number, near in beside if number in given - known]
        if not taken:
            continue
        fit = max(_fit(asked, near) for _, near in taken)
        others = [
            other
            for other in beside
            if other[0] not in given | known and any(of_a_kind(other[0], number) for number, _ in taken)
        ]
        best = max(others, key=lambda other: _fit(asked, other[1]), default=None)
        if best is not None and _fit(asked, best[1]) >= fit + CLEARLY:
            return best[0]
    return None


def fitting(question: str, texts: Iterable[str], among: Set[Number]) -> frozenset[Number]:
    """Those of the figures `among` that may be the one asked for.

    All but what fits the question clearly worse than another in `texts`.

    Of "9,000 people in two shifts" that is 9,000 where it is asked how many people.
    """
    asked = set(words(question))
    things = _COUNTED.search(normalise(question).casefold())
    counted = frozenset(words(things["things"])) if things else frozenset()
    fits = [
        (number, _fit(asked, near) + CLEARLY * bool(counted & after))
        for text in texts
        for number, near, after in _placed(tokens(text))
        if number in among
    ]
    best = max((fit for _, fit in fits), default=0)
    return frozenset(number for number, fit in fits if fit > best - CLEARLY)


def _placed(read: Sequence[Token]) -> Iterable[tuple[Number, frozenset[str], frozenset[str]]]:
    """Each figure with the content words that stand beside it, and the few that follow it: the thing that it counts."""
    figures = (place for place, token in enumerate(read) if isinstance(token.value, Number))
    for place, (number, near) in zip(figures, _beside(read), strict=True):
        yield number, near, frozenset(token.key for token in read[place + 1 : place + 1 + COUNTS])


def _beside(read: Sequence[Token]) -> Iterable[tuple[Number, frozenset[str]]]:
    """Each figure with the content words that stand beside it."""
    for place, token in enumerate(read):
        if isinstance(token.value, Number):
            before = _reached(token.value, ((read[at], read[at + 1].gap) for at in range(place - 1, -1, -1)))
            after = _reached(token.value, ((read[at], read[at].gap) for at in range(place + 1, len(read))))
            yield token.value, frozenset(before) | frozenset(after)


def _reached(figure: Number, outwards: Iterable[tuple[Token, str]]) -> list[str]:
    """The words met on the way out of a figure, until its clause ends or another figure of its unit stands there.

    Each comes with the gap before it.
    """
    met: list[str] = []
    for count, (token, gap) in enumerate(outwards):
        same = isinstance(token.value, Number) and token.value.unit == figure.unit
        if count == REACH or same or token.lower in JOINING or _CLAUSE.search(gap):
            break
        if token.key and token.value is None:
            met.append(token.key)
    return met


def _fit(asked: set[str], near: frozenset[str]) -> int:
    return sum(has_word(word, near) for word in asked)
