"""Turn the lines of a page that form tables into rows. Rules between cells are ignored: cells below each other count.

Each row repeats the names of its columns (`index.ingest.tables`). A cell broken over lines is joined again unless it is
the first of its row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from index.ingest import tables
from index.ingest.pdf.layout import Cell, Line

_ROWS = 3  # that agree on their columns, at least
_TIGHT, _NEAR = 1.5, 3.0  # heights of a line within which the next one belongs to the same cell, and to the same table
_MARK = re.compile(r"[^\w]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]|\(\d{1,3}\)")
# what begins with a figure, if that is no year: years name columns
_FIGURE = re.compile(r"\W*(?!(?:1[5-9]|2[01])\d\d\b)\d")

Span = tuple[float, float]


def tabulated(lines: Sequence[Line]) -> list[Line]:
    """The lines, in their order; where they are those of a table, a row each."""
    found: list[Line] = []
    for run in _runs(lines):
        columns = _columns(run)
        found += _table(run, columns) if columns else run
    return found


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Stretches of lines with several cells, and of lines with one; a single one between the former belongs to them."""
    parted = [len(line.cells) > 1 for line in lines]
    for number in range(1, len(lines) - 1):
        near = (
            lines[number].column == lines[number - 1].column
            and lines[number].y - lines[number - 1].y <= _NEAR * lines[number].size
        )
        parted[number] = parted[number] or (parted[number - 1] and parted[number + 1] and near)
    for _, group in groupby(range(len(lines)), key=lambda number: (lines[number].column, parted[number])):
        yield [lines[number] for number in group]


def _columns(run: Sequence[Line]) -> list[Span]:
    """From where to where the columns of a table reach; none, if the lines are no table."""
    counts = Counter(len(line.cells) for line in run if len(line.cells) > 1)
    if not counts:
        return []
    usual, rows = max(counts.items(), key=lambda each: (each[1], each[0]))
    whole = [line.cells for line in run if len(line.cells) == usual]
    columns = [
        (min(cells[number].left for cells in whole), max(cells[number].right for cells in whole))
        for number in range(usual)
    ]
    apart = all(one[1] < two[0] for one, two in pairwise(columns))
    is_list = all(_MARK.fullmatch(cells[0].text) for cells in whole)
    return columns if rows >= _ROWS and apart and not is_list else []


def _table(run: Sequence[Line], columns: Sequence[Span]) -> list[Line]:
    rows: list[list[str | None]] = []
    counts: list[int] = []  # of the cells of each row
    for number, line in enumerate(run):
        cells = _placed(line.cells, columns)
        if number and len(line.cells) == 1 and cells[0] is None and line.y - run[number - 1].y <= _TIGHT * line.size:
            rows[-1] = [" ".join(filter(None, pair)) for pair in zip(rows[-1], cells, strict=True)]
            continue
        across = [line.text, *[None] * (len(columns) - 1)]  # what the rows below belong to
        rows.append([cell or "" for cell in cells] if len(line.cells) > 1 else across)
        counts.append(len(line.cells))
    return [
        replace(run[min(number, len(run) - 1)], text=text, is_row=True)
        for number, text in enumerate(_written(rows, counts, len(columns)))
    ]


def _written(rows: Sequence[Sequence[str | None]], counts: Sequence[int], columns: int) -> list[str]:
    """The rows as lines.

    Their columns have the names that stand above the first figures, if there is one for each; what else stands there is
    a row too.
    """
    figures = next((number for number, cells in enumerate(rows) if _are_figures(cells[1:])), 0)
    named = max((number for number in range(figures) if counts[number] == columns), default=None)
    if figures == 0:
        return tables.table(rows)
    if named is None:
        return tables.table(rows, header=0)
    first = named
    while first and counts[first - 1] >= columns - 1 > 1:
        first -= 1
    above = [tables.row((), cells) for cells in rows[:first]]
    return [*above, *tables.table(rows[first:], header=named + 1 - first)]


def _are_figures(cells: Sequence[str | None]) -> bool:
    """Whether figures prevail."""
    said = [cell for cell in cells if cell]
    return 2 * sum(bool(_FIGURE.match(cell)) for cell in said) > len(said)


def _placed(cells: Sequence[Cell], columns: Sequence[Span]) -> list[str | None]:
    """The cells of a line, each in the column that it shares most with."""
    placed: list[str | None] = [None] * len(columns)
    for cell in cells:
        shared = [min(cell.right, right) - max(cell.left, left) for left, right in columns]
        number = shared.index(max(shared))
        placed[number] = f"{placed[number]} {cell.text}" if placed[number] else cell.text
    return placed
