"""Makes text from an article safe to show: it cannot move a cursor, reverse a line, hide a word or mark itself up.

Characters that could deceive a terminal or a reader are shown by their code points. For display only: in JSON, quotes
keep their characters.
"""

from __future__ import annotations

import re
import unicodedata

from index.visible import BLANK, SELECTORS, SOFT_HYPHEN

# part of the spelling in Persian, Hindi and emoji; an ASCII letter beside one has no use for it
JOINERS = "\u200c\u200d"
SAFE_URL = re.compile(r"https?://[^\s<>()\[\]\\\"'`|]+")


def harmless(text: str) -> str:
    """Return `text` with control, format, bidirectional, invisible and tag characters written as ‹U+202E›.

    Tabs and line breaks stay; soft hyphens, very common in HTML, are dropped. Each character is judged by itself and
    the one before it alone, so a text may be shown piece by piece.
    """
    return "".join(character if _plain(text, place) else _shown(character) for place, character in enumerate(text))


def one_line(text: str) -> str:
    """`text` on one line: every run of white space becomes one space, and the rest is made harmless."""
    return harmless(" ".join(text.split()))


def safe_url(url: str | None) -> str | None:
    """`url` if it is a web address that needs no escaping anywhere it is shown, else `None`."""
    return url if url and SAFE_URL.fullmatch(url) and harmless(url) == url else None


def _plain(text: str, place: int) -> bool:
    character, before = text[place], text[place - 1 : place]
    if character in "\t\n" or character == SOFT_HYPHEN:
        return character != SOFT_HYPHEN
    if character in JOINERS:
        return (
            before != "" and not before.isascii() and before not in JOINERS and unicodedata.category(before)[0] in "LMS"
        )
    if character in SELECTORS:  # a letter has no use for one, and nothing has for two
        return (
            before != ""
            and before not in SELECTORS
            and not before.isspace()
            and not (before.isascii() and before.isalpha())
        )
    return character not in BLANK and unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _shown(character: str) -> str:
    return "" if character == SOFT_HYPHEN else f"‹U+{ord(character):04X}›"
