"""Ways to make one ranking of two: what `index.search` is compared with.

Takes what the two retrievers give; returns scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.embed import Embedder
from index.lexical import names
from index.search import DEPTH, fused
from index.store import Library

_RRF = 60  # Cormack, Clarke, Büttcher 2009
_WEIGHT = 0.65  # of the dense score in 0.1.0

Scores = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Lists:
    """What the two retrievers give for a query, by passage; `dense` also covers the passages that only `lexical` found; `named` is lexical with names."""

    dense: Scores
    nearest: Scores
    lexical: Scores
    named: Scores


def lists(query: str, library: Library, embedder: Embedder) -> Lists:
    """The lists of a query, a hundred passages each."""
    vector = embedder.encode_query(query)
    with library.snapshot():
        lexical, named = (
            dict(library.lexical(query, DEPTH)),
            dict(library.lexical(query, DEPTH, phrases=library.phrases(names(query)))),
        )
        nearest = dict(library.dense(vector, DEPTH))
        rest = library.similarities(vector, [number for number in {**lexical, **named} if number not in nearest])
    return Lists(nearest | dict(rest), nearest, lexical, named)


def reciprocal(found: Lists) -> Scores:
    """Reciprocal rank fusion."""
    scores: dict[int, float] = defaultdict(float)
    for ranking in (found.nearest, found.lexical):
        for rank, number in enumerate(ranking, start=1):
            scores[number] += 1 / (_RRF + rank)
    return scores


def scaled_sum(found: Lists, weight: float = _WEIGHT) -> Scores:
    """The fusion of 0.1.0: the weighted sum of both scores, each stretched over its list so that the least is 0 and the greatest 1; no names."""
    near = _scaled(
        {number: score for number, score in found.dense.items() if number in found.nearest or number in found.lexical}
    )
    worded = _scaled(found.lexical)
    return {number: weight * score + (1 - weight) * worded.get(number, 0.0) for number, score in near.items()}


def plain_sum(weight: float, *, named: bool) -> Callable[[Lists], Scores]:
    """The fusion of `index.search` with another weight, or without names."""

    def scores(found: Lists) -> Scores:
        return fused(found.dense, found.named if named else found.lexical, weight)

    return scores


def ranking(scores: Scores) -> Sequence[int]:
    """Passages, best first."""
    return sorted(scores, key=lambda number: (-scores[number], number))


def _scaled(scores: Scores) -> dict[int, float]:
    if not scores:
        return {}
    least, greatest = min(scores.values()), max(scores.values())
    return {
        number: (score - least) / (greatest - least) if greatest > least else 1.0 for number, score in scores.items()
    }
