"""The cells that the vectors of a large library are sorted into, of which a query searches the nearest few.

They are part of the library: their centres, and what a byte of a number means. Trained by FAISS, which is imported
here, in `index.cell_block` and in `index.vectors` alone.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.embed import FloatArray

MOST_EXACT = 20_000  # passages; up to here comparing all takes a few milliseconds, and nothing is gained by cells
_SAMPLE = 48  # vectors a cell that the centers are computed from
_ITERATIONS = 10
_SEED = 20_240_901
_LEAST_PROBED, _SHARE = 96, 1 / 16  # cells that a query looks into: so many, or this share of them if that is more
_MARGIN = 1.25  # how far beyond the sample's least and greatest numbers the bytes reach


@dataclass(frozen=True, slots=True)
class Cells:
    """The centres, (n, dimension) float32 unit rows, of a library of so many passages.

    A byte means `least + span * byte / 255`, each (dimension,).
    """

    passages: int
    centers: FloatArray
    least: FloatArray
    span: FloatArray

    @property
    def digest(self) -> str:
        """What files built with these cells are known by."""
        return hashlib.sha256(b"".join(self.stored().values())).hexdigest()[:32]

    def stored(self) -> dict[str, bytes]:
        """As the library keeps them, by name."""
        numbers = {"centers": self.centers, "least": self.least, "span": self.span}
        return {"passages": str(self.passages).encode()} | {
            name: each.astype("<f4").tobytes() for name, each in numbers.items()
        }

    @classmethod
    def restored(cls, stored: Mapping[str, bytes], dimension: int) -> Cells:
        """The cells that `stored` gave. Raises ValueError or KeyError if they are damaged."""
        centers, least, span = (
            np.frombuffer(stored[name], dtype="<f4").astype(np.float32) for name in ("centers", "least", "span")
        )
        return cls(
            int(stored["passages"]), centers.reshape(-1, dimension), least.reshape(dimension), span.reshape(dimension)
        )


def cells_for(passages: int) -> int:
    """How many cells a library of so many passages gets: a power of two near twice the root."""
    return int(2 ** round(math.log2(2 * math.sqrt(passages))))


def sample_size(passages: int) -> int:
    """How many vectors `trained` wants to see."""
    return min(passages, _SAMPLE * cells_for(passages))


def trained(sample: FloatArray, passages: int) -> Cells:
    """Compute cells for a library of so many passages from some of its vectors.

    The sample is smaller where passages repeat; the same sample gives the same cells.
    """
    import faiss

    kmeans = faiss.Kmeans(
        sample.shape[1],
        min(cells_for(passages), len(sample)),
        niter=_ITERATIONS,
        seed=_SEED,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=_SAMPLE,
    )
    kmeans.train(np.ascontiguousarray(sample))
    least, most = sample.min(axis=0), sample.max(axis=0)
    middle, reach = (least + most) / 2, np.maximum((most - least) / 2 * _MARGIN, 1e-6)
    return Cells(
        passages,
        np.asarray(kmeans.centroids, dtype=np.float32),
        (middle - reach).astype(np.float32),
        (2 * reach).astype(np.float32),
    )


def probed(cells: int, passages: int, allowed: int) -> int:
    """Return how many cells a query looks into where it may find `allowed` of the passages.

    The fewer those are, the more cells, and at last all of them.
    """
    return min(math.ceil(max(_LEAST_PROBED, cells * _SHARE) * passages / max(allowed, 1)), cells)
