"""Says which day a sentence's "on Friday" or "yesterday" is, worked out from its article's own date. Pure.

What is added stands in square brackets, as an editor's words do: "On Friday [13 March 2020], …", "[On 15 March 2020], …".
"""

from __future__ import annotations

import re

from index.ingest.months import ENGLISH
from qa.answering.checks.days import days
from qa.answering.checks.relative import relative
from qa.answering.checks.tokens import tokens

_WEEKDAY = re.compile(rf"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!,? (?:\d\d? )?(?:{'|'.join(ENGLISH)}))")
_AGO = re.compile(r"\bago\b")
# such a Friday may be yet to come
_AHEAD = re.compile(
    r"\b(?:will|would|next|coming|until|due|slated|expect\w*|forecast\w*|schedul\w*|plan(?:s|ned)?|(?:is|are|was|were|set) to)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"[;:—]\s")
_GOVERNS = re.compile(r"\b(?:by|of|since|until|till|for|from|to|before|after)\s+$", re.IGNORECASE)
_REST = r"(?:['’]s)?(?: (?:morning|afternoon|evening|night)\b)?"  # the date stands behind "Friday evening"


def has_time(text: str) -> bool:
    """Whether a sentence has a time that only the date of its article can tell."""
    return bool(relative(text, None) or _WEEKDAY.search(text) or _AGO.search(text))


def dated(text: str, published: str | None) -> str | None:
    """Return a sentence with the date in square brackets behind each such time, or in place of "yesterday".

    None where one cannot be told: "two months ago", "last week", a Friday that may be yet to come or belongs to a name
    ("Black Friday"), an article without a whole date.
    """
    meant = dict(relative(text, published))
    weekdays = list(_WEEKDAY.finditer(text))
    if any(_ahead(text, one.start()) or _in_name(text, one.start()) for one in weekdays):
        return None
    for weekday in dict.fromkeys(one.group() for one in weekdays):
        meant[weekday] = next(iter(days(weekday, published)), None)
    if _AGO.search(text) and not meant:  # beside a day that is dated, "two months ago" is plain
        return None
    for time, day in meant.items():
        if day is None or day.startswith("the week"):
            return None
        found = re.search(rf"\b{time}\b{_REST}", text, re.IGNORECASE)
        if found and day not in text:
            text = f"{text[: found.start()]}{_told(found.group(), day, text[: found.start()])}{text[found.end() :]}"
    return text


def _told(time: str, day: str, before: str) -> str:
    """The time with its date, or the date instead, as no reader of a later day says "yesterday"."""
    if time.casefold() not in ("yesterday", "today", "tomorrow"):
        return f"{time} [{day}]"
    if _GOVERNS.search(before):
        return f"[{day}]"
    return f"[{'On' if time[0].isupper() else 'on'} {day}]"


def _ahead(text: str, start: int) -> bool:
    """Whether the part of the sentence in which a day stands, between colons, semicolons and dashes, looks ahead."""
    before, after = _PART.split(text[:start])[-1], _PART.split(text[start:])[0]
    return _AHEAD.search(before + after) is not None


def _in_name(text: str, start: int) -> bool:
    """Whether the word before is a capitalised one that carries meaning, as in "Black Friday"."""
    before = re.search(r"[A-Z][\w’'-]*\s+$", text[:start])
    return before is not None and bool(tokens(before.group()) and tokens(before.group())[0].key)
