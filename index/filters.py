"""Decide which articles a `Filter` lets through. Knows nothing of how articles are stored."""

from __future__ import annotations

import datetime
import re
from fnmatch import fnmatchcase

from index.errors import QuestionError
from index.records import Filter

_ISO_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")  # \d would take the digits of every script


def admits(within: Filter, source: str, author: str | None, date: str | None) -> bool:
    """Whether an article passes every part of the filter.

    `sources`: one of them is the source itself, a folder above it ("news" or "news/"), or a pattern with * ? [ ] that
    matches all of it. `author`: occurs in the article's author, whatever the case. `since` and `until`: the two dates
    overlap, so an article of "2025" is within since "2025-03"; an article without a date is in no period. Raises
    QuestionError where `since` or `until` is no date.
    """
    return (
        source not in within.without
        and (not within.sources or any(_names(pattern, source) for pattern in within.sources))
        and (within.author is None or (author is not None and within.author.casefold() in author.casefold()))
        and in_period(within, date)
    )


def in_period(within: Filter, date: str | None) -> bool:
    """Whether a date is within `since` and `until`, as far as both are known."""
    for limit in (within.since, within.until):
        if limit is not None and not _is_date(limit):
            raise QuestionError(f"“{limit}” is not a date", "write it as 2025-12-10, 2025-12 or 2025")
    if within.since is None and within.until is None:
        return True
    if date is None:
        return False
    late_enough = within.since is None or date[: len(within.since)] >= within.since[: len(date)]
    return late_enough and (within.until is None or date[: len(within.until)] <= within.until[: len(date)])


def _is_date(text: str) -> bool:
    """Whether this is a day, a month or a year of the calendar, as ISO 8601 writes it."""
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def _names(pattern: str, source: str) -> bool:
    return source == pattern or source.startswith(pattern.rstrip("/") + "/") or fnmatchcase(source, pattern)
