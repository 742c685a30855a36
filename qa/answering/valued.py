"""Read the value of a phrase, and find where a text gives it in another form: "four" and 4. Pure.

`qa.answering.checks.facts` reads figures; this module only chooses the windows of a text that it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.answering.checks.facts import Facts, facts
from qa.answering.checks.figures import Number, is_year
from qa.answering.checks.words import stem
from qa.answering.pieces import Piece

WIDEST = 16  # pieces of a window


@dataclass(frozen=True, slots=True)
class Value:
    """What a phrase gives: its numbers, its months (1-12), and the stems of what it counts."""

    numbers: frozenset[Number]
    months: frozenset[int]
    stems: frozenset[str]
    width: int

    @property
    def figures(self) -> bool:
        """Whether there is any figure or month."""
        return bool(self.numbers or self.months)

    def held_by(self, window: Sequence[Piece], text: str) -> bool:
        """Whether the figures of a window, with the scale and the unit that follow it, are these."""
        found = _facts(_written(window[0], window[-1], text) + _scale_behind(window[-1], text))
        return all(any(_agrees(number, other, found) for other in found.numbers) for number in self.numbers)

    def undated(self) -> Value | None:
        """The same without the year of its day: "5 May" of "5 May 2024"; None where it has no day, or no year."""
        years = frozenset(number for number in self.numbers if is_year(number))
        return (
            Value(self.numbers - years, self.months, self.stems, self.width)
            if years and self.months and self.numbers - years
            else None
        )


def value(phrase: str) -> Value:
    """The value that a phrase gives."""
    read = _facts(phrase)
    return Value(read.numbers, read.months, _counted(read), min(len(phrase.split()) * 2 + 3, WIDEST))


def valued(meant: Value, read: Sequence[Piece], text: str) -> Iterator[tuple[int, int]]:
    """Where `text` gives a value, in any form: the shortest windows that hold it and nothing else of weight.

    A date may lack its year where none stands by.
    """
    if not meant.figures:
        return
    cores = {_core(str(number.value)) for number in meant.numbers}
    shorter = meant.undated()
    for place, piece in enumerate(read):
        if not (piece.figure or piece.key in meant.stems) or not _may_begin(read, place, cores, meant, text):
            continue
        for last in range(place, min(place + meant.width, len(read))):
            if last > place and _APART.search(text[read[last - 1].end : read[last].start]):
                break
            if last > place and _foreign(read[last], cores, meant):
                break
            found = _facts(_written(piece, read[last], text))
            if _gives(found, meant):
                if meant.held_by(read[place : last + 1], text):
                    yield _span(read, place, last, text)
                break
            if shorter and _gives(found, shorter) and not _year_beside(read, place, last):
                yield _span(read, place, last, text)
                break


def margins(first: Piece, last: Piece, text: str) -> tuple[int, int]:
    """Return the span from one piece to another, with adjoining marks of currency, per cent and degree."""
    before = _MARK_BEFORE.search(text, max(first.start - _MARK, 0), first.start) if first.figure else None
    after = _MARK_AFTER.match(text, last.end) if last.figure else None
    return (before.start() if before else first.start), (after.end() if after else last.end)


def _span(read: Sequence[Piece], place: int, last: int, text: str) -> tuple[int, int]:
    return margins(read[place], read[last], text)


def _written(first: Piece, last: Piece, text: str) -> str:
    start, end = margins(first, last, text)
    return text[start:end]


def _scale_behind(last: Piece, text: str) -> str:
    """The scale word that follows a figure at the end of a window, which makes it another figure."""
    found = _SCALE_BEHIND.match(text, last.end) if last.figure else None
    return found.group() if found else ""


@lru_cache(maxsize=8192)
def _facts(written: str) -> Facts:
    """The facts of a window. "One" at its beginning is a figure: a phrase that is an answer has no pronoun."""
    plain = _DOTTED.sub(lambda found: found.group().replace(".", ""), written)
    return facts(f"exactly {plain}" if _ONE.match(plain) else plain)


def _gives(found: Facts, meant: Value) -> bool:
    """Whether a window gives the value: every figure, no other but the day of a date, and what is counted."""
    if found.months != meant.months or _counted(found) != meant.stems:
        return False
    if not all(any(_agrees(number, other, found) for other in found.numbers) for number in meant.numbers):
        return False
    extra = [other for other in found.numbers if not any(_agrees(number, other, found) for number in meant.numbers)]
    return not extra or (
        bool(meant.months)
        and len(extra) == 1
        and extra[0].value <= _DAYS
        and all(is_year(number) for number in meant.numbers)
    )


def _agrees(number: Number, other: Number, found: Facts) -> bool:
    """Whether a figure of the text supports one of the phrase; "two" is no "second", except in a date."""
    return number.agrees_with(other) and (number.unit == other.unit or other.unit != "th" or bool(found.months))


def _counted(read: Facts) -> frozenset[str]:
    return frozenset(_UNITS.get(root, root) for root in read.stems) - _ROUGHLY


def _may_begin(read: Sequence[Piece], place: int, cores: set[str], meant: Value, text: str) -> bool:
    """Whether a window that gives the value may begin here, as far as the digits of its first piece tell."""
    piece = read[place]
    if not piece.lower[0].isdigit() or not _foreign(piece, cores, meant):
        return True
    after = text[piece.end : read[place + 1].start] if place + 1 < len(read) else ""
    # "68 700"
    return after in (" ", "\u00a0", "\u202f") and len(read[place + 1].lower) == 3 and read[place + 1].lower.isdigit()


def _foreign(piece: Piece, cores: set[str], meant: Value) -> bool:
    """Whether a piece is a figure in digits that is no part of the value, nor the day of its date."""
    if not piece.lower.isdigit() and not _DECIMAL.fullmatch(piece.lower):
        return False
    digits = piece.lower.replace(",", "").replace("'", "")
    day = bool(meant.months) and len(digits) <= 2
    grouped = len(digits) == 3 or len(digits) == 2  # "68 700", "2024-25"
    return _core(digits) not in cores and not day and not grouped


def _core(digits: str) -> str:
    """The digits of a figure without its scale: "687" of 68.7 and of 68,700,000,000."""
    return digits.split("E")[0].replace(".", "").replace("-", "").strip("0")


def _year_beside(read: Sequence[Piece], place: int, last: int) -> bool:
    beside = (*read[max(place - 1, 0) : place], *read[last + 1 : last + 3])
    return any(_YEAR.fullmatch(piece.lower) for piece in beside)


_DAYS = 31
_MARK = 6  # characters: "US$ "
_MARK_BEFORE = re.compile(r"(?:(?<![^\W\d_])[A-Z]{0,3}[$€£₹₽¥] ?|(?:(?<=\s)|(?<=^))[-−])$")
_MARK_AFTER = re.compile(r" ?(?:%|°[CF]?\b|[€£₹₽¥](?!\s?\d)|[ap]\.m\.|[ap]m\b)", re.IGNORECASE)
_SCALE_BEHIND = re.compile(
    r"[ -](?:hundred|thousand|million|billion|trillion|lakh|crore|bn|mn|dozen|halves|thirds?|quarters|fifths|tenths)\b",
    re.IGNORECASE,
)
_APART = re.compile(r"[.!?;:]\s|\n|[()]| - |[–—]\s|\s[–—]")
_DOTTED = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?")
_ONE = re.compile(r"one\b(?! third| quarter| fifth| tenth| half|-)", re.IGNORECASE)
_DECIMAL = re.compile(r"\d[\d.,']*\d")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_ROUGHLY = frozenset(
    stem(word) for word in "approximately roughly nearly almost around circa exactly estimated".split()
)
_UNITS = {
    stem(form): unit
    for unit, forms in {
        "km": "kilometre kilometres kilometer kilometers kms", "m": "metre metres meter meters", "cm": "centimetre centimetres centimeter centimeters",
        "mm": "millimetre millimetres millimeter millimeters", "kg": "kilogram kilograms kilogramme kilogrammes kilo kilos", "mph": "miles-per-hour",
        "ft": "foot feet", "hr": "hour hours hrs", "min": "minute minutes mins", "sec": "second seconds secs", "lb": "pound pounds lbs",
        "mw": "megawatt megawatts", "gw": "gigawatt gigawatts", "gb": "gigabyte gigabytes", "mb": "megabyte megabytes",
    }.items()
    for form in forms.split()
}  # fmt: skip
