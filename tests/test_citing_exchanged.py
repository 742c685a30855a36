"""A figure or name of a sentence in whose place its quotes have another, as a model reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from qa.answering.evidence import Evidence
from qa.citing.exchanged import CLEARLY, TRIED, alternatives, exchanged
from tests.test_attribute import evidence

QUOTE = "The magnitude was 7.0 by the USGS in 2019 and 6.6 by AFAD in 2020."


def reads(**likely: float) -> Callable[[str, Sequence[Evidence]], float]:
    """Says how likely a claim is by a word in it, 0.1 where it has none of them."""
    return lambda claim, _: next((p for word, p in likely.items() if word in claim), 0.1)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The magnitude was 7.0 by AFAD.", [("7.0", "6.6"), ("AFAD", "USGS")]),
        ("In 2019 it was 7.0.", [("2019", "2020"), ("7.0", "6.6")]),  # a year only for a year
        ("The magnitude was 7.1.", []),  # a figure that the quote has not is told elsewhere
        ("It was 7.0 and 6.6.", []),
    ],
)
def test_what_could_stand_in_the_place_of_what(claim: str, expected: list[tuple[str, str]]) -> None:
    assert list(alternatives(claim, [QUOTE])) == expected


def test_figures_in_words_are_figures() -> None:
    assert list(alternatives("It has six reactors.", ["Two of six reactors run, two do not, and 4 are planned."])) == [
        ("six", "two"),
        ("six", "4"),
    ]
    assert list(alternatives("Sixteen of seventeen run.", ["Of seventeen, sixteen run."])) == [("seventeen", "sixteen")]


def test_the_first_word_of_a_quote_is_a_name_only_with_another() -> None:
    assert list(alternatives("It was Peru.", ["Chile lost to Peru."])) == []
    assert list(alternatives("It was Peru.", ["Ada Lund went to Peru."])) == [("Peru", "Ada Lund")]


def test_one_that_reads_clearly_better_is_told() -> None:
    claim, quotes = "The magnitude was 7.0 by AFAD.", evidence(QUOTE)
    assert exchanged(claim, quotes, reads(**{"6.6": 0.9}), 0.7) == ("7.0", "6.6")
    assert exchanged(claim, quotes, reads(USGS=0.9), 0.7) == ("AFAD", "USGS")
    assert exchanged(claim, quotes, reads(**{"6.6": 0.7 + CLEARLY}), 0.7) is None


def test_no_more_than_a_few_are_tried() -> None:
    asked: list[str] = []

    def says(claim: str, _: Sequence[Evidence]) -> float:
        asked.append(claim)
        return 0.5

    assert exchanged("It was 1.", evidence("It was 1, 2, 3, 4, 5, 6 or 7."), says, 0.5) is None
    assert asked == [f"It was {figure}." for figure in range(2, 2 + TRIED)]
