"""Read a .csv or .tsv file: its rows as text, or an article a row where its columns are those of articles.

A row broken by a quotation mark that is never closed, or by a comma without quotation marks, loses only itself, and is
reported.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.errors import SourceError
from index.ingest import sheets
from index.ingest.encoding import decode
from index.ingest.formats import Extract, Extracts, sound
from index.ingest.frontmatter import field_of
from index.ingest.jsonl import TEXT, gathered, left_out, normal
from index.limits import Limits
from index.records import Metadata

_DELIMITERS = "\t;|,"  # of equals the first: a comma stands in figures, too
_SAMPLE, _LONGEST_LINE = 50, 100_000  # rows, and characters of each, by which the delimiter is told
_MOST_LINES = 50  # of a row: what is longer is no cell, but a quotation mark that was never closed
_LONGEST_CELL = 10_000_000  # characters; Python's own limit is 131,072
# share of rows up to which those that are too long are broken; where there are more, rows are of any length
_FEW = 0.05
_SAID = re.compile(r'"?sep=([,;|\t:])"?\s*[\r\n]', re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

Held = list[str] | str  # the cells of a row, or what is wrong with it


@dataclass(frozen=True, slots=True)
class _Record:
    """A row, the line that it begins in, and whether its quotation marks are at odds."""

    number: int
    cells: list[str]
    is_doubtful: bool

    @property
    def width(self) -> int:
        """Its cells up to the last that holds anything."""
        return max((place for place, cell in enumerate(self.cells, 1) if cell.strip()), default=0)


def read_csv(data: bytes, name: str, _: Limits) -> Extract | Extracts:
    """The table as an article, or the articles in its rows. Raises `SourceError` where there are none, or no text."""
    decoded = decode(data, name)
    csv.field_size_limit(_LONGEST_CELL)
    lines = _LINE.findall(decoded.text)
    said = _SAID.match(decoded.text)  # what Excel writes into the first line
    delimiter = said[1] if said else _delimiter(lines)
    rows = _checked([record for record in _records(lines, delimiter) if not said or record.number > 1])
    sound_rows = [cells for _, cells in rows if isinstance(cells, list)]
    if not sound_rows:
        raise SourceError(f"{name} holds no rows", "leave it out of the folder")
    header = sound_rows[0]
    if len(sound_rows) > 1 and _are_articles(header):
        articles = [
            (number, held if isinstance(held, str) else dict(zip(header, held, strict=False)))
            for number, held in rows
            if held is not header
        ]
        return gathered(articles, name, decoded)
    lost = [(number, held) for number, held in rows if isinstance(held, str)]
    text = "\n".join(sheets.lines(sound_rows))
    return Extract(sound(text), decoded.encoding, Metadata(), notes=(*decoded.notes, *left_out("row", lost)))


def _delimiter(lines: Sequence[str]) -> str:
    """The mark that cuts most of the first rows into the same number of cells, two at least."""
    best = (0, 0, ",")
    sample = [line[:_LONGEST_LINE] for line in lines[:_SAMPLE]]
    for mark in _DELIMITERS:
        widths = Counter(map(len, csv.reader(sample, delimiter=mark)))
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        if width > 1 and (count, width) > best[:2]:
            best = (count, width, mark)
    return best[2]


def _records(lines: Sequence[str], delimiter: str) -> Iterator[_Record]:
    """The rows that hold anything."""
    at = 0
    while at < len(lines):
        number, line = at + 1, lines[at]
        try:
            if '"' in line:
                reader = csv.reader(lines[at : at + _MOST_LINES], delimiter=delimiter, strict=True)
                cells, used, is_doubtful = next(reader), reader.line_num, False
            else:
                cells, used, is_doubtful = line.rstrip("\r\n").split(delimiter), 1, False
        except csv.Error:
            cells, used, is_doubtful = next(csv.reader([line], delimiter=delimiter)), 1, True
        at += used
        if any(cell.strip() for cell in cells):
            yield _Record(number, cells, is_doubtful)


def _checked(records: Sequence[_Record]) -> list[tuple[int, Held]]:
    """The rows by their numbers, or why one is broken.

    It has more cells than nearly all others, and would give values the names of other columns.
    """
    widths = Counter(record.width for record in records)
    usual = max(widths, key=lambda width: widths[width], default=0)
    usual = max(usual, records[0].width if records else 0)  # the last column may be empty in most rows, but has a name
    longer = sum(count for width, count in widths.items() if width > usual)
    may_be_longer = usual < 2 or longer > max(1, _FEW * len(records))

    def held(record: _Record) -> Held:
        if record.is_doubtful and record.width != usual:
            return "has a quotation mark that is not closed"
        if record.width > usual and not may_be_longer:
            return f"has {record.width} cells, most have {usual}"
        return record.cells

    return [(record.number, held(record)) for record in records]


def _are_articles(header: Sequence[str]) -> bool:
    """Whether the columns are those of articles: a text, and something that is said of it."""
    return any(normal(name) in TEXT for name in header) and any(field_of(name) for name in header)
