"""The loaders for models of which some are named and some are handed over, ready to use."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from qa.models.loading import Loaders, loaders

if TYPE_CHECKING:
    from index.embed import Embedder
    from qa.models.engine import LanguageModel
    from qa.models.names import Names
    from qa.settings import Settings


def handed(embedder: str | Embedder | None, model: str | LanguageModel | None, told: Callable[[str], None]) -> Loaders:
    """What is named, or None, is loaded as the settings say; what is handed over is there already.

    `told` gets a line where a served model cannot be used.
    """
    real = loaders(told)
    found = None if embedder is None or isinstance(embedder, str) else embedder
    given = None if model is None or isinstance(model, str) else model

    def names(settings: Settings) -> Names:
        from qa.models.loading import embedder_name, model_name
        from qa.models.names import Names, name_of
        from qa.models.names import embedder_name as name_of_embedder

        return Names(
            embedder_name(settings) if found is None else name_of_embedder(found, real.reranker(settings)),
            *(model_name(settings) if given is None else (name_of(given), given.digest)),
        )

    return Loaders(
        embedder=cache(real.embedder) if found is None else lambda _: found,
        model=real.model if given is None else lambda _: given,
        names=names,
    )
