"""A text -> the language it is in, as an ISO 639-1 code. Knows nothing of articles.

English is told by its function words, without a model: what is plainly English costs nothing, and can never be taken
for another language. Anything else is asked of py3langid (Lui and Baldwin, "langid.py: an off-the-shelf language
identification tool", 2012), which comes with its model and needs no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from index.errors import SettingsError
from index.lexical import STOP_WORDS
from index.visible import visible

ENGLISH = "en"
SAMPLE = 4_000  # characters that are looked at
_LEAST_LETTERS = 20  # below, the language cannot be told
_LEAST_SURE = 0.5
_ENGLISH_SHARE = 0.2  # of the words are English function words
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_ENGLISH = 0.02  # below, a short text is not English
# Function words that no other language of Latin letters has: "was" is German too, "in" Italian, "are" Romanian.
_ENGLISH_ALONE = frozenset(word for word in STOP_WORDS if len(word) > 2) - frozenset(
    "and any are can for had has her not was will".split()
)
_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian",
    "sv": "Swedish", "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def detected(text: str) -> str | None:
    """The language that a text is in; None where it is too short or nothing is likely.

    Only the first `SAMPLE` characters count.
    """
    sample = visible(text[:SAMPLE])
    words = [word.casefold() for word in _WORD.findall(sample)]
    if sum(map(len, words)) < _LEAST_LETTERS:
        return None
    if sum(word in STOP_WORDS for word in words) >= _ENGLISH_SHARE * len(words):
        return ENGLISH
    language, sure = _identifier().classify(sample)
    return str(language) if sure >= _LEAST_SURE else None


@lru_cache(maxsize=1024)
def spoken(question: str) -> str:
    """The language that a question is asked in; English unless that is as good as excluded.

    Half of a question's words may be names, so that one word which English alone has makes it English, without a model.
    Of 38,642 English questions of public sets, 18 are told to be in another language, all of them names or pairs of
    nouns ("Red Hat OpenShift"); of 1,190 German ones 47 are told to be in English, of as many Chinese ones none.
    """
    sample = visible(question[:SAMPLE])
    words = [word.casefold() for word in _WORD.findall(sample)]
    if not words or not _ENGLISH_ALONE.isdisjoint(words):
        return ENGLISH
    ranked = _identifier().rank(sample)
    english = next(sure for language, sure in ranked if language == ENGLISH)
    return ENGLISH if english >= _LEAST_ENGLISH else str(ranked[0][0])


def likeliest(text: str, among: Iterable[str]) -> str | None:
    """Which of these languages a short text, such as a question, is in; None for a text without words."""
    languages = set(among)
    if _WORD.search(text) is None:
        return None
    return next((str(language) for language, _ in _identifier().rank(visible(text)) if language in languages), None)


def coded(text: str) -> str:
    """The code of a language as a person writes it. Raises SettingsError for what is none."""
    code = text.strip().lower().partition("-")[0]  # "de-AT"
    if not re.fullmatch("[a-z]{2,3}", code):
        raise SettingsError(
            f"“{text}” is not the code of a language",
            'write one of two letters, such as "de"; of three where there is none (ISO 639)',
        )
    return code


def named(language: str) -> str:
    """A language as it is called in English; its code, where that is not known here."""
    return _NAMES.get(language, f"the language “{language}”")


@cache
def _identifier() -> Any:
    """Takes about a second and 100 MB, once."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # those with a code of two letters: no dialects of Arabic
    made.set_languages([code for code in made.labels if len(code) == len(ENGLISH)])
    return made
