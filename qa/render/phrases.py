"""The words of a quote that are the answer, told apart from the rest.

Takes quotes, claims and values; returns words. Knows nothing of markup.
"""

from __future__ import annotations

import unicodedata

from qa.records import Citation, Claim, Phrase, Value
from qa.render.harmless import harmless, one_line


def quote_parts(citation: Citation) -> tuple[str, str, str]:
    """Return the quote on one line in three pieces: before its phrase, the phrase, and after it.

    All is before where it has none.
    """
    phrase = citation.phrase
    return apart(citation.quote, (phrase.start - citation.start, phrase.end - citation.start) if phrase else None)


def apart(quote: str, phrase: tuple[int, int] | None) -> tuple[str, str, str]:
    """`one_line(quote)` in three pieces, the second `quote[start:end]` of `phrase` without white space around it.

    Joined, they are `one_line(quote)`.
    """
    whole = harmless(" ".join(quote.split()))
    words = "" if phrase is None else quote[phrase[0] : phrase[1]]
    if phrase is None or not words.strip():
        return whole, "", ""
    start = phrase[0] + len(words) - len(words.lstrip())
    end = phrase[0] + len(words.rstrip())
    # what precedes a character decides how it is shown, nothing behind it does: a beginning of the quote is shown as a
    # beginning of the whole
    before = _edge(whole, len(harmless(" ".join(f"{quote[:start]}.".split())[:-1])))
    behind = _edge(whole, len(harmless(" ".join(quote[:end].split()))))
    return whole[:before], whole[before:behind], whole[behind:]


def _edge(text: str, place: int) -> int:
    """The place, or the next one that does not stand between a letter and a mark or joiner that belongs to it."""
    return next(
        (edge for edge in range(place, len(text)) if unicodedata.category(text[edge]) not in ("Mn", "Mc", "Me", "Cf")),
        len(text),
    )


def shown_value(value: Value) -> str:
    """A value as it is shown: the phrase, where there is one, else the sentence that gives it."""
    return one_line(value.phrase.text if value.phrase else value.value)


def is_phrase(claim: Claim) -> bool:
    """Whether a claim is no sentence but the phrase that answers, alone."""
    return claim.phrase is not None and _letters(claim.text) == _letters(claim.phrase.text)


def of_claim(citation: Citation, phrase: Phrase | None) -> Phrase | None:
    """Return the phrase within a citation's quote.

    That of the claim which cites it, if it lies there, else the citation's own.
    """
    return phrase if phrase is not None and phrase.citation == citation.number else citation.phrase


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
