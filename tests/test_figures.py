from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.answering.checks.figures import Number, figures
from qa.answering.checks.words import normalise


def read(text: str) -> tuple[set[str], set[int]]:
    """The figures of a text as they are shown, and its months."""
    _, numbers, months = figures(normalise(text))
    return {str(number) for number in numbers}, set(months)


@pytest.mark.parametrize(
    "text",
    [
        "$100 bn",
        "US$ 100 billion",
        "100 billion dollars",
        "U.S. $100 billion",
        "US$100bn",
        "100 billion US dollars",
        "100-billion-dollar",
        "USD 100,000 million",
        "a hundred billion dollars",
        "$1\u200b00 billion",
        "$100,000,000,000",
    ],
)
def test_one_sum_in_many_notations(text: str) -> None:
    assert read(text) == ({"100,000,000,000 usd"}, set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("68.7 billion rupees", {"68,700,000,000 inr"}),
        ("₹5 lakh crore", {"5,000,000,000,000 inr"}),
        ("Rs. 5,00,000", {"500,000 inr"}),
        ("A$5 or HK$5", {"5 a$", "5 hk$"}),
        ("1,234,567", {"1,234,567"}),
        ("1 234 567", {"1,234,567"}),
        ("1'234'567", {"1,234,567"}),
        ("12,34", {"12", "34"}),
        ("1.5 million", {"1,500,000"}),
        ("1,500,000", {"1,500,000"}),
        ("1.5m", {"1,500,000"}),
        ("5 m of rope", {"5"}),
        (".5 per cent", {"0.5%"}),
        ("22 per cent", {"22%"}),
        ("22 percentage points", {"22 percentage points"}),
        ("30 basis points", {"30 basis points"}),
        ("-5°C", {"-5°C"}),
        ("−3.2%", {"-3.2%"}),
        ("minus 5", {"-5"}),
        ("$10-15 million", {"10,000,000 usd", "15,000,000 usd"}),
        ("$10m–15m", {"10,000,000 usd", "15,000,000 usd"}),
        ("from 5 to 10 per cent", {"5%", "10%"}),
        ("$10 million to $15 million", {"10,000,000 usd", "15,000,000 usd"}),
        ("2024-25", {"2024", "2025"}),
        ("2024–2025", {"2024", "2025"}),
        ("10-5", {"10", "5"}),
        ("the 23rd summit", {"23 (ordinal)"}),
        ("the twenty-third summit", {"23 (ordinal)"}),
        ("his first visit", {"1 (ordinal)"}),
        ("two of six reactors", {"2", "6"}),
        ("one of six reactors", {"1", "6"}),
        ("one hundred and twenty-five", {"125"}),
        ("two and a half days", {"2.5"}),
        ("2½ days", {"2.5"}),
        ("half a million", {"500,000"}),
        ("two dozen", {"24"}),
        ("a dozen", {"12"}),
        ("two-thirds", {"0.6667"}),
        ("a third of it", {"0.3333"}),
        ("a third term", {"3 (ordinal)"}),
        ("two fifth-generation jets", {"2", "5 (ordinal)"}),
        ("a few hundred, several dozen, thousands", set()),
        ("this one is the one", set()),
        ("both the countries, the two leaders", set()),
        ("10²", {"10", "2"}),
        ("pre-2022", {"2022"}),
        ("10km", {"10"}),
        ("10:30", {"10", "30"}),
        ("No.10", {"10"}),
        ("COVID-19, G20, F-35, S-400, Su-57, 5G, H-1B, 1990s, v2.0", set()),
        ("१२३", {"123"}),
    ],
)
def test_figures(text: str, expected: set[str]) -> None:
    assert read(text) == (expected, set())


@pytest.mark.parametrize(
    "text",
    [
        "4–5 December 2025",
        "December 4-5, 2025",
        "December 4th and 5th, 2025",
        "the 4th and 5th of December 2025",
        "Dec. 4 to 5, 2025",
        "DECEMBER 4-5, 2025",
        "december 4-5 2025",
        "2025-12-04 and 5",
        "4.12.2025 and 5",
        "2025/12/04 and 5",
    ],
)
def test_one_date_in_many_notations(text: str) -> None:
    assert read(text) == ({"4", "5", "2025"}, {12})


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("They may march on.", set()),
        ("INDIA MAY MARCH", set()),
        ("In May or March", {3, 5}),
        ("5 may", {5}),
        ("march 2025", {3}),
        ("MAY 5", {5}),
        ("april", {4}),
        ("Sept 11", {9}),
        ("4/12/2025", set()),
    ],
)
def test_may_and_march_are_words_too(text: str, months: set[int]) -> None:
    assert read(text)[1] == months


def test_the_rest_keeps_the_words() -> None:
    rest, _, _ = figures("Trade rose from under $10 billion in May 2019 to almost $70 billion.")
    assert rest.split() == ["Trade", "rose", "from", "under", "in", "to", "almost", "."]


def test_a_quote_vouches_for_a_figure() -> None:
    billion = Decimal(10) ** 9
    assert Number(billion, "usd").agrees_with(Number(billion, "usd"))
    assert Number(billion, "").agrees_with(Number(billion, "usd"))
    assert not Number(billion, "usd").agrees_with(Number(billion, ""))
    assert not Number(billion, "usd").agrees_with(Number(billion, "inr"))
    assert not Number(Decimal(22), "%").agrees_with(Number(Decimal(22), "points"))
    assert Number(Decimal("1500000.0"), "").agrees_with(Number(Decimal(1500000), ""))


@given(st.integers(min_value=0, max_value=10**40))
@example(10**35 + 1)
def test_whole_numbers_are_exact(value: int) -> None:
    assert figures(str(value))[1] == {Number(Decimal(value), "")}
    assert figures(f"{value:,}")[1] == {Number(Decimal(value), "")}


@given(st.text())
@example("1,000" * 50)
@example("million " * 50)
@example("⁄1⁄0")
@example("twenty-")
def test_no_text_crashes_it(text: str) -> None:
    _, numbers, months = figures(normalise(text))
    assert months <= set(range(1, 13))
    assert all(number.value.is_finite() for number in numbers)


@pytest.mark.parametrize("unit", ["9", "1,", "1 000 ", "one hundred and ", "million ", "5-", "$", "1⁄", "1.2."])
def test_a_hostile_sentence_takes_no_longer_than_its_length(unit: str) -> None:
    start = time.process_time()
    figures(unit * (40_000 // len(unit)))
    # seconds of the processor, whatever else runs; a quadratic pattern takes a minute
    assert time.process_time() - start < 20
