"""The bytes of a PDF -> what it says: text, properties, where its pages begin and how they are numbered. Knows nothing of articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.errors import SourceError
from index.ingest.pdf import words
from index.ingest.pdf.flow import flow
from index.ingest.pdf.grids import tabulated
from index.ingest.pdf.heads import heads
from index.ingest.pdf.layout import Line, lines

_LEAVE = "mend it in the program it came from, or leave it out of the folder"


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a PDF. `labels` are the numbers of its pages as they are printed; `bare` are the pages, from 1, on which no text can be read.

    `title` and `author` are the properties, whatever they hold.
    """

    text: str
    starts: tuple[int, ...]
    labels: tuple[str, ...]
    bare: tuple[int, ...]
    title: str | None
    author: str | None


def read(data: bytes, name: str, recognised: Mapping[int, words.Page]) -> Document:
    """What a PDF says; the words of pages that hold none are taken from `recognised`, by the number of the page, from 1.

    Raises `SourceError` where it is damaged, or cannot be opened without a password.
    """
    from pypdfium2 import PdfiumError

    pages: list[list[Line]] = []
    heights: list[float] = []
    bare: list[int] = []
    try:
        with opened(data, name) as document:
            for number, page in enumerate(document, 1):
                found = words.read(page)
                if not found.is_known or not any(any(map(str.isalpha, word.text)) for word in found.words):
                    found = recognised.get(number, words.Page((), found.height))
                    if number not in recognised:
                        bare.append(number)
                pages.append(lines(found))
                heights.append(found.height)
                page.close()
            printed = [document.get_page_label(number) for number in range(len(document))]
            properties = document.get_metadata_dict()
    except PdfiumError as error:
        raise SourceError(f"{name} is a damaged PDF, or none", _LEAVE) from error
    found_heads = heads(pages, heights)
    own = [[line for which, line in enumerate(page) if (number, which) not in found_heads.lines] for number, page in enumerate(pages)]
    flowed = flow([tabulated(page) for page in own])
    labels = _labels(printed, found_heads.shift)
    return Document(flowed.text, flowed.starts, labels, tuple(bare), properties.get("Title"), properties.get("Author"))
