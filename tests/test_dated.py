"""A date that only the question gives is left out of a sentence, where the article is of that date."""

from __future__ import annotations

import pytest

from qa.answering.checks.dated import undated


@pytest.mark.parametrize(
    ("claim", "shorter"),
    [
        (
            "Yeshaneh finished second at the 2019 Chicago Marathon, in 2:20:51.",
            "Yeshaneh finished second at the Chicago Marathon, in 2:20:51.",
        ),
        ("He fell into the water in July 2019 after a collision.", "He fell into the water after a collision."),
        ("In July 2019, he fell into the water.", "He fell into the water."),
        ("The court ruled on 3 October 2019, and she won.", "The court ruled and she won."),
        ("The September 2019 drone strikes were blamed on Iran.", "The drone strikes were blamed on Iran."),
        ("The bill of late 2019 failed.", "The bill failed."),
        ("Output rose in 2019.", "Output rose."),
    ],
)
def test_the_year_of_the_article_is_left_out(claim: str, shorter: str) -> None:
    assert undated(claim, "What happened in 2019?", "2019-10-14", "He fell.") == shorter


def test_a_year_that_the_passage_names_is_left_out_too() -> None:
    assert (
        undated("Output rose in 2019.", "Did output rise in 2019?", None, "The report is of 2019. Output rose.")
        == "Output rose."
    )


@pytest.mark.parametrize(
    ("question", "published"),
    [
        ("Who won in 2018?", "2019-10-14"),  # the question's year, and not the article's
        ("Who won?", "2018-10-14"),  # the article's year, and not the question's: the model found it somewhere
        ("Who won in 2018?", None),
    ],
)
def test_any_other_year_stays(question: str, published: str | None) -> None:
    assert undated("Kosgei won in 2018.", question, published, "Kosgei won.") is None


def test_what_is_not_a_date_stays() -> None:
    assert undated("They counted 2019 of them in 2019-20.", "How many in 2019?", "2019-01-01", "") is None
