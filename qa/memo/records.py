"""The nouns of a memo: frozen data that every renderer (Markdown, HTML, Word, PDF) is given.

Knows nothing of formats, styles or models.

What all renderers agree on, so that `qa verify` can check any of them from what a reader sees:

- a footnote shows its cites in order, each in a paragraph or element of its own, as `credit “quote”
  (source:start-end)`: the credit, a space, the quoted words between curly quotation marks, a space, and the anchor.
  Words of articles pass `one_line` of `qa.render.harmless` first; nothing is shortened. The phrase within them that
  answers is bold, which changes no letter (`quoted`);
- in HTML the footnote of number N is the element with `data-note="N"`, holding an element with `data-cite` for each
  cite, whose text content is exactly that (links back to the text stand outside of it); each mark in the text is the
  element with `data-mark="N"`; a copy of an article's text is the text content of the element with
  `data-article="source"`, and is `harmless(article.text)`, line ends aside;
- at the end stands `fingerprints(memo)`, so that a later check can tell an article that has changed since from words
  that were changed in the memo;
- a number is used once: every sentence and every differing value has a footnote of its own, in the order of the
  document.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.records import Metadata
from qa.records import Provenance
from qa.render.harmless import one_line
from qa.render.phrases import apart


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of formatted words.

    `text` is text, never markup; `url` is a web address that is safe to link to, or `None`.
    """

    text: str
    italic: bool = False
    bold: bool = False
    small_caps: bool = False
    superscript: bool = False
    url: str | None = None


Rich = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited article.

    `first` and `short` are the note forms of the style, `entry` is the one of the bibliography; `plain` gives each as a
    string.

    `key` is an identifier of letters and digits, the same in the BibTeX file; `digest` is the article's, as it was when
    the memo was written.
    """

    key: str
    source: str
    metadata: Metadata
    digest: str
    first: Rich
    short: Rich
    entry: Rich


@dataclass(frozen=True, slots=True)
class Cite:
    """One quote in a footnote: `quote == article.text[start:end]`.

    `credit` is the article's form at this place: in full the first time, short afterwards.

    `phrase` is where the article has the words that answer, `(start, end)` within those of the quote; None where the
    answer is no phrase.
    """

    key: str
    source: str
    credit: Rich
    page: int | None
    start: int
    end: int
    quote: str
    phrase: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, numbered from 1 in the order of the document, with at least one cite."""

    number: int
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A verified sentence and the number of its footnote.

    `phrase`: it is no sentence but the phrase that answers, which is shown bold.
    """

    text: str
    note: int
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """One of the values that articles give, shown bold.

    `voices` names those who give it, each with its date, as `Jai Kumar Verma (10 December 2025)`.
    """

    value: str
    voices: tuple[str, ...]
    note: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Articles give different values for one thing."""

    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the articles say to one question, or to several that they answer alike.

    A sentence that stands earlier in the section is not given again.
    """

    questions: tuple[str, ...]
    statements: tuple[Statement, ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph, as it is shown; `note` is the number of the footnote behind it."""

    text: str
    bold: bool = False
    note: int | None = None


Paragraph = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what was found, as findings or, in a brief, as paragraphs.

    Neither where the articles answer none of its questions.
    """

    heading: str
    findings: tuple[Finding, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that the articles do not answer; `statements` holds what they say against its premise, if anything."""

    question: str
    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Memo:
    """The whole document.

    `written` is an ISO date; `style` is the name of the citation style; `references` are in the order of the
    bibliography.

    `bottom_line` is what a brief says first; it has none where it is no brief, or where nothing was found.
    """

    title: str
    written: str
    recipient: str | None
    sender: str | None
    sections: tuple[Section, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[Note, ...]
    references: tuple[Reference, ...]
    style: str
    provenance: Provenance
    bottom_line: Paragraph = ()


NOT_IN_THE_SOURCES = "Not in the sources"
BIBLIOGRAPHY = "Bibliography"
BOTTOM_LINE = "Bottom line:"


def plain(rich: Rich) -> str:
    """Formatted words as a string."""
    return "".join(span.text for span in rich)


def quoted(cite: Cite) -> tuple[str, str, str]:
    """The quoted words on one line: what stands before the phrase, the phrase, and what stands behind it.

    All before, where there is none.
    """
    return apart(
        cite.quote, None if cite.phrase is None else (cite.phrase[0] - cite.start, cite.phrase[1] - cite.start)
    )


def anchor(cite: Cite) -> str:
    """Where the quoted words stand, as every renderer shows it after them: `(source:start-end)`, offsets in code points."""
    return f"({one_line(cite.source)}:{cite.start}-{cite.end})"


def fingerprints(memo: Memo) -> str:
    """The cited articles as they were: `source sha256:` and the first 16 digits of the digest, one after the other."""
    return "; ".join(f"{one_line(reference.source)} sha256:{reference.digest[:16]}" for reference in memo.references)
