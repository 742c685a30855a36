"""Join the lines of all pages into the text of a file, a paragraph a line, and note where each page begins.

A line goes on in the next one if it could not have held the next word. A hyphen at its end is dropped where a word was
broken and kept where the word has one, which the file's other uses of the word and its parts tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.ingest.lines import LIST_MARK, is_terminal
from index.ingest.pdf.layout import Line

_HYPHENS = "-\u00ad\u2010"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_HYPHENS}][^\W\d_]+)*")
_BROKEN_OFF = re.compile(rf"([^\W\d_]+)[{_HYPHENS}]$")
_TIED = re.compile(rf"\w[{_HYPHENS}–—/]$")  # to what follows
_BROKEN = "-"  # between two lines: the word is broken
_SAME_SIZE = 0.12  # of the height of a line
_GAP = 1.3  # times the usual distance of two lines: more is left between paragraphs
# heights of a line from one to the next: where fewer are too few to measure, and at most
_USUAL, _WIDEST, _FEW = 1.2, 2.2, 8
_INDENT = 0.7  # heights
_SLACK = 0.6  # heights by which a line may be left short of a word that it could just have held
_CENTRED = 0.2  # heights
_FEW_LINES = 3
_MOST_BY_CHANCE = 0.01  # share of lines that end with the hyphen of a word that is written with one
_ENOUGH = 200  # lines, to tell by that share


@dataclass(frozen=True, slots=True)
class Flow:
    """A text, and where each page begins in it; a page without text where the next one does."""

    text: str
    starts: tuple[int, ...]


def flow(pages: Sequence[Sequence[Line]]) -> Flow:
    """The text of these pages."""
    spelling = _spelling([line for page in pages for line in page])
    usual = _usual(pages)
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    last: Line | None = None
    lines = 0  # of the column so far
    for number, page in enumerate(pages):
        for line in page:
            turned = len(starts) <= number
            if last is not None:
                joint = _joint(last, line, usual, turned=turned, lines=lines)
                if joint == _BROKEN:
                    shorter = spelling.without_hyphen(parts[-1], line.text)
                    length -= len(parts[-1]) - len(shorter)
                    parts[-1], joint = shorter, ""
                parts.append(joint)
                length += len(joint)
            if turned:
                starts += [length] * (number + 1 - len(starts))
            parts.append(line.text)
            length += len(line.text)
            lines = lines + 1 if last and not turned and last.column == line.column else 1
            last = line
    starts += [length] * (len(pages) - len(starts))
    return Flow("".join(parts), tuple(starts))


def _joint(one: Line, two: Line, usual: float, *, turned: bool, lines: int) -> str:
    """Return what stands between two lines in the text.

    A broken word, nothing, a space, or the end of a line or of a paragraph.

    `turned`: a page lies between them. `lines` of the column end with the first of them: a line alone does not tell how
    wide its column is.
    """
    if one.is_row or two.is_row:
        return "\n" if one.is_row and two.is_row and one.column == two.column and not turned else "\n\n"
    size = max(one.size, two.size)
    below = not turned and one.column == two.column and two.y > one.y
    gap = two.y - one.y if below else 0.0
    if gap > _GAP * usual * size or (not below and is_terminal(one.text)):
        return "\n\n"
    if _TIED.search(one.text):
        return _BROKEN if _BROKEN_OFF.search(one.text) and two.text[0].islower() else ""
    if LIST_MARK.match(two.text):
        return "\n"
    if two.text[0].islower() and not is_terminal(one.text):
        return " "
    if abs(one.size - two.size) > _SAME_SIZE * size:
        return "\n\n"
    if not below and lines < _FEW_LINES:
        return "\n\n"
    if one.room > two.first + _SLACK * size:  # it could have held the next word
        return "\n" if below else "\n\n"
    if below and two.left > one.left + _INDENT * size and not LIST_MARK.match(one.text) and not _are_centred(one, two):
        return "\n"
    return "" if _is_written_without_spaces(one.text[-1], two.text[0]) else " "


def _are_centred(one: Line, two: Line) -> bool:
    """Whether the middles of both lines stand below each other."""
    return abs((two.left - two.room) - (one.left - one.room)) <= 2 * _CENTRED * one.size


def _is_written_without_spaces(*letters: str) -> bool:
    """Whether these are of a writing that has no spaces between words: Chinese, Japanese, Thai."""
    return all(
        "\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef" or "\u0e00" <= letter <= "\u0eff"
        for letter in letters
    )


def _usual(pages: Sequence[Sequence[Line]]) -> float:
    """The usual distance from a line to the next, in heights of a line."""
    gaps = [
        (two.y - one.y) / two.size
        for page in pages
        for one, two in pairwise(page)
        if one.column == two.column and two.y > one.y and two.size
    ]
    return min(median(gaps), _WIDEST) if len(gaps) >= _FEW else _USUAL


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How a file writes its words.

    `hyphenates`: whether it breaks words at the ends of lines, as far as that can be told.
    """

    words: frozenset[str]
    hyphenates: bool

    def without_hyphen(self, line: str, after: str) -> str:
        """Join a line that ends in a word which goes on with `after`.

        The hyphen goes if it only marks where the word is broken.
        """
        start, rest = _BROKEN_OFF.findall(line)[0].casefold(), _WORD.findall(after)[0].casefold()
        if start + rest in self.words:
            return line[:-1]
        is_compound = f"{start}-{rest}" in self.words or (start in self.words and rest in self.words)
        return line[:-1] + "-" if is_compound or not self.hyphenates else line[:-1]


def _spelling(lines: Sequence[Line]) -> _Spelling:
    """What the lines tell about it. The halves of broken words are none."""
    words: set[str] = set()
    broken = False
    for line in lines:
        found = _WORD.findall(line.text.casefold())
        ends = bool(_BROKEN_OFF.search(line.text))
        words.update(re.sub(f"[{_HYPHENS}]", "-", word) for word in found[int(broken) : len(found) - int(ends)])
        broken = ends
    ended = sum(bool(_BROKEN_OFF.search(line.text)) for line in lines)
    return _Spelling(frozenset(words), hyphenates=len(lines) < _ENOUGH or ended > _MOST_BY_CHANCE * len(lines))
