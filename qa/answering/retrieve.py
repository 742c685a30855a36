"""Turn passages into what may be quoted: their sentences, and which articles are versions of one story."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.embed import Embedder
from index.records import Article, Hit
from qa.answering import copies, hostile
from qa.answering.evidence import Evidence, select


@dataclass(frozen=True, slots=True)
class Sifted:
    """The sentences of passages, best first.

    `stories` gives, for an article that is a version of another's story, that other; `notes` are for the reader.
    """

    evidence: tuple[Evidence, ...]
    stories: Mapping[str, str]
    notes: tuple[str, ...]


def deeper(passages: int) -> int:
    """How many passages to search for a phrase, where sentences are drafted from `passages`.

    Half as many again hold 1 or 2 answers in 100 more.
    """
    return passages * 3 // 2


def sifted(query: str, hits: Sequence[Hit], embedder: Embedder, article: Callable[[str], Article]) -> Sifted:
    """What may be quoted of `hits`; what only repeats another version of its story is left out."""
    versions = copies.versions([article(source) for source in dict.fromkeys(hit.passage.source for hit in hits)])
    evidence = select(query, copies.unrepeated(hits, versions), embedder)
    return Sifted(
        evidence, copies.origins(versions), (*copies.notes(versions), *hostile.notes(hit.passage for hit in hits))
    )
