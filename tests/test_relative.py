"""What "this year" means is told by the article's own date, or not at all."""

from __future__ import annotations

import pytest

from qa.answering.checks.relative import relative


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("Trade rose to $70 billion this year.", "2025-12-10", [("this year", "2025")]),
        ("Trade rose this year.", "2025", [("this year", "2025")]),
        ("Trade rose this year.", None, [("this year", None)]),
        (
            "It fell last year and will rise next year; last year was bad.",
            "2025-01",
            [("last year", "2024"), ("next year", "2026")],
        ),
        ("It fell last month.", "2025-01-03", [("last month", "December 2024")]),
        ("It opens next month.", "2024-12", [("next month", "January 2025")]),
        ("It opens this month.", "2025", [("this month", None)]),
        ("They met yesterday.", "2025-03-01", [("yesterday", "28 February 2025")]),
        ("Tomorrow they meet.", "2024-02-28", [("tomorrow", "29 February 2024")]),
        (
            "He said: “Tomorrow we meet.” (Today is a holiday.)",
            "2024-02-28",
            [("tomorrow", "29 February 2024"), ("today", "28 February 2024")],
        ),
        ("Putin inaugurated Russia Today India, as USA Today wrote.", "2025-12-10", []),
        (
            "It was told on This Week and on Last Week Tonight, last week.",
            "2025-12-10",
            [("last week", "the week of 1 December 2025")],
        ),
        ("They met today.", "2025-12", [("today", None)]),
        ("They met last week.", "2025-12-10", [("last week", "the week of 1 December 2025")]),  # a Wednesday
        ("They met this\u00a0week.", "2025-12-08", [("this week", "the week of 8 December 2025")]),
        ("The year was good, this yearly one lasts weeks.", "2025-12-10", []),
        ("They meet tomorrow.", "9999-12-31", [("tomorrow", None)]),
        ("They met last month.", "0001-01", [("last month", None)]),
        ("", "2025-12-10", []),
    ],
)
def test_relative(text: str, published: str | None, expected: list[tuple[str, str | None]]) -> None:
    assert list(relative(text, published)) == expected
