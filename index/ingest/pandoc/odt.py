"""Prepare an OpenDocument text so that Pandoc reads all of it, and read what else its parts say.

Text boxes go after their paragraphs, and each column gets a cell.
"""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from index.ingest.pandoc.tree import ABOVE, LEFT
from index.ingest.tables import MOST_COLUMNS, TooWideError
from index.ingest.told import held

Element = Any

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """The file to read, what is told of it, the text of its page headers and footers, its title and its author."""

    data: bytes
    notes: tuple[str, ...]
    edges: tuple[str, ...]
    title: str | None
    author: str | None


def opendocument(data: bytes) -> OpenDocument:
    """Raises whatever zipfile and lxml raise for damaged files, KeyError where there is no content."""
    from lxml import etree

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        names = archive.namelist()

        def tree(name: str) -> Element | None:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            return etree.fromstring(archive.read(name), parser) if name in names else None

        content, styles, meta = tree("content.xml"), tree("styles.xml"), tree("meta.xml")
        if content is None:
            raise KeyError("content.xml")
        changed = next(content.iter(f"{_TEXT}changed-region"), None) is not None
        for each in list(content.iter(f"{_TEXT}tracked-changes")):
            each.getparent().remove(each)
        comments = [*content.iter(f"{_OFFICE}annotation")]
        hidden = _without_hidden(content, styles)
        _free_boxes(content)
        for row in content.iter(f"{_TABLE}table-row"):
            _spread(row)
        new.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        new.writestr("content.xml", etree.tostring(content))
        for name in names:
            if name in ("styles.xml", "META-INF/manifest.xml"):
                new.writestr(name, archive.read(name))
    notes = (
        *(["holds tracked changes: what they insert is read, what they delete is not"] if changed else []),
        *(["holds hidden text, which is not read"] if hidden else []),
        *held(len(comments), "comment"),
    )
    return OpenDocument(
        made.getvalue(), notes, _edges(styles), _first(meta, f"{_DC}title"), _first(meta, f"{_DC}creator")
    )


def _without_hidden(content: Element, styles: Element | None) -> bool:
    """Takes out the words whose style hides them; whether there are any."""
    hiding = {
        style.get(f"{_STYLE}name")
        for tree in (content, styles)
        if tree is not None
        for style in tree.iter(f"{_STYLE}style")
        if any(each.get(f"{_TEXT}display") == "none" for each in style.iter(f"{_STYLE}text-properties"))
    }
    found = [each for each in content.iter(f"{_TEXT}span", *_PARAGRAPHS) if each.get(f"{_TEXT}style-name") in hiding]
    said = any(any(map(str.strip, each.itertext())) for each in found)
    for each in found:
        tail = each.tail
        each.clear()  # its place stays
        each.tail = tail
    return said


def _free_boxes(content: Element) -> None:
    """Move what stands in text boxes, of a paragraph or of the page, behind it.

    Boxes within boxes come out in turn.
    """
    for box in list(content.iter(f"{_DRAW}text-box")):
        around = list(box.iterancestors())
        drawn = [each for each in around if each.tag.startswith(_DRAW)]
        anchor = next((each for each in around if each.tag in _PARAGRAPHS), drawn[-1] if drawn else box)
        for each in reversed(list(box)):
            anchor.addnext(each)


def _spread(row: Element) -> None:
    """A cell for each column: copies where one is repeated, marks where a wider or a higher one covers it.

    Empty ones at the end are left out.
    """
    cells = [each for each in row if each.tag in _CELLS]
    while cells and not any(map(str.strip, cells[-1].itertext())) and cells[-1].tag == _CELLS[0]:
        row.remove(cells.pop())
    columns = covered = 0  # so far; of those to come, that the last cell covers
    for each in cells:
        count = _count(each, "columns-repeated")
        columns += count
        if columns > MOST_COLUMNS:
            raise TooWideError(columns)
        wide = _count(each, "columns-spanned")
        for how in ("columns-repeated", "columns-spanned", "rows-spanned"):
            each.attrib.pop(f"{_TABLE}number-{how}", None)
        if each.tag == _CELLS[1]:
            copies = [_mark(LEFT if place < covered else ABOVE) for place in range(count)]
            covered = max(covered - count, 0)
        else:
            copies = [each, *(deepcopy(each) for _ in range(count - 1))]
            covered = wide - 1
        for copy in reversed(copies):
            each.addnext(copy) if copy is not each else None
        if each.tag == _CELLS[1]:
            row.remove(each)


def _mark(text: str) -> Element:
    """A cell that says this."""
    from lxml import etree

    made = etree.Element(_CELLS[0])
    etree.SubElement(made, _PARAGRAPHS[0]).text = text
    return made


def _count(element: Element, how: str) -> int:
    """For how many columns a cell stands, by an attribute."""
    value = element.get(f"{_TABLE}number-{how}") or "1"
    return max(int(value), 1) if value.isascii() and value.isdecimal() and len(value) < 12 else 1


def _edges(styles: Element | None) -> tuple[str, ...]:
    """The paragraphs of page headers and footers that hold text."""
    found = []
    for edge in styles.iter(f"{_STYLE}header", f"{_STYLE}footer") if styles is not None else ():
        found += [
            text
            for each in edge.iter(*_PARAGRAPHS)
            if any(map(str.isalpha, text := " ".join("".join(each.itertext()).split())))
        ]
    return tuple(dict.fromkeys(found))


def _first(root: Element | None, tag: str) -> str | None:
    return next((each.text for each in root.iter(tag)), None) if root is not None else None
