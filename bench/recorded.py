"""A language model whose replies are kept on disk by prompt.

A bench that is run again, of a changed program, asks only what changed.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.kept import RESULTS
from bench.states import packed, unpacked
from qa.models.engine import Generation, LanguageModel, Message, Opinion


class Recorded:
    """The model that `load` gives, and what it replied before."""

    def __init__(self, load: Callable[[], LanguageModel], file: Path = RESULTS / "replies.sqlite") -> None:
        self._load = load
        self.name, self.digest = load().name, load().digest
        file.parent.mkdir(exist_ok=True)
        self._rows = sqlite3.connect(file, isolation_level=None, timeout=60)
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT)")

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None
    ) -> Generation:
        def ask() -> list[object]:
            made = self._load().generate(messages, max_tokens=max_tokens)
            return [made.text, made.prompt_tokens, made.tokens, made.sure]

        text, prompt_tokens, tokens, sure = self._once(["generate, and how sure", max_tokens], messages, ask)
        if on_text is not None:
            on_text(text)
        return Generation(text, prompt_tokens, tokens, sure)

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        def ask() -> list[object]:
            made = self._load().opinion(messages)
            return [made.yes, packed(made.state)]

        yes, state = self._once(["opinion"], messages, ask)
        return Opinion(yes, tuple(unpacked(state).tolist()))

    def _once(self, what: list[object], messages: Sequence[Message], ask: Callable[[], list[object]]) -> tuple:  # type: ignore[type-arg]
        told = [self.digest, *what, *((message.role, message.content) for message in messages)]
        key = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        kept = self._rows.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
        if kept is None:
            kept = (json.dumps(ask()),)
            self._rows.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (key, kept[0]))
        return tuple(json.loads(kept[0]))
