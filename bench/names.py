"""Exact names to look for: two capitalised words that stand side by side in exactly one passage of a library.

Takes a library; returns names and passages.

Made by code, so some are no names ("The Shops"): what is asked is that the one passage which holds two such words is
not lost.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict

from index.store import Library

FORMS = ("{}", "Who is {}?", "What did {} say?")
_NAME = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")
_SEED = 7

Name = tuple[str, int]  # and the passage that it stands in


def names(library: Library, count: int) -> tuple[list[Name], list[Name]]:
    """Names to choose on and others to test on, `count` of each, drawn from all of the library's."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, text in library.rows("SELECT id, text FROM passages ORDER BY id"):
        for name in set(_NAME.findall(text)):
            found[name].append(number)
    single = sorted((name, numbers[0]) for name, numbers in found.items() if len(numbers) == 1)
    random.Random(_SEED).shuffle(single)
    return single[:count], single[count : 2 * count]
