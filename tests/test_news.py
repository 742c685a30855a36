from __future__ import annotations

from collections import Counter

from bench.news import QUESTIONS, table
from qa.expectations import expectations
from qa.questions.read import read

ASKED = expectations(read(QUESTIONS.read_bytes(), name=QUESTIONS.name), QUESTIONS.name)


def test_the_questions_are_what_the_bench_says_of_them() -> None:
    assert len({one.question for one in ASKED}) == len({one.id for one in ASKED}) == 120
    assert Counter("false premise" if one.kind == "false premise" else one.status for one in ASKED) == {
        "answered": 76,
        "conflicting": 4,
        "unanswered": 28,
        "false premise": 12,
    }
    assert all(one.must and one.sources for one in ASKED if one.status != "unanswered")


def test_the_table_counts_by_what_the_articles_hold() -> None:
    ours = [{"verdict": "right" if one.status == "unanswered" else "refused", "quotes": 3, "valid": 3} for one in ASKED]
    plain = [{"verdict": "wrong"} for _ in ASKED]
    lines = [" ".join(line.split()) for line in table(ASKED, ours, plain).splitlines()]
    assert lines[1] == "Vouch, answerable 76 0 76 0"
    assert lines[3] == "Vouch, not in the articles 28 28 0 0"
    assert lines[5] == "the same model, one prompt, answerable 76 0 0 76"
    assert lines[-1] == "quotes verbatim: 360 of 360"
