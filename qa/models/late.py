"""Load a language model while other work goes on: passages are on the screen before it is there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

_THREAD = "loads a model"

if TYPE_CHECKING:
    from qa.models.engine import Generation, LanguageModel, Message, Opinion


def late(load: Callable[[], LanguageModel]) -> LanguageModel:
    """Start loading and return at once.

    Whoever first needs the model waits for it, and gets the error if it cannot be loaded.
    """
    # the protocol's attributes are read only, as everywhere: a property will do
    return cast("LanguageModel", _LateModel(load))


def loading() -> bool:
    """Whether a model is still being loaded: a program that is done need not wait for it."""
    return any(thread.name.startswith(_THREAD) for thread in threading.enumerate())


class _LateModel:
    def __init__(self, load: Callable[[], LanguageModel]) -> None:
        from concurrent.futures import ThreadPoolExecutor

        loader = ThreadPoolExecutor(max_workers=1, thread_name_prefix=_THREAD)
        self._loading = loader.submit(load)
        loader.shutdown(wait=False)

    @property
    def name(self) -> str:
        return self._loading.result().name

    @property
    def digest(self) -> str:
        return self._loading.result().digest

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None
    ) -> Generation:
        return self._loading.result().generate(messages, max_tokens=max_tokens, on_text=on_text)

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        return self._loading.result().opinion(messages)

    def opinions(self, conversations: Sequence[Sequence[Message]]) -> tuple[Opinion, ...]:
        from qa.models.engine import opinions

        return opinions(self._loading.result(), conversations)
