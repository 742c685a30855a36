"""Compose an `Answer` from verified claims: number the quotes, write the markers, and check every offset once more.

Knows nothing of models, and reads only the articles that are cited, each once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from index.called import called, shortened
from index.errors import LibraryError
from index.records import Article
from qa.answering.checks.attribute import saying
from qa.answering.checks.relative import relative
from qa.records import (
    Answer,
    Citation,
    Claim,
    Conflict,
    Explanation,
    Phrase,
    Provenance,
    Quote,
    Rejected,
    Status,
    Value,
)
from qa.verbatim import is_verbatim

REFUSAL = "The articles do not answer this question."


@dataclass(frozen=True, slots=True)
class Supported:
    """A sentence and the quotes that carry it, not yet numbered; `support` in [0, 1].

    `phrase` lies within the first of them.
    """

    text: str
    quotes: tuple[Quote, ...]
    support: float = 1.0
    phrase: Quote | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Values that articles give for one thing, not yet numbered, the best supported first."""

    about: str
    values: tuple[Supported, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything an answer says, before its quotes are numbered."""

    status: Status
    claims: tuple[Supported, ...]
    differences: tuple[Difference, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    nearest: tuple[Supported, ...] = ()  # one quote each
    confidence: float = 0.0
    notes: tuple[str, ...] = ()
    refusal: str = REFUSAL
    explanation: Explanation = Explanation()  # noqa: RUF009  # frozen
    # of a version of another article's story, that article: the two count as one
    stories: Mapping[str, str] = field(default_factory=dict)


def compose(
    question: str,
    verdict: Verdict,
    read: Callable[[str], Article],
    *,
    provenance: Provenance,
    timings_ms: Mapping[str, float],
) -> Answer:
    """Number the quotes in order of appearance and write the markers.

    Raises LibraryError where a quote is not in its article at its offsets.
    """
    read = cache(read)
    numbers: dict[Quote, int] = {}
    claims = tuple(
        Claim(_unmarked(claim.text), _numbered(claim.quotes, numbers), round(claim.support, 4), _phrase(claim, numbers))
        for claim in verdict.claims
    )
    conflicts = tuple(
        Conflict(
            difference.about,
            tuple(
                Value(_unmarked(value.text), _numbered(value.quotes, numbers), _phrase(value, numbers))
                for value in difference.values
            ),
        )
        for difference in verdict.differences
    )
    named = [
        *(claim.phrase for claim in claims),
        *(value.phrase for conflict in conflicts for value in conflict.claims),
    ]
    phrases = {phrase.citation: phrase for phrase in named if phrase is not None}
    text = " ".join(f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}".strip() for claim in claims)
    if verdict.status == "unanswered":
        text = f"{verdict.refusal} {text}".strip()
    return Answer(
        question=question,
        status=verdict.status,
        answer=text,
        sentences=claims,
        citations=tuple(citation(quote, number, read, phrases.get(number)) for quote, number in numbers.items()),
        conflicts=conflicts,
        rejected=verdict.rejected,
        nearest=tuple(
            citation(one.quotes[0], number, read, _phrase(one, {one.quotes[0]: number}))
            for number, one in enumerate(verdict.nearest, 1)
        ),
        confidence=round(verdict.confidence, 4),
        notes=(
            *verdict.notes,
            *_agreed(verdict, claims, numbers),
            *_times(numbers, read),
            *_undated(verdict, numbers, read),
        ),
        provenance=provenance,
        timings_ms=timings_ms,
        explanation=verdict.explanation,
    )


def citation(quote: Quote, number: int, read: Callable[[str], Article], phrase: Phrase | None = None) -> Citation:
    """The citation of a quote.

    Raises LibraryError where the article does not hold it, or the phrase within it, at its offsets.
    """
    article = read(quote.source)
    if not is_verbatim(article.text, quote.start, quote.end, quote.text, phrase):
        raise LibraryError(
            f"“{quote.source}” does not hold the quoted words at {quote.start}-{quote.end}", "qa index --rebuild"
        )
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
        phrase=phrase,
        called=None if known.title else called(article),
    )


def _unmarked(text: str) -> str:
    """A claim with an article's own "[3]" written as "(3)", so that it cannot be taken for a marker of ours."""
    return re.sub(r"\[(\d+)\]", r"(\1)", text)


def _numbered(quotes: Sequence[Quote], numbers: dict[Quote, int]) -> tuple[int, ...]:
    return tuple(numbers.setdefault(quote, len(numbers) + 1) for quote in quotes)


def _phrase(claim: Supported, numbers: Mapping[Quote, int]) -> Phrase | None:
    """The phrase of a claim, with the number of the claim's first quote, which holds it."""
    found = claim.phrase
    return None if found is None else Phrase(found.text, numbers[claim.quotes[0]], found.start, found.end)


def _agreed(verdict: Verdict, claims: Sequence[Claim], quotes: Iterable[Quote]) -> tuple[str, ...]:
    """A note that several articles say an answer of one sentence; versions of one story count once."""
    if verdict.status != "answered" or len(claims) != 1:
        return ()
    agreeing = saying(
        claims[0].text, ((verdict.stories.get(quote.source, quote.source), quote.text) for quote in quotes)
    )
    return (f"{agreeing} articles say this",) if agreeing > 1 else ()


def _times(quotes: Iterable[Quote], read: Callable[[str], Article]) -> tuple[str, ...]:
    """Notes on what "this year" means in the cited articles by their own dates, or that it cannot be told.

    One note for each expression and meaning.
    """
    told: dict[tuple[str, str | None], dict[str, Article]] = {}
    for quote in quotes:
        article = read(quote.source)
        for phrase, meaning in relative(quote.text, article.metadata.date):
            told.setdefault((phrase, meaning), {})[quote.source] = article
    return tuple(
        f"“{phrase}” in {_named(articles.values())} "
        + (
            f"is {meaning}, by {'its date' if len(articles) == 1 else 'their dates'}"
            if meaning
            else "cannot be told without an exact date"
        )
        for (phrase, meaning), articles in told.items()
    )


def _undated(verdict: Verdict, numbers: Mapping[Quote, int], read: Callable[[str], Article]) -> tuple[str, ...]:
    """A note on which of the cited articles have no date; those that differ are shown with their dates anyway."""
    differing = {
        quote.source for difference in verdict.differences for value in difference.values for quote in value.quotes
    }
    articles = [read(source) for source in dict.fromkeys(quote.source for quote in numbers) if source not in differing]
    undated = [article for article in articles if article.metadata.date is None]
    if not undated:
        return ()
    return (
        f"source {_named(undated)} carries no date"
        if len(undated) == 1
        else f"sources {_named(undated)} carry no date",
    )


def _named(articles: Iterable[Article]) -> str:
    """Articles as part of a sentence: `“One” and “Two”`, by their titles or first words."""
    names = [
        f"“{shortened(article.metadata.title)}”" if article.metadata.title else called(article) for article in articles
    ]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
