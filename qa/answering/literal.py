"""Find a phrase in a text of another language as it is written there. Pure.

`qa.answering.ground` knows the words of English: in other writings it takes "l'horaire", "Allen'ın" or "6.80米まで" for one
word and finds no part of it. Here the characters decide, and where a word begins.
"""

from __future__ import annotations

import re

from index.scripts import SPACED
from qa.answering.ground import Span

_WITHIN_FIGURE = r"(?<!\d[.,])"
_FIGURE_GOES_ON = r"(?![.,]\d)"


def literal(phrase: str, text: str) -> Span | None:
    """The first place where `text` has the characters of `phrase`, in either case, cut from no longer word or figure.

    Writings without spaces, such as Chinese, have no words to cut.
    """
    said = phrase.strip()
    if re.search(r"\w", said) is None:
        return None
    before, after = (
        (rf"(?<!{SPACED})" if re.match(SPACED, said) else ""),
        (rf"(?!{SPACED})" if re.match(SPACED, said[-1]) else ""),
    )
    found = re.search(f"{before}{_WITHIN_FIGURE}{re.escape(said)}{after}{_FIGURE_GOES_ON}", text, re.IGNORECASE)
    return Span(*found.span()) if found else None
