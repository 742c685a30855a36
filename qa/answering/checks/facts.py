"""Extract from a sentence what can be checked exactly: content words, numbers, dates, names, negation. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from qa.answering.checks.denials import denials
from qa.answering.checks.figures import Number
from qa.answering.checks.tokens import tokens


@dataclass(frozen=True, slots=True)
class Facts:
    """The checkable parts of a text.

    `stems` are content words in order, `names` the stems of those written as names, `months` 1-12.
    """

    stems: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[Number]
    months: frozenset[int]
    negated: bool


@lru_cache(maxsize=4096)
def facts(text: str) -> Facts:
    """Extract the facts of `text`. Pure, so the cache cannot change an answer."""
    read = tokens(text)
    return Facts(
        stems=tuple(token.key for token in read if token.key and token.value is None),
        names=frozenset(token.key for token in read if token.named),
        numbers=frozenset(token.value for token in read if isinstance(token.value, Number)),
        months=frozenset(token.value for token in read if isinstance(token.value, int)),
        negated=bool(denials(read).scopes),
    )
