"""Texts to unit vectors: the embedder protocol, the choice of a runtime, and the sentence-transformers encoder.

In: the folder of a sentence-transformers model on this disk. Out: an `Embedder`. Knows nothing of passages, of libraries, or of where models
come from. No prompt is made up: a model that wants one before its queries or passages declares it in config_sentence_transformers.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

FloatArray = npt.NDArray[np.float32]
Runtime = Literal["auto", "openvino", "sentence-transformers"]


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


def load(folder: Path, *, name: str, digest: str, converted: Path | None = None, runtime: Runtime = "auto") -> Embedder:
    """The embedder in `folder`, computed by the fastest runtime that is here.

    `converted` is the folder that `index.embed_openvino.convert` wrote of it. "auto" is OpenVINO where that package and a converted copy are
    both present, and sentence-transformers otherwise. Raises `ModelError` when the model, or the runtime that was asked for, cannot be had.
    """
    if runtime == "openvino" or (runtime == "auto" and converted is not None and find_spec("openvino") is not None):
        from index.embed_openvino import OpenVinoEmbedder

        if converted is None:
            raise ModelError(f"the embedder {name} has not been converted for OpenVINO", f"qa models fetch {name}")
        return OpenVinoEmbedder(converted, name=name, digest=digest)
    return SentenceTransformerEmbedder(folder, name=name, digest=digest)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, on a GPU if there is one."""

    def __init__(self, folder: Path, *, name: str, digest: str) -> None:
        self.name = name
        self.digest = digest
        self._model = open_model(folder)
        self._prompts: dict[str, str] = dict(self._model.prompts)
        self.dimension: int = len(self.encode_query("dimension"))

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = self._model.encode_document(list(texts), prompt=passage_prompt(self._prompts), convert_to_numpy=True, show_progress_bar=False)
        return unit_rows(rows)

    def encode_query(self, text: str) -> FloatArray:
        row = self._model.encode_query([text], prompt=query_prompt(self._prompts), convert_to_numpy=True, show_progress_bar=False)
        unit: FloatArray = unit_rows(row)[0]
        return unit


def open_model(folder: Path, *, device: str | None = None) -> SentenceTransformer:
    """The model in `folder`, from safetensors only, without running any code that came with it, and without asking the network."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # it would count tensors, for a second, on the user's terminal
    try:
        return SentenceTransformer(str(folder), device=device, trust_remote_code=False, local_files_only=True, model_kwargs={"use_safetensors": True})
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelError(f"{folder} does not hold a sentence-transformers model that can be loaded safely: {_first_line(error)}",
                         "qa models list shows the models that are known to work") from error  # fmt: skip


def query_prompt(prompts: Mapping[str, str]) -> str:
    """What the model wants before a query, or an empty string."""
    return prompts.get("query") or ""


def passage_prompt(prompts: Mapping[str, str]) -> str:
    """What the model wants before a passage, under the first of the names in use that is not empty, or an empty string."""
    return next((prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name)), "")


def unit_rows(rows: FloatArray) -> FloatArray:
    """The rows, each divided by its length, (n, dimension) float32."""
    lengths = np.linalg.norm(rows.astype(np.float32), axis=1, keepdims=True)
    unit: FloatArray = (rows / np.maximum(lengths, np.float32(1e-12))).astype(np.float32)
    return unit


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
