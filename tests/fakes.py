"""Stand-ins that enter through the same seams as the real models: exact, instant, the same on every machine."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

import numpy as np

from index.embed import FloatArray
from qa.answering.prompt import PHRASE
from qa.models.engine import Generation, Message, Opinion

Reply = Callable[[Sequence[Message]], str]
Judge = Callable[[Sequence[Message]], float]


class FakeEmbedder:
    """Embeds a text as the normalised counts of its lower-case words, each hashed to one of `dimension` places.

    Texts with the same words in any order get the same row; texts without a word in common get orthogonal rows, save
    for colliding hashes; a text without words gets the first unit vector. `texts` holds every passage that was
    embedded, `queries` every query, in order.
    """

    def __init__(self, *, dimension: int = 256, name: str = "fake-embedder") -> None:
        self.name = name
        self.digest = f"fake{dimension}"
        self.dimension = dimension
        self.texts: list[str] = []
        self.queries: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        self.texts += texts
        return np.array([self._row(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def encode_query(self, text: str) -> FloatArray:
        self.queries.append(text)
        return self._row(text)

    def _row(self, text: str) -> FloatArray:  # (dimension,) float32, unit length
        row = np.zeros(self.dimension, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            row[place(word, self.dimension)] += 1.0
        if not row.any():
            row[0] = 1.0
        return row / np.float32(np.linalg.norm(row))


def place(word: str, dimension: int) -> int:
    """The coordinate at which `FakeEmbedder` counts `word`."""
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big") % dimension


class FakeModel:
    """Replies from a queue, or with what a function makes of the messages.

    Says yes with a set probability, or with what a function says.

    A queue that has run out is a mistake of the test and raises `AssertionError`. `calls` holds the messages of every
    `generate`, `asked` those of every `opinion`, in order. Text reaches `on_text` word by word, each with the white
    space after it; a word counts as one token. Asked for a phrase, it names the next of `phrases`, and when there is
    none left that none is stated; `named` holds those messages.
    """

    def __init__(
        self,
        replies: Sequence[str] | Reply = (),
        *,
        phrases: Sequence[str] = (),
        yes: float | Judge = 1.0,
        name: str = "fake-model",
        digest: str = "fake",
        state: tuple[float, ...] = (),
    ) -> None:
        self.name = name
        self.state = state
        self.digest = digest
        self.calls: list[tuple[Message, ...]] = []
        self.asked: list[tuple[Message, ...]] = []
        self._reply = replies if callable(replies) else _from_queue(replies)
        self._yes = yes
        self._phrases = list(phrases)
        self.named: list[tuple[Message, ...]] = []

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None
    ) -> Generation:
        for_phrase = messages[-1].content.endswith(PHRASE)
        (self.named if for_phrase else self.calls).append(tuple(messages))
        said = (self._phrases.pop(0) if self._phrases else "not stated") if for_phrase else self._reply(messages)
        pieces = re.findall(r"\S+\s*|^\s+", said)[:max_tokens]
        sent = pieces
        if on_text is not None:
            for count, piece in enumerate(pieces, start=1):
                if on_text(piece):
                    sent = pieces[:count]
                    break
        return Generation(
            "".join(sent), prompt_tokens=sum(len(message.content.split()) for message in messages), tokens=len(sent)
        )

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        self.asked.append(tuple(messages))
        return Opinion(self._yes(messages) if callable(self._yes) else self._yes, self.state)


def _from_queue(replies: Sequence[str]) -> Reply:
    queue = list(replies)

    def reply(messages: Sequence[Message]) -> str:
        assert queue, f"no reply is left in the queue for {messages!r}"
        return queue.pop(0)

    return reply


def said_literally(messages: Sequence[Message]) -> float:
    """Reads like one who goes by the words: sure where a line quoted has all of a statement's, and denies nothing else."""
    told = messages[-1].content
    lines = [line.removeprefix("- ") for line in told.splitlines() if line.startswith("- ")]
    statement = next(line for line in told.splitlines() if line.startswith("Statement: ")).removeprefix("Statement: ")
    said, held = _bare(statement), _bare(" ".join(lines))
    if len(said - held) > len(said) // 4:
        return 0.3
    return 0.05 if ("not" in said) != ("not" in held) else 0.95


def _bare(text: str) -> set[str]:
    return {word.removesuffix("ed") for word in re.findall(r"\w+", text.casefold())} - {"did"}
