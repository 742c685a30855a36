"""Read dates in words or figures as ISO 8601, as precise as stated: "2025-12-10", "2025-12" or "2025".

Months are read in English and in the languages of `index.ingest.months`, Chinese and Japanese dates by their signs. A
part that is not written is never filled in.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from index.errors import SettingsError
from index.ingest import months

_MONTH = rf"(?P<month>{'|'.join((*months.ENGLISH, 'Sept', *(name[:3] for name in months.ENGLISH)))})(?![^\W\d_])\.?"
_YEAR = r"(?P<year>1[4-9]\d\d|2[01]\d\d)(?!\d)"
_DAY = r"(?<![\d.,])(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_RANGE = r"(?:\s?[-–—]\s?\d{1,2}(?:st|nd|rd|th)?)?"  # "4–5 December": the first day counts
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![\d./-]){_YEAR}(?P<mark>[-/.])(?P<month>0?[1-9]|1[0-2])(?P=mark)(?P<day>0?[1-9]|[12]\d|3[01])(?![\d/-])",
        r"(?<!\d)(?P<year>1[4-9]\d\d|2[01]\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"{_DAY}{_RANGE}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}",
        rf"(?<![^\W\d_]){_MONTH}\s+{_DAY}{_RANGE}\s*,?\s+{_YEAR}",
        rf"(?<![\d./-])(?P<one>\d{{1,2}})(?P<mark>[-/.])(?P<two>\d{{1,2}})(?P=mark){_YEAR}",
        rf"(?<![\d./-]){_YEAR}-(?P<month>0[1-9]|1[0-2])(?![\d/-])",
        rf"(?<![^\W\d_]){_MONTH},?\s+(?:of\s+)?{_YEAR}",
        rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>0?[1-9]|1[0-2])\s?[月월](?:\s?(?P<day>0?[1-9]|[12]\d|3[01])\s?[日일])?",
    )
)
_FOREIGN = re.compile(r"[^\W\d_]{3,}|[^\x00-\x7f]")  # what a month may be called elsewhere
_ANY_YEAR = re.compile(r"\d{4}")
_WEEKDAY = re.compile(
    r"(?:on\s+)?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?"
    r"|sun)(?:day)?\.?,?\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_CLOCK = r"\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?|noon|midnight"
_ZONE = r"(?:z|utc|gmt|[ecmp]t|[a-z]{2,4}t|local time|hrs|hours|uhr|h\b)?\s*(?:[+-]\d{1,2}(?::?\d\d)?)?\s*(?:\([a-z ]{2,30}\))?"
_TIME = re.compile(rf"(?:T|[\s,]*(?:\bat\b|[-–|•·])?\s*)(?:{_CLOCK})\s*{_ZONE}", re.IGNORECASE)
_TIME_FIRST = re.compile(rf"(?:{_CLOCK})\s*{_ZONE}[\s,]+(?:on\s+)?", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """A date and where it stands: `text[start:end]`, weekday and time of day included."""

    start: int
    end: int
    iso: str


def parse(text: str) -> str | None:
    """The date that `text` is, as precise as known; `None` if it is not one, or is more than one.

    A weekday and a time of day may stand beside it. Of "4–5 December 2025" it is the first day; of an all-numeric date
    that can be read two ways, the year.
    """
    text = text.strip().strip("().,;")
    if re.fullmatch(_YEAR, text):
        return text
    found = search(text)
    return found.iso if found and (found.start, found.end) == (0, len(text)) else None


def search(text: str) -> Found | None:
    """The first date in `text` that says a year and more."""
    matches = [match for form in _FORMS if (match := form.search(text))]
    if not matches and _ANY_YEAR.search(text) and _FOREIGN.search(text) and (abroad := months.pattern().search(text)):
        matches.append(abroad)
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        iso = _iso(match)
        if iso:
            return _widened(text, match.start(), match.end(), iso)
    return None


def valid(text: str) -> str:
    """`text` itself, if it is an ISO 8601 date of day, month or year precision.

    Raises `SettingsError` otherwise.
    """
    match = _ISO.fullmatch(text)
    if match:
        year, month, day = match.groups()
        if _real(int(year), int(month or 1), int(day or 1)):
            return text
    meant = parse(text)
    hint = f"write {meant}" if meant else "write 2025-12-10, 2025-12 or 2025"
    raise SettingsError(f"not a date: {text!r}", hint)


def _iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    year = str(int(parts["year"]))  # in figures of any writing
    if parts.get("one"):
        readings = {
            (month, day)
            for month, day in _either(int(parts["one"]), int(parts["two"]), parts["mark"])
            if _real(int(year), month, day)
        }
        if len(readings) != 1:
            return year if readings else None
        month, day = readings.pop()
        return f"{year}-{month:02}-{day:02}"
    month = months.numbers()[parts["word"].casefold()] if parts.get("word") else _number(parts["month"])
    if not parts.get("day"):
        return f"{year}-{month:02}"
    return f"{year}-{month:02}-{int(parts['day']):02}" if _real(int(year), month, int(parts["day"])) else None


def _either(one: int, two: int, mark: str) -> tuple[tuple[int, int], ...]:
    """Return month and day of an all-numeric date, read the American way and the other.

    Nobody writes full stops the American way.
    """
    return ((two, one),) if mark == "." else ((one, two), (two, one))


def _number(month: str) -> int:
    return int(month) if month.isdecimal() else months.english(month)


def _real(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def _widened(text: str, start: int, end: int, iso: str) -> Found:
    """The date with the weekday before it and the time of day around it."""
    time = _TIME.match(text, end)
    if time and len(iso) == len("2025-12-10"):
        end = time.end()
        end -= len(text[:end]) - len(text[:end].rstrip())
    for before in (_WEEKDAY, _TIME_FIRST):
        starts = [
            match.start()
            for match in before.finditer(text, max(0, start - 40), start)
            if match.end() == start and match.start() < start
        ]
        start = min(starts, default=start)
    return Found(start, end, iso)
