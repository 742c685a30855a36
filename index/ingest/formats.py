"""Read the text of an HTML, PDF or DOCX file, and what its container says about it.

The libraries that parse them are silenced while they work: no user can mend what they complain about in somebody's
file.
"""

from __future__ import annotations

import codecs
import io
import logging
import lzma
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from index.errors import SourceError
from index.ingest import dates
from index.ingest.encoding import Decoded, decode, is_flawed, leniently
from index.ingest.lines import plain
from index.ingest.names import are_persons
from index.ingest.pdf import read as pdf
from index.ingest.pdf.records import Page
from index.ingest.tables import MOST_COLUMNS, TooWideError
from index.limits import Limits
from index.records import Metadata

_FIELDS = ("title", "author", "date", "publisher", "url")
_LOGGERS = ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer")
_LEAVE = "mend it in the program it came from, or leave it out of the folder"
# What parsers raise for damaged files, as far as it is known; SyntaxError is what lxml raises for XML that is none. For
# the rest see `index.isolated`.
DAMAGED = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError, ValueError,
    lzma.LZMAError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_LONGEST_LABEL = 20  # characters of the number of a page
_NOTHING: Mapping[int, Page] = MappingProxyType({})
_CHARSET = re.compile(
    rb"(?:<meta[^>]{1,200}charset"
    rb"|<\?xml[^>]{1,100}encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
# the superset
_BROWSERS_READ = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)|powerpoint presentation|word document|untitled|document\s?\d*|presentation\d*"
    r"|slide \d+|print|layout)\b.*"
    r"|.*\.(?:docx?|pdf|indd|qxd|tex|rtf|odt|pptx?|html?|txt)|[^\s]*_[^\s]*|\d+",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r".*\b(?:microsoft|office|windows|user|admin(?:istrator)?|owner|author|python-docx|adobe"
    r"|acrobat|unknown|scanner)\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Extract:
    """What was extracted from a file.

    Its text, its encoding ("binary" where that means nothing), what the container states, and where its pages begin.

    `page_labels` are the printed numbers of its pages, where they are not counted from 1; `bare` are the pages, from 1,
    on which no text can be read. `notes` are told of the file: what of it was lost, or how it was read. `headings` are
    spans of the text that its format calls headings; those `masked` are no part of the article.
    """

    text: str
    encoding: str
    metadata: Metadata
    page_starts: tuple[int, ...] = ()
    page_labels: tuple[str, ...] = ()
    bare: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    masked: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Extracts:
    """The articles of a file that holds several, each with its number.

    `notes` are about the file as a whole.
    """

    articles: tuple[tuple[int, Extract], ...]
    notes: tuple[str, ...] = ()


def read_html(data: bytes, name: str) -> Extract:
    """The article of a web page, without comments, and what its markup says; the date only if the markup states one.

    Raises `SourceError` if there is no article in it.
    """
    decoded = _decoded_html(data, name)
    with _quiet():
        from index.ingest.page.read import read

        page = read(decoded.text.replace("\x00", "\ufffd"))
    text = sound(page.text) if page else ""
    if not page or not text.strip():
        raise SourceError(
            f"{name} holds no article that can be told from the rest of the page",
            "save its text as a .txt file, or leave it out of the folder",
        )
    return Extract(
        text,
        decoded.encoding,
        Metadata(**{field: _stated(getattr(page.metadata, field)) for field in _FIELDS}),
        notes=decoded.notes,
    )


def read_pdf(data: bytes, name: str, recognised: Mapping[int, Page] = _NOTHING) -> Extract:
    """The text layer of a PDF, as it is read; title and author of its properties if they look like such.

    `recognised` are the words that OCR found on pages which have no text layer, by number from 1. When the file was
    made is not taken for when the article was published. Raises `SourceError` if it is damaged or locked.
    """
    document = pdf.read(data, name, recognised)
    metadata = Metadata(title=title_of(document.title), author=author_of(document.author))
    return Extract(
        document.text,
        "binary",
        metadata,
        document.starts,
        tuple(plain(sound(label))[:_LONGEST_LABEL] for label in document.labels),
        document.bare,
    )


def read_docx(data: bytes, name: str, limits: Limits = Limits()) -> Extract:  # noqa: B008 (frozen)
    """Read the paragraphs of a Word file, a line each, the rows of its tables, its notes and text boxes.

    Title and author come from its properties if they look like such.

    When the file was made or saved is not taken for when the article was published. Raises `SourceError` if it is
    damaged, locked, or larger than its `limits` when it is unpacked.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(
            f"{name} is locked with a password, or in the format of Word before 2007",
            "save it as .docx without a password",
        )
    check_archive(data, name, limits)
    from index.ingest.word.read import read

    try:
        document = read(data)
    except TooWideError as error:
        raise SourceError(
            f"{name} has a table of {error.columns:,} columns; it may have {MOST_COLUMNS:,}", _LEAVE
        ) from error
    except DAMAGED as error:
        raise SourceError(f"{name} is a damaged Word file, or none", _LEAVE) from error
    metadata = Metadata(
        title=title_of(document.properties_title) or _stated(document.title),
        author=author_of(document.properties_author),
    )
    return Extract(sound(document.text), "binary", metadata, headings=document.headings, notes=document.notes)


def read_pandoc(data: bytes, name: str, limits: Limits = Limits(), *, suffix: str) -> Extract:  # noqa: B008 (frozen)
    """Read a file in one of Pandoc's formats: .epub, .odt, .rtf, .tex, .org or .rst.

    Its metadata count if they look like a title, a person, a date.

    Raises `SourceError` if it is damaged, locked, or larger than its `limits`, also when it is unpacked, or where
    Pandoc is not installed.
    """
    from index.ingest.pandoc.read import read

    check_archive(data, name, limits)
    try:
        document = read(data, name, suffix, limits)
    except TooWideError as error:
        raise SourceError(
            f"{name} has a table of {error.columns:,} columns; it may have {MOST_COLUMNS:,}", _LEAVE
        ) from error
    except DAMAGED as error:
        raise SourceError(f"{name} is damaged, or not what its name says", _LEAVE) from error
    date = dates.parse(document.date[:40]) if document.date else None
    metadata = Metadata(title_of(document.title), author_of(document.author), date, _stated(document.publisher))
    return Extract(sound(document.text), document.encoding, metadata, notes=document.notes, headings=document.headings)


def check_archive(data: bytes, name: str, limits: Limits) -> None:
    """Raise `SourceError` for a ZIP file that is locked, or too large once unpacked.

    What is no ZIP file is for its reader to refuse.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except DAMAGED:
        return
    if any(member.flag_bits & 1 for member in members):
        raise SourceError(
            f"{name} is locked with a password", f"save it as {PurePath(name).suffix.lower()} without a password"
        )
    unpacked = sum(member.file_size for member in members)  # no more of a member is ever unpacked than it says
    if unpacked > limits.bytes:
        message = f"{name} has {unpacked / 1_000_000:,.0f} MB when it is unpacked; a file may have {limits.megabytes:,} (the setting max_file_mb)"
        raise SourceError(message, "split it into articles, or allow more: QA_MAX_FILE_MB=... qa index")


def sound(text: str) -> str:
    """Return `text` without half characters and NUL, which UTF-8 and SQLite cannot hold.

    Each becomes U+FFFD, so that nothing moves.
    """
    return re.sub("[\ud800-\udfff\x00]", "\ufffd", text)


def _decoded_html(data: bytes, name: str) -> Decoded:
    """The page as its markup says it is encoded, if that can be."""
    said = _CHARSET.search(data[:4096])
    if said and b"\x00" not in data and not data.startswith(codecs.BOM_UTF8):
        with suppress(LookupError, UnicodeError):
            encoding = codecs.lookup(said[1].decode("ascii")).name
            decoded = leniently(data, _BROWSERS_READ.get(encoding, encoding))
            if not decoded.notes or is_flawed(decoded.text):
                return decoded
    return decode(data, name)


def title_of(text: str | None) -> str | None:
    """The property, if it is a title and not the name of a file or a program: more than one word, no noise."""
    text = _stated(text)
    return text if text and 2 <= len(text.split()) <= 40 and not _NO_TITLE.fullmatch(text) else None


def author_of(text: str | None) -> str | None:
    """The property, if it names persons and not a program or an office."""
    text = _stated(text)
    return text if text and are_persons(text) and not _NO_AUTHOR.fullmatch(text) else None


def _stated(text: str | None) -> str | None:
    return plain(sound(str(text))) or None if text else None


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings and no log lines of the libraries; all as before afterwards. Not for several threads at once."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
