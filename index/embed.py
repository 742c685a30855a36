"""The embedder protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product says how near they are in meaning.

    `name` is the model's, e.g. "all-MiniLM-L6-v2"; `digest` the identity of its weights (short SHA-256), whatever runtime computes them.
    """

    name: str
    digest: str
    dimension: int

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """One row a text: (n, dimension) float32, unit rows."""

    def encode_query(self, text: str) -> FloatArray:
        """(dimension,) float32, unit length. Always computed alone, so that nothing beside it can change it."""
