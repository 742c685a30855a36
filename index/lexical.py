"""The words of a question, as the full-text index is asked for them.

Takes any text; returns its content words, possible names, or an FTS5 expression.

Knows nothing of the library.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_MOST_NAMES = 16  # of a pasted page, too, only the first ones are used
_MOST_WORDS = 64  # a question has fewer; of a pasted page only the first ones are used
STOP_WORDS = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have he her his how i if in "
    "into is it its me my no not of "
    "on or our s she should so t than that the their them then there these they this to was we were what when where "
    "which who whom whose why will "
    "with would you your".split()
)


def telling_words(text: str) -> tuple[str, ...]:
    """The words of `text`, each once, the stop words left out if others remain."""
    words = dict.fromkeys(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))
    telling = [word for word in words if word not in STOP_WORDS] or list(words)
    return tuple(telling[:_MOST_WORDS])


def names(text: str) -> tuple[tuple[str, str], ...]:
    """Neighbouring words that may be a name.

    Both with a capital or a figure in front, or both telling where nobody has written a capital.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    pairs = [pair for pair in itertools.pairwise(words) if {word.casefold() for word in pair} - STOP_WORDS]
    if text == text.lower():
        found = [pair for pair in pairs if not STOP_WORDS.intersection(pair)]
    else:
        found = [pair for pair in pairs if not any(word[0].islower() for word in pair)]
    return tuple(dict.fromkeys((first.casefold(), second.casefold()) for first, second in found))[:_MOST_NAMES]


def match_expression(text: str) -> str | None:
    """The telling words of `text` joined by OR, as FTS5 reads it; None if it holds no word."""
    return " OR ".join(f'"{word}"' for word in telling_words(text)) or None
