"""What a page of a PDF shows: words, each with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a space in between and where they are printed, in points.

    As the page is read, `y` growing downwards.
    """

    text: str
    left: float
    right: float
    y: float  # of the line on which the letters stand
    size: float  # what a line of such letters is high


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a page in the order in which they are drawn.

    `is_known`: whether the file says which letters it draws.
    """

    words: tuple[Word, ...]
    height: float
    is_known: bool = True
