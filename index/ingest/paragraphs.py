"""Group the lines of an article into paragraphs.

An empty line ends a paragraph, and so does the end of a line unless the article is hard-wrapped. A paragraph that does
not end as a sentence goes on in the next one, empty line or not, if that begins with a small letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.ingest.lines import LIST_MARK, Line, is_terminal
from index.ingest.tables import is_row

_WIDEST = 130  # characters; nobody wraps at more
_SHORT = 0.75  # of the usual width: a line that ends a sentence here ends its paragraph too


def group(lines: Sequence[Line], *, width: int | None) -> tuple[tuple[Line, ...], ...]:
    """The paragraphs of `lines`; `width` is that of `wrapped_at`."""
    paragraphs: list[list[Line]] = []
    for line in lines:
        if paragraphs and _goes_on(paragraphs[-1], line, width):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return tuple(map(tuple, paragraphs))


def wrapped_at(lines: Sequence[Line]) -> int | None:
    """The width at which the article is hard-wrapped, in characters; `None` if its paragraphs are one line each.

    It is if, where two lines follow each other, the first often ends in the middle of a sentence, and hardly a line is
    wide.
    """
    pairs = [(one, two) for one, two in pairwise(lines) if two.before == "none"]
    broken = [one for one, two in pairs if _is_broken(one, two)]
    widths = sorted(len(line.plain) for line in lines)
    width = widths[len(widths) * 9 // 10] if widths else 0
    return width if len(broken) >= 2 and len(broken) >= 0.3 * len(pairs) and width <= _WIDEST else None


def is_heading_mark(plain: str) -> bool:
    """Whether the line is a heading by the marks of Markdown."""
    return plain.startswith("#") and plain.lstrip("#")[:1] == " " and len(plain) - len(plain.lstrip("#")) <= 6


def _is_broken(one: Line, two: Line) -> bool:
    """Whether a sentence runs from the end of one line into the next.

    Writing without capitals counts by its width alone.
    """
    opening = two.plain[:1]
    caseless = opening.isalpha() and opening.lower() == opening.upper()
    return not is_terminal(one.plain) and (opening.islower() or (caseless and len(one.plain) >= 20))


def _goes_on(paragraph: Sequence[Line], line: Line, width: int | None) -> bool:
    last = paragraph[-1]
    if (
        line.before == "barrier"
        or LIST_MARK.match(line.plain)
        or any(is_heading_mark(text) or is_row(text) for text in (last.plain, line.plain))
    ):
        return False
    if _begins_small(line.plain) and not is_terminal(last.plain):
        return True
    if width is None or line.before == "blank":
        return False
    if is_terminal(last.plain):
        return len(last.plain) >= _SHORT * width
    return len(last.plain) >= width / 2 or len(paragraph) > 1


def _begins_small(plain: str) -> bool:
    """Whether it begins with a small letter; a name like iPhone does not count."""
    word = plain.lstrip("\"'“‘(").split()
    return bool(word) and word[0][0].islower() and word[0][1:] == word[0][1:].lower()
