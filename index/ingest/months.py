"""The names of the months: English, and in the languages whose dates are read.

The foreign names are those of dateparser, which takes them from Unicode's CLDR; no name stands for different months in
two of the languages. They are loaded when a date first needs them, which takes a moment.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

ENGLISH = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LANGUAGES = (
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "sv",
    "da",
    "nb",
    "fi",
    "pl",
    "cs",
    "ru",
    "uk",
    "tr",
    "el",
    "hi",
    "ar",
    "id",
)
_BY_BEGINNING = {name[:3].casefold(): number for number, name in enumerate(ENGLISH, 1)}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIGURES = "\u0660-\u0669\u0966-\u096f"  # Arabic and Devanagari; Python's int reads them


def english(name: str) -> int:
    """The number (1-12) of an English month from its name or an abbreviation, in any case: "Sept." is 9.

    Raises KeyError for a word that does not begin as a month does.
    """
    return _BY_BEGINNING[name[:3].casefold()]


@lru_cache(maxsize=1)
def numbers() -> Mapping[str, int]:
    """The number of the month by its name or abbreviation, in small letters and without a full stop."""
    found: dict[str, int] = {}
    for names in _names():
        for number, month in enumerate(map(str.lower, ENGLISH), 1):
            found.update({name.casefold().rstrip("."): number for name in names[month] if not name[0].isdecimal()})
    return found


@lru_cache(maxsize=1)
def pattern() -> re.Pattern[str]:
    """A day, a month in one of the languages and a year: "Dienstag, 12.

    März 2024", "12 de marzo de 2024", "१२ मार्च २०२४".

    The groups are `day`, which may be missing, `word` and `year`. The day of the week before it belongs to it.
    """
    months, days = (
        "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        for words in (numbers(), {name.casefold() for names in _names() for day in _DAYS for name in names[day]})
    )
    joint = r"[\s,]*(?:\b(?:de|del|den)\b)?[\s,]*"
    return re.compile(
        rf"(?:(?<![^\W\d_])(?:{days})(?![^\W\d_])\.?{joint})?"
        rf"(?:(?<![\w.,/])(?P<day>0?[1-9]|[12]\d|3[01]|[{_FIGURES}]{{1,2}})(?:\.|er|º|°)?{joint})?"
        rf"(?<![^\W\d_])(?P<word>{months})(?![^\W\d_])\.?{joint}(?P<year>1[4-9]\d\d|2[01]\d\d"
        rf"|[{_FIGURES}]{{4}})(?!\d)(?:\s?г(?!\w)\.?)?",
        re.IGNORECASE,
    )


def _names() -> Iterator[Mapping[str, Sequence[str]]]:
    return (importlib.import_module(f"dateparser.data.date_translation_data.{language}").info for language in LANGUAGES)
