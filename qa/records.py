"""The records of an answer: frozen data, serialised by `qa.render.json` to the contract in docs/answer.schema.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["answered", "conflicting", "unanswered"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of an article: `text == article.text[start:end]`, in code points."""

    source: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a quote that are the answer.

    `text == article.text[start:end]`, in code points, within the quote of the citation numbered `citation`.
    """

    text: str
    citation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote and what is known of the article it stands in.

    `page_label` is what is printed as the number of its page, `page` that as a number.

    `phrase` is the part of the quote that answers the question; in what stands nearest to a question that is refused,
    the part that comes nearest to an answer. `called` are the first words of an article without a title.
    """

    number: int
    source: str
    title: str | None
    author: str | None
    date: str | None
    publisher: str | None
    url: str | None
    page: int | None
    start: int
    end: int
    quote: str
    page_label: str | None = None
    phrase: Phrase | None = None
    called: str | None = None

    @property
    def name(self) -> str:
        """What the article is called: its title, its first words, or the file."""
        return self.title or self.called or self.source

    @property
    def printed_page(self) -> str | None:
        """The page as it is shown."""
        return self.page_label or (None if self.page is None else str(self.page))


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer with the numbers of the citations that carry it; `support` in [0, 1].

    `phrase` is where an article has the words that answer, None where the answer is no phrase. `text` is that phrase
    itself where no sentence passed.
    """

    text: str
    citations: tuple[int, ...]
    support: float
    phrase: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values that articles give for the same thing."""

    value: str
    citations: tuple[int, ...]
    phrase: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Articles give different values for one thing; `about` says for what, and why they may differ."""

    about: str
    claims: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence of the draft that did not pass the check, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced an answer: names with hashes, so that it can be replayed."""

    version: str
    library: str
    embedder: str
    model: str
    settings: str


@dataclass(frozen=True, slots=True)
class Found:
    """Words that were found, and how well they match the question, in [0, 1]."""

    quote: Quote
    score: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was weighed as an answer: a phrase that the model named, a sentence of its draft, or an article's own.

    `signals` are what speaks for it and `probability` what they come to, that it answers the question; both are missing
    where it was turned down before, for `reason`. `support` is the share of it that `quotes` hold. `asked` is the
    article that was asked by itself, or `None` for all together.
    """

    text: str
    origin: Literal["phrase", "draft", "article"]
    quotes: tuple[Quote, ...]
    support: float
    signals: Mapping[str, float]
    probability: float | None
    reason: str | None
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer came about: what was searched, read, drafted and weighed, in that order, and what decided."""

    passages: tuple[Found, ...] = ()
    read: tuple[Found, ...] = ()
    drafts: Mapping[str, str] = field(default_factory=dict)  # by the article asked by itself; "" for all together
    weighed: tuple[Weighed, ...] = ()
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The one result type of the project. `answer` is the sentences with [n] markers, or one plain sentence of refusal.

    `kept` is the moment at which it was given (ISO 8601, UTC), where it was not asked for now but had been kept; then
    `timings_ms` are those of that moment.
    """

    question: str
    status: Status
    answer: str
    sentences: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    conflicts: tuple[Conflict, ...]
    rejected: tuple[Rejected, ...]
    nearest: tuple[Citation, ...]
    confidence: float
    notes: tuple[str, ...]
    provenance: Provenance
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    explanation: Explanation = field(default_factory=Explanation)
    kept: str | None = None
