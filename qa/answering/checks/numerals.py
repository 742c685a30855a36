"""Read numbers written in English words: "twenty-five", "two and a half million", "half a dozen". Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def spelled(words: str) -> tuple[Decimal, str]:
    """The value of a text that `SPELLED` matches, and its unit: "th" for an ordinal, else ""."""
    tokens = words.casefold().replace("-", " ").split()
    total, current, unit = Decimal(0), Decimal(0), ""
    for number, token in enumerate(tokens):
        if token in _PARTS and number and current < 10:
            return ((current or Decimal(1)) / _PARTS[token]).quantize(Decimal("0.0001")).normalize(), ""
        if token in _ORDINALS:
            current, unit = current + _ORDINALS[token], "th"
        elif token == "half":
            current += Decimal("0.5")
        elif token in _MULTIPLIERS:
            current = (current or Decimal(1)) * _MULTIPLIERS[token]
            if token not in ("hundred", "dozen"):
                total, current = total + current, Decimal(0)
        elif token in CARDINALS:
            current += CARDINALS[token]
    return (total + current).normalize(), unit


def _values(words: str, first: int, step: int = 1) -> dict[str, Decimal]:
    return {word: Decimal(first + step * number) for number, word in enumerate(words.split(" "))}


def _either(words: Mapping[str, object]) -> str:
    return "|".join(words)


_ONES = _values("zero one two three four five six seven eight nine", 0)
_TEENS = _values("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10)
_TENS = _values("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
CARDINALS = _ONES | _TEENS | _TENS
_ORDINALS = _values(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth", 1
) | _values("fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth", 14)
_MULTIPLIERS = {"hundred": Decimal(100), "dozen": Decimal(12)} | {
    word: Decimal(10) ** power
    for word, power in {"thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9, "trillion": 12}.items()
}
_PARTS = {"halves": Decimal(2)} | {
    part + end: Decimal(parts)
    for part, parts in (("third", 3), ("quarter", 4), ("fifth", 5), ("tenth", 10))
    for end in ("", "s")
}

_GROUP = rf"(?:(?:{_either(_TENS)})(?:[ -](?:{_either(_ONES)}))?|{_either(_TEENS)}|{_either(_ONES)})"
_SCALED = rf"(?:[ -](?:{_either(_MULTIPLIERS)}))"
_AFTER_SCALE = "|".join(f"(?<={word})" for word in _MULTIPLIERS)
SPELLED = "|".join(
    (
        rf"(?:{_either(_ONES)})[ -](?:halves|thirds|quarters|fifths|tenths)",
        rf"(?:{_either(_ONES)})-(?:third|quarter|fifth|tenth)\b(?!-)",
        r"one (?:third|quarter|fifth|tenth)(?![a-z-])|a (?:third|quarter|fifth|tenth)(?= of\b)",
        rf"(?:(?:{_either(_TENS)})[ -])?(?<!per )(?:{_either(_ORDINALS)})(?![a-z])",
        rf"{_GROUP}[ -]and[ -]a[ -]half{_SCALED}{{0,3}}",
        rf"half(?: an?)?{_SCALED}{{1,3}}",
        "half",
        # "a few hundred" is no figure
        rf"(?:(?:an?|one){_SCALED}|(?<!few )(?<!several )(?<!many )(?:hundred|dozen)|(?!one\b){_GROUP}){_SCALED}{{0,3}}"
        rf"(?:(?:{_AFTER_SCALE})(?: and)?[ -]{_GROUP}{_SCALED}{{0,3}})*(?![a-z])",
        # "one" is a pronoun more often than a figure
        rf"(?:(?<=only )|(?<=just )|(?<=exactly ))one|one(?= (?:of|in|out of) (?:the )?(?:\d|{_GROUP}))"
        rf"|one(?= (?:per ?cent|year|month|week|day|hour)\b)",
    )
)
