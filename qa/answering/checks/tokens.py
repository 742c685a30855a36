"""Split a text into words, figures and months, in order. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from qa.answering.checks.figures import Number, located
from qa.answering.checks.words import WORD, content, normalise

JOINING = frozenset({"and", "while", "but", "whereas"})  # words between which one clause ends and the next begins


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a figure or a month (1-12).

    `key` is what it is compared by, "" for a function word; `gap` is the text between it and the one before.
    """

    written: str
    key: str
    value: Number | int | None
    gap: str

    @property
    def lower(self) -> str:
        """The word as written, in lower case."""
        return self.written.casefold()

    @property
    def named(self) -> bool:
        """Whether it is written as a name.

        A sentence's first word is always capitalised. Where it is taken for a name, the quote must hold it: sometimes too
        strict, but "Germany set a target" must never be carried by a sentence about India.
        """
        return (
            bool(self.key)
            and self.value is None
            and (self.written[0].isupper() or any(letter.isdigit() for letter in self.written))
        )


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """Every word, figure and month of `text`. Pure, so the cache cannot change an answer."""
    rest, found = located(normalise(text))
    placed = [(at, at, "", value) for at, value in found] + [
        (word.start(), word.end(), word.group(), None) for word in WORD.finditer(rest)
    ]
    read: list[Token] = []
    reached = 0
    for start, end, written, value in sorted(placed, key=lambda item: item[:2]):
        key = (
            content(written) if value is None else f"#{value.value}" if isinstance(value, Number) else f"month {value}"
        )
        read.append(Token(written, key, value, rest[reached:start]))
        reached = end
    return tuple(read)
