"""Read the slides of a presentation (.pptx) in order, each a page: title, text, tables, speaker's notes.

Charts and drawings are not read, and reported.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from index.errors import SourceError
from index.ingest.formats import DAMAGED, Extract, author_of, check_archive, sound, title_of
from index.ingest.lines import plain
from index.ingest.tables import table
from index.ingest.xml import Element, first, local, parse, within, words
from index.limits import Limits
from index.records import Metadata

_LEAVE = "mend it in the program it came from, or leave it out of the folder"
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "ftr", "hdr", "sldImg")
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

Line = tuple[str, bool]  # and whether it is a title


def read_pptx(data: bytes, name: str, limits: Limits) -> Extract:
    """The text of a presentation.

    Raises `SourceError` where it is damaged, locked, without text, or larger than its `limits` when it is unpacked.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(
            f"{name} is locked with a password, or in the format of PowerPoint before 2007",
            "save it as .pptx without a password",
        )
    check_archive(data, name, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            pages, unread = _pages(archive)
            core = parse(archive.read("docProps/core.xml")) if "docProps/core.xml" in archive.namelist() else None
    except DAMAGED as error:
        raise SourceError(f"{name} is a damaged presentation, or none", _LEAVE) from error
    text, headings, starts = "", list[tuple[int, int]](), list[int]()
    for lines in pages:
        starts.append(len(text))
        for line, is_title in lines:
            if is_title:
                headings.append((len(text), len(text) + len(line)))
            text += line + "\n"
        text += "\n"
    if not plain(text):
        raise SourceError(f"{name} holds no text, only pictures", "leave it out of the folder")
    metadata = Metadata(title=title_of(words(first(core, "title"))), author=author_of(words(first(core, "creator"))))
    notes = (f"{unread:,} {'chart or drawing' if unread == 1 else 'charts or drawings'} not read",) if unread else ()
    return Extract(text, "binary", metadata, tuple(starts), notes=notes, headings=tuple(headings))


def _pages(archive: zipfile.ZipFile) -> tuple[list[list[Line]], int]:
    """The lines of each slide, and how many charts and drawings there are."""
    pages: list[list[Line]] = []
    unread = 0
    place = "ppt/presentation.xml"
    related = _related(archive, place)
    for slide in within(parse(archive.read(place)), "sldId"):
        _, path = related[slide.get(_ID) or slide.get(_STRICT_ID)]
        tree = parse(archive.read(path))
        lines = list(_lines(tree))
        for kind, target in _related(archive, path).values():
            if kind == "notesSlide":
                lines += [line for line in _lines(parse(archive.read(target))) if not line[1]]
        pages.append(lines)
        unread += sum(first(frame, "tbl") is None for frame in within(tree, "graphicFrame"))
    return pages, unread


def _related(archive: zipfile.ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """What a part refers to, by id: its kind and its path."""
    folder, name = posixpath.split(path)
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in archive.namelist():
        return {}
    return {
        each.get("Id"): (
            each.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
        )
        for each in parse(archive.read(listed))
        if each.get("TargetMode") != "External"
    }


def _lines(tree: Element) -> Iterator[Line]:
    for shape in within(tree, "sp", "tbl"):
        if local(shape) == "tbl":
            rows = [
                [None if cell.get("hMerge") in ("1", "true") else words(cell) for cell in within(row, "tc")]
                for row in within(shape, "tr")
            ]
            yield from ((sound(line), False) for line in table(rows) if rows)
            continue
        holder = first(shape, "ph")
        kind = "" if holder is None else holder.get("type", "")
        if kind in _FURNITURE:
            continue
        for paragraph in within(shape, "p"):
            line = sound(
                plain(
                    "".join("\n" if local(each) == "br" else each.text or "" for each in within(paragraph, "t", "br"))
                )
            )
            if line:
                yield line, kind in _TITLES
