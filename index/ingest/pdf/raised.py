"""Figures that stand above the line: powers, which are text, and the marks of notes, which are none. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.ingest.pdf.records import Word

# a raised figure is that much smaller than what it stands at, and so many of its heights above: 10 with a raised 6 is
# not 106; and so near
SMALLER, RAISED, _TOUCHING = 0.88, (0.12, 0.9), 0.25
_NOTED = frozenset(".,;:!?%…”’\"'»")
_STEP = 0.1  # heights of a line by which what stands on one may differ


def attached(words: Sequence[Word]) -> list[Word]:
    """The words, and in them, after a "^", the figures that are raised at their ends, with the signs behind these.

    Behind a full stop or a comma it is the mark of a note, which is no text.
    """
    found: list[Word] = []
    goes_on = False  # whether a sign may follow what was raised
    for word in words:
        before = found[-1] if found else word
        near = bool(found) and abs(word.left - before.right) <= _TOUCHING * before.size
        if near and word.text[0].isdecimal() and _is_above(word, before):
            said = "" if before.text[-1] in _NOTED else f"^{word.text}"
            found[-1] = replace(before, text=before.text + said, right=word.right)
            goes_on = True
            continue
        if near and goes_on and not word.text[0].isalnum() and abs(word.y - before.y) <= _STEP * before.size:
            found[-1] = replace(before, text=before.text + word.text, right=word.right)
            continue
        if near and before.text.isdecimal() and _is_above(before, word):
            found[-1] = replace(before, y=word.y)  # the mark of a note before its text is on the line
        found.append(word)
        goes_on = False
    return found


def _is_above(word: Word, other: Word) -> bool:
    """Whether a word is raised at another one."""
    low, high = RAISED
    return word.size <= SMALLER * other.size and low <= (other.y - word.y) / other.size <= high
