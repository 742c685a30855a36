"""Reduce text to one line of visible characters, without marks of chat templates. Pure."""

from __future__ import annotations

import re
import unicodedata

from index.visible import visible

_WHOLE_MARK = re.compile(
    r"<\|[^|<>]*\|>(?:\s*(?:system|user|assistant))?|</?[a-z_]{1,20}>|<</?[a-z]{1,20}>>"
    r"|\[/?[A-Z_]{2,20}\]",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """One line of visible characters.

    Line breaks folded, control and invisible format characters (escapes, bidi, tags) left out.
    """
    return " ".join(
        "".join(
            letter
            for letter in visible(text)
            if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co")
        ).split()
    )


def without_marks(text: str) -> str:
    """What is left of a question without whole marks of a chat template and without what shows nothing.

    If nothing is left, there is no question.
    """
    return _WHOLE_MARK.sub(" ", plain(text))
