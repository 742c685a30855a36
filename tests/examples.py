"""Answers written by hand, with the articles that their quotes stand in.

For the tests of rendering, scoring and batches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.called import called
from index.errors import SourceError
from index.records import Article, Metadata, Region
from qa.records import Answer, Citation, Claim, Conflict, Phrase, Provenance, Rejected, Value
from tests.articles import made

TRADE = "top of page\nIndia and Russia agreed on\ntrade of $100 billion by 2030.\n"
OLDER = "The target is $30bn by 2025."


@dataclass(frozen=True, slots=True)
class Shelf:
    """The part of a library that rendering needs."""

    articles: tuple[Article, ...]

    def article(self, source: str) -> Article:
        for article in self.articles:
            if article.source == source:
                return article
        raise SourceError(f"no {source}", "qa sources list")


def article(source: str, text: str, *, start: int = 0) -> Article:
    metadata = Metadata(title="Trade news", date="2025-12") if source == "new.txt" else Metadata()
    return made(source, text, metadata, regions=[Region(start, len(text), "body")])


def cite(number: int, shelf: Shelf, source: str, quote: str) -> Citation:
    found = shelf.article(source)
    start = found.text.index(quote)
    known = found.metadata
    name = None if known.title else called(found)
    return Citation(
        number,
        source,
        known.title,
        known.author,
        known.date,
        known.publisher,
        known.url,
        None,
        start,
        start + len(quote),
        quote,
        called=name,
    )


SHELF = Shelf((article("new.txt", TRADE, start=12), article("old.txt", OLDER)))
NEW = cite(1, SHELF, "new.txt", "India and Russia agreed on\ntrade of $100 billion by 2030.")
OLD = cite(2, SHELF, "old.txt", OLDER)
MORE = Phrase("$100 billion by 2030", 1, 48, 68)
LESS = Phrase("$30bn by 2025", 2, 14, 27)
PROVENANCE = Provenance(version="0.1.0", library="l1", embedder="fake e1", model="fake m1", settings="s1")

ANSWERED = Answer(
    question="What is the target?",
    status="answered",
    answer="They agreed on $100 billion by 2030. [1]",
    sentences=(Claim("They agreed on $100 billion by 2030.", (1,), 0.9),),
    citations=(NEW,),
    conflicts=(),
    rejected=(Rejected("It is [2] huge.", "no evidence"),),
    nearest=(),
    confidence=0.8,
    notes=("old.txt carries no date",),
    provenance=PROVENANCE,
    timings_ms={"total": 12.5},
)
CONFLICTING = Answer(
    question="What is the target?",
    status="conflicting",
    answer="The target is $100 billion by 2030. [1] Another article says $30bn by 2025. [2]",
    sentences=(
        Claim("The target is $100 billion by 2030.", (1,), 0.9, MORE),
        Claim("Another article says $30bn by 2025.", (2,), 0.7, LESS),
    ),
    citations=(replace(NEW, phrase=MORE), replace(OLD, phrase=LESS)),
    conflicts=(
        Conflict(
            "the target; old.txt is undated",
            (
                Value("The target is $100 billion by 2030.", (1,), MORE),
                Value("Another article says $30bn by 2025.", (2,), LESS),
            ),
        ),
    ),
    rejected=(),
    nearest=(),
    confidence=0.7,
    notes=(),
    provenance=PROVENANCE,
)
UNANSWERED = Answer(
    question="Who won?",
    status="unanswered",
    answer="The articles do not say.",
    sentences=(),
    citations=(),
    conflicts=(),
    rejected=(),
    nearest=(cite(1, SHELF, "old.txt", OLDER),),
    confidence=0.9,
    notes=(),
    provenance=PROVENANCE,
)
