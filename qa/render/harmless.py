"""Text from an article made safe to show: it cannot move a cursor, reverse a line, hide a word or mark itself up.

In: any text. Out: the same text with what a terminal or a reader could be deceived by made visible. For display only: quotes keep their characters in JSON.
"""

from __future__ import annotations

import re
import unicodedata

SOFT_HYPHEN = "\u00ad"  # shows nothing unless a line breaks there; very common in HTML, so dropped rather than shown
JOINERS = "\u200c\u200d"  # part of the spelling in Persian, Hindi and emoji; an ASCII letter beside one has no use for it
# marks and letters that show nothing: the joiner of graphemes, fillers of Hangul and Khmer, selectors of Mongolian and of rare glyph variants
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0") | frozenset(map(chr, range(0xE0100, 0xE01F0)))
SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))  # after a sign or a digit, how it is drawn; a letter has no use for one, and nothing has for two
SAFE_URL = re.compile(r"https?://[^\s<>()\[\]\\\"'`|]+")


def harmless(text: str) -> str:
    """`text` with control, format, bidirectional, invisible and tag characters shown as ‹U+202E›; tabs and line breaks stay.

    Whether a character is shown depends on itself and the one before it alone.
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
        return before != "" and not before.isascii() and before not in JOINERS and unicodedata.category(before)[0] in "LMS"
    if character in SELECTORS:
        return before != "" and before not in SELECTORS and not before.isspace() and not (before.isascii() and before.isalpha())
    return character not in BLANK and unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _shown(character: str) -> str:
    return "" if character == SOFT_HYPHEN else f"‹U+{ord(character):04X}›"
