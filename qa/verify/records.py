"""The records of a check: what a document shows, and the outcome of looking it up.

Knows nothing of formats or of the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal[
    "ok", "missing article", "changed text", "changed words", "wrong place", "no quotation", "no footnote", "no mark"
]


@dataclass(frozen=True, slots=True)
class Footnote:
    """One footnote as it is seen.

    `label` says which, as `note 3` or `row 2, [1]`; `paragraphs` is its text, each on one line.
    """

    label: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation of an answers file, which names its place: `where` says in which answer it stands."""

    where: str
    source: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Copy:
    """The text of an article that a document shows beside its memo."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a file shows.

    `comments` are what stands in the margin of a draft that `qa cite` checked; where `cited`, footnotes that name no
    place are the author's own. `marks` are the labels that stand in its text, or `None` where the format does not tell;
    `hashes` the first 16 digits of the digests of the articles as they were, and `libraries` the digests of the
    libraries that answered, where it says so. `spaced` is false where white space cannot be relied on.
    """

    footnotes: tuple[Footnote, ...] = ()
    labels: tuple[str, ...] = ()  # of footnotes whose quotations are in `quoted`
    marks: tuple[str, ...] | None = None
    quoted: tuple[Quoted, ...] = ()
    copies: tuple[Copy, ...] = ()
    hashes: frozenset[str] = frozenset()
    libraries: frozenset[str] = frozenset()
    spaced: bool = True
    comments: tuple[Footnote, ...] = ()
    cited: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked up.

    `quote` is what the document shows; `detail` says what is wrong, and is empty where nothing is.
    """

    where: str
    outcome: Outcome
    source: str | None
    start: int | None
    end: int | None
    quote: str
    detail: str
