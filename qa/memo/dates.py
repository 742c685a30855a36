"""Dates of a memo, written out: "2025-12-10" is "10 December 2025". What is not known stays out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from index.ingest.months import ENGLISH
from qa.memo.errors import MemoError


def long_date(iso: str) -> str:
    """`10 December 2025`, `December 2025`, `2025`."""
    year, *rest = iso.split("-")
    if not rest:
        return year
    month = ENGLISH[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) == 2 else f"{month} {year}"


def long_date_or_undated(iso: str | None) -> str:
    """The date, or that there is none."""
    return long_date(iso) if iso else "undated"


def writing_date(planned: str | None, environ: Mapping[str, str], *, today: datetime.date) -> str:
    """The day that a memo bears: the plan's own, else that of `SOURCE_DATE_EPOCH`, else today.

    ISO. Raises MemoError for what is no date.
    """
    if planned is not None:
        try:
            return datetime.date.fromisoformat(planned).isoformat()
        except ValueError as error:
            raise MemoError(f"“{planned}” is no date of a memo", "write it as 2025-12-10") from error
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return today.isoformat()
    try:
        return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise MemoError(
            f"SOURCE_DATE_EPOCH is “{epoch}”, which is no time", "set it to whole seconds since 1970, or unset it"
        ) from error


def epoch(iso: str) -> int:
    """Seconds from 1970 to the beginning of that day, UTC; never before 1980, where the dates of zip files begin."""
    day = datetime.datetime.combine(datetime.date.fromisoformat(iso), datetime.time(), tzinfo=datetime.UTC)
    return max(int(day.timestamp()), 315_532_800)
