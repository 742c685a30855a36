"""Read what a PDF says: text, properties, where its pages begin and how they are numbered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.ingest.pdf import words
from index.ingest.pdf.flow import flow
from index.ingest.pdf.grids import tabulated
from index.ingest.pdf.heads import heads
from index.ingest.pdf.layout import Line, lines
from index.ingest.pdf.records import Page

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_LEAVE = "mend it in the program it came from, or leave it out of the folder"


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a PDF and where each page begins in it; `labels` number them as they are printed, and are none where they are counted from 1.

    `bare` are the pages, from 1, on which no text can be read.
    `title` and `author` are the properties, whatever they hold.
    """

    text: str
    starts: tuple[int, ...]
    labels: tuple[str, ...]
    bare: tuple[int, ...]
    title: str | None
    author: str | None


def read(data: bytes, name: str, recognised: Mapping[int, Page]) -> Document:
    """What a PDF says; the words of pages that hold none are taken from `recognised`, by the number of the page, from 1.

    Raises `SourceError` where it is damaged, or cannot be opened without a password.
    """
    with opened(data, name) as document:
        numbers = range(len(document))
        found = [_page(document, number, recognised.get(number + 1)) for number in numbers]
        stated = tuple(document.get_page_label(number) for number in numbers)
        title, author = (document.get_metadata_value(key) for key in ("Title", "Author"))
    running = heads([page.lines for page in found], [page.height for page in found], stated if any(stated) else ())
    own = [
        [line for which, line in enumerate(page.lines) if (number, which) not in running.lines]
        for number, page in enumerate(found)
    ]
    flowed = flow([tabulated(page) for page in own])
    bare = tuple(number for number, page in enumerate(found, 1) if not page.lines)
    return Document(flowed.text, flowed.starts, _labels(stated, running.shift), bare, title or None, author or None)


@contextmanager
def opened(data: bytes, name: str) -> Iterator[PdfDocument]:
    """A PDF, as long as it is needed.

    A password that only its owner needs, to print or to copy from it, is not asked for.
    """
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise SourceError(
                f"{name} is locked with a password",
                f"save it without one: qpdf --decrypt --password=... {name} open.pdf",
            ) from error
        raise SourceError(f"{name} is a damaged PDF, or none", _LEAVE) from error
    try:
        if not len(document):
            raise SourceError(f"{name} is a damaged PDF, or none", _LEAVE)
        yield document
    finally:
        document.close()


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a page; none, where no text can be read."""

    lines: Sequence[Line]
    height: float


def _page(document: PdfDocument, number: int, recognised: Page | None) -> _Page:
    """A page, from 0. One that is damaged costs itself."""
    from pypdfium2 import PdfiumError

    try:
        page = document[number]
    except PdfiumError:
        return _Page((), 0.0)
    try:
        found = words.read(page)
    finally:
        page.close()
    if not found.is_known or not any(map(str.isalnum, "".join(word.text for word in found.words))):
        found = recognised or Page((), found.height)
    return _Page(lines(found), found.height)


def _labels(stated: Sequence[str], shift: int | None) -> tuple[str, ...]:
    """What numbers the pages: the labels that the file has for them.

    Where it only counts them, the numbers that are printed; none, if that is the same.
    """
    counted = [str(number) for number in range(1, len(stated) + 1)]
    if any(stated) and list(stated) != counted:
        return tuple(stated)
    if shift is None or shift == 1:
        return ()
    return tuple(str(number + shift) if number + shift > 0 else "" for number in range(len(stated)))
