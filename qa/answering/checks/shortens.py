"""Tell whether a sentence only shortens another. Pure.

What a model puts in words of its own, or together from two sentences, may say what neither does though all its words
stand there: "Los Angeles hosted the 2024 Summer Olympics" from "Los Angeles, which hosted the 1932 and 1984 Olympics"
under the title "10 cities interested in hosting 2024 Summer Olympics".
"""

from __future__ import annotations

from qa.answering.checks.tokens import tokens


def keys(text: str) -> list[str]:
    """The content words, figures and months of a text, in order, as they are compared."""
    return [token.key for token in tokens(text) if token.key]


def shortens(sentence: str, whole: str) -> bool:
    """Whether all content words, figures and months of `sentence` stand in `whole` in their order."""
    rest = iter(keys(whole))
    return all(key in rest for key in keys(sentence))
