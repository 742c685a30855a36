"""The protocol of embedders, which turn texts into unit vectors.

The encoders are in `index.embed_torch` and `index.embed_openvino`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors whose dot product says how similar they are in meaning.

    `name` is the model's, e.g. "all-MiniLM-L6-v2"; `digest` the identity of its weights (short SHA-256), whatever
    runtime computes them.
    """

    name: str
    digest: str
    dimension: int

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """One row a text: (n, dimension) float32, unit rows."""

    def encode_query(self, text: str) -> FloatArray:
        """(dimension,) float32, unit length. Computed by itself, so that no other text can change it."""


def unit_rows(rows: FloatArray) -> FloatArray:
    """The rows, each divided by its length, (n, dimension) float32."""
    lengths = np.linalg.norm(rows.astype(np.float32), axis=1, keepdims=True)
    unit: FloatArray = (rows / np.maximum(lengths, np.float32(1e-12))).astype(np.float32)
    return unit
