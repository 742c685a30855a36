"""A query -> ranked passages: dense and lexical retrieval, fused. Knows nothing of language models or answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from index.embed import Embedder
from index.lexical import names
from index.names import sole
from index.records import Filter, Hit
from index.store import Library

# the rest is lexical; chosen on SciFact's train queries, news questions and names together (bench/retrieval.py)
DENSE_WEIGHT = 0.4
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
    the words of a query is worth more than the best of those that hold a few. A name counts as a word, and a passage that alone holds it is in the first half.

    Raises LibraryError if the library was built with another embedder.
    """
    library.require(embedder)
    vector = embedder.encode_query(query)
    with library.snapshot():
        phrases = library.phrases(names(query), within)
        lexical = dict(library.lexical(query, DEPTH, within, phrases))
        named = {number for held in phrases.values() if (number := sole(held)) is not None}
        dense = dict(library.dense(vector, DEPTH, within))
        dense |= dict(library.similarities(vector, sorted((named | set(lexical)).difference(dense))))
        scores = fused(dense, lexical, weight)
        least = sorted(scores.values())[-k:][0] if scores and k > 0 else 0.0
        # with those that equal the last
        passages = library.passages([number for number, score in scores.items() if score >= least or number in named])
    hits = [Hit(one, scores[one.id], dense[one.id], lexical.get(one.id, 0.0)) for one in passages]
    return _with_named(
        sorted(hits, key=lambda hit: (-hit.score, hit.passage.source, hit.passage.start)), named, max(k, 0)
    )


def _with_named(hits: Sequence[Hit], named: Set[int], k: int) -> tuple[Hit, ...]:
    """The first `k` hits; half of the first half is for passages that alone hold a name, if there are any."""
    half = max(k // 2, 1)
    certain = [hit.passage.id for hit in hits if hit.passage.id in named][: max(half // 2, 1)]
    others = [hit.passage.id for hit in hits if hit.passage.id not in certain]
    first = {*certain, *others[: half - len(certain)]}
    return tuple(sorted(hits, key=lambda hit: hit.passage.id not in first)[:k])


def fused(dense: Mapping[int, float], lexical: Mapping[int, float], weight: float) -> dict[int, float]:
    """The weighted sum of the two scores of every passage of `dense`; no lexical score counts as 0."""
    return {number: weight * near + (1 - weight) * lexical.get(number, 0.0) for number, near in dense.items()}
