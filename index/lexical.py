"""A question's words, as full text is asked for them. In: any text; out: its telling words, or an FTS5 expression of them. Knows nothing of the library."""

from __future__ import annotations

import re
import unicodedata

_MOST_WORDS = 64  # a question has fewer; of a pasted page the first ones must do
_STOP_WORDS = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he her his how i if in into is it its me my no not of "
    "on or our s she should so t than that the their them then there these they this to was we were what when where which who whom whose why will "
    "with would you your".split()
)


def telling_words(text: str) -> tuple[str, ...]:
    """The words of `text`, each once, the stop words left out if others remain."""
    words = dict.fromkeys(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold()))
    telling = [word for word in words if word not in _STOP_WORDS] or list(words)
    return tuple(telling[:_MOST_WORDS])


def match_expression(text: str) -> str | None:
    """The telling words of `text` joined by OR, as FTS5 reads it; None if it holds no word."""
    return " OR ".join(f'"{word}"' for word in telling_words(text)) or None
