"""Text -> its lines, each with its span and its plain reading. Knows nothing of what a line means.

The spans are cut clear of white space and of invisible characters; the plain reading has neither at all, so that rules can match it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Break = Literal["none", "blank", "barrier"]  # what stands before a line: nothing, an empty line, something that is not prose

# Soft hyphen, zero-width characters and marks of writing direction: seen by nobody, but in the way of every rule.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_NO_INVISIBLE = str.maketrans("", "", INVISIBLE)
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_NEWLINES = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_TERMINAL = re.compile(r"[.!?…。！？؟।։።]['\"’”»)\]*_]*$")
LIST_MARK = re.compile(r"(?:[-*+•‣▪●◦·–]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """`text[start:end]` without white space around it; `plain` is the same without invisible characters, white space run together."""

    start: int
    end: int
    plain: str
    before: Break


def split(text: str) -> tuple[Line, ...]:
    """The lines of `text` that hold anything, in order."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[Line]:
    reached = 0
    for found in _LINE.finditer(text):
        start, end = trimmed(text, found.start(), found.end())
        if start < end:
            gap = len(_NEWLINES.findall(text, reached, start)) > 1 or not reached
            yield Line(start, end, plain(text[start:end]), "blank" if gap else "none")
            reached = end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and invisible characters at its ends; empty if it holds nothing else."""
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    return start, end


def plain(text: str) -> str:
    """`text` without invisible characters, every run of white space made one space."""
    return " ".join(text.translate(_NO_INVISIBLE).split())


def offset(text: str, start: int, reading: str) -> int:
    """Where in `text`, from `start` on, the plain reading `reading` ends: the offset behind its last character."""
    wanted = sum(not mark.isspace() for mark in reading)
    while wanted and start < len(text):
        wanted -= not (text[start].isspace() or text[start] in INVISIBLE)
        start += 1
    return start


def is_terminal(reading: str) -> bool:
    """Whether a line ends as a sentence does."""
    return bool(_TERMINAL.search(reading[-12:]))


def is_prose(reading: str) -> bool:
    """Whether a line reads as running text rather than as a title, a label or a menu."""
    words = len(reading.split())
    return words >= 25 or len(reading) > 200 or (words >= 6 and is_terminal(reading))
