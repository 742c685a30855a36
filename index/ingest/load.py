"""A file -> its articles: frozen, with text, metadata and regions. Knows nothing of folders, libraries, passages or questions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from index.errors import SourceError
from index.ingest import metadata as meta
from index.ingest import scans
from index.ingest.clean import regions
from index.ingest.contents import read
from index.ingest.encoding import decode
from index.ingest.formats import Extract, read_docx, read_html
from index.ingest.jsonl import read_rows
from index.ingest.lines import plain
from index.isolated import Run, directly
from index.limits import Limits
from index.naming import readable
from index.records import Article, Metadata

MAX_CHARACTERS = 10_000_000  # a long book has two million: longer is a collection, or no article at all
_PARSED = (".html", ".htm", ".docx")  # by parsers that may fail in any way


def load(
    path: Path,
    source: str,
    overrides: Mapping[str, Metadata],
    *,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    run: Run = directly,
    tell: Callable[[str], None] = lambda _: None,
    ocr: str = "",
) -> tuple[Article, ...]:
    """The articles of a file: one, or of a .jsonl file one a row, whose sources end in `#` and the number of the row.

    `overrides` maps sources to what a person wrote about them; where that is known, it wins. What is said of a .jsonl file holds for each of its rows.
    `run` calls the parsers of formats other than plain text; `tell` hears what was lost of the file; `ocr` are the languages in which Tesseract
    reads pages that are only pictures, if it shall. Raises `SourceError` if the file cannot be read as what
    its suffix says, is empty, is larger than its `limits`, or longer than `MAX_CHARACTERS`.
    """
    name, suffix = readable(path.name), path.suffix.lower()
    data = read(path, limits)
    if not data.strip():
        raise _empty(name)
    if suffix != ".jsonl":
        extract = _extract(data, name, suffix, limits, run, ocr)
        if len(extract.text) > MAX_CHARACTERS:
            message = f"{name} has {len(extract.text):,} characters; an article may have {MAX_CHARACTERS:,}"
            raise SourceError(message, "split it into articles, one a file or one a row of a .jsonl file")
        if not plain(extract.text):
            raise _empty(name)
        for note in extract.notes:
            tell(note)
        return (_article(extract, source, suffix, overrides.get(source, Metadata())),)
    decoded = decode(data, name)
    whole = overrides.get(source, Metadata())
    articles = []
    read_ = read_rows(decoded.text, name)
    for note in (*decoded.notes, *read_.notes):
        tell(note)
    for row in read_.rows:
        one = f"{source}#{row.number}"
        written = meta.merge(overrides.get(one, Metadata()), whole)
        articles.append(_article(Extract(row.text, decoded.encoding, row.metadata), one, suffix, written))
    if not articles:
        raise _empty(name)
    return tuple(articles)


def parsed(data: bytes, name: str, suffix: str, limits: Limits) -> Extract:
    """What the parser of this format makes of a file. Raises `SourceError`, and whatever the parser does with a damaged one."""
    if suffix == ".docx":
        return read_docx(data, name, limits)
    return read_html(data, name)


def _extract(data: bytes, name: str, suffix: str, limits: Limits, run: Run, ocr: str) -> Extract:
    if suffix == ".pdf":
        return scans.read(data, name, run, ocr)
    return run(name, parsed, data, name, suffix, limits) if suffix in _PARSED else _plain(data, name)


def _plain(data: bytes, name: str) -> Extract:
    decoded = decode(data, name)
    return Extract(decoded.text, decoded.encoding, Metadata(), notes=decoded.notes)


def _article(extract: Extract, source: str, suffix: str, written: Metadata) -> Article:
    text = extract.text
    stated, credited = meta.read(text, hints=extract.metadata, suffix=suffix)
    known = meta.merge(written, stated)
    return Article(
        source=source,
        text=text,
        encoding=extract.encoding,
        metadata=known,
        regions=regions(text, credited, page_starts=extract.page_starts),
        credits=tuple(credit for credit in credited if getattr(known, credit.field) == getattr(stated, credit.field)),
        page_starts=extract.page_starts,
        page_labels=extract.page_labels,
        digest=hashlib.sha256(text.encode("utf-8")).hexdigest(),
    )


def _empty(name: str) -> SourceError:
    return SourceError(f"{name} is empty", "put text into it, or leave it out of the folder")
