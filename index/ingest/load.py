"""Read the articles of a file, each with its text, metadata and regions.

Knows nothing of folders, libraries, passages or questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from index.errors import SourceError
from index.ingest import contents, kind, scans
from index.ingest import metadata as meta
from index.ingest.clean import regions
from index.ingest.encoding import decode
from index.ingest.formats import Extract, Extracts, read_docx, read_html, read_pandoc, read_pdf
from index.ingest.jsonl import read_rows
from index.ingest.lines import plain
from index.ingest.mail import read_eml, read_mbox, read_mhtml
from index.ingest.newsxml import read_xml
from index.ingest.separated import read_csv
from index.ingest.slides import read_pptx
from index.ingest.workbook import read_workbook
from index.isolated import Run, directly
from index.language import SAMPLE, detected
from index.limits import Limits
from index.naming import readable
from index.records import Article, Metadata, Region

MAX_CHARACTERS = 10_000_000  # a long book has two million: longer is a collection, or no article at all
_NOTHING_QUOTABLE = "holds no sentence to quote: all of it reads as titles, bylines or what stands around articles"
Parser = Callable[[bytes, str, Limits], Extract | Extracts]
Known = Callable[[str, Metadata], Metadata]
PARSED: Mapping[str, Parser] = MappingProxyType({  # by parsers that may fail in any way
    **dict.fromkeys((".html", ".htm", ".xhtml"), lambda data, name, _: read_html(data, name)),
    ".pdf": lambda data, name, _: read_pdf(data, name),
    ".docx": read_docx,
    **{suffix: partial(read_pandoc, suffix=suffix) for suffix in (".odt", ".rtf", ".epub", ".tex", ".org", ".rst")},
    **dict.fromkeys((".csv", ".tsv"), read_csv),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), read_workbook),
    ".pptx": read_pptx,
    ".xml": read_xml,
    ".eml": read_eml,
    ".mbox": read_mbox,
    **dict.fromkeys((".mhtml", ".mht"), read_mhtml),
})  # fmt: skip


def load(
    path: Path,
    source: str,
    overrides: Mapping[str, Metadata],
    *,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    run: Run = directly,
    tell: Callable[[str], None] = lambda _: None,
    ocr: str = "",
    beside: Known = lambda _, stated: stated,
) -> tuple[Article, ...]:
    """Return the articles of a file.

    One, or of a file that holds several (a row of a .jsonl file each), all, whose sources end in `#` and a number.

    `overrides` maps sources to what a person wrote about them; where that is known, it wins. What is said of a file
    holds for each of its articles. `run` calls the parsers of formats other than plain text; `tell` hears what was lost
    of the file; `ocr` are the languages in which Tesseract reads pages that are only pictures, if it shall; `beside`
    adds to what an article of this source states. Raises `SourceError` if the file cannot be read as what its suffix
    says, is empty, is larger than its `limits`, or longer than `MAX_CHARACTERS`.
    """
    name, suffix = readable(path.name), path.suffix.lower()
    data = contents.read(path, limits)
    if not data.strip():
        raise _empty(name)
    try:
        found = _found(data, name, suffix, limits, run, ocr)
    except SourceError as error:
        if misnamed := _misnamed(data, name, suffix):
            raise misnamed from error
        raise
    whole = overrides.get(source, Metadata())
    if isinstance(found, Extract):
        for note in found.notes:
            tell(note)
        article = _article(found, source, name, suffix, whole, beside)
        if not _is_quotable(article):
            tell(_NOTHING_QUOTABLE)
        return (article,)
    for note in (*found.notes, *dict.fromkeys(note for _, each in found.articles for note in each.notes)):
        tell(note)
    sources = [(f"{source}#{number}", extract) for number, extract in found.articles]
    articles = [
        _article(extract, one, name, suffix, meta.merge(overrides.get(one, Metadata()), whole), beside)
        for one, extract in sources
    ]
    if not articles:
        raise _empty(name)
    if empty := [article.source.rpartition("#")[2] for article in articles if not _is_quotable(article)]:
        tell(f"{_NOTHING_QUOTABLE}: {len(empty):,} of {len(articles):,}, the first {empty[0]}")
    return tuple(articles)


def parsed(data: bytes, name: str, suffix: str, limits: Limits) -> Extract | Extracts:
    """What the parser of this format makes of a file.

    Raises `SourceError`, and whatever the parser does with a damaged one.
    """
    return PARSED[suffix](data, name, limits)


def _found(data: bytes, name: str, suffix: str, limits: Limits, run: Run, ocr: str) -> Extract | Extracts:
    if suffix == ".pdf":
        return scans.read(data, name, run, ocr)
    return run(name, parsed, data, name, suffix, limits) if suffix in PARSED else plainly(data, name, suffix)


def plainly(data: bytes, name: str, suffix: str) -> Extract | Extracts:
    """A text, or the rows of a .jsonl file: what needs no parser of somebody else's."""
    if suffix == ".jsonl":
        return read_rows(data, name)
    decoded = decode(data, name)
    held = kind.of(data)
    marks = (f"is {held.words} by its first words; as {held.suffix} its marks would be no text",) if held else ()
    return Extract(decoded.text, decoded.encoding, Metadata(), notes=(*marks, *decoded.notes))


def _misnamed(data: bytes, name: str, suffix: str) -> SourceError | None:
    """What is told of a file that its reader refused, where it is of another kind than its name says."""
    held = kind.of(data)
    if (
        not held
        or held.suffix == suffix
        or (suffix not in PARSED and not data.startswith(b"PK"))
        or _reads(suffix, held)
    ):
        return None
    mend = f"rename it so that it ends in {held.suffix}, or leave it" if held.suffix else "leave it"
    return SourceError(f"{name} is {held.words}, not a {suffix} file", f"{mend} out of the folder")


def _reads(suffix: str, held: kind.Kind) -> bool:
    """Whether the reader of a suffix is the one for such files: .xlsm for workbooks, .htm for pages."""
    return PARSED.get(suffix) is not None and PARSED.get(suffix) is PARSED.get(held.suffix)


def _article(extract: Extract, source: str, name: str, suffix: str, written: Metadata, beside: Known) -> Article:
    text = extract.text
    if len(text) > MAX_CHARACTERS:
        message = f"{name} has {len(text):,} characters; an article may have {MAX_CHARACTERS:,}"
        raise SourceError(message, "split it into articles, one a file or one a row of a .jsonl file")
    if not plain(text):
        raise _empty(name)
    stated, credited = meta.read(text, hints=extract.metadata, suffix=suffix)
    credited = tuple(
        credit for credit in credited if not any(start <= credit.start < end for start, end in extract.masked)
    )
    known = meta.merge(written, beside(source, stated))
    parts = regions(text, credited, page_starts=extract.page_starts, headings=extract.headings, masked=extract.masked)
    return Article(
        source=source,
        text=text,
        encoding=extract.encoding,
        metadata=replace(known, language=known.language or detected(_body(text, parts))),
        regions=parts,
        credits=tuple(credit for credit in credited if getattr(known, credit.field) == getattr(stated, credit.field)),
        page_starts=extract.page_starts,
        page_labels=extract.page_labels,
        digest=hashlib.sha256(text.encode("utf-8")).hexdigest(),
    )


def _is_quotable(article: Article) -> bool:
    return any(region.kind == "body" for region in article.regions)


def _body(text: str, parts: Sequence[Region]) -> str:
    """As much of the article's own prose as its language is told by."""
    body: list[str] = []
    length = 0
    for part in parts:
        if part.kind == "body" and length < SAMPLE:
            body.append(text[part.start : min(part.end, part.start + SAMPLE)])
            length += len(body[-1])
    return "\n".join(body)


def _empty(name: str) -> SourceError:
    return SourceError(f"{name} is empty", "put text into it, or leave it out of the folder")
