"""Splits text into lines, each with its span and its plain reading, without asking what a line means.

A span begins and ends with a visible character. The plain reading has no invisible characters and only single spaces,
so that rules can match it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from index.visible import EMBEDDINGS, SOFT_HYPHEN, ZERO_WIDTH

# what stands before a line: nothing, an empty line, something that is not prose
Break = Literal["none", "blank", "barrier"]

_INVISIBLES = SOFT_HYPHEN + ZERO_WIDTH + EMBEDDINGS  # nobody sees them, but they keep rules from matching
_SPACE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_EDGE = _SPACE + _INVISIBLES
_INVISIBLE = re.compile(f"[{_INVISIBLES}]")
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_NEWLINES = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_TERMINAL = re.compile(r"[.!?…。！？؟।։።]['\"’”»)\]*_]*$")
LIST_MARK = re.compile(r"(?:[-*+•‣▪●◦·–]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: `text[start:end]` without white space around it.

    `plain` is the same without invisible characters, white space run together.
    """

    start: int
    end: int
    plain: str
    before: Break


def split(text: str, start: int = 0, end: int | None = None) -> tuple[Line, ...]:
    """The lines of `text[start:end]` that hold anything, in order; their spans are those in `text`."""
    return tuple(_lines(text, start, len(text) if end is None else end))


def _lines(text: str, begin: int, stop: int) -> Iterator[Line]:
    reached = begin
    for found in _LINE.finditer(text, begin, stop):
        start, end = trimmed(text, found.start(), found.end())
        if start < end:
            gap = reached == begin or len(list(islice(_NEWLINES.finditer(text, reached, start), 2))) > 1
            yield Line(start, end, plain(text[start:end]), "blank" if gap else "none")
            reached = end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and invisible characters at its ends; empty if it holds nothing else."""
    piece = text[start:end].rstrip(_EDGE)
    end = start + len(piece)
    return end - len(piece.lstrip(_EDGE)), end


def plain(text: str) -> str:
    """`text` without invisible characters, every run of white space made one space."""
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


def offset(text: str, start: int, reading: str) -> int:
    """Where in `text`, from `start` on, the plain reading `reading` ends: the offset behind its last character."""
    wanted = sum(not mark.isspace() for mark in reading)
    while wanted and start < len(text):
        wanted -= not (text[start].isspace() or text[start] in _INVISIBLES)
        start += 1
    return start


def is_terminal(reading: str) -> bool:
    """Whether a line ends as a sentence does."""
    return bool(_TERMINAL.search(reading[-12:]))


def is_prose(reading: str) -> bool:
    """Whether a line reads as running text rather than as a title, a label or a menu; a title may be a question."""
    words = size(reading)
    return words >= 25 or len(reading) > 200 or (words >= 6 and is_terminal(reading) and reading[-1] not in "?!")


def size(reading: str) -> int:
    """Words; twelve characters count as a word at least, for writing without spaces."""
    return max(len(reading.split()), len(reading) // 12)
