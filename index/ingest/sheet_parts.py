"""What the parts of an .xlsx file say beside its values.

Which rows and columns are hidden, how many formulas no program has computed yet, and what it holds that is no cell:
charts, text boxes, comments. python-calamine tells none of this.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from index.ingest.xml import Element, first, local, parse, within, words

_MOST_COLUMNS = 16_384  # of a sheet
_N = rb"<(?:\w{1,20}:)?"  # the beginning of an element, with its prefix
_ROW = re.compile(_N + rb"row\b[^>]*\shidden=[\"'](?:1|true)[\"'][^>]*>")
_COLUMN = re.compile(_N + rb"col\b[^>]*\shidden=[\"'](?:1|true)[\"'][^>]*>")
_FORMULA = re.compile(
    _N + rb"c\b([^>]*)>\s*" + _N + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w{1,20}:)?f>)\s*"
    rb"((?:<(?:\w{1,20}:)?v\s*(?:/>|></(?:\w{1,20}:)?v>)\s*)?)</(?:\w{1,20}:)?c>"
)
_NUMBER = rb"\s%s=[\"'](\d{1,7})[\"']"
_CHARTS = re.compile(r"xl/charts/chart(?:ex)?\d*\.xml", re.IGNORECASE)
_COMMENTS = re.compile(r"xl/comments(?:/comment)?\d*\.xml", re.IGNORECASE)
_DRAWINGS = re.compile(r"xl/drawings/drawing\d*\.xml", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The hidden rows and columns of a sheet, from 0, and how many of its formulas have no value."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    uncomputed: int = 0


@dataclass(frozen=True, slots=True)
class Parts:
    """The sheets by name, and how many things there are that are no cells."""

    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    charts: int = 0
    boxes: int = 0
    comments: int = 0


def read(data: bytes) -> Parts:
    """The parts of a workbook; nothing for one in another format than .xlsx. Raises what zipfile and lxml raise."""
    if not data.startswith(b"PK"):
        return Parts()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
            return Parts()
        sheets = {name: _sheet(archive.read(path)) for name, path in _paths(archive) if path in names}
        comments = sum(_count(archive, name, "comment") for name in names if _COMMENTS.fullmatch(name))
        boxes = sum(
            bool(words(first(shape, "txBody")))
            for name in names
            if _DRAWINGS.fullmatch(name)
            for shape in within(parse(archive.read(name)), "sp")
        )
        charts = sum(1 for name in names if _CHARTS.fullmatch(name))
    return Parts(sheets, charts, boxes, comments)


def _paths(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and its part."""
    targets = {each.get("Id"): each.get("Target", "") for each in parse(archive.read("xl/_rels/workbook.xml.rels"))}
    for sheet in within(parse(archive.read("xl/workbook.xml")), "sheet"):
        if target := targets.get(_related(sheet), ""):
            yield sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _related(sheet: Element) -> str | None:
    """The id of what a sheet refers to; it is in one namespace, or in that of Strict files."""
    return next((value for key, value in sheet.items() if key.endswith("}id")), None)


def _sheet(content: bytes) -> Sheet:
    rows = (_attribute(found[0], b"r") for found in _ROW.finditer(content))
    columns: set[int] = set()
    for found in _COLUMN.finditer(content):
        low, high = _attribute(found[0], b"min"), _attribute(found[0], b"max")
        if low is not None and high is not None:
            columns.update(range(low - 1, min(high, _MOST_COLUMNS)))
    # a formula whose value is an empty text has been computed
    uncomputed = sum(not found[2] or b't="str"' not in found[1] for found in _FORMULA.finditer(content))
    return Sheet(frozenset(row - 1 for row in rows if row is not None), frozenset(columns), uncomputed)


def _attribute(element: bytes, name: bytes) -> int | None:
    found = re.search(_NUMBER % name, element)
    return int(found[1]) if found else None


def _count(archive: zipfile.ZipFile, name: str, element: str) -> int:
    return sum(local(each) == element for each in parse(archive.read(name)).iter())
