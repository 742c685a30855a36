"""Prompt-lookup decoding (Saxena 2023): text that repeats the prompt is guessed from it, then checked. Pure."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST, SHORTEST = 3, 2  # how many of the last tokens are looked for in what came before
AHEAD = 5


def guess(tokens: Sequence[int]) -> list[int]:
    """The tokens, at most `AHEAD`, that followed the last place where `tokens` ended as they end now.

    Empty where they never did.
    """
    for size in range(LONGEST, SHORTEST - 1, -1):
        tail = list(tokens[-size:])
        for start in range(len(tokens) - size - 1, -1, -1):
            if list(tokens[start : start + size]) == tail:
                return list(tokens[start + size : start + size + AHEAD])
    return []
