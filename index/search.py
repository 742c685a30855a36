"""A query -> ranked passages: dense and lexical retrieval, fused. Knows nothing of language models or answers."""

from __future__ import annotations

from collections.abc import Mapping

from index.embed import Embedder
from index.records import Filter, Hit
from index.store import Library

DENSE_WEIGHT = 0.65  # the rest is lexical; chosen on the SciFact train queries (bench/retrieval.py)
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
    """The `k` passages that best match the query, best first: `weight` of the dense score and the rest of the lexical one, each scaled to [0, 1].

    Raises LibraryError if the library was built with another embedder.
    """
    library.require(embedder)
    vector = embedder.encode_query(query)
    with library.snapshot():
        lexical = dict(library.lexical(query, DEPTH, within))
        dense = dict(library.dense(vector, DEPTH, within))
        dense |= dict(library.similarities(vector, [number for number in lexical if number not in dense]))
        scores = fused(dense, lexical, weight)
        least = sorted(scores.values())[-k:][0] if scores and k > 0 else 0.0
        passages = library.passages([number for number, score in scores.items() if score >= least])  # with those that equal the last
    hits = [Hit(one, scores[one.id], dense[one.id], lexical.get(one.id, 0.0)) for one in passages]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.passage.source, hit.passage.start))[: max(k, 0)])


def fused(dense: Mapping[int, float], lexical: Mapping[int, float], weight: float) -> dict[int, float]:
    """The weighted sum of the two scores of every passage of `dense`, each scaled to [0, 1] over its list; no lexical score counts as 0."""
    near, worded = scaled(dense), scaled(lexical)
    return {number: weight * near[number] + (1 - weight) * worded.get(number, 0.0) for number in dense}


def scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores moved and stretched so that the least is 0 and the greatest 1; all 1 where they do not differ."""
    if not scores:
        return {}
    least, greatest = min(scores.values()), max(scores.values())
    return {number: (score - least) / (greatest - least) if greatest > least else 1.0 for number, score in scores.items()}
