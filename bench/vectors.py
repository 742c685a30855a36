"""An embedder whose vectors are kept in bench/results/, for benches that embed the same texts again and again.

Not for measuring time.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embed import Embedder, FloatArray

RESULTS = Path(__file__).parent / "results"


class Kept:
    """The embedder, asked only for what it was not asked before."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.digest, self.dimension = embedder.name, embedder.digest, embedder.dimension
        self._embedder = embedder
        RESULTS.mkdir(exist_ok=True)
        self._rows = sqlite3.connect(
            RESULTS / f"vectors-{embedder.digest[:12]}.sqlite", isolation_level=None, timeout=60
        )
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, row BLOB)")

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """One unit row a text: (n, dimension) float32."""
        held = {text: self._held(f"passage {text}") for text in dict.fromkeys(texts)}
        if missing := [text for text, row in held.items() if row is None]:
            for text, row in zip(missing, self._embedder.encode_passages(missing), strict=True):
                held[text] = self._keep(f"passage {text}", row)
        return np.array([held[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def encode_query(self, text: str) -> FloatArray:
        """(dimension,) float32, unit length."""
        row = self._held(f"query {text}")
        return self._keep(f"query {text}", self._embedder.encode_query(text)) if row is None else row

    def _held(self, key: str) -> FloatArray | None:
        found = self._rows.execute("SELECT row FROM vectors WHERE key = ?", (_digest(key),)).fetchone()
        return None if found is None else np.frombuffer(found[0], dtype=np.float32)

    def _keep(self, key: str, row: FloatArray) -> FloatArray:
        self._rows.execute(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?)", (_digest(key), row.astype(np.float32).tobytes())
        )
        return row


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
