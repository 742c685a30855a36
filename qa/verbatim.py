"""The one rule of quotation: quoted words are in their article, at their offsets, character for character. Pure."""

from __future__ import annotations

from qa.records import Phrase, Quote


def is_verbatim(text: str, start: int, end: int, words: str, phrase: Quote | Phrase | None = None) -> bool:
    """Whether `text[start:end]`, which may not be empty, is `words`, and holds `phrase` at its own offsets.

    Offsets count code points of the article's text.
    """
    stands = 0 <= start < end <= len(text) and text[start:end] == words
    return stands and (
        phrase is None or (start <= phrase.start < phrase.end <= end and text[phrase.start : phrase.end] == phrase.text)
    )
