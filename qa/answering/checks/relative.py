"""What "this year" or "yesterday" means in an article, worked out from the article's own date. Pure.

A phrase that is capitalised inside a sentence is taken for a name, not a time: "Russia Today", "on Next Week Tonight".
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

from index.ingest.months import ENGLISH
from qa.answering.checks.words import normalise

_PHRASE = re.compile(r"\b(?:(this|last|next) (year|month|week)|(yesterday|today|tomorrow))\b", re.IGNORECASE)
_BEGINS = re.compile(r"(?:^|[.!?:;\"'(\[-])\s*$")  # what stands before the first word of a sentence
_STEP = {"last": -1, "this": 0, "next": 1, "yesterday": -1, "today": 0, "tomorrow": 1}


def relative(text: str, published: str | None) -> tuple[tuple[str, str | None], ...]:
    """Return each phrase once, in order, with its meaning.

    The meaning is None where `published` (2025, 2025-12 or 2025-12-10) is missing or not exact enough.
    """
    found: dict[str, str | None] = {}
    written = normalise(text)
    for match in _PHRASE.finditer(written):
        if match.group()[0].isupper() and not _BEGINS.search(written[: match.start()]):
            continue
        found[match.group().casefold()] = None
        with suppress(ValueError, OverflowError):  # the day after 9999-12-31
            found[match.group().casefold()] = _meaning(match, published)
    return tuple(found.items())


def _meaning(match: re.Match[str], published: str | None) -> str | None:
    parts = [int(part) for part in published.split("-")] if published else []
    step = _STEP[(match[1] or match[3]).casefold()]
    unit = (match[2] or "day").casefold()
    if unit == "year" and parts:
        return str(parts[0] + step)
    if unit == "month" and len(parts) > 1:
        months = parts[0] * 12 + parts[1] - 1 + step
        first = date(months // 12, months % 12 + 1, 1)
        return f"{ENGLISH[first.month - 1]} {first.year}"
    if len(parts) < 3 or unit in ("year", "month"):
        return None
    day = date(parts[0], parts[1], parts[2])
    if unit == "day":
        return _written(day + timedelta(days=step))
    return f"the week of {_written(day - timedelta(days=day.weekday()) + timedelta(weeks=step))}"


def _written(day: date) -> str:
    return f"{day.day} {ENGLISH[day.month - 1]} {day.year}"
