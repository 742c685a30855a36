"""Write the data tables of a page as lines, a row a line, each cell after its column's name.

Only tables of data: pages were long laid out in tables, and letters still are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.ingest.lines import plain
from index.ingest.tables import Cells, table

Element = Any  # of lxml, which says nothing of its types
_LONGEST_CELL = 300  # characters; longer ones hold an article, not a value
_APART = "br|p|div|li|ul|ol|sup".split("|")
_MOST_COLUMNS = 1000
_OTHER = "table|form|article|section|h1|h2|h3|iframe|video|nav".split("|")  # within a cell: a table for layout


def spell_out(tree: Element) -> None:
    """Puts the lines of each table of data in its place, a paragraph each."""
    from lxml import etree

    for element in [each for each in tree.iter("table") if is_data(each)]:
        container = etree.Element("div")
        for line in lines(element):
            etree.SubElement(container, "p").text = line
        container.tail = element.tail
        parent = element.getparent()
        if parent is not None:
            parent.replace(element, container)


def is_data(element: Element) -> bool:
    """Whether a table holds values.

    It has two rows and columns at least, in most rows, nothing long, and no part of a page in its cells.
    """
    if element.get("role") in ("presentation", "none") or next(element.iterdescendants(*_OTHER), None) is not None:
        return False
    rows = [list(each.iterchildren("td", "th")) for each in element.iter("tr")]
    wide = [cells for cells in rows if len(cells) >= 2]
    if len(rows) < 2 or 2 * len(wide) <= len(rows):
        return False
    return all(len(_words(cell)) <= _LONGEST_CELL for cells in rows for cell in cells)


def lines(element: Element) -> list[str]:
    """The rows of a table, its caption before them."""
    found = list(_rows(element))
    marked = [
        row.getparent().tag == "thead" or all(cell.tag == "th" for cell in row.iterchildren("td", "th"))
        for row, _ in found
    ]
    header = next((number for number, is_header in enumerate(marked) if not is_header), len(marked))
    caption = next(element.iterchildren("caption"), None)
    return table(
        [cells for _, cells in found], header=header or None, caption="" if caption is None else _words(caption)
    )


def _rows(element: Element) -> Iterator[tuple[Element, Cells]]:
    """Each row with its cells; one that spans columns stands in the first, and one that spans rows in each of them."""
    reaching: dict[int, tuple[int, str]] = {}  # by column: in how many rows more a cell above stands, and what it holds
    for row in element.iter("tr"):
        cells: list[str | None] = []
        for cell in (*row.iterchildren("td", "th"), None):
            while (column := len(cells)) in reaching:
                left, words = reaching.pop(column)
                if left > 1:
                    reaching[column] = (left - 1, words)
                cells.append(words)
            if cell is None or column >= _MOST_COLUMNS:
                break
            words, down = _words(cell), _span(cell, "rowspan")
            for number in range(_span(cell, "colspan")):
                if down > 1:
                    reaching[column + number] = (down - 1, words)
                cells.append(None if number else words)
        if cells:
            yield row, cells


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), _MOST_COLUMNS) if value.isascii() and value.isdecimal() and len(value) < 9 else 1


def _words(element: Element) -> str:
    """Return the text of a cell.

    Words in different blocks are apart, and so are figures and the marks of notes; bold letters in a word are not.
    """
    parts = [element.text or ""]
    for each in element.iterdescendants():
        apart = " " if each.tag in _APART else ""
        parts += [
            apart,
            (each.text or "") if isinstance(each.tag, str) else "",
            apart if each.tag != "sup" else "",
            each.tail or "",
        ]
    return plain("".join(parts))
