"""Put the words of a right-to-left line from the order in which they are seen into that in which they are read.

Figures and Latin words within such a line run from left to right. A pair of brackets has the same two shapes in either
direction, and PDF files disagree about which is which, so the opening one is the one that comes first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

# Hebrew, Arabic, Syriac, Thaana, N'Ko, without their digits
_LETTERS = "\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT = re.compile(f"[{_LETTERS}]")
_LATIN = re.compile(rf"[^\W\d_{_LETTERS}]")
_OTHER = re.compile(rf"[^\W{_LETTERS}]+(?:[.,:/'’-][^\W{_LETTERS}]+)*")
_LEADING = re.compile(r"[.,;:!?%٪،؛؟]+(?=\w)")
_SWAPPED = str.maketrans("()[]{}", ")(][}{")
_BRACKETS = re.compile(r"[()\[\]{}]")


def is_right_to_left(text: str) -> bool:
    """Whether it holds letters that are written from right to left."""
    return not text.isascii() and bool(_RIGHT_TO_LEFT.search(text))


def word(seen: str) -> str:
    """A word with such letters as it is read.

    `seen` are its letters from right to left; figures and Latin letters in it are read the other way.
    """
    return _OTHER.sub(lambda found: found[0][::-1], seen)


def line(seen: Sequence[str], *, leftward: bool) -> str:
    """The words of a line as they are read.

    `seen` are the words from right to left where the line is read `leftward`, else from left to right.
    """
    if not leftward and not any(map(is_right_to_left, seen)):
        return " ".join(seen)
    read: list[str] = []
    for is_own, group in groupby(seen, key=lambda each: is_right_to_left(each) == leftward):
        words = list(group)
        read += words if is_own else _turned_round(words, leftward=leftward)
    return _bracketed(" ".join(read))


def _turned_round(group: Sequence[str], *, leftward: bool) -> list[str]:
    """Words of the other direction in a row, as they are read.

    Figures alone keep their places, and so do signs at the ends.
    """
    if not leftward:
        return list(group[::-1])
    if not any(_LATIN.search(each) for each in group):
        return [_trailing(each) for each in group]
    spoken = [number for number, each in enumerate(group) if re.search(r"\w", each)]
    first, last = spoken[0], spoken[-1] + 1
    return [*group[:first], *_trailing(" ".join(group[first:last][::-1])).split(" "), *group[last:]]


def _trailing(seen: str) -> str:
    """Words from left to right, what stands before them behind them: it is read when they have been."""
    found = _LEADING.match(seen)
    return f"{seen[found.end() :]}{found[0]}" if found else seen


def _bracketed(text: str) -> str:
    """The line with its brackets the right way round, where the first closes and the last opens."""
    found = _BRACKETS.findall(text)
    return text.translate(_SWAPPED) if found and found[0] in ")]}" and found[-1] in "([{" else text
