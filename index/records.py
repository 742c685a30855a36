"""The records of a library. Plain frozen data: no behaviour beyond slicing, no knowledge of files, models or questions.

Every offset counts Unicode code points in `Article.text`; every span is half-open, `[start, end)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Field = Literal["title", "author", "date", "publisher", "url", "language"]
RegionKind = Literal["body", "heading", "credit"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article.

    `None` means unknown; nothing is guessed. `date` is ISO 8601, as precise as known; `language` an ISO 639 code.
    """

    title: str | None = None
    author: str | None = None
    date: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of an article that may be quoted. Text in no region is page furniture and never is.

    `body` is one paragraph of prose; `heading` a line that titles a section; `credit` a title, byline, dateline,
    address or copyright line.
    """

    start: int
    end: int
    kind: RegionKind


@dataclass(frozen=True, slots=True)
class Credit:
    """Where in the text a metadata value was read: `text[start:end]` is the quotable evidence for `field`."""

    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read.

    `text` of a .txt or .md file is `open(path, encoding=encoding, newline="").read()` without a byte order mark; of any
    other format, the extracted text. `regions` are in order and do not overlap. `page_starts` holds, for a PDF, the
    offset at which each page begins, and is empty otherwise; `page_labels` what is printed on each as its number, and
    is empty where they are counted from 1. `digest` is the SHA-256 of `text` in UTF-8.
    """

    source: str
    text: str
    encoding: str
    metadata: Metadata
    regions: tuple[Region, ...]
    credits: tuple[Credit, ...]
    page_starts: tuple[int, ...]
    digest: str
    page_labels: tuple[str, ...] = ()

    def page(self, offset: int) -> int | None:
        """The page on which `offset` lies, by its printed number; `None` where the format has no pages, or that is no number but a label, such as "xii"."""
        label = self.page_label(offset)
        return int(label) or None if label is not None and label.isascii() and label.isdigit() else None

    def page_label(self, offset: int) -> str | None:
        """What is printed on the page on which `offset` lies; `None` where the format has no pages, or nothing is known to be printed on this one."""
        count = sum(start <= offset for start in self.page_starts)
        return (self.page_labels[count - 1] if self.page_labels else str(count)) or None if count else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text == article.text[start:end]`, without surrounding white space."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole consecutive sentences of one article; `text == article.text[start:end]`. `id` is the library's own."""

    id: int
    source: str
    start: int
    end: int
    text: str
    heading: str | None
    sentences: tuple[Sentence, ...]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how well it matches a query: `score` is the fused score, higher is better; the parts are kept to be shown."""

    passage: Passage
    score: float
    dense: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles to look in.

    Empty means all. `since` and `until` are inclusive ISO dates of any precision. Those called `without` are left out.
    """

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    author: str | None = None
    without: tuple[str, ...] = ()
