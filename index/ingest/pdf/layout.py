"""The words of a page -> its lines, in reading order. Knows nothing of other pages.

A page is cut where a white strip runs down between stretches of text: these are columns, however they are drawn, if
each is drawn by itself or if its lines are filled with words. Else what stands side by side are the cells of a table,
and is read row by row. What crosses the strip (a title, a picture's caption) ends the columns; below it others may
begin. Distances are in points, or in parts of the usual height of a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import median

from index.ingest.pdf import bidi
from index.ingest.pdf.records import Page, Word

_APART = 0.6  # heights of a line between two words that may belong to different columns or cells
_CELL, _FIGURES = 1.0, 0.5  # heights between two cells of a table; between two figures
_STRIP = 0.5  # heights: no strip between columns is less wide
_ON_LINE = 0.35  # heights by which letters may stand above or below their line, raised figures do
_ROWS = 3  # lines that columns have, at least
_PROSE = 6.0  # heights: lines of prose are at least as wide
_FILLED = 0.7  # of the width of its column that a line of prose fills, where it is not the last of a paragraph;
_MOSTLY = 0.5  # and so many lines do
_DEEPEST = 20  # columns in and below columns
_MOST_ROWS = 300  # of a page that may have columns: it takes the square of their number to find these
_MOST_PIECES = 2_000  # on a page; a page of more is a drawing, and is read row by row

Strip = tuple[float, float]  # from where to where, across the page


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand on one line without a wide gap.

    `begin` is where the first was drawn among the words of the page.
    """

    words: tuple[Word, ...]
    left: float
    right: float
    y: float
    size: float
    begin: int


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on one line of a column.

    `cells` are what wide gaps part: one, where there are none. `column` counts those of the page.
    """

    text: str
    cells: tuple[Cell, ...]
    left: float
    y: float
    size: float
    room: float  # from its last word to the edge of the column
    first: float  # the width of its first word
    column: int
    is_row: bool = False  # of a table


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line, and from where to where it reaches."""

    text: str
    left: float
    right: float


def lines(page: Page) -> list[Line]:
    """The lines of a page as they are read."""
    leftward = 2 * sum(bidi.is_right_to_left(word.text) for word in page.words) > len(page.words)
    words = [replace(word, left=-word.right, right=-word.left) for word in page.words] if leftward else page.words
    pieces = _pieces(words)
    columns = _columns(pieces, 0) if 0 < len(pieces) <= _MOST_PIECES else [pieces]
    return [
        _line(row, edge, number, leftward=leftward)
        for number, column in enumerate(columns)
        for edge in [_edge(column)]
        for row in _rows(column)
    ]


def _line(row: Sequence[Piece], edge: float, column: int, *, leftward: bool) -> Line:
    words = [word for piece in row for word in piece.words]
    size = median(word.size for word in words)
    groups: list[list[Word]] = [[words[0]]]
    for before, word in pairwise(words):
        if word.left - before.right > (_FIGURES if _are_figures(before, word) else _CELL) * size:
            groups.append([])
        groups[-1].append(word)
    cells = tuple(
        Cell(bidi.line([word.text for word in group], leftward=leftward), group[0].left, group[-1].right)
        for group in groups
    )
    text = bidi.line([word.text for word in words], leftward=leftward)
    y = max(row, key=lambda piece: len(piece.words)).y
    return Line(text, cells, words[0].left, y, size, edge - words[-1].right, words[0].right - words[0].left, column)


def _are_figures(*words: Word) -> bool:
    return all(word.text[0].isdecimal() and word.text[-1].isdecimal() for word in words)


def _edge(column: Sequence[Piece]) -> float:
    return max((piece.right for piece in column), default=0.0)


def _pieces(words: Sequence[Word]) -> list[Piece]:
    """Words that follow each other on a line, as they are drawn."""
    runs: list[list[int]] = []
    for number, word in enumerate(words):
        before = words[number - 1] if runs else word
        height = max(word.size, before.size)
        near = -0.3 * height <= word.left - before.right <= _APART * height
        if runs and near and abs(word.y - before.y) <= _ON_LINE * height:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [_piece([words[number] for number in run], run[0]) for run in runs]


def _piece(words: Sequence[Word], begin: int) -> Piece:
    size = median(word.size for word in words)
    y = median(word.y for word in words)
    return Piece(tuple(words), min(word.left for word in words), max(word.right for word in words), y, size, begin)


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that stand on the same line, from the top; those of a row from the left."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.y, piece.left)):
        if rows and piece.y - rows[-1][0].y <= _ON_LINE * max(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _columns(pieces: Sequence[Piece], depth: int) -> list[list[Piece]]:
    """Return the columns of a stretch of a page, in reading order.

    What stands above and below them are columns too.
    """
    rows = _rows(pieces)
    height = median(piece.size for piece in pieces) if pieces else 0.0
    for start, stop, strips in _bands(rows, height) if depth < _DEEPEST and len(rows) <= _MOST_ROWS else ():
        parts = _parted(_flat(rows[start:stop]), strips)
        if _are_columns(parts, height):
            above, below = _flat(rows[:start]), _flat(rows[stop:])
            inner = [column for part in parts for column in _columns(part, depth + 1)]
            return [*([above] if above else []), *inner, *(_columns(below, depth + 1) if below else [])]
    return [list(pieces)]


def _bands(rows: Sequence[Sequence[Piece]], height: float) -> Iterator[tuple[int, int, list[Strip]]]:
    """Yield rows that follow each other and leave a strip free between their two sides.

    From where to where, and the strips.
    """
    outermost = (
        (min(piece.left for row in rows for piece in row), max(piece.right for row in rows for piece in row))
        if rows
        else (0.0, 0.0)
    )
    for start in range(len(rows)):
        free: list[Strip] = [(-inf, inf)]
        left, right = inf, -inf
        between: list[Strip] = []
        stop = start
        while stop < len(rows):
            left, right = min(left, rows[stop][0].left), max(right, *(piece.right for piece in rows[stop]))
            left_free = [strip for strip in _left_free(free, rows[stop]) if strip[1] - strip[0] >= _STRIP * height]
            inner = [strip for strip in left_free if left < strip[0] and strip[1] < right]
            if (between and not inner) or all(end <= outermost[0] or begin >= outermost[1] for begin, end in left_free):
                break
            free, between, stop = left_free, inner, stop + 1
        if between:
            yield start, stop, between


def _left_free(strips: Sequence[Strip], row: Sequence[Piece]) -> list[Strip]:
    """The parts of the strips that no piece of a row covers. Both are in order from the left."""
    for piece in row:
        strips = [
            part
            for begin, end in strips
            for part in ((begin, min(end, piece.left)), (max(begin, piece.right), end))
            if part[0] < part[1]
        ]
    return list(strips)


def _parted(pieces: Sequence[Piece], strips: Sequence[Strip]) -> list[list[Piece]]:
    """The pieces between the strips, from the left."""
    parts: list[list[Piece]] = [[] for _ in range(len(strips) + 1)]
    for piece in pieces:
        parts[sum(begin <= piece.left for begin, _ in strips)].append(piece)
    return parts


def _are_columns(parts: Sequence[Sequence[Piece]], height: float) -> bool:
    """Whether these are columns of text, not the cells of a table."""
    rows = [_rows(part) for part in parts]
    if min(map(len, rows)) >= _ROWS and all(_is_prose(each, height) for each in rows):
        return True
    spans = sorted((min(piece.begin for piece in part), max(piece.begin for piece in part)) for part in parts)
    apart = all(one[1] < two[0] for one, two in pairwise(spans))
    lines = {round(piece.y / (_ON_LINE * height)) for piece in max(parts, key=len)}
    level = sum(round(row[0].y / (_ON_LINE * height)) in lines for row in min(rows, key=len)) >= _MOSTLY * min(
        map(len, rows)
    )
    return (
        apart and max(map(len, rows)) >= _ROWS and not (level and any(_width(each) < _PROSE * height for each in rows))
    )


def _is_prose(rows: Sequence[Sequence[Piece]], height: float) -> bool:
    """Whether most lines are filled, and not with a word or a figure."""
    left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    filled = sum(row[-1].right - row[0].left >= _FILLED * (right - left) for row in rows)
    return filled >= _MOSTLY * len(rows) and _width(rows) >= _PROSE * height


def _width(rows: Sequence[Sequence[Piece]]) -> float:
    return median(row[-1].right - row[0].left for row in rows)


def _flat(rows: Sequence[Sequence[Piece]]) -> list[Piece]:
    return [piece for row in rows for piece in row]
