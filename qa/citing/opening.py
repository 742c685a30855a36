"""Lower the first letter of a sentence where it is not a name.

`qa.answering.checks.tokens` takes every capital for a name, so that "Germany set a target" is never carried by a
sentence about India. A person's own draft opens with "Demonstrators" and "Talks" as often.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.answering.checks.words import content, normalise, stem, unpossessed

_PRONOUNS = frozenset(
    "everyone everybody everything someone somebody something anyone anybody anything nobody "
    "nothing none people others neither".split()
)
_FIRST = re.compile(r"^([“\"‘'(]*)([^\W\d_]+(?:['’-][^\W\d_]+)*)(?:\s+(\S+))?")
_WITHIN = re.compile(r"(?<=[\w,;] )[A-Z][\w'’-]+")
_SMALL = re.compile(r"\b[a-z][\w'’]+")
# how English makes words of others; few names end so
_MADE = re.compile(r"(?:ings?|ors|tions?|sions?|ments?|ies|ness|ists|ages|als|ities|ity|ly)$")


@dataclass(frozen=True, slots=True)
class Usage:
    """How texts write their words: the stems of those that begin small, and those with a capital within a sentence, in small letters."""

    small: frozenset[str]
    capital: frozenset[str]


def usage(texts: Iterable[str]) -> Usage:
    """How these texts write their words."""
    small: set[str] = set()
    capital: set[str] = set()
    for text in map(normalise, texts):
        small.update(stem(unpossessed(found)) for found in _SMALL.findall(text))
        capital.update(unpossessed(found.casefold()) for found in _WITHIN.findall(text))
    return Usage(frozenset(small), frozenset(capital))


def uncapitalised(sentence: str, *known: Usage) -> str:
    """The sentence with a small first letter, unless its first word is a name.

    It opens a longer one, or is known to be written with a capital in a sentence.

    A word that is known to be written small, or that ends as words do which are made of others, is none; any other is
    taken for one.
    """
    first = _FIRST.match(sentence)
    if first is None or not first[2][0].isupper() or first[2][1:2].isupper() or not content(first[2]):
        return sentence
    if first[2].casefold() in _PRONOUNS:
        return sentence[: first.start(2)] + first[2].lower() + sentence[first.end(2) :]
    following = first[3] or ""
    if following[:1].isupper() and content(following.strip(".,;:")):
        return sentence
    word = unpossessed(normalise(first[2]).casefold())
    if any(word in one.capital for one in known):
        return sentence
    if not any(stem(word) in one.small for one in known) and not _MADE.search(word):
        return sentence
    at = first.start(2)
    return sentence[:at] + sentence[at].lower() + sentence[at + 1 :]
