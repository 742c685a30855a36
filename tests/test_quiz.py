"""The measurements on news questions.

What counts as right, the table, the file of bounds, the fit on phrases, and replies that are kept by prompt.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.kept import Row
from bench.phrase_fit import SIGNALS, UNSURE, fitted
from bench.quiz import accepted, calibration_error, is_right, misses, table
from bench.recorded import Recorded
from qa.answering.guarantee import at_most
from qa.models.engine import Message
from tests.fakes import FakeModel


@pytest.mark.parametrize(
    ("said", "gold", "right"),
    [
        ("It was found at the home of Mike Pence.", "Former Vice President Mike Pence", True),
        ("A computer glitch.", "a computer glitch", True),
        ("Computer glitches", "A computer glitch", False),
        ("“Everything Everywhere All at Once”", "Everything Everywhere All At Once", True),
        ("Everything Everywhere All", "Everything Everywhere All At Once", True),
        ("Everything Everywhere", "Everything Everywhere All At Once", False),
        ("Great Smoky Mountains", "Great Smoky Mountains National Park", True),
        ("New York", "New York City", True),
        ("Prime Minister", "Prime Minister Jane Roe", False),
        ("115", "15", False),
        ("Pence", "Former Vice President Mike Pence", False),
        ("", "Peru", False),
    ],
)
def test_an_answer_is_right_if_it_holds_an_accepted_wording(said: str, gold: str, right: bool) -> None:
    assert is_right(said, [gold]) is right


def test_wordings_are_without_articles_and_titles() -> None:
    assert accepted("The US Senator Jane Roe") == {" the us senator jane roe ", " us senator jane roe ", " jane roe "}
    assert accepted("on an island") == {" on an island ", " an island "}


def row(verdict: str, confidence: float, *, away: bool) -> Row:
    return {"verdict": verdict, "confidence": confidence, "away": away, "seconds": 2.0}


ROWS = [
    row("right", 0.9, away=False),
    row("wrong", 0.6, away=False),
    row("refused", 0.9, away=True),
    row("wrong", 0.4, away=True),
]


def test_what_was_not_right_is_named_with_what_was_said() -> None:
    asked = {"question": "Who?", "answers": ("A",), "said": "B."}
    assert misses([row | asked for row in ROWS]) == (
        "wrong 0.60 Who? ('A',)\n    B.\naway wrong 0.40 Who? ('A',)\n    B."
    )


def test_the_table_tells_right_refused_and_wrong_apart_and_bounds_the_wrong() -> None:
    shown = table(ROWS, ROWS).splitlines()
    assert shown[1].split() == ["Vouch", "2", "0.500", "0.000", "0.500", "2.0"]
    assert shown[2].split() == ["Vouch,", "articles", "away", "2", "0.000", "0.500", "0.500", "2.0"]
    assert shown[3].strip() == f"of 3 shown 2 are wrong: 0.667, at most {at_most(2, 3):.3f} with 95 % confidence"


def test_the_table_counts_what_is_shown_and_as_sure() -> None:
    shown = [line.strip() for line in table(ROWS, ROWS).splitlines()]
    assert f"of 2 that are at least 0.5 sure 1 are wrong, at most {at_most(1, 2):.3f}" in shown
    assert f"of 1 that are at least 0.8 sure 0 are wrong, at most {at_most(0, 1):.3f}" in shown


def test_a_calibration_error_is_the_mean_distance_over_bins() -> None:
    assert calibration_error([0.95, 0.95, 0.05, 0.05], [True, True, False, False]) == pytest.approx(0.05)
    assert calibration_error([0.95, 0.95], [False, False]) == pytest.approx(0.95)


def test_a_fit_learns_what_tells_right_phrases_and_gives_both_tables() -> None:
    chance = random.Random(0)
    rows: list[Row] = []
    for number in range(200):
        right = number % 2 == 0
        signals = {name: chance.random() for name in SIGNALS} | {
            "agreed": 0.6 + 0.3 * chance.random() if right else 0.1 + 0.5 * chance.random()
        }
        rows.append(
            {
                "set": "news" if number % 4 < 2 else "news, its articles taken away",
                "question": str(number // 2),
                "right": right,
                "signals": signals,
                "strange": False,
            }
        )
    fit = fitted(rows)
    assert set(fit.coefficients["phrase_unsure"]) == {"intercept", *UNSURE}
    assert set(fit.coefficients["phrase"]) == {"intercept", *SIGNALS}
    assert fit.coefficients["phrase_unsure"]["agreed"] > 0.5
    assert fit.report[0].startswith("questions 200, phrases 200, of which right 100; area under the curve 0.9")


def test_a_reply_is_asked_for_once_and_given_again_as_it_was(tmp_path: Path) -> None:
    model = FakeModel(["first", "second"], yes=0.25, state=(0.5, -1.0))
    recorded = Recorded(lambda: model, tmp_path / "replies.sqlite")
    told = (Message("user", "Who?"),)
    replies = [
        recorded.generate(told, max_tokens=9).text,
        recorded.generate(told, max_tokens=9).text,
        recorded.generate(told, max_tokens=8).text,
    ]
    assert replies == ["first", "first", "second"]
    assert [recorded.opinion(told) for _ in range(2)] == [model.opinion(told)] * 2
    assert (len(model.calls), len(model.asked)) == (2, 2)
    again = Recorded(lambda: FakeModel([]), tmp_path / "replies.sqlite")
    assert again.generate(told, max_tokens=9).text == "first"
