"""Collect the quotes of a memo, each stretch of an article once however many footnotes cite it, and check them.

Knows nothing of markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.errors import LibraryError
from index.records import Article
from qa.memo.records import Cite, Memo
from qa.verbatim import is_verbatim

Place = tuple[str, int, int]  # source, start, end


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted stretch `[start, end)` of an article.

    `number` counts from 1 in the order of first citation; `notes` are the numbers of the notes that cite it.

    `phrases` are the stretches of it, `(start, end)` in the article, that answer what it is cited for.
    """

    number: int
    source: str
    start: int
    end: int
    notes: tuple[int, ...]
    phrases: tuple[tuple[int, int], ...] = ()


def quotations(memo: Memo, articles: Mapping[str, Article]) -> Mapping[Place, Quotation]:
    """Every quoted stretch by its place.

    Raises LibraryError where an article is missing or does not hold the quoted words there.
    """
    citing: dict[Place, list[int]] = {}
    phrases: dict[Place, dict[tuple[int, int], None]] = {}
    for note in memo.notes:
        for cite in note.cites:
            _check(cite, articles)
            numbers = citing.setdefault(place(cite), [])
            phrases.setdefault(place(cite), {}).update({} if cite.phrase is None else {cite.phrase: None})
            if note.number not in numbers:
                numbers.append(note.number)
    return {
        where: Quotation(number, *where, tuple(notes), tuple(phrases[where]))
        for number, (where, notes) in enumerate(citing.items(), start=1)
    }


def place(cite: Cite) -> Place:
    """Where the words of a cite stand."""
    return cite.source, cite.start, cite.end


def of_source(all_: Mapping[Place, Quotation], source: str) -> Sequence[Quotation]:
    """The quotations of one article, in its order, a longer one before those that begin with it."""
    return sorted(
        (quotation for quotation in all_.values() if quotation.source == source),
        key=lambda each: (each.start, -each.end),
    )


def _check(cite: Cite, articles: Mapping[str, Article]) -> None:
    article = articles.get(cite.source)
    start, end = cite.phrase or (cite.start, cite.end)
    within = cite.start <= start < end <= cite.end
    if article is None or not within or not is_verbatim(article.text, cite.start, cite.end, cite.quote):
        raise LibraryError(
            f"a quote is not in {cite.source} at {cite.start}-{cite.end}, so the memo is withheld", "qa index --rebuild"
        )
