"""The sentence-transformers encoder: the reference, for any model of that library and for GPUs.

Prompts are never invented: a model that wants one before its queries or passages declares it in
config_sentence_transformers.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embed import FloatArray, unit_rows
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


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
        rows = self._model.encode_document(
            list(texts), prompt=passage_prompt(self._prompts), convert_to_numpy=True, show_progress_bar=False
        )
        return unit_rows(rows)

    def encode_query(self, text: str) -> FloatArray:
        row = self._model.encode_query(
            [text], prompt=query_prompt(self._prompts), convert_to_numpy=True, show_progress_bar=False
        )
        unit: FloatArray = unit_rows(row)[0]
        return unit


def open_model(folder: Path, *, device: str | None = None) -> SentenceTransformer:
    """Load the model in `folder`.

    From safetensors only, without running any code that came with it, and without asking the network.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # it would count tensors, for a second, on the user's terminal
    try:
        return SentenceTransformer(
            str(folder),
            device=device,
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ModelError(f"{folder} does not hold a sentence-transformers model that can be loaded "
        f"safely: {_first_line(error)}",
                         "qa models list shows the models that are known to work") from error  # fmt: skip


def query_prompt(prompts: Mapping[str, str]) -> str:
    """The prefix that the model wants before a query, or an empty string."""
    return prompts.get("query") or ""


def passage_prompt(prompts: Mapping[str, str]) -> str:
    """The prefix that the model wants before a passage, by the first name in use that is set, or an empty string."""
    return next((prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name)), "")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
