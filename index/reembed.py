"""Estimate what it costs to embed a library anew with another embedder, by trying it on some of its passages."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.embed import Embedder
from index.errors import LibraryError
from index.schema import FILE
from index.store import Library

SAMPLE = 32  # passages, spread over the library
_FIRST = 2  # of them are embedded before timing begins: an embedder is slow with its first


@dataclass(frozen=True, slots=True)
class Cost:
    """`passages` to embed and the `seconds` that takes, estimated.

    The embedder the library was built `before` with, and the one wanted `now`.
    """

    passages: int
    seconds: float
    before: str
    now: str


def cost(folder: Path, embedder: Embedder, *, clock: Callable[[], float] = time.perf_counter) -> Cost | None:
    """What changing to `embedder` costs the library in `folder`.

    None where that is no change, or no library is there that can be read.
    """
    if not (folder / FILE).exists():
        return None
    try:
        with Library.open(folder) as library:
            found = library.identity
            if (found.embedder_digest, found.dimension) == (embedder.digest, embedder.dimension):
                return None
            numbers = [number for (number,) in library.rows("SELECT id FROM passages ORDER BY id")]
            chosen = sorted({numbers[at * len(numbers) // SAMPLE] for at in range(SAMPLE)}) if numbers else []
            texts = [passage.text for passage in library.passages(chosen)]
    except LibraryError:
        return None
    before, now = f"{found.embedder} ({found.embedder_digest[:12]})", f"{embedder.name} ({embedder.digest[:12]})"
    return Cost(len(numbers), _timed(embedder, texts, clock) * len(numbers), before, now)


def _timed(embedder: Embedder, texts: list[str], clock: Callable[[], float]) -> float:
    """Seconds a passage."""
    embedder.encode_passages(texts[:_FIRST])
    rest = texts[_FIRST:]
    if not rest:
        return 0.0
    start = clock()
    embedder.encode_passages(rest)
    return (clock() - start) / len(rest)
