"""What models are called in the provenance of an answer: the name and the digest of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from index.embed import Embedder
    from index.rerank import Reranker
    from qa.models.engine import LanguageModel


class Known(Protocol):
    """A model, or the files of one, that says what it is called and the identity of its weights."""

    @property
    def name(self) -> str:
        """Which model."""

    @property
    def digest(self) -> str:
        """A short SHA-256 of its weights."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names and digests of the models that answer.

    The embedder, with the reranker where there is one, and the language model.

    `digest` is that of the language model by itself, under which it is calibrated.
    """

    embedder: str
    model: str
    digest: str


def named(embedder: Embedder, model: LanguageModel, reranker: Reranker | None) -> Names:
    """The names of these models, which may have to be loaded for that."""
    return Names(embedder_name(embedder, reranker), name_of(model), model.digest)


def embedder_name(embedder: Known, reranker: Known | None) -> str:
    """The name of an embedder, and of the reranker that puts what it finds in order."""
    return name_of(embedder) + ("" if reranker is None else f", reranked by {name_of(reranker)}")


def name_of(model: Known) -> str:
    """The name of one model, with the identity of its weights."""
    return f"{model.name} {model.digest}"
