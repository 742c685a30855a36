"""Divide the text of an article into the regions that may be quoted. Masks, never rewrites.

What is in no region is page furniture. A body region is one paragraph. Fenced code is left out: it is not prose, and
its lines would mislead the rules. Tables stay, a row a paragraph, since their figures are worth quoting.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.ingest import biography, frontmatter, pipes
from index.ingest.bylines import is_byline, is_copyright, is_entry
from index.ingest.furniture import announces_other_articles, is_furniture
from index.ingest.lines import Line, is_prose, plain, split, trimmed
from index.ingest.outline import kinds
from index.ingest.paragraphs import group, wrapped_at
from index.ingest.tables import is_row
from index.records import Credit, Region

_EDGE = 3  # lines from the top or bottom of a page in which a running head can stand
_ON_MOST_PAGES = 0.4  # share of the pages: running heads of left and right pages may differ
# characters of names in bylines: more is no byline, and each paragraph below the prose is looked up in them
_AUTHORS = 5000
_MARKS = re.compile(r"(?:#{1,6}|[*_]{1,3}|[-+•‣▪●◦·–>])\s*")


def regions(
    text: str,
    credits: Sequence[Credit],  # noqa: A002 - the records' word
    *,
    page_starts: Sequence[int] = (),
    headings: Sequence[tuple[int, int]] = (),
    masked: Sequence[tuple[int, int]] = (),
) -> tuple[Region, ...]:
    """Return the body, heading and credit regions of `text`, in order.

    They have no white space at their ends, and none overlaps another.

    `credits` are those of `index.ingest.metadata.read`; `page_starts` are the offsets at which the pages of a PDF
    begin, by which running heads are known; `headings` are spans that the format of the file calls headings, `masked`
    those that are no part of the article: both in order and apart.
    """
    lines = pipes.barred(split(text))
    width = wrapped_at(lines)
    credited = _credited(text, lines, credits, width)
    running = _running_heads(lines, page_starts)
    entries = listed(lines)
    marked = {trimmed(text, start, end)[0] for start, end in headings}
    found = [Region(start, end, "credit") for start, end in credited]
    own: list[Line] = []  # what is neither credit nor furniture
    barred = False  # whether something that is stands between this line and the last of `own`
    announced = len(text)
    for line in _prose_lines(lines):
        across = _across(line, credited)
        if _across(line, masked):
            barred = True
            continue
        for piece in _outside(text, line, across):
            barred = barred or piece.start > line.start
            if (
                line.start not in entries
                and not is_row(piece.plain)
                and (is_copyright(piece.plain) or is_byline(piece.plain))
            ):
                found.append(Region(piece.start, piece.end, "credit"))
                barred = True
            elif line.start in running or is_furniture(piece.plain):
                announced = min(announced, piece.start) if announces_other_articles(piece.plain) else announced
                barred = True
            else:
                own.append(replace(piece, before="barrier") if barred or piece.start in marked else piece)
                announced = len(text) if piece.end - piece.start > 200 else announced
                barred = piece.start in marked
        barred = barred or bool(across)
    paragraphs = group(own, width=width)
    authors = " ".join(plain(text[credit.start : credit.end]) for credit in credits if credit.field == "author")[
        :_AUTHORS
    ]
    for paragraph, kind in zip(
        paragraphs, kinds(paragraphs, authors=authors, announced=announced, marked=marked), strict=True
    ):
        start, end = paragraph[0].start, paragraph[-1].end
        if kind == "heading":
            start, end = _without_marks(text, start, end)
        if kind and start < end:
            found.append(Region(start, end, kind))
    return tuple(sorted(found, key=lambda region: region.start))


def _credited(text: str, lines: Sequence[Line], credits: Sequence[Credit], width: int | None) -> list[tuple[int, int]]:  # noqa: A002 - as above
    """Return the spans of the credits, united where they overlap.

    What follows the words about an author in the same paragraph is about the author too.
    """
    united: list[tuple[int, int]] = []
    reached = 0  # where the last biography ended: one that begins within it ends there too
    for credit in sorted(credits, key=lambda credit: (credit.start, credit.end)):
        end = credit.end
        if credit.field == "author" and end > reached and biography.is_about(plain(text[credit.start : end])):
            end = reached = _end_of_biography(text, lines, end, width)
        start, end = trimmed(text, max(credit.start, 0), min(end, len(text)))
        if start < end and united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        elif start < end:
            united.append((start, end))
    return united


def _end_of_biography(text: str, lines: Sequence[Line], end: int, width: int | None) -> int:
    """Return where the paragraph ends in which words about an author end.

    With its line, or where lines are wrapped with the last of them.
    """
    for number in range(bisect_right(lines, end, key=lambda line: line.end), len(lines)):
        line = lines[number]
        wrapped = (
            width
            and line.before == "none"
            and end < line.start
            and not text[end : line.start].strip()
            and not is_furniture(line.plain)
        )
        if not wrapped and not line.start < end < line.end:
            break
        end = line.end
    return end


def _running_heads(lines: Sequence[Line], page_starts: Sequence[int]) -> frozenset[int]:
    """Where the lines start that stand, but for their figures, at the edge of most pages."""
    pages: list[list[Line]] = [[] for _ in page_starts]
    page = 0
    for line in lines if len(page_starts) > 1 else ():
        while page + 1 < len(page_starts) and line.start >= page_starts[page + 1]:
            page += 1
        pages[page].append(line)
    edges = [[*on_page[:_EDGE], *on_page[_EDGE:][-_EDGE:]] for on_page in pages]
    counts = Counter(key for edge in edges for key in {_without_figures(line) for line in edge})
    enough = max(2, _ON_MOST_PAGES * len(page_starts))
    every = max(3, len(page_starts))  # a sentence has to stand on all of them
    return frozenset(
        line.start
        for edge in edges
        for line in edge
        if counts[_without_figures(line)] >= (every if is_prose(line.plain) else enough)
    )


def _without_figures(line: Line) -> str:
    return re.sub(r"\d+", "#", line.plain.casefold())


def _prose_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines outside front matter and fenced code.

    A fence parts what stands before and after it; one that is never closed is none.
    """
    fences = [line.start for line in lines if line.plain.startswith("```")]
    fenced = list(zip(fences[::2], fences[1::2], strict=False))
    inside = iter(fenced)
    opening, closing = next(inside, (None, None))
    parted = False
    for line in lines[frontmatter.length(lines) :]:
        while closing is not None and line.start > closing:
            opening, closing = next(inside, (None, None))
        if opening is None or line.start < opening:
            yield replace(line, before="barrier") if parted else line
            parted = False
        else:
            parted = True


def listed(lines: Sequence[Line]) -> frozenset[int]:
    """Where the lines start that are entries of a calendar or chronicle: a day and words, below another such line."""
    found: set[int] = set()
    for one, two in pairwise(lines):
        if is_entry(two.plain) and is_entry(one.plain):
            found |= {one.start, two.start}
    return frozenset(found)


def _across(line: Line, credited: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Those of the spans, in order and apart, that a line shares with."""
    return credited[
        bisect_right(credited, line.start, key=lambda span: span[1]) : bisect_left(
            credited, line.end, key=lambda span: span[0]
        )
    ]


def _outside(text: str, line: Line, across: Sequence[tuple[int, int]]) -> Iterator[Line]:
    """The parts of a line that no credit covers, where these lie across it."""
    cuts = [line.start, *(edge for span in across for edge in span), line.end]
    if len(cuts) == 2:
        yield line
        return
    for number, (begin, stop) in enumerate(pairwise(cuts)):
        if number % 2 == 0:
            start, end = trimmed(text, begin, max(begin, stop))
            if start < end:
                yield Line(start, end, plain(text[start:end]), line.before)


def _without_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """A heading without the marks of Markdown or of a list."""
    while (mark := _MARKS.match(text, start, end)) and mark.end() > start:
        start = mark.end()
    while end > start and text[end - 1] in "#*_ \t":
        end -= 1
    return trimmed(text, start, end)
