"""Run an OpenVINO encoder one text at a time, and rewrite it to multiply in bytes. Knows nothing of prompts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

import numpy as np

from index.embed import FloatArray, unit_rows
from index.quantised import dequantised, linear_layers

GROUP = 64  # weights, and activations, that share a scale: larger groups are no faster, and less exact
CACHED = "16"  # primitives that are kept for shapes met before, in each of two caches
_LEAST = 16  # tokens: shorter texts are padded to so many


class Running:
    """A compiled model, and its requests that are not at work. May be used from several threads at once."""

    def __init__(self, compiled: Any) -> None:
        self._inputs = {port.get_any_name() for port in compiled.inputs}
        self.dimension: int = compiled.output(0).get_partial_shape()[1].get_length()
        self.streams: int = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self._idle: SimpleQueue[Any] = SimpleQueue()
        for _ in range(self.streams):
            self._idle.put(compiled.create_infer_request())

    def row(self, encoding: Any) -> FloatArray:  # (dimension,) float32, unit length
        """The vector of a text, of which a tokeniser made this encoding."""
        values = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feed = {name: np.array([values[name]], dtype=np.int64) for name in self._inputs}
        with self._request() as request:
            unit: FloatArray = unit_rows(request.infer(feed)[0])[0]
            return unit

    @contextmanager
    def _request(self) -> Iterator[Any]:
        request = self._idle.get()
        try:
            yield request
        finally:
            self._idle.put(request)


def bound_memory() -> None:
    """Let oneDNN, which OpenVINO multiplies with, keep few primitives; to be called before it has made any.

    It keeps 1,024 otherwise, and OpenVINO 5,000 of its own (CPU_RUNTIME_CACHE_CAPACITY): code for every length of a
    text that ever came, which hardly comes again. Either cache alone keeps what the other gives up.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", CACHED)


def padded(tokens: int, most: int) -> int:
    """The length that a text of so many tokens is computed at, `most` at the longest.

    A multiple of 16, and of an eighth where it is long.

    OpenVINO prepares itself anew for every length that it meets, and keeps what it prepared: a MiniLM grew by 260 MB
    over 768 texts of random lengths, and took 1.7 times as long. There are 16 lengths up to 256 tokens, and 8 more for
    each doubling.
    """
    tokens = max(tokens, 1)
    step = max(_LEAST, 1 << max(0, (tokens - 1).bit_length() - 4))
    return min(-(-tokens // step) * step, most)


def in_bytes(model: Any) -> Any:  # openvino.Model, changed in place
    """The weights of every linear layer as bytes, `GROUP` of a row with a scale of their own, which lets the CPU multiply in bytes."""
    for layer, matrix in linear_layers(model):
        if matrix.get_type_name() == "Constant" and len(matrix.shape) == 2 and matrix.shape[1] % GROUP == 0:
            weights = matrix.data.astype(np.float32).reshape(matrix.shape[0], -1, GROUP)  # (outputs, groups, GROUP)
            scales = np.maximum(np.abs(weights).max(axis=2, keepdims=True), np.float32(1e-12)) / 127
            layer.input(1).replace_source_output(dequantised(np.rint(weights / scales).astype(np.int8), scales))
    model.validate_nodes_and_infer_types()
    return model
