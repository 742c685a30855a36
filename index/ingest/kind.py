"""The bytes of a file -> what kind of file it is, whatever its name says. By its beginning; knows no parser."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """What it is in words ("a Word file"), and the suffix by which it is read; "" where nothing reads it."""

    words: str
    suffix: str


PAGE = Kind("a web page", ".html")
RICH_TEXT = Kind("a Rich Text file", ".rtf")
_BEGINNINGS = (
    (re.compile(rb"%PDF-"), Kind("a PDF", ".pdf")),
    (re.compile(rb"\{\\rtf"), RICH_TEXT),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html[\s>])", re.IGNORECASE), PAGE),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*|RIFF....WEBP", re.DOTALL), Kind("a picture", "")),
)
_ARCHIVE = Kind("an archive", "")
_MEMBERS = {
    "word/document.xml": Kind("a Word file", ".docx"),
    "xl/workbook.xml": Kind("a workbook", ".xlsx"),
    "ppt/presentation.xml": Kind("slides", ".pptx"),
}
_TYPES = {
    b"application/vnd.oasis.opendocument.text": Kind("an OpenDocument text", ".odt"),
    b"application/vnd.oasis.opendocument.spreadsheet": Kind("an OpenDocument table", ".ods"),
    b"application/epub+zip": Kind("a book", ".epub"),
}
_LONGEST_TYPE = 100  # bytes


def of(data: bytes) -> Kind | None:
    """What the file is; None where its beginning does not say."""
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    return next((kind for beginning, kind in _BEGINNINGS if beginning.match(data)), None)


def _packed(data: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            found = next((kind for name, kind in _MEMBERS.items() if name in names), None)
            if found or "mimetype" not in names:
                return found or _ARCHIVE
            with archive.open("mimetype") as member:
                return _TYPES.get(member.read(_LONGEST_TYPE).strip(), _ARCHIVE)
    except (OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return None
