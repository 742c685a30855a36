"""What in a sentence can be checked to the letter: its content words, numbers, dates, names and negations.

In goes any text, out come sets to compare. Knows nothing of models, questions or articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from qa.figures import Number, figures
from qa.words import FUNCTION_WORDS, WORD, normalise, stem, unpossessed


@dataclass(frozen=True, slots=True)
class Facts:
    """The checkable parts of a text. `stems` are content words in order, `names` the stems of those written as names, `months` 1-12."""

    stems: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[Number]
    months: frozenset[int]
    negated: bool


@lru_cache(maxsize=4096)
def facts(text: str) -> Facts:
    """Read `text` apart. Pure, so remembering earlier texts cannot change an answer."""
    plain = normalise(text)
    rest, numbers, months = figures(plain)
    stems: list[str] = []
    names: set[str] = set()
    for word in WORD.finditer(rest):
        written = word.group()
        lower = unpossessed(written.casefold())
        if lower in FUNCTION_WORDS:
            continue
        root = stem(lower)
        stems.append(root)
        # A sentence's first word is capitalised whatever it is. Taking it for a name demands that the quote holds it: too strict now and
        # then, but "Germany set a target" must never be carried by a sentence about India.
        if written[0].isupper() or any(letter.isdigit() for letter in written):
            names.add(root)
    return Facts(tuple(stems), frozenset(names), numbers, months, bool(_NEGATION.search(plain)))


def clauses(text: str) -> Iterator[str]:
    """The clauses of a sentence, cut where a negation stops reaching: at stops, dashes and contrasting conjunctions."""
    yield from (clause for clause in _CLAUSE.split(normalise(text)) if clause.strip())


_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing|absent|absence|lack(?:s|ed|ing)?|fail(?:s|ed)? to|refus(?:e|es|ed)|den(?:y|ies|ied)"
    r"|avoid(?:s|ed|ing)?|yet to)\b|n't\b",
    re.IGNORECASE,
)
_CONTRAST = r"although|though|while|whereas|despite"
_CLAUSE = re.compile(rf"[;:()]|\s-\s|,\s(?=(?:yet|even)\b)|\b(?:but|{_CONTRAST}|however|nonetheless|nevertheless)\b", re.IGNORECASE)
