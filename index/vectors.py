"""Vectors: how one is stored, and the FAISS index that searches them. The only importer of faiss.

In: unit rows and passage ids; out: nearest ids with their dot products. Knows nothing of SQLite or texts. The index file is derived: whatever
is wrong with it, `load` says None and the caller builds it anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embed import FloatArray
from index.errors import LibraryError
from index.schema import REBUILD_HINT

FILE = "vectors.faiss"
_CHECKSUM = 4  # bytes after the numbers

Scored = tuple[tuple[int, float], ...]  # (passage id, score), best first


def vector_key(embedder: str, text: str) -> bytes:
    """What a stored vector is found by: the embedder's digest and everything it read."""
    return hashlib.sha256(f"{embedder}\n{text}".encode()).digest()[:16]


def to_bytes(row: FloatArray) -> bytes:
    """One vector as stored: half precision, and a checksum."""
    numbers = row.astype("<f2").tobytes()
    return numbers + zlib.crc32(numbers).to_bytes(_CHECKSUM, "little")


def from_bytes(blobs: Sequence[bytes], dimension: int) -> FloatArray:
    """Stored vectors as (n, dimension) float32, unit rows. Raises LibraryError if one is damaged."""
    for blob in blobs:
        if len(blob) != 2 * dimension + _CHECKSUM or zlib.crc32(blob[:-_CHECKSUM]) != int.from_bytes(blob[-_CHECKSUM:], "little"):
            raise LibraryError("a vector of the library is damaged", REBUILD_HINT)
    numbers = b"".join(blob[:-_CHECKSUM] for blob in blobs)
    rows = np.frombuffer(numbers, dtype="<f2").reshape(len(blobs), dimension).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)


class VectorIndex:
    """Passage ids by the nearness of their vectors, exactly."""

    def __init__(self, index: Any, generation: str) -> None:
        self._index = index
        self.generation = generation

    @classmethod
    def built(cls, ids: Sequence[int], rows: FloatArray, dimension: int, generation: str) -> VectorIndex:
        """An index over `rows`, one an id. Raises ValueError if there are not as many."""
        if len(ids) != len(rows):
            raise ValueError(f"{len(ids)} ids for {len(rows)} vectors")
        index = _empty(dimension)
        if ids:
            index.add_with_ids(rows, np.array(ids, dtype=np.int64))
        return cls(index, generation)

    @classmethod
    def load(cls, folder: Path, generation: str) -> VectorIndex | None:
        """The index saved for this generation of the library; None if it is missing, damaged or of another generation."""
        import faiss

        try:
            head, _, body = (folder / FILE).read_bytes().partition(b"\n")
        except OSError:
            return None
        if head != _head(generation, body):
            return None
        return cls(faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8)), generation)

    def save(self, folder: Path) -> None:
        """Writes the index beside the library, whole or not at all. Where that fails it stays unwritten: it can always be built anew."""
        import faiss

        body = faiss.serialize_index(self._index).tobytes()
        draft = folder / f"{FILE}.{os.getpid()}.tmp"
        try:
            with draft.open("wb") as file:
                file.write(_head(self.generation, body) + b"\n" + body)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(folder / FILE)
        except OSError:
            draft.unlink(missing_ok=True)

    @property
    def ids(self) -> npt.NDArray[np.int64]:
        """The passage ids, in the order of their rows."""
        import faiss

        return np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def search(self, vector: FloatArray, k: int, among: Sequence[int] | None = None) -> Scored:
        """The `k` nearest of all passages, or of those in `among`: dot products, best first, equal ones by id."""
        import faiss

        k = min(k, self._index.ntotal if among is None else len(among))
        if k <= 0:
            return ()
        parameters = None
        if among is not None:
            selector = faiss.IDSelectorBatch(np.array(among, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # faiss adds the keyword in Python
        scores, ids = self._index.search(vector.reshape(1, -1), k, params=parameters)  # (1, k) each
        found = [(int(number), float(score)) for number, score in zip(ids[0], scores[0], strict=True) if number >= 0]
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _empty(dimension: int) -> Any:
    """The kind of index: exact. The one place to choose another (IVF, HNSW) when libraries outgrow it."""
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))


def _head(generation: str, body: bytes) -> bytes:
    """The first line of the file: which library it belongs to, and a checksum of the rest."""
    return json.dumps({"generation": generation, "sha256": hashlib.sha256(body).hexdigest()}).encode()
