"""What a claim's figures and dates mean beside its quotes: the Friday of an article, the word that a figure counts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qa.answering.checks.days import days
from qa.answering.checks.figures import Number
from qa.citing.counts import miscounted


@pytest.mark.parametrize(
    ("text", "published", "meant"),
    [
        ("On Friday the bridge opened.", "2020-01-12", ("10 January 2020",)),
        ("The bridge opened on Sunday.", "2020-01-12", ("12 January 2020",)),  # the day on which it appeared
        ("It opened Monday, and by Tuesday it was shut.", "2020-01-01", ("30 December 2019", "31 December 2019")),
        ("Yesterday the bridge opened.", "2020-03-01", ("29 February 2020",)),
        ("The bridge opened this month.", "2020-03", ("March 2020",)),
        ("The council will meet on Monday.", "2020-01-12", ()),  # one to come
        ("The bridge opened next to the Monday Club.", "2020-01-12", ()),
        ("Friday, 3 January was cold.", "2020-01-12", ()),  # told by itself
        ("On Friday the bridge opened.", "2020-01", ()),
        ("On Friday the bridge opened last week.", None, ()),
    ],
)
def test_a_day_is_worked_out_from_the_article_s_date(text: str, published: str | None, meant: tuple[str, ...]) -> None:
    assert days(text, published) == meant


@pytest.mark.parametrize(
    ("claim", "quote", "figures"),
    [
        ("Lund won with 235 votes.", "The 235 members gave Lund 220 votes.", {235}),
        ("Lund won with 220 votes.", "The 235 members gave Lund 220 votes.", set()),
        ("Lund won with 235 votes.", "Lund won the votes of 235 members.", set()),
        ("Lund won 3 votes in 2 rounds.", "In 3 rounds Lund won 3 votes.", {2}),
        ("The 2021 election was held.", "After the 2020 election, in 2021, Lund left.", set()),
        ("Lund won with $5 million votes.", "Lund won with 5 million votes.", {5_000_000}),
    ],
)
def test_a_figure_counts_what_stands_behind_it(claim: str, quote: str, figures: set[int]) -> None:
    assert {number.value for number in miscounted(claim, [quote])} == {Decimal(figure) for figure in figures}


def test_a_figure_that_one_quote_gives_is_not_miscounted() -> None:
    assert miscounted("It has 40 ships.", ["It had 30 ships.", "Now it has 40 ships."]) == frozenset()
    assert miscounted("It has 50 ships.", ["It had 30 ships.", "Now it has 40 ships."]) == {Number(Decimal(50), "")}
