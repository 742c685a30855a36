"""What the pipeline answers with, put together from a library, its settings and the ways to load models."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.embed import Embedder
    from index.store import Library
    from qa.answering.answer import Assistant
    from qa.answering.decide import Decision
    from qa.models.loading import Loaders
    from qa.settings import Settings


def assembled(
    settings: Settings, library: Library, using: Loaders, embedder: Embedder, decisions: Callable[[str], Decision]
) -> Assistant:
    """Everything that an answer needs; the language model begins to load, in a thread of its own.

    Raises LibraryError, before anything slow, where the library holds vectors of another embedder.
    """
    from qa.answering.answer import Assistant
    from qa.models.late import late

    library.require(embedder)
    return Assistant(
        library=library,
        embedder=embedder,
        model=late(lambda: using.model(settings)),
        settings=settings,
        reranker=using.reranker(settings),
        decisions=decisions,
    )
