"""Verified claims -> an `Answer`. The one place where quotes get their numbers and sentences their markers; every offset is checked once more here.

Knows nothing of models; asks the library only for the articles that are cited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.called import called
from index.errors import LibraryError
from index.records import Article
from qa.checks.attribute import saying
from qa.checks.relative import relative
from qa.records import Answer, Citation, Claim, Conflict, Explanation, Provenance, Quote, Rejected, Status, Value

REFUSAL = "The articles do not answer this question."


@dataclass(frozen=True, slots=True)
class Supported:
    """A sentence and the quotes that carry it, not yet numbered; `support` in [0, 1]."""

    text: str
    quotes: tuple[Quote, ...]
    support: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Values that articles give for one thing, not yet numbered, the best supported first."""

    about: str
    values: tuple[tuple[str, tuple[Quote, ...]], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything an answer says, before its quotes are numbered."""

    status: Status
    claims: tuple[Supported, ...]
    differences: tuple[Difference, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    nearest: tuple[Quote, ...] = ()
    confidence: float = 0.0
    notes: tuple[str, ...] = ()
    refusal: str = REFUSAL
    explanation: Explanation = Explanation()  # noqa: RUF009  # frozen
    stories: Mapping[str, str] = field(default_factory=dict)  # of a version of another article's story, that article: the two count as one


def compose(question: str, verdict: Verdict, read: Callable[[str], Article], *, provenance: Provenance, timings_ms: Mapping[str, float]) -> Answer:
    """Number the quotes in order of appearance and write the markers. Raises LibraryError where a quote is not in its article at its offsets."""
    numbers: dict[Quote, int] = {}
    claims = tuple(Claim(_unmarked(claim.text), _numbered(claim.quotes, numbers), round(claim.support, 4)) for claim in verdict.claims)
    conflicts = tuple(
        Conflict(difference.about, tuple(Value(_unmarked(value), _numbered(quotes, numbers)) for value, quotes in difference.values))
        for difference in verdict.differences
    )
    text = " ".join(f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}".strip() for claim in claims)
    if verdict.status == "unanswered":
        text = f"{verdict.refusal} {text}".strip()
    return Answer(
        question=question,
        status=verdict.status,
        answer=text,
        sentences=claims,
        citations=tuple(citation(quote, number, read) for quote, number in numbers.items()),
        conflicts=conflicts,
        rejected=verdict.rejected,
        nearest=tuple(citation(quote, number, read) for number, quote in enumerate(verdict.nearest, 1)),
        confidence=round(verdict.confidence, 4),
        notes=(*verdict.notes, *_agreed(verdict, claims, numbers), *_times(numbers, read), *_undated(numbers, read)),
        provenance=provenance,
        timings_ms=timings_ms,
        explanation=verdict.explanation,
    )


def citation(quote: Quote, number: int, read: Callable[[str], Article]) -> Citation:
    """The citation of a quote. Raises LibraryError where the article does not hold it at its offsets."""
    article = read(quote.source)
    if article.text[quote.start : quote.end] != quote.text:
        raise LibraryError(f"“{quote.source}” does not hold the quoted words at {quote.start}-{quote.end}", "qa index --rebuild")
    known = article.metadata
    return Citation(
        number=number,
        source=quote.source,
        title=known.title,
        author=known.author,
        date=known.date,
        publisher=known.publisher,
        url=known.url,
        page=article.page(quote.start),
        start=quote.start,
        end=quote.end,
        quote=quote.text,
        page_label=article.page_label(quote.start),
        called=None if known.title else called(article),
    )


def _unmarked(text: str) -> str:
    """A claim in which an article's own "[3]" cannot be taken for a marker of ours."""
    return re.sub(r"\[(\d+)\]", r"(\1)", text)


def _numbered(quotes: Sequence[Quote], numbers: dict[Quote, int]) -> tuple[int, ...]:
    return tuple(numbers.setdefault(quote, len(numbers) + 1) for quote in quotes)


def _agreed(verdict: Verdict, claims: Sequence[Claim], quotes: Iterable[Quote]) -> tuple[str, ...]:
    """That an answer of one sentence stands in several articles, versions of one story counting once."""
    if verdict.status != "answered" or len(claims) != 1:
        return ()
    agreeing = saying(claims[0].text, ((verdict.stories.get(quote.source, quote.source), quote.text) for quote in quotes))
    return (f"{agreeing} articles say this",) if agreeing > 1 else ()


def _times(quotes: Iterable[Quote], read: Callable[[str], Article]) -> tuple[str, ...]:
    """What "this year" is in each cited article, by its own date; of one without a date, that it cannot be told."""
    notes: dict[str, None] = {}
    for quote in quotes:
        for phrase, meaning in relative(quote.text, read(quote.source).metadata.date):
            notes[f"“{phrase}” in {quote.source} " + (f"is {meaning}, by its date" if meaning else "cannot be told from its date")] = None
    return tuple(notes)


def _undated(numbers: Mapping[Quote, int], read: Callable[[str], Article]) -> tuple[str, ...]:
    """A reader must know which of the cited articles carry no date."""
    sources = dict.fromkeys(quote.source for quote in numbers)
    return tuple(f"source {source} carries no date" for source in sources if read(source).metadata.date is None)
