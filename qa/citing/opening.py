"""A sentence's first word is written with a capital whatever it is. In: a sentence and texts. Out: the sentence, its first letter small where it is no name.

`qa.checks.tokens` takes every capital for a name, so that "Germany set a target" is never carried by a sentence about India. A person's own draft begins with
"Demonstrators" and "Talks" as often.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.checks.words import content, normalise, stem, unpossessed

_PRONOUNS = frozenset("everyone everybody everything someone somebody something anyone anybody anything nobody nothing none people others neither".split())
_FIRST = re.compile(r"^([“\"‘'(]*)([^\W\d_]+(?:['’-][^\W\d_]+)*)(?:\s+(\S+))?")
_WITHIN = re.compile(r"(?<=[\w,;] )[A-Z][\w'’-]+")
_SMALL = re.compile(r"\b[a-z][\w'’]+")
_MADE = re.compile(r"(?:ings?|ors|tions?|sions?|ments?|ies|ness|ists|ages|als|ities|ity|ly)$")  # how English makes words of others; few names end so


def uncapitalised(sentence: str, texts: Iterable[str]) -> str:
    """The sentence with a small first letter, unless its first word is a name: it opens a longer one, or `texts` write it with a capital within a sentence.

    A word that they write small, or that ends as words do which are made of others, is none; any other is taken for one.
    """
    first = _FIRST.match(sentence)
    if first is None or not first[2][0].isupper() or first[2][1:2].isupper() or not content(first[2]):
        return sentence
    if first[2].casefold() in _PRONOUNS:
        return sentence[: first.start(2)] + first[2].lower() + sentence[first.end(2) :]
    following = first[3] or ""
    if following[:1].isupper() and content(following.strip(".,;:")):
        return sentence
    word = unpossessed(normalise(first[2]).casefold())
    read = [normalise(text) for text in texts]
    if any(unpossessed(found.casefold()) == word for text in read for found in _WITHIN.findall(text)):
        return sentence
    small = {stem(unpossessed(found)) for text in read for found in _SMALL.findall(text)}
    if stem(word) not in small and not _MADE.search(word):
        return sentence
    at = first.start(2)
    return sentence[:at] + sentence[at].lower() + sentence[at + 1 :]
