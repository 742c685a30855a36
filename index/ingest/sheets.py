"""Write the rows of a sheet as lines of text: titles, rows with the names of their columns, and notes below.

An empty row ends a table, unless what follows has no header of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.ingest.tables import Cells, table


def lines(rows: Sequence[Cells]) -> list[str]:
    """The lines of a sheet; in `rows`, "" is an empty cell and None one that the cell to the left goes on in."""
    return [line for block in _blocks(rows) for line in _block_lines(block)]


def _blocks(rows: Sequence[Cells]) -> Iterator[list[Cells]]:
    """Yield stretches of rows without an empty one, except those within a table.

    Columns that are empty in them are left out.
    """
    blocks: list[list[Cells]] = [[]]
    for row in rows:
        if not any(row):
            if blocks[-1]:
                blocks.append([])
            continue
        goes_on = (
            len(blocks) > 1
            and not blocks[-1]
            and len(blocks[-2]) > 1
            and _filled(row) > 1
            and any(map(_is_figure, row))
        )
        if goes_on:
            blocks.pop()
        blocks[-1].append(row)
    for block in blocks:
        used = sorted({number for row in block for number, cell in enumerate(row) if cell})
        if used:
            yield [[row[number] if number < len(row) else "" for number in used] for row in block]


def _block_lines(block: Sequence[Cells]) -> list[str]:
    """A table with the titles above it and the remarks below it, which are single cells."""
    first, last = 0, len(block)
    while first < last and _filled(block[first]) == 1:
        first += 1
    while last > first and _filled(block[last - 1]) == 1:
        last -= 1
    above, below = ([cell for row in part for cell in row if cell] for part in (block[:first], block[last:]))
    rows = block[first:last]
    spans = len(rows) > 2 and None in rows[0]  # names above names
    return [*above, *(table(rows, header=2 if spans else None) if rows else ()), *below]


def _filled(row: Cells) -> int:
    return sum(1 for cell in row if cell)


def _is_figure(cell: str | None) -> bool:
    return (cell or "")[:1].isdecimal()
