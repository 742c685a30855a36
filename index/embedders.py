"""The choice of the runtime that computes an embedder. Knows nothing of where models come from."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from index.embed import Embedder
from index.errors import ModelError
from index.extras import explaining

Runtime = Literal["auto", "openvino", "sentence-transformers"]


@explaining()
def load(folder: Path, *, name: str, digest: str, converted: Path | None = None, runtime: Runtime = "auto") -> Embedder:
    """The embedder in `folder`, computed by the fastest runtime that is here.

    `converted` is the folder that `index.embed_openvino.convert` wrote of it. "auto" is OpenVINO where that package and
    a converted copy are both present, and sentence-transformers otherwise. Raises `ModelError` when the model, or the
    runtime that was asked for, cannot be had.
    """
    if runtime == "openvino" or (runtime == "auto" and converted is not None and find_spec("openvino") is not None):
        from index.embed_openvino import OpenVinoEmbedder

        if converted is None:
            raise ModelError(f"the embedder {name} has not been converted for OpenVINO", f"qa models fetch {name}")
        return OpenVinoEmbedder(converted, name=name, digest=digest)
    from index.embed_torch import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(folder, name=name, digest=digest)
