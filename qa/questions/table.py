"""Read a table with a header, as spreadsheets write it, into rows in which every cell is text.

The delimiter is the one of comma, semicolon and tab under which the header has a column called question.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from index.errors import QuestionError
from qa.jsonl import RawRow

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_LONGEST = 2**31 - 1  # characters of a cell: a column may hold whole articles


def rows(text: str, name: str) -> tuple[tuple[RawRow, ...], str]:
    """The rows of the table, blank ones left out and not counted, and the delimiter.

    Raises `QuestionError`, naming the file `name`, where there is no column called question (in any case) or the
    quotation marks do not close.
    """
    text, delimiter = _told(text)
    delimiter = delimiter or _likeliest(text)
    records = [cells for cells in _records(text, name, delimiter) if any(cell.strip() for cell in cells)]
    if not records:
        return (), delimiter
    header, *body = records
    if not _asks(header):
        raise _without_question(header, name)
    columns = _named(header, body)
    return tuple(
        _row(number, cells, columns, len(header), delimiter) for number, cells in enumerate(body, start=1)
    ), delimiter


def is_header(line: str) -> bool:
    """Whether `line` names columns, one of them question."""
    return any(_asks(_cells(line, delimiter)) for delimiter in _DELIMITERS)


def _told(text: str) -> tuple[str, str | None]:
    """Excel's own way to name the delimiter: a first line "sep=;"."""
    first, _, rest = text.partition("\n")
    first = first.strip("\r ")
    return (rest, first[4]) if first[:4].lower() == "sep=" and first[4:] in _DELIMITERS else (text, None)


def _likeliest(text: str) -> str:
    first = text.lstrip("\r\n ")
    return max(_DELIMITERS, key=lambda delimiter: (_asks(cells := _cells(first, delimiter)), len(cells)))


def _cells(text: str, delimiter: str) -> list[str]:
    csv.field_size_limit(_LONGEST)
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def _asks(header: Sequence[str]) -> bool:
    return any(cell.strip().casefold() == "question" for cell in header)


def _records(text: str, name: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield cells
            line = reader.line_num + 1
    except csv.Error as error:
        problem = "a quotation mark is opened and never closed" if "end of data" in str(error) else str(error)
        raise QuestionError(
            f"{name}, line {line}: {problem}", 'a cell with quotation marks in it is written "so ""they"" say"'
        ) from error


def _without_question(header: Sequence[str], name: str) -> QuestionError:
    found = ", ".join(cell.strip() or "(no name)" for cell in header)
    message = f"{name} has no column called question; it has: {found if len(found) <= 200 else found[:200] + '…'}"
    if len(header) == 1:
        return QuestionError(message, "write question in the first line, or call the file .txt: one question a line")
    return QuestionError(message, "call the column that holds the questions question, in the first line")


def _named(header: Sequence[str], body: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Give each column a name of its own; drop empty columns at the end, which spreadsheets leave."""
    width = max(
        (place for cells in (header, *body) for place, cell in enumerate(cells, start=1) if cell.strip()), default=0
    )
    names: list[str] = []
    for place in range(1, max(width, 1) + 1):
        name = (header[place - 1].strip() if place <= len(header) else "") or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return tuple(names)


def _row(number: int, cells: Sequence[str], columns: Sequence[str], expected: int, delimiter: str) -> RawRow:
    last = max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    held = max(min(expected, len(columns)), last)
    value: dict[str, object] = {
        name: cells[place] if place < len(cells) else "" for place, name in enumerate(columns[:held])
    }
    if last <= expected:
        return RawRow(number, value, None)
    mark = _DELIMITERS[delimiter]
    return RawRow(
        number,
        value,
        f"{last} cells where the header has {expected}: put a cell with a {mark} in it between quotation marks",
    )
