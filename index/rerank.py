"""Order passages anew by a model that reads query and passage together (a cross-encoder).

Optional, and slow: every passage is read for every query. Knows nothing of how the passages were found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np

from index.embed import FloatArray
from index.errors import ModelError
from index.records import Hit

CANDIDATES = 32  # hits that are read anew; what comes after them in the fused list is rarely the answer


class Reranker(Protocol):
    """Says how well texts match a query.

    `name` is the model's, `digest` the identity of its weights (short SHA-256).
    """

    name: str
    digest: str

    def scores(self, query: str, texts: Sequence[str]) -> FloatArray:
        """One number a text, (n,) float32, higher is better, of any range.

        Each is computed alone, so that nothing beside it can change it.
        """


class CrossEncoderReranker:
    """Any cross-encoder of sentence-transformers with one output, from a folder, on a GPU if there is one.

    Calls from several threads take turns.
    """

    def __init__(self, folder: Path, *, name: str, digest: str) -> None:
        self.name = name
        self.digest = digest
        self._model = _opened(folder)
        self._turn = Lock()
        if (outputs := int(self._model.config.num_labels)) != 1:
            raise ModelError(
                f"{name} gives {outputs} numbers for a passage, and a reranker gives one",
                "name another cross-encoder, or leave reranker out",
            )

    def scores(self, query: str, texts: Sequence[str]) -> FloatArray:
        if not texts:
            return np.zeros(0, dtype=np.float32)
        with self._turn:
            found = self._model.predict(
                [(query, text) for text in texts], batch_size=1, show_progress_bar=False, convert_to_numpy=True
            )
        scores: FloatArray = np.asarray(found, dtype=np.float32).reshape(len(texts))
        return scores


def reranked(query: str, hits: Sequence[Hit], reranker: Reranker, *, k: int) -> tuple[Hit, ...]:
    """The `k` best of the hits by the reranker, best first.

    Their `score` is its, moved and stretched so that the worst of all has 0 and the best 1.
    """
    if not hits:
        return ()
    scores = reranker.scores(query, [hit.passage.text for hit in hits]).astype(float)
    least, greatest = float(scores.min()), float(scores.max())
    scaled = (scores - least) / (greatest - least) if greatest > least else np.ones(len(hits))
    anew = [replace(hit, score=float(score)) for hit, score in zip(hits, scaled, strict=True)]
    return tuple(sorted(anew, key=lambda hit: (-hit.score, hit.passage.source, hit.passage.start))[: max(k, 0)])


def _opened(folder: Path) -> Any:  # sentence_transformers.CrossEncoder
    """The model in `folder`, from safetensors only, without running any code that came with it, and without asking the network."""
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging

    logging.disable_progress_bar()  # it would count tensors, for a second, on the user's terminal
    try:
        return CrossEncoder(
            str(folder), trust_remote_code=False, local_files_only=True, model_kwargs={"use_safetensors": True}
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise ModelError(
            f"{folder} does not hold a cross-encoder that can be loaded safely: {said}",
            "name another one, or leave reranker out",
        ) from error
