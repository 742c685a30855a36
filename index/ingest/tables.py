"""Write tables as lines of text, a row a line, in the one form that the rest of `index` knows again.

A row is quoted alone, so each of its cells names its column: `| Region: Midland | 2021: 95 | 2022: 81 |`. What the
whole table is about (its caption, or the sentence before it) is a line of its own above the rows, which `index.chunk`
gives each row as context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.ingest.lines import is_prose, plain

Cells = Sequence[str | None]  # of a row, one for each column: None where the cell to the left goes on (a merged cell)

MOST_COLUMNS = 1000  # of a table; Word itself has 63
LONGEST_MERGED = 100  # characters of a merged cell that are said again in each of its rows
_LONGEST_NAME = 100  # characters of what is repeated in every row; what is longer is no name of a column
_MOST_WORDS = 60  # of a cell; what is longer is running text
_FIGURE = re.compile(r"[^\w]*\d[\d.,\s%‰°€$£¥]*\w{0,3}[^\w]*")
_YEAR = re.compile(r"(?:1[5-9]|2[01])\d\d(?:[-/–]\d\d(?:\d\d)?)?")
_RULE = re.compile(r"[ \t]*\r?\n[ \t]*(?:\|[ \t]*:?-|:?-[-: \t]*\|)[-|: \t]*(?=[\r\n]|\Z)")


class TooWideError(ValueError):
    """A table says that it has more columns than any has: each costs memory."""

    def __init__(self, columns: int) -> None:
        super().__init__(columns)
        self.columns = columns


def table(rows: Sequence[Cells], *, header: int | None = None, caption: str = "") -> list[str]:
    """The lines of a table: its caption, if any, and each row that holds anything, with the names of its columns.

    The first `header` rows name the columns; None: whether the first one does is told by what it holds. What is there
    for the layout (`is_layout`, and a row with a cell of running text) is no table: the lines of its cells are lines.
    """
    lines = [plain(caption)] if caption.strip() else []
    if is_layout(rows):
        return lines + [line for cells in rows for line in _running(cells)]
    while header is None and _is_across(rows[0]) and len(rows) > 1:  # the caption, in a row of its own
        lines += _running(rows[0])
        rows = rows[1:]
    rows, given = [[cell if cell is None else plain(cell) for cell in cells] for cells in rows], rows
    if header is None:
        header = _names_columns(rows)
        lines += [row((), rows[0])] if header and len(rows[0]) == 2 else []  # it may be a name and a value after all
    header = min(header, len(rows) - 1)
    names = _names(rows[:header])
    section = ""
    for cells, as_given in zip(rows[header:], given[header:], strict=True):
        if any(cell and len(cell.split()) > _MOST_WORDS for cell in cells):
            lines += _running(as_given)
        elif _is_across(cells):  # what the rows below belong to
            section = cells[0] if cells[0] and len(cells[0]) <= _LONGEST_NAME else ""
            lines.append(row((), cells))
        elif any(cells) and cells not in rows[:header]:  # a header is repeated on every page
            lines.append(row(names, cells, section=section))
    return lines


def is_layout(rows: Sequence[Cells]) -> bool:
    """Whether a table only places its cells on the page: it has a single column, or a single row with running text."""
    return max(map(len, rows), default=0) < 2 or (
        len(rows) == 1 and any(cell and ("\n" in cell or is_prose(plain(cell))) for cell in rows[0])
    )


def row(names: Sequence[str], cells: Cells, *, section: str = "") -> str:
    """One row as a line: every cell that holds anything, after the name of its column where that has one.

    `section` is what the row belongs to.
    """
    said = [section] if section else []
    for number, cell in enumerate(cells):
        name = names[number] if number < len(names) else ""
        if cell:
            said.append(f"{name}: {cell}" if name and name != cell else cell)
    return f"| {' | '.join(said)} |"


def pad(cells: list[str | None], count: int, cell: str | None) -> None:
    """Appends a cell `count` times. Raises TooWideError where the row would have more than any has."""
    if len(cells) + count > MOST_COLUMNS:
        raise TooWideError(len(cells) + count)
    cells.extend([cell] * count)


def is_row(line: str) -> bool:
    """Whether a line is a row of a table: one that `row` wrote, or a row in Markdown.

    The line is a plain reading, or at least trimmed.
    """
    return line[:1] == "|" and line.count("|") >= (2 if line.endswith("|") else 3)


def names_columns(text: str, end: int) -> bool:
    """Whether the row of Markdown that ends at `end` gives the names of the columns.

    A rule (`|---|:--:|`, `--- | :--:`) stands below it.
    """
    return bool(_RULE.match(text, end))


def _is_across(cells: Cells) -> bool:
    """Whether a row is a single cell across the whole table."""
    return len(cells) > 1 and bool(cells[0]) and all(cell is None for cell in cells[1:])


def _running(cells: Cells) -> list[str]:
    return [line for cell in cells if cell for line in map(plain, cell.splitlines()) if line]


def _names_columns(rows: Sequence[Cells]) -> int:
    """How many rows name the columns.

    The first does, if every cell is a short name, but for the first perhaps, and below at least one there are figures;
    where a cell of it stands above several columns, the next row says what each of them is.

    Where there are no figures at all, three columns or more are believed to have names. Two columns may be names and
    values: there the second must hold nothing but figures.
    """
    first, rest = rows[0], rows[1:]
    named = [cell for cell in first[1:] if cell is not None]
    if not all(cell and len(cell) <= _LONGEST_NAME for cell in named) or any(
        cell and _is_figure(cell) for cell in first
    ):
        return 0
    if len({cell for cell in first if cell}) < len([cell for cell in first if cell]):
        return 0
    columns = [[cells[number] for cells in rest if number < len(cells)] for number in range(len(first))]
    if len(first) == 2:
        return int(all(cell and (_is_figure(cell) or _YEAR.fullmatch(cell)) for cell in columns[1]))
    if any(cell and (_is_figure(cell) or _YEAR.fullmatch(cell)) for column in columns for cell in column):
        number = 1
        while (
            number < len(rows) - 1
            and None in rows[number - 1]
            and not any(cell and _is_figure(cell) for cell in rows[number])
        ):
            number += 1
        return number
    return int(all(cell for cell in first))


def _is_figure(cell: str) -> bool:
    """Whether it is a figure, not a year: years name columns."""
    return bool(_FIGURE.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _names(header: Sequence[Cells]) -> list[str]:
    """Return the name of each column.

    What stands above it in all rows of the header, once; a merged cell stands above all that it covers.
    """
    names: list[list[str]] = [[] for _ in range(max(map(len, header), default=0))]
    for cells in header:
        last = ""
        for number, cell in enumerate(cells):
            last = last if cell is None else cell.rstrip(" :")
            if last and last not in names[number]:
                names[number].append(last)
    joined = [" ".join(parts) for parts in names]
    return [name if len(name) <= _LONGEST_NAME else "" for name in joined]
