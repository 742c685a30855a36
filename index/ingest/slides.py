"""Read the slides of a presentation (.pptx) in order, each a page: title, text, tables, speaker's notes.

Charts, drawings and comments are not read, nor are hidden slides, and that is reported. A damaged slide costs itself.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator

from index.errors import SourceError
from index.ingest.formats import DAMAGED, Extract, author_of, check_archive, sound, title_of
from index.ingest.lines import plain
from index.ingest.tables import LONGEST_MERGED, table
from index.ingest.told import not_read, passed_over
from index.ingest.xml import Element, first, local, parse, within, words
from index.limits import Limits
from index.records import Metadata

_LEAVE = "mend it in the program it came from, or leave it out of the folder"
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "ftr", "hdr", "sldImg")
_ON = ("1", "true")
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
    notes = (
        *passed_over(unread["damaged"], "slide", "damaged"),
        *passed_over(unread["hidden"], "slide", "hidden"),
        *not_read(unread["drawn"], "chart or drawing", "charts or drawings"),
        *not_read(unread["comments"], "comment"),
    )
    return Extract(text, "binary", metadata, tuple(starts), notes=notes, headings=tuple(headings))


def _pages(archive: zipfile.ZipFile) -> tuple[list[list[Line]], Counter[str]]:
    """The lines of each slide, none of one that is not read, and how much of what is not read, by kind."""
    pages: list[list[Line]] = []
    unread = Counter[str]()
    place = "ppt/presentation.xml"
    related = _related(archive, place)
    for slide in within(parse(archive.read(place)), "sldId"):
        try:
            _, path = related[slide.get(_ID) or slide.get(_STRICT_ID)]
            tree = _seen(parse(archive.read(path)))
            beside = _related(archive, path).values()
            notes = [_seen(parse(archive.read(target))) for kind, target in beside if kind == "notesSlide"]
            said = [parse(archive.read(target)) for kind, target in beside if kind == "comments"]
        except DAMAGED:
            unread["damaged"] += 1
            pages.append([])
            continue
        if tree.get("show") in ("0", "false"):
            unread["hidden"] += 1
            pages.append([])
            continue
        pages.append([*_lines(tree), *(line for each in notes for line in _lines(each) if not line[1])])
        unread["drawn"] += sum(first(frame, "tbl") is None for frame in within(tree, "graphicFrame"))
        unread["comments"] += sum(1 for each in said for _ in within(each, "cm"))
    if pages and unread["damaged"] == len(pages):
        raise ValueError("no slide can be read")
    return pages, unread


def _seen(tree: Element) -> Element:
    """The tree with one form of what it holds in two: the one for newer programs, unless only the other holds words."""
    for each in list(within(tree, "AlternateContent")):
        forms = [form for form in each if local(form) in ("Choice", "Fallback")]
        chosen = next((form for form in forms if words(form)), forms[0] if forms else None)
        for form in forms:
            if form is not chosen:
                each.remove(form)
    return tree


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
            rows = _rows(shape)
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


def _rows(element: Element) -> list[list[str | None]]:
    """The cells of a table; one that several rows share stands in each of them."""
    rows: list[list[str | None]] = []
    for line in within(element, "tr"):
        cells: list[str | None] = []
        for place in within(line, "tc"):
            above = rows[-1][len(cells)] if rows and len(cells) < len(rows[-1]) else None
            if place.get("hMerge") in _ON:
                cells.append(None)
            elif place.get("vMerge") in _ON:
                cells.append(above if above and len(above) <= LONGEST_MERGED else "")
            else:
                cells.append(words(place))
        rows.append(cells)
    return rows
