"""Dates in words and figures: exact ISO values, and nothing where nothing is certain."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SettingsError
from index.ingest.dates import Found, parse, search, valid


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("10 December 2025", "2025-12-10"),
        ("December 2025", "2025-12"),
        ("2025", "2025"),
        ("Dec. 4, 2025", "2025-12-04"),
        ("4th of December, 2025", "2025-12-04"),
        ("Friday, January 4, 2019", "2019-01-04"),
        ("2025-12-04T10:00:00Z", "2025-12-04"),
        ("2025-12-04T23:30:00-05:00", "2025-12-04"),
        ("Mon, 4 Dec 2025 10:00:00 +0000", "2025-12-04"),
        ("December 5, 2025 4:32 PM GMT+5:30", "2025-12-05"),
        ("10:30 AM, 4 December 2025", "2025-12-04"),
        ("4–5 December 2025", "2025-12-04"),
        ("December 4-5, 2025", "2025-12-04"),
        ("20251204", "2025-12-04"),
        ("1-Jan-2020", "2020-01-01"),
        ("04/05/2025", "2025"),
        ("13/05/2025", "2025-05-13"),
        ("05/13/2025", "2025-05-13"),
        ("05/05/2025", "2025-05-05"),
        ("31/02/2025", None),
        ("30 February 2025", None),
        ("Dec 4", None),
        ("12/4/25", None),
        ("yesterday", None),
        ("Maybe 2025", None),
        ("4 December 2025 and 5 December 2025", None),
        ("", None),
    ],
)
def test_parse(text: str, iso: str | None) -> None:
    assert parse(text) == iso


def test_search_takes_weekday_and_time_along() -> None:
    assert search("Posted on Friday, 5 December 2025 at 10:30 am IST by X") == Found(7, 49, "2025-12-05")
    assert search("In 2022 the war began") is None


@given(st.dates(min_value=date(1400, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert parse(day.strftime("%d %B %Y")) == day.isoformat()


@pytest.mark.parametrize("text", ["2025-12-10", "2025-12", "2025", "2024-02-29"])
def test_valid_dates_are_themselves(text: str) -> None:
    assert valid(text) == text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("10 December 2025", "write 2025-12-10"),
        ("2025-02-30", "write 2025-12-10, 2025-12 or 2025"),
        ("2025-13", "write 2025-12-10, 2025-12 or 2025"),
        ("soon", "write 2025-12-10, 2025-12 or 2025"),
        ("2025-12-10\n", "write 2025-12-10"),
    ],
)
def test_invalid_dates_are_refused_with_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        valid(text)
    assert caught.value.message == f"not a date: {text!r}"
    assert caught.value.hint == hint
