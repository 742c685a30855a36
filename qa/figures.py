"""Figures and dates in a text, compared by what they mean and not by how they are written.

"$100 bn", "US$ 100 billion" and "100 billion dollars" are one `Number`. Dates need no type of their own: "4-5 December 2025", "December 4–5, 2025" and
"2025-12-04" all come apart into the same numbers and month, so two ways of writing one date agree and two dates differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """A figure in base units: "$30bn" is `Number(Decimal(30000000000), "usd")`; `unit` is "" where none is written."""

    value: Decimal
    unit: str

    def agrees_with(self, other: Number) -> bool:
        """Whether `other`, found in a quote, vouches for this figure: same value, and no unit that the quote lacks."""
        return self.value == other.value and self.unit in ("", other.unit)


def figures(text: str) -> tuple[str, frozenset[Number], frozenset[int]]:
    """The text without its figures and months, the figures, and the months (1-12). `text` is normalised (`qa.words.normalise`)."""
    numbers: set[Number] = set()
    months: set[int] = set()

    def add(value: Decimal, scale: str | None, before: str | None, after: str | None) -> str:
        numbers.add(Number(value.scaleb(_SCALES.get((scale or "").casefold(), 0)).normalize(), _unit(before, after)))
        return " "

    def iso(found: re.Match[str]) -> str:
        months.add(int(found["month"]))
        add(Decimal(found["year"]), None, None, None)
        return add(Decimal(int(found["day"])), None, None, None)

    def month(found: re.Match[str]) -> str:
        months.add(_MONTHS.index(found.group(1).casefold()[:3]) + 1)
        return " "

    rest = _PAIR.sub(" ", text)
    rest = _ISO.sub(iso, rest)
    rest = _MONTH.sub(month, rest)
    rest = _FIGURE.sub(lambda found: add(Decimal(found["figure"].replace(",", "")), found["scale"], found["before"], found["after"]), rest)
    rest = _SPELLED.sub(lambda found: add(_SPELLED_VALUES[found["word"].casefold()], found["scale"], None, found["after"]), rest)
    return rest, frozenset(numbers), frozenset(months)


def _unit(before: str | None, after: str | None) -> str:
    """A currency, a per cent or a degree, however it is written; anything else is no unit here and is compared as a word."""
    for written in (before, after):
        if written and (unit := _UNITS.get(re.sub(r"[\s.]", "", written.casefold()))):
            return unit
    return ""


def _table(groups: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, group in groups.items() for word in group.split(" ")}


_SCALES = {
    word: int(power)
    for word, power in _table({"3": "thousand k", "5": "lakh", "6": "million mn m mln", "7": "crore", "9": "billion bn b bln", "12": "trillion tn trn"}).items()
}
_UNITS = _table(
    {
        "usd": "$ us$ usd dollar dollars usdollar usdollars",
        "eur": "€ eur euro euros",
        "gbp": "£ gbp pound pounds poundssterling",
        "inr": "₹ inr rs rupee rupees",
        "rub": "₽ rub rouble roubles ruble rubles",
        "jpy": "¥ jpy yen",
        "cny": "yuan rmb cny",
        "%": "% percent pct",
        "points": "percentagepoints",
        "celsius": "°c degreescelsius",
        "fahrenheit": "°f",
    }
)
_BEFORE = r"US ?\$|U\.S\. ?\$|[$€£₹₽¥]|USD|EUR|GBP|INR|RUB|Rs\.?"
_AFTER = (
    r"%|per ?cent\b|pct\b|percentage points\b|°[CF]\b|degrees Celsius\b|(?:US |U\.S\. )?dollars?\b|euros?\b|pounds(?: sterling)?\b|rupees?\b|roubles?\b"
    r"|rubles?\b|yen\b|yuan\b|USD\b|EUR\b|GBP\b|INR\b|RUB\b"
)
_SCALE = r"thousand|million|billion|trillion|lakh|crore|bn|mn|mln|bln|tn|trn|[kmb]"
_FIGURE = re.compile(
    rf"(?<![\w.])(?<![A-Za-z]-)(?P<before>{_BEFORE})? ?(?P<figure>\d{{1,3}}(?:,\d{{2,3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:st|nd|rd|th)?"
    rf"(?:[ -]?(?P<scale>{_SCALE})\b\.?)?(?:[ -]?(?P<after>{_AFTER}))?(?!\w)",
    re.IGNORECASE,
)
_ONES = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"  # "one" is often a pronoun
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
_SPELLED_VALUES = (
    {word: Decimal(number) for number, word in enumerate(_ONES.split(" "), 2)}
    | {word: Decimal(10 * number) for number, word in enumerate(_TENS.split(" "), 2)}
    | {"both": Decimal(2), "half": Decimal("0.5")}
)
_SPELLED = re.compile(
    rf"\b(?P<word>{'|'.join(_SPELLED_VALUES)})\b(?:[ -](?P<scale>thousand|million|billion|trillion)\b)?(?:[ -](?P<after>{_AFTER}))?", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# "may" and "march" are words too: they count as months only with a capital.
_MONTH = re.compile(
    r"\b(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_ISO = re.compile(r"\b(?P<year>(?:1[5-9]|20|21)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-3]\d)(?:T[\d:.]+Z?)?\b")
# "the two countries" is a reference, like "they", not a figure
_PAIR = re.compile(
    r"\b(?:the )?(?:both|two)(?: of the| the)? (?:countries|nations|sides|leaders|governments|states|parties|neighbou?rs|capitals)\b", re.IGNORECASE
)
