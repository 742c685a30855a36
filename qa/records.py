"""The nouns of an answer: frozen data, serialised by `qa.render.json` to the contract in docs/answer.schema.json."""

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
class Citation:
    """A numbered quote and what is known of the article it stands in."""

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


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer with the numbers of the citations that carry it; `support` in [0, 1]."""

    text: str
    citations: tuple[int, ...]
    support: float


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values that articles give for the same thing."""

    value: str
    citations: tuple[int, ...]


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
class Answer:
    """The one result type of the project. `answer` is the sentences with [n] markers, or one plain sentence of refusal."""

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
