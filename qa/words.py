"""Texts as words that can be compared: typography folded, inflection and spelling variants set aside. Knows nothing of figures, articles or models."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import cache, lru_cache
from typing import Any


def words(text: str) -> list[str]:
    """Every content word of `text` as a stem, in order, with repetitions."""
    return [stem(lower) for found in WORD.finditer(normalise(text)) if (lower := unpossessed(found.group().casefold())) not in FUNCTION_WORDS]


def normalise(text: str) -> str:
    """Fold what two typesetters would write differently: ligatures, curly quotes, dashes, no-break and zero-width spaces."""
    folded = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    return re.sub(r"\s+", " ", "".join(letter for letter in folded if unicodedata.category(letter) != "Cf")).strip()


def has_word(root: str, among: Set[str]) -> bool:
    """Whether a stem is `among` others, a country and its adjective (India, Indian) counting as one."""
    return root in among or any(_same(root, other) for other in among)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a lower-case word (Snowball's English stemmer, Porter 2); British spelling counts as American."""
    for british, american in _SPELLINGS:
        word = word.replace(british, american)
    return str(_stemmer().stemWord(word))


def unpossessed(word: str) -> str:
    """A word without the 's of a genitive or the apostrophes around it."""
    return word.removesuffix("'s").strip("'")


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and long.startswith(short) and long[len(short) :] in _DEMONYMS


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*(?:-?(?<=[A-Za-z]-)\d+[^\W_]*)?")  # "S-400" is one word, "joint-venture" two
FUNCTION_WORDS = frozenset(
    """
    a about above after again against all also although am among an and another any are as at be because been before being below between but by can could did do
    does doing down during each either else ever every few for from further had has have having he her here hers herself him himself his how however i if in into
    is it its itself just many may me might more most much must my myself nevertheless next of off on once only onto or other our ours ourselves out over own per
    said same say says shall she should since so some still such than that the their theirs them themselves then there therefore these they this those though
    through thus to too toward towards under until up upon us very was we were what when where whether which while who whom whose why will with within would yet
    you your yours yourself additionally according furthermore moreover meanwhile overall finally specifically including include includes not no nor never one
    """.split()
)
_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "‑": "-", "‐": "-", "−": "-", "…": "..."})
_DEMONYMS = frozenset({"n", "an", "ian", "ese", "i", "ish", "ean", "s"})
_SPELLINGS = (
    ("defence", "defense"),
    ("offence", "offense"),
    ("labour", "labor"),
    ("isation", "ization"),
    ("favour", "favor"),
    ("programme", "program"),
    ("centre", "center"),
)
