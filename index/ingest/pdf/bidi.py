"""Put the words of a right-to-left line from the order in which they are seen into that in which they are read.

Figures and Latin words within such a line run from left to right. A pair of brackets has the same two shapes in either
direction, and PDF files disagree about which is which, so the opening one is the one that comes first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import cycle, groupby

# Hebrew, Arabic, Syriac, Thaana, N'Ko, without their digits
_LETTERS = "\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT = re.compile(f"[{_LETTERS}]")
_LATIN = re.compile(rf"[^\W\d_{_LETTERS}]")
_OTHER = re.compile(rf"[^\W{_LETTERS}]+(?:[.,:/'’-][^\W{_LETTERS}]+)*")
_PLAIN = re.compile(
    r"(?P<behind>[.,;:!?%٪،؛؟()\[\]{}]*)(?P<core>\w(?:.*[^.,;:!?،؛؟()\[\]{}−-])?)(?P<before>[.,;:!?،؛؟()\[\]{}−-]*)"
)
_OPENING, _CLOSING = str.maketrans(")]}", "([{"), str.maketrans("([{", ")]}")
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
    """Words from left to right among others from right to left, the signs around them where they are read.

    What stands to their right is read before them, what stands to their left behind them.
    """
    found = _PLAIN.fullmatch(seen)
    if found is None:
        return seen
    before, behind = found["before"][::-1].translate(_OPENING), found["behind"][::-1].translate(_CLOSING)
    return f"{before}{found['core']}{behind}"


def _bracketed(text: str) -> str:
    """The line with its brackets the right way round: where they do not match, each other one opens.

    Where they are no pairs, both ways are turned if the first closes and the last opens.
    """
    found = _BRACKETS.findall(text)
    if _match(found):
        return text
    if len(found) % 2:
        return text.translate(_SWAPPED) if found[0] in ")]}" and found[-1] in "([{" else text
    turns = cycle((_OPENING, _CLOSING))
    return _BRACKETS.sub(lambda each: each[0].translate(next(turns)), text)


def _match(brackets: Sequence[str]) -> bool:
    """Whether each that closes has one before it that opens, and the other way round."""
    waiting: list[str] = []
    for each in brackets:
        if each in "([{":
            waiting.append(each.translate(_CLOSING))
        elif not waiting or waiting.pop() != each:
            return False
    return not waiting
