"""Read the amounts of a short answer as ranges: "more than 50", "75,000 to 100,000", "every year". Pure.

`qa.answering.checks.facts` reads the figures; this module reads the words around them, and converts spans of time to
days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from qa.answering.checks.facts import facts
from qa.answering.checks.figures import Number, is_year
from qa.answering.checks.values import SAME, meet
from qa.answering.checks.words import normalise, stem

ROUGH = Decimal("0.1")  # how far "about" may be off


@dataclass(frozen=True, slots=True)
class Amount:
    """What is counted, and between which values.

    `low == high` for a plain figure; `unit` as `figures` has it, "day" for any length of time.
    """

    low: Decimal
    high: Decimal
    unit: str
    counted: frozenset[str]

    @property
    def plain(self) -> bool:
        """Whether it is one figure, and no range."""
        return self.low == self.high


def amounts(
    text: str, *, known: frozenset[Number] = frozenset(), asked: frozenset[str] = frozenset(), lengths: bool = True
) -> tuple[Amount, ...]:
    """The amounts of a short answer, in order of size: none where it has no figure.

    `known` figures and `asked` stems are the question's, and are left out.

    With `lengths`, years and minutes come down to days; without, they are things counted, so that "37" and "37 years"
    can be compared.
    """
    plain = normalise(text)
    read = facts(
        f"exactly {plain}"
        if _ONE.match(plain)
        else _ADVERBS.sub(lambda found: f"every 1 {_EVERY[found.group().casefold()]}", plain)
    )
    found = {number for number in read.numbers - known if number.unit != "th"} or set(read.numbers - known)
    counts = {number for number in found if not is_year(number)}
    found = counts if counts or read.months else found  # a date is no amount
    stems = frozenset(read.stems) - asked - _ASIDE
    days = next((length for name, length in _DAYS.items() if lengths and name in stems), None)
    scale, unit = (days, "day") if days and all(number.unit == "" for number in found) else (Decimal(1), "")
    counted = stems - _DAYS.keys() if days else stems
    values = sorted((number.value * scale, number.unit or unit) for number in found)
    if len(values) == 2 and values[0][1] == values[1][1] and _RANGE.search(plain):
        return (Amount(values[0][0], values[1][0], values[0][1], counted),)
    return tuple(Amount(*_bounds(value, plain), unit, counted) for value, unit in values)


def _bounds(value: Decimal, plain: str) -> tuple[Decimal, Decimal]:
    if _ROUGHLY.search(plain):
        return value - abs(value) * ROUGH, value + abs(value) * ROUGH
    if _LEAST.search(plain):
        return value, Decimal("Infinity")
    return (Decimal("-Infinity"), value) if _MOST.search(plain) else (value, value)


def compatible(one: Amount, other: Amount) -> bool | None:
    """Whether both can hold; None where they are in different units or count different things."""
    if one.unit != other.unit and ((one.unit and other.unit) or "day" in (one.unit, other.unit)):
        return None
    if one.counted and other.counted and one.counted.isdisjoint(other.counted):
        return None
    if one.plain and other.plain:
        return meet("", {Number(one.low, "")}, {Number(other.low, "")})
    slack = SAME * max(abs(bound) for bound in (one.low, one.high, other.low, other.high) if bound.is_finite())
    return one.low - slack <= other.high and other.low - slack <= one.high


def years(text: str) -> tuple[tuple[int, int], ...]:
    """Return the years that a text names, each as first and last.

    "The 1960s" is (1960, 1969), "1861–62" (1861, 1862), "the 19th century" (1801, 1900).
    """
    plain = normalise(text)
    found = [
        (int(match[1]), int(match[1]) + (99 if match[1].endswith("00") else 9)) for match in _DECADE.finditer(plain)
    ]
    found += [
        (int(match[1]) * 100 - 99, int(match[1]) * 100) for match in _CENTURY.finditer(_WORDED.sub(_ordinal, plain))
    ]
    single = sorted(
        {
            int(number.value)
            for number in facts(_DECADE.sub(" ", plain)).numbers
            if number.unit == "" and 1000 <= number.value <= 2100
        }
    )
    if len(single) == 2 and _RANGE.search(plain):
        return (*found, (single[0], single[1]))
    return (*found, *((year, year) for year in single))


def overlap(ones: tuple[tuple[int, int], ...], others: tuple[tuple[int, int], ...]) -> bool:
    """Whether two lists of ranges have anything in common."""
    return any(low <= other_high and other_low <= high for low, high in ones for other_low, other_high in others)


def _ordinal(match: re.Match[str]) -> str:
    number = next(iter(facts(match.group()).numbers), None)
    return f"{number.value}th century" if number else match.group()


_ONE = re.compile(r"one\b(?! third| quarter| fifth| tenth| half|-)", re.IGNORECASE)
_RANGE = re.compile(r"\d ?- ?[$€£]?\d|\bto\b|\bbetween\b|\bfrom\b", re.IGNORECASE)
_ROUGHLY = re.compile(
    r"\b(?:about|around|approximately|approx|roughly|some|nearly|almost|circa|c|ca|estimated|close to)\b|~",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:more than|over|at least|above|exceed\w*|no fewer than|no less than|upwards? of|minimum|or more|and more"
    r"|or higher|or over)\b|\d\+",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:less than|fewer than|under|up to|at most|below|no more than|maximum|or less|or fewer|or under|as many as"
    r"|as much as)\b",
    re.IGNORECASE,
)
_DECADE = re.compile(r"\b(1[0-9]\d0|20\d0)'?s\b")
_CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ -]century\b")
_WORDED = re.compile(r"\b[a-z]+(?:-[a-z]+)?[ -]century\b", re.IGNORECASE)
_EVERY = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
    "annual": "year",
    "biennially": "2 years",
}
_ADVERBS = re.compile(rf"\b(?:{'|'.join(_EVERY)})\b|\bevery (?:day|week|month|year)\b", re.IGNORECASE)
_EVERY |= {f"every {unit}": unit for unit in ("day", "week", "month", "year")}
_DAYS = {
    stem(name): days
    for name, days in {
        "second": Decimal(1) / 86400, "minute": Decimal(1) / 1440, "hour": Decimal(1) / 24, "day": Decimal(1), "week": Decimal(7), "month": Decimal("30.44"),
        "year": Decimal("365.25"), "decade": Decimal(3652), "century": Decimal(36525), "min": Decimal(1) / 1440, "hr": Decimal(1) / 24,
    }.items()
}  # fmt: skip
_ASIDE = frozenset(
    stem(word)
    for word in "approximately approx roughly nearly almost around circa exactly estimated least fewer less total "
    "minimum maximum higher exceeding upward"
    " upwards close old each".split()
)
