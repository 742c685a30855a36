"""Scoring: verdicts, furniture, the table, and that no expectation reaches what answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from index.errors import QuestionError
from index.records import Filter
from qa.evaluate import Score, by_kind, evaluate, grade, is_furniture, table
from qa.expectations import Expectation, expectations
from qa.questions.read import read
from qa.records import Answer
from tests.examples import ANSWERED, CONFLICTING, NEW, SHELF, UNANSWERED

FACT = Expectation(
    "What is the target?", "answered", "fact", must=((r"\$?100 ?billion", "hundred"), ("2030",)), sources=("new",)
)
CONFLICT = Expectation(
    "What is the target?", "conflicting", "conflict", values=("100 ?billion", "30 ?b"), sources=("old",)
)
NOTHING = Expectation("Who won?", "unanswered", "unanswerable")


@pytest.mark.parametrize(
    ("expectation", "answer", "expected"),
    [
        (FACT, ANSWERED, "right"),
        (replace(FACT, must=(("100 BILLION",),)), ANSWERED, "right"),  # in any case
        (replace(FACT, must=(("100 billion",), ("2040",))), ANSWERED, "wrong"),  # every group has to be met
        (replace(FACT, sources=("old", "002")), ANSWERED, "wrong"),
        (replace(FACT, sources=()), ANSWERED, "right"),
        (FACT, UNANSWERED, "refused"),
        (FACT, CONFLICTING, "wrong"),
        (CONFLICT, CONFLICTING, "right"),
        (replace(CONFLICT, values=("100 ?billion", "50 ?b")), CONFLICTING, "wrong"),
        (CONFLICT, ANSWERED, "wrong"),
        (CONFLICT, UNANSWERED, "refused"),
        (NOTHING, UNANSWERED, "right"),
        (NOTHING, ANSWERED, "wrong"),
    ],
)
def test_verdicts(expectation: Expectation, answer: Answer, expected: str) -> None:
    assert grade(expectation, answer) == expected


def test_furniture_is_what_lies_outside_the_regions() -> None:
    article = SHELF.article("new.txt")
    assert not is_furniture(NEW, article)
    assert is_furniture(replace(NEW, start=7, end=17, quote=article.text[7:17]), article)  # "page\nIndia"
    # a line break is nobody's
    assert not is_furniture(replace(NEW, start=11, end=17, quote=article.text[11:17]), article)


def test_only_the_question_is_asked_and_every_quote_is_looked_up() -> None:
    asked: list[tuple[str, Filter]] = []
    forged = replace(ANSWERED, citations=(NEW, replace(NEW, start=0, end=11, quote="top of pagE")))

    def ask(question: str, within: Filter) -> Answer:
        asked.append((question, within))
        return {"What is the target?": forged, "Who won?": UNANSWERED}[question]

    ticks: Iterator[float] = iter([0.0, 2.0, 10.0, 13.0])
    outcomes = list(
        evaluate([FACT, replace(NOTHING, within=Filter(since="2025"))], ask, SHELF, clock=lambda: next(ticks))
    )
    assert asked == [("What is the target?", Filter()), ("Who won?", Filter(since="2025"))]
    assert [(each.grade, each.quotes, each.valid, each.furniture, each.seconds) for each in outcomes] == [
        ("right", 2, 1, 1, 2.0),
        ("right", 1, 1, 0, 3.0),
    ]
    assert by_kind(outcomes) == (
        Score("fact", 1, 1, 0, 0, 2, 1, 1, 2.0),
        Score("unanswerable", 1, 1, 0, 0, 1, 1, 0, 3.0),
        Score("all", 2, 2, 0, 0, 3, 2, 1, 2.5),
    )
    assert by_kind([]) == ()


def test_the_table() -> None:
    assert table([Score("fact", 3, 2, 0, 1, 4, 4, 0, 1.26), Score("all", 12, 9, 2, 1, 20, 20, 0, 3.0)]) == (
        "kind   n    right  wrong  refused  quotes valid  furniture  seconds\n"
        "fact   3  2 (67%)      0        1           4/4          0      1.3\n"
        "all   12  9 (75%)      2        1         20/20          0      3.0\n"
    )


def expected(text: str, name: str) -> tuple[Expectation, ...]:
    return expectations(read(text.encode(), name=name), name)


FULL = Expectation(
    "A?", "answered", "fact", (("a|b", "c"), ("d",)), ("x",), ("000",), "7", Filter(sources=("a.txt",), since="2025")
)
FULL_ROW = {
    "id": 7,
    "question": "A?",
    "expect": "answered",
    "must": [["a|b", "c"], ["d"]],
    "sources": ["000"],
    "values": ["x"],
    "kind": "fact",
    "source": "a.txt",
    "since": 2025,
    "note": "ignored",
}
PLAIN = Expectation("B?", "unanswered", "all questions")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (json.dumps(FULL_ROW) + '\n\n{"question": "B?", "expect": "unanswered"}\n', "q.jsonl"),
        (json.dumps([FULL_ROW, {"Question": "B?", "Expect": "unanswered", "must": [], "kind": ""}]), "q.yaml"),
        (
            "ID;Question;Expect;Must;Values;Sources;Kind;Source;Since\n"
            '7;A?;answered;"[[""a|b"", ""c""], [""d""]]";x;000;fact;a.txt;2025\n;B?;unanswered;;;;;;\n',
            "q.csv",
        ),
    ],
)
def test_expectations_are_read_from_every_format_with_their_defaults(text: str, name: str) -> None:
    assert expected(text, name) == (FULL, PLAIN)


def test_the_lists_of_a_table_are_cells() -> None:
    text = "question,expect,must,values,sources\nA?,conflicting,100 ?billion|hundred; 2030,[1-3]0 ?b; 100,000;001\n"
    assert expected(text, "q.csv") == (
        Expectation(
            "A?",
            "conflicting",
            "all questions",
            (("100 ?billion|hundred",), ("2030",)),
            ("[1-3]0 ?b", "100"),
            ("000", "001"),
        ),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", " holds no questions"),
        ("{}", ", question 1: the row has no question"),
        ('{"question": "A?", "expect": "maybe"}', ", question 1: expect is none of answered, conflicting, unanswered"),
        ('{"question": "A?"}', ", question 1: expect is none of answered, conflicting, unanswered"),
        ('{"question": "A?", "expect": "answered", "must": [["("]]}', ", question 1: “(” is no regular expression: "),
        (
            '{"question": "A?", "expect": "answered", "must": ["a"]}',
            ", question 1: a list of texts was expected in must, values or sources",
        ),
        (
            '{"question": "A?", "expect": "answered", "must": "a"}',
            ", question 1: kind is a word, must a list of lists of patterns",
        ),
        ('{"question": "A?", "expect": "answered", "since": true}', ", question 1: since or until is not a date"),
        ('{"question": "A?", "expect": "answered"}\n[1]', ", question 2: not a JSON object"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_row(text: str, message: str) -> None:
    with pytest.raises(QuestionError) as caught:
        expected(text, "q.jsonl")
    assert caught.value.message.startswith(f"q.jsonl{message}")


def test_plain_questions_expect_nothing() -> None:
    with pytest.raises(
        QuestionError,
        match=r"^q\.txt, question 1: expect is "
        r"none of answered, conflicting, unanswered$",
    ):
        expected("A?\n", "q.txt")
