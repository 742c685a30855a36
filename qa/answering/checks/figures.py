"""Read figures and dates from a text and compare them by value, not by how they are written. Pure.

"$100 bn", "US$ 100 billion" and "100 billion dollars" are one `Number`. Dates need no type of their own: "4-5 December
2025", "December 4–5, 2025" and "2025-12-04" yield the same numbers and month, so two ways of writing one date agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from index.ingest.months import ENGLISH, english
from qa.answering.checks.numerals import SPELLED, spelled


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """A figure in base units: "$30bn" is `Number(Decimal(30000000000), "usd")`.

    `unit` is "" where none is written, "th" for an ordinal.
    """

    value: Decimal
    unit: str

    def agrees_with(self, other: Number) -> bool:
        """Whether `other`, found in a quote, supports this figure: the same value, and no unit that the quote lacks."""
        return self.value == other.value and self.unit in ("", other.unit)

    def __str__(self) -> str:
        digits = f"{self.value:f}" if abs(self.value) < 10_000 else f"{self.value:,f}"  # a year has no comma
        return f"{digits}{_SHOWN.get(self.unit, f' {self.unit}'.rstrip())}"


def figures(text: str) -> tuple[str, frozenset[Number], frozenset[int]]:
    """The text without its figures and months, the figures, and the months (1-12).

    `text` is normalised (`qa.answering.checks.words.normalise`).
    """
    rest, found = located(text)
    numbers = frozenset(value for _, value in found if isinstance(value, Number))
    return rest, numbers, frozenset(value for _, value in found if isinstance(value, int))


def located(text: str) -> tuple[str, list[tuple[int, Number | int]]]:
    """Return the text with its figures and months blanked out, and each of them with its place, in order.

    A figure is a `Number`, a month an int (1-12).
    """
    found: list[tuple[int, Number | int]] = []

    def blank(match: re.Match[str]) -> str:
        return " " * len(match.group())

    def date(match: re.Match[str]) -> str:
        parts = match.groupdict()
        found.append((match.start(), Number(Decimal(parts["year"]), "")))
        found.append((match.start(), Number(Decimal(int(parts["day"])), "")))
        found.append((match.start(), int(parts["month"])))
        return blank(match)

    def month(match: re.Match[str]) -> str:
        name = next(part for part in _DAY_ENDING_OR_MONTH.finditer(match.group()) if part["month"])
        found.append((match.start() + name.start(), english(name.group())))
        return _DAY_ENDING_OR_MONTH.sub(blank, match.group())

    def numeral(match: re.Match[str]) -> str:
        value, unit = spelled(match["words"])
        found.append((match.start(), Number(value, _unit(match["after"]) or unit)))
        return blank(match)

    rest = _GLUED.sub(" ", _HALVES.sub(_decimal, _COMPOUND.sub(r"\1 ", text)))
    rest = _PAIR.sub(blank, rest)
    for pattern in (_ISO, _DOTTED):
        rest = pattern.sub(date, rest)
    rest = _MONTH.sub(month, rest)
    found += _written(list(_FIGURE.finditer(rest)), rest)
    rest = _FIGURE.sub(blank, rest)
    rest = _SPELLED.sub(numeral, rest)
    return rest, sorted(found, key=lambda item: item[0])


@dataclass(slots=True)
class _Figure:
    """A figure in digits on its way to a `Number`; a scale or unit that it lacks may be at the other end of a range."""

    digits: Decimal
    power: int | None
    unit: str


def _written(matches: Sequence[re.Match[str]], text: str) -> list[tuple[int, Number | int]]:
    read = [
        _Figure(
            _digits(match),
            _power(match["scale"] or match["letter"]),
            _unit(match["before"], match["after"], match["ordinal"]),
        )
        for match in matches
    ]
    for (one, high), (other, low) in pairwise(reversed(list(zip(matches, read, strict=True)))):
        if _RANGE.fullmatch(text, other.end(), one.start()):
            _share(low, high)
    return [
        (match.start(), Number(figure.digits.scaleb(figure.power) if figure.power else figure.digits, figure.unit))
        for match, figure in zip(matches, read, strict=True)
    ]


def _share(low: _Figure, high: _Figure) -> None:
    """Complete a range: in "$10-15 million" both ends are millions of dollars, in "2024-25" the second is 2025."""
    if high.power is None and not high.unit and 1000 <= low.digits < 2200 and low.digits % 100 < high.digits < 100:
        high.digits += low.digits // 100 * 100
    elif low.digits < high.digits:
        low.power = high.power if low.power is None else low.power
        low.unit, high.unit = low.unit or high.unit, high.unit or low.unit


def _digits(match: re.Match[str]) -> Decimal:
    digits = Decimal(re.sub(r"[,' ]", "", match["figure"]))
    return digits.copy_negate() if match["sign"] else digits


def _power(scale: str | None) -> int | None:
    """The power of ten that "million" or "lakh crore" stands for."""
    return sum(_SCALES[word.removesuffix("s")] for word in re.split(r"[ -]", scale.casefold())) if scale else None


def _unit(*written: str | None) -> str:
    """Return the unit that is written: a currency, per cent or degree; "" for anything else.

    Any other unit is compared as a word.
    """
    for word in filter(None, written):
        plain = re.sub(r"[\s.]", "", word.casefold())
        if unit := _UNITS.get(plain, plain if plain.endswith("$") else ""):  # "A$" is not "$"
            return unit
    return ""


def _decimal(match: re.Match[str]) -> str:
    """A whole number and a fraction ("2 1/2", as "2½" is folded) as a decimal."""
    value = Decimal(match["whole"] or 0) + (Decimal(match["over"]) / Decimal(match["under"])).quantize(
        Decimal("0.0001")
    )
    return f"{value.normalize():f}"


def _table(groups: dict[str, str]) -> dict[str, str]:
    return {word.replace("_", " "): meaning for meaning, group in groups.items() for word in group.split(" ")}


_SHOWN = {
    "%": "%",
    "points": " percentage points",
    "bps": " basis points",
    "celsius": "°C",
    "fahrenheit": "°F",
    "th": " (ordinal)",
}
_SCALES = {
    word: int(power)
    for word, power in _table(
        {
            "3": "thousand k",
            "5": "lakh",
            "6": "million mn m mln",
            "7": "crore",
            "9": "billion bn b bln",
            "12": "trillion tn trn",
        }
    ).items()
}
_WRITTEN_UNITS = _table(
    {
        "usd": "$ us_$ usd us_dollars us_dollar dollars dollar",
        "eur": "€ eur euros euro",
        "gbp": "£ gbp pounds_sterling pounds pound",
        "inr": "₹ inr rs rs. rupees rupee",
        "rub": "₽ rub roubles rouble rubles ruble",
        "jpy": "¥ jpy yen",
        "cny": "cny rmb yuan renminbi",
        "chf": "chf swiss_francs francs franc",
        "aed": "aed dirhams dirham",
        "sar": "sar riyals riyal",
        "zar": "zar rand",
        "try": "lira liras",
        "%": "% percent per_cent pct",
        "points": "percentage_points percentage_point",
        "bps": "basis_points basis_point bps",
        "celsius": "°c degrees_celsius",
        "fahrenheit": "°f degrees_fahrenheit",
        "th": "st nd rd th",
    }
)
_UNITS = {re.sub(r"[\s.]", "", written): unit for written, unit in _WRITTEN_UNITS.items()}
_LONGEST_FIRST = [
    re.escape(word).replace(r"\ ", " ?")
    for word in sorted(_WRITTEN_UNITS, key=len, reverse=True)
    if _WRITTEN_UNITS[word] != "th"
]
_UNIT = "|".join(_LONGEST_FIRST)
_SCALE = r"thousand|millions?|billions?|trillions?|lakhs?|crores?|bn|mn|mln|bln|tn|trn"
_FIGURE = re.compile(
    rf"(?<!\w)(?<!\d\.)(?P<sign>minus |(?<!\d )(?<!  )(?<![%)])-(?=[\d.$€£₹₽¥]))?(?:(?P<before>(?-i:[A-Z]{{1,3}}\$)"
    rf"|{_UNIT}) ?)?"
    # "S-400" is a name, "5m-6m" a range
    r"(?(before)|(?:(?<![a-z]-)|(?<=\d[kmb]-)|(?<=\d[bt]n-)|(?<=illion-)|(?<=cent-)))"
    r"(?P<figure>(?:\d{1,3}(?:,\d{2,3})*,\d{3}|\d{1,3}(?:[ ']\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?!\.\d)(?P<ordinal>st"
    r"|nd|rd|th)?"
    rf"(?:[ -]?(?P<scale>(?:{_SCALE})(?:[ -](?:{_SCALE})){{0,2}})|(?(before) "
    rf"?)(?P<letter>[kmb]))?(?![^\W\d_])(?:[ -]?(?P<after>{_UNIT}))?(?!\w)(?:'s\b)?",
    re.IGNORECASE,
)
_RANGE = re.compile(r" ?- ?| to ")
_SPELLED = re.compile(rf"\b(?P<words>{SPELLED})\b(?:[ -](?P<after>{_UNIT})(?!\w))?", re.IGNORECASE)
_LONG_MONTH = "|".join(name for name in ENGLISH if name not in ("March", "May"))
_SHORT_MONTH = "|".join(("March", "May", "Sept", *(name[:3] for name in ENGLISH)))
_ANY_MONTH = rf"\b(?:{_LONG_MONTH}|{_SHORT_MONTH})\b\.?"
_DAYS = r"\d{1,2}(?:st|nd|rd|th)?(?:(?: ?- ?| to | and )\d{1,2}(?:st|nd|rd|th)?)?"
# "may", "march" and the abbreviations are or look like words: they count as months only with a capital, or beside a day
# or a year.
_MONTH = re.compile(
    rf"(?i:\b{_DAYS} (?:of )?{_ANY_MONTH}|{_ANY_MONTH} (?:the )?{_DAYS}(?!\d)|{_ANY_MONTH}(?=,? (?:19|20)\d\d\b)"
    rf"|\b(?:{_LONG_MONTH})\b)"
    rf"|\b(?:{_SHORT_MONTH})\b\.?"
)
_DAY_ENDING_OR_MONTH = re.compile(rf"(?<=\d)(?:st|nd|rd|th)\b|\bthe\b|\bof\b|(?P<month>{_ANY_MONTH})", re.IGNORECASE)
_ISO = re.compile(
    r"\b(?P<year>(?:1[5-9]|20|21)\d\d)(?P<bar>[-/])(?P<month>0[1-9]|1[0-2])(?P=bar)(?P<day>[0-3]\d)(?:T[\d:.]+Z?)?\b"
)
_DOTTED = re.compile(r"\b(?P<day>[0-3]?\d)\.(?P<month>0?[1-9]|1[0-2])\.(?P<year>(?:1[5-9]|20|21)\d\d)\b")
# "the two countries" is a reference, like "they", not a figure
_PAIR = re.compile(
    r"\b(?:both|(?:the|these|those) two)(?: of the| the)? (?:countries|nations|sides|leaders|governments|states"
    r"|parties|neighbou?rs|capitals)\b",
    re.IGNORECASE,
)
# "pre-2022" is no name, "F-35" is
_COMPOUND = re.compile(r"\b(pre|post|mid|late|early|sub|non|under|over)-(?=[\d$€£₹₽¥])", re.IGNORECASE)
_GLUED = re.compile(
    r"(?<=\d)(?=(?:km|kg|mm|cm|nm|mph|kph|[kmgt]w|[kmgt]wh|[mgt]b|ha|ft|am|pm|hrs?|mins?)\b)",
    re.IGNORECASE,
)
_HALVES = re.compile(r"(?<!\d)(?:(?P<whole>\d+) )?(?P<over>\d{1,3})⁄(?P<under>[1-9]\d{0,2})(?!\d)")


def is_year(number: Number) -> bool:
    """Whether a figure without a unit is probably a year; 2000 may be a count."""
    return number.unit == "" and (1900 <= number.value < 2000 or 2000 < number.value < 2100)


def of_a_kind(one: Number, other: Number) -> bool:
    """Whether both are in one unit, and both years or neither."""
    return one.unit == other.unit and is_year(one) == is_year(other)
