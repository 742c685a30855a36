"""Read what a PDF memo shows, from its text layer: without marks, and with white space that cannot be relied on.

A PDF draws words rather than writing them, so which gaps are spaces and which numbers are marks cannot be told for
certain. The letters of the quotations can.
"""

from __future__ import annotations

import io
import re

from qa.memo.errors import MemoError
from qa.verify.places import hashes
from qa.verify.records import Document, Footnote

_PLACE = re.compile(r":\s?\d+\s?-\s?\d+\)")


def pdf(content: bytes, name: str) -> Document:
    """One footnote for each place that is named, with all words since the one before.

    Raises MemoError for a PDF of another make.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        made_by = str((reader.metadata and reader.metadata.creator) or "")
        pages = [page.extract_text() for page in reader.pages]
    except PyPdfError as error:
        raise MemoError(f"{name} cannot be read: {error}", "name a PDF that qa memo wrote") from error
    if not made_by.startswith("Typst"):  # footnotes that others break over pages cannot be put together again
        raise MemoError(
            f"{name} was not written by qa memo, and the text of other PDFs cannot be relied on",
            "check the .docx, .html or .md of the memo",
        )
    text = " ".join(" ".join(pages).split())
    ends = [found.end() for found in _PLACE.finditer(text)]
    stretches = [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return Document(
        tuple(Footnote(f"quote {number}", (stretch,)) for number, stretch in enumerate(stretches, start=1)),
        hashes=hashes(text),
        spaced=False,
    )
