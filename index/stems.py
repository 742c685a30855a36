"""Text in a language other than English -> the terms that full text is searched by. Knows nothing of the library.

Words are stemmed by Snowball's stemmer of the language, where there is one, and lose their accents. Writings without
spaces are cut into overlapping pairs of characters, as Lucene's analyser of Chinese, Japanese and Korean does, and
those that spell words with letters (Thai, Lao, Burmese, Khmer) into threes: no dictionary is needed, and question and
article are always cut alike. Pairs of Thai find 0.975 of the half of XQuAD to choose on among the first eight, threes
all, fours 0.992 (bench/languages.py).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from index.scripts import RUN
from index.visible import visible

_RUN = re.compile(RUN)
_SPELT = re.compile("[\u0e00-\u17ff]")
_ACCENT = re.compile("[\u0300-\u036f]+")
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "eo": "esperanto", "es": "spanish", "et": "estonian",
    "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip


def stems(text: str, language: str) -> list[str]:
    """Every term of `text`, in order, with repetitions."""
    found: list[str] = []
    for run in _RUN.finditer(unicodedata.normalize("NFKC", visible(text)).casefold()):
        if run["unspaced"]:
            found += grams(run.group())
        else:
            found.append(_stem(run.group(), language))
    return found


def grams(run: str) -> list[str]:
    """The overlapping pairs of characters, or threes of letters, of a run without spaces.

    The run itself where it is shorter.
    """
    size = 3 if _SPELT.match(run) else 2
    return [run[at : at + size] for at in range(len(run) - size + 1)] or [run]


def snowball(word: str, algorithm: str) -> str:
    """The stem of a lower-case word by one of Snowball's algorithms, which it knows by the English name of the language.

    By a stemmer made for it, which takes a hundredth of the time: one holds the word that it is at, and two threads
    that shared it would cut each other's.
    """
    import snowballstemmer

    return str(snowballstemmer.stemmer(algorithm).stemWord(word))


@lru_cache(maxsize=65536)
def _stem(word: str, language: str) -> str:
    root = snowball(word, _STEMMERS[language]) if language in _STEMMERS else word
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", root))) or word
