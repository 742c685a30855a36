"""Find a phrase in a text of another language as it is written there, or by its figure. Pure.

`qa.answering.ground` knows the words of English: in other writings it takes "l'horaire", "Allen'ın" or "6.80米まで" for one
word and finds no part of it. Here the characters decide, and where a word begins.
"""

from __future__ import annotations

import re

from index.scripts import MARKED, SPACED
from qa.answering.ground import Span

# a figure and what is counted, as a model words it in English
_COUNTED = re.compile(r"(?P<figure>\d+(?:[.,]\d+)*)(?P<what>(?: [A-Za-z]+){1,3})")
_WITHIN_FIGURE = r"(?<!\d[.,])"
_SHORT_WORD = rf"(?:{SPACED}{{1,3}})"
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


def counted(phrase: str, text: str) -> Span | None:
    """Where `text` has the figure of a phrase such as "4 percent", with its own words for what is counted.

    A small model names what is counted in English where the article says "4 Prozent" or "4 por ciento". Those words are
    the text's: as many as the phrase has, each with the short words before it. None where the figure stands there twice.
    """
    told = _COUNTED.fullmatch(phrase.strip())
    if told is None:
        return None
    pattern = rf"(?<![\d.,]){re.escape(told['figure'])}(?:\s+{_SHORT_WORD}){{0,2}}\s+{MARKED}" + rf"(?:\s+{MARKED})" * (
        len(told["what"].split()) - 1
    )
    found = list(re.finditer(pattern, text))
    return Span(*found[0].span()) if len(found) == 1 else None
