"""Measure how near words and sentences are in meaning: cosines of their embeddings, each text embedded once.

The embedder computes every text alone (`index.embed_openvino`), so remembering one cannot change another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from index.embed import Embedder, FloatArray

_MOST = 50_000  # vectors that are kept: some 75 MB


class Meanings:
    """An embedder that remembers the vectors of passages."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.digest, self.dimension = embedder.name, embedder.digest, embedder.dimension
        self._embedder = embedder
        self._rows: dict[str, FloatArray] = {}

    def encode_query(self, text: str) -> FloatArray:
        """(dimension,) float32, unit length."""
        return self._embedder.encode_query(text)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """One unit row a text: (n, dimension) float32."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        if len(self._rows) > _MOST:
            self._rows.clear()
        missing = [text for text in dict.fromkeys(texts) if text not in self._rows]
        if missing:
            self._rows.update(zip(missing, self._embedder.encode_passages(missing), strict=True))
        return np.array([self._rows[text] for text in texts], dtype=np.float32)

    def nearest(self, words: Sequence[str], others: Iterable[str]) -> list[float]:
        """For each word the cosine to the nearest of `others`, in [0, 1]; 0 where there are none."""
        held = list(dict.fromkeys(others))
        if not held:
            return [0.0] * len(words)
        return [
            max(0.0, float(value))
            for value in (self.encode_passages(words) @ self.encode_passages(held).T).max(axis=1, initial=0.0)
        ]

    def held(self, text: str, quotes: Sequence[str]) -> float:
        """How much of a text's meaning the quotes hold.

        The cosine between its vector and the space that theirs span, in [0, 1].
        """
        if not quotes:
            return 0.0
        spanning, vector = self.encode_passages(quotes).T, self.encode_passages([text])[0]
        parts = np.linalg.lstsq(spanning, vector, rcond=0.01)[0]
        return min(1.0, float(np.linalg.norm(spanning @ parts)))
