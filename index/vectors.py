"""Vectors as the library stores them, and the exact search over all of them. Knows nothing of SQLite or texts.

A stored vector is its direction in bytes: every number divided by the greatest, times 127, rounded; read, it is made a
unit row again (a cosine of more than 0.9999 to what was computed). All scores are dot products with these unit rows,
whichever index found them.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.embed import FloatArray
from index.errors import LibraryError
from index.postings import Flags, Scored
from index.schema import REBUILD_HINT

_CHECKSUM = 4  # bytes after the numbers
_SPARE = 16  # candidates beyond those asked for: FAISS and `scored` may differ in the last bit


def vector_key(embedder: str, text: str) -> bytes:
    """The key of a stored vector: a hash of the embedder's digest and of everything it read."""
    return hashlib.sha256(f"{embedder}\n{text}".encode()).digest()[:16]


def to_bytes(row: FloatArray) -> bytes:
    """One vector as stored: a byte a number, and a checksum."""
    most = np.abs(row).max(initial=0)
    numbers = np.rint(row * (127 / most if most > 0 else 0)).astype(np.int8).tobytes()
    return numbers + zlib.crc32(numbers).to_bytes(_CHECKSUM, "little")


def from_bytes(blobs: Sequence[bytes], dimension: int) -> FloatArray:
    """Stored vectors as (n, dimension) float32, unit rows. Raises LibraryError if one is damaged."""
    for blob in blobs:
        if len(blob) != dimension + _CHECKSUM or zlib.crc32(blob[:-_CHECKSUM]) != int.from_bytes(
            blob[-_CHECKSUM:], "little"
        ):
            raise LibraryError("a vector of the library is damaged", REBUILD_HINT)
    numbers = b"".join(blob[:-_CHECKSUM] for blob in blobs)
    rows = np.frombuffer(numbers, dtype=np.int8).reshape(len(blobs), dimension).astype(np.float32)
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))  # whole numbers: exact
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def scored(vector: FloatArray, ids: Sequence[int], rows: FloatArray) -> Scored:
    """The dot products of `vector` with `rows`, one an id: best first, equal ones by id.

    A row's score is the same whatever stands beside it.
    """
    # not a matrix product, which adds in another order for another number of rows
    products = (rows * vector).sum(axis=1)
    return tuple(sorted(zip(ids, products.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0])))


class ExactIndex:
    """All vectors in memory, every one compared: for libraries of up to `index.cells.MOST_EXACT` passages."""

    def __init__(self, ids: Sequence[int], rows: FloatArray) -> None:
        """One row an id. Raises ValueError if there are not as many."""
        if len(ids) != len(rows):
            raise ValueError(f"{len(ids)} ids for {len(rows)} vectors")
        self.ids: npt.NDArray[np.int64] = np.array(ids, dtype=np.int64)
        self._rows = rows
        self._places = {number: place for place, number in enumerate(ids)}

    def rows(self, ids: Sequence[int]) -> FloatArray:
        """The vectors of these ids, (n, dimension). Raises LibraryError for one that is no passage."""
        if lost := [number for number in ids if number not in self._places]:
            raise LibraryError(f"the library is damaged: there is no passage {lost[0]}", REBUILD_HINT)
        return np.asarray(self._rows[[self._places[number] for number in ids]])

    def nearest(self, vector: FloatArray, k: int, among: Flags | None = None) -> list[int]:
        """Ids that hold the `k` nearest of all passages, or of those that `among` flags, and some more."""
        import faiss

        ids, rows = self.ids, self._rows
        if among is not None:
            places = np.flatnonzero(among[ids])
            ids, rows = ids[places], rows[places]
        k = min(k + _SPARE, len(ids))
        if k <= 0:
            return []
        _, found = faiss.knn(vector.reshape(1, -1), rows, k, metric=faiss.METRIC_INNER_PRODUCT)
        return [int(number) for number in ids[found[0]]]
