"""Split a sentence into clauses where a comma or semicolon comes before "and", "but" or "while". Pure.

A clause without a subject takes the one that the sentence opens with: the second clause of "Biden lost, and won four of
six delegates" is about Biden.
"""

from __future__ import annotations

import re

from qa.answering.checks.facts import facts
from qa.answering.checks.tokens import tokens

FEWEST = 3  # content words, figures and dates that a clause has to have
_BETWEEN = re.compile(r";\s+(?:and\s+|but\s+)?|,\s+(?:and|but|while|whereas|although|though)\s+", re.IGNORECASE)


def clauses(sentence: str) -> tuple[str, ...]:
    """At least two clauses, each saying something; none where the sentence is one."""
    parts = [part.strip() for part in _BETWEEN.split(sentence.rstrip(" .!"))]
    if len(parts) < 2 or any(_size(part) < FEWEST for part in parts):
        return ()
    opening = _names(parts[0])
    return tuple(
        part if place == 0 or not opening or facts(part).names else f"{opening} {part}"
        for place, part in enumerate(parts)
    )


def _size(part: str) -> int:
    read = facts(part)
    return len(read.stems) + len(read.numbers) + len(read.months)


def _names(text: str) -> str:
    """The first names of a text, as it writes them."""
    read = tokens(text)
    start = next((place for place, token in enumerate(read) if token.named), len(read))
    found = []
    for token in read[start:]:
        if not token.named:
            break
        found.append(token.written)
    return " ".join(found)
