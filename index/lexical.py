"""A question's words as a full-text query. In: any text; out: an FTS5 expression that holds nothing but quoted words. Knows nothing of the library."""

from __future__ import annotations

import re
import unicodedata

_MOST_WORDS = 64  # a question has fewer; of a pasted page the first ones must do
_STOP_WORDS = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he her his how i if in into is it its me my no not of "
    "on or our s she should so t than that the their them then there these they this to was we were what when where which who whom whose why will "
    "with would you your".split()
)


def match_expression(text: str) -> str | None:
    """The words of `text` joined by OR, the stop words left out if others remain; None if it holds no word."""
    words = dict.fromkeys(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold()))
    telling = [word for word in words if word not in _STOP_WORDS] or list(words)
    return " OR ".join(f'"{word}"' for word in telling[:_MOST_WORDS]) or None
