from __future__ import annotations

import math
from dataclasses import fields, replace

import pytest

from index.records import Metadata, Passage, Sentence
from qa.answering.decide import Signals, coverage, feature, probability_of_answer, settled
from qa.answering.evidence import Evidence

MIDDLE = Signals(answerable=0.5, confirmed=0.5, coverage=0.5)


def item(text: str, *, title: str | None = None, heading: str | None = None, date: str | None = None) -> Evidence:
    sentence = Sentence(0, len(text), text)
    return Evidence(
        sentence, Passage(1, "a.txt", 0, len(text), text, heading, (sentence,), Metadata(title=title, date=date)), 0.5
    )


def test_an_answer_that_all_agree_on_is_sure_and_one_that_nobody_does_is_not() -> None:
    sure, doubtful = Signals(0.97, 0.97, 1.0, 0.97), Signals(0.3, 0.2, 0.25, 0.05)
    assert probability_of_answer(sure) > 0.9 > 0.1 > probability_of_answer(doubtful)
    assert (
        probability_of_answer(replace(sure, probed=None))
        > 0.9
        > 0.1
        > probability_of_answer(replace(doubtful, probed=None))
    )


def test_where_there_is_a_probe_it_is_heard() -> None:
    heard = [probability_of_answer(Signals(0.9, 0.9, 1.0, probed)) for probed in (0.05, 0.5, 0.95)]
    assert heard[0] < 0.5 < heard[2]
    assert heard == sorted(heard)


@pytest.mark.parametrize("middle", [MIDDLE, replace(MIDDLE, probed=0.5)])
def test_no_signal_speaks_against_an_answer(middle: Signals) -> None:
    for name in (field.name for field in fields(Signals) if getattr(middle, field.name) is not None):
        low = probability_of_answer(replace(middle, **{name: 0.1}))
        assert low <= probability_of_answer(middle) <= probability_of_answer(replace(middle, **{name: 0.9}))


def test_what_is_settled_is_doubted_no_more() -> None:
    assert settled(Signals(0.2, 0.9, 0.3), 0.8) == Signals(0.8, 0.9, 0.3)
    assert settled(Signals(0.2, 0.9, 0.3, 0.1), 0.8) == Signals(0.8, 0.9, 0.3, 0.8)
    assert settled(Signals(0.9, 0.2, 0.3, 0.95), 0.8) == Signals(0.9, 0.8, 0.3, 0.95)


def test_every_signal_at_its_ends_is_a_probability() -> None:
    for worst, best in ((Signals(0, 0, 0), Signals(1, 1, 1)), (Signals(0, 0, 0, 0), Signals(1, 1, 1, 1))):
        assert 0.0 < probability_of_answer(worst) < 0.5 < probability_of_answer(best) < 1.0


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("answerable", 0.5, 0.0),
        ("confirmed", 0.9, math.log(9)),
        ("answerable", 0.0, math.log(1 / 99)),
        ("confirmed", 1.0, math.log(99)),
        ("coverage", 0.3, 0.3),
    ],
)
def test_features(name: str, value: float, expected: float) -> None:
    assert feature(name, value) == pytest.approx(expected)


def test_coverage_is_the_share_of_the_questions_words_in_quotes_titles_and_headings() -> None:
    question = "Which Indian plant did Russia expand?"  # india, plant, russia, expand
    assert coverage(question, [item("Russia came.")]) == 0.25
    assert coverage(question, [item("Russia came.", title="India’s friends")]) == 0.5
    assert (
        coverage(question, [item("Russia came.", title="India’s friends", heading="Plants"), item("It was expanded.")])
        == 1.0
    )
    assert coverage(question, []) == 0.0
    assert coverage("Who was it?", [item("Russia came.")]) == 0.0


@pytest.mark.parametrize(("date", "share"), [("2025-12-10", 1.0), ("2024", 0.5), (None, 0.5)])
def test_this_year_covers_the_year_that_it_is(date: str | None, share: float) -> None:
    assert coverage("What was the trade in 2025?", [item("Trade rose this year.", date=date)]) == share
