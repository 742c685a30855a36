"""A query -> ranked passages: dense and lexical retrieval, fused. Knows nothing of language models or answers."""

from __future__ import annotations

from collections.abc import Mapping

from index.embed import Embedder
from index.lexical import names
from index.records import Filter, Hit
from index.store import Library

DENSE_WEIGHT = 0.4  # the rest is lexical; chosen on SciFact's train queries, news questions and names together (bench/retrieval.py)
DEPTH = 100  # passages taken from each of the two lists


def search(
    query: str,
    library: Library,
    embedder: Embedder,
    *,
    k: int = 8,
    within: Filter = Filter(),  # noqa: B008 (frozen)
    weight: float = DENSE_WEIGHT,
) -> tuple[Hit, ...]:
    """The `k` passages that best match the query, best first: `weight` of the cosine and the rest of the lexical score, a share of the highest BM25 possible.

    Neither is scaled by what else was found (Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", 2023): a passage that holds all
    the words of a query is worth more than the best of those that hold a few. A name counts as a word, and a rare one.
    Raises LibraryError if the library was built with another embedder.
    """
    library.require(embedder)
    vector = embedder.encode_query(query)
    with library.snapshot():
        lexical = dict(library.lexical(query, DEPTH, within, names=names(query)))
        dense = dict(library.dense(vector, DEPTH, within))
        dense |= dict(library.similarities(vector, [number for number in lexical if number not in dense]))
        scores = fused(dense, lexical, weight)
        least = sorted(scores.values())[-k:][0] if scores and k > 0 else 0.0
        passages = library.passages([number for number, score in scores.items() if score >= least])  # with those that equal the last
    hits = [Hit(one, scores[one.id], dense[one.id], lexical.get(one.id, 0.0)) for one in passages]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage.source, hit.passage.start))[: max(k, 0)])


def fused(dense: Mapping[int, float], lexical: Mapping[int, float], weight: float) -> dict[int, float]:
    """The weighted sum of the two scores of every passage of `dense`; no lexical score counts as 0."""
    return {number: weight * near + (1 - weight) * lexical.get(number, 0.0) for number, near in dense.items()}
