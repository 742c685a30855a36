"""Batches: rows as they came, one whole line an answer, resuming, and bad rows that stop nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import ModelError, QuestionError
from index.records import Filter
from qa.batch import Tally, read_rows, repeated_ids, run
from qa.records import Answer
from tests.examples import UNANSWERED


class Asked:
    """Answers everything with a refusal that repeats the question; `questions` holds what it was asked."""

    def __init__(self, *, stop_at: int | None = None) -> None:
        self.questions: list[tuple[str, Filter]] = []
        self._stop_at = stop_at

    def __call__(self, question: str, within: Filter) -> Answer:
        if len(self.questions) == self._stop_at:
            raise ModelError("the model is gone", "qa models fetch")
        self.questions.append((question, within))
        if question == "?":
            raise QuestionError("the question is empty", "ask something")
        return replace(UNANSWERED, question=question)


def batch(tmp_path: Path, text: str, asked: Asked) -> tuple[Tally, list[dict[str, Any]]]:
    file, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    file.write_text(text, encoding="utf-8")
    tally = run(read_rows(file), output, asked, report=lambda _: None)
    return tally, [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]


def test_ids_and_columns_stay_as_they_came(tmp_path: Path) -> None:
    text = '{"id": "a", "question": "A?", "topic": ["x", 1.5], "expect": "secret"}\n\n{"id": 7, "question": "B?"}\n{"question": "C?"}\n'
    asked = Asked()
    tally, lines = batch(tmp_path, text, asked)
    assert tally == Tally(asked=3, failed=0, kept=0)
    assert [(line["id"], line["question"], line["status"], line["row"]) for line in lines] == [
        ("a", "A?", "unanswered", {"id": "a", "question": "A?", "topic": ["x", 1.5], "expect": "secret"}),
        (7, "B?", "unanswered", {"id": 7, "question": "B?"}),
        (3, "C?", "unanswered", {"question": "C?"}),
    ]
    assert asked.questions == [("A?", Filter()), ("B?", Filter()), ("C?", Filter())]


def test_filters_are_read_from_the_row(tmp_path: Path) -> None:
    asked = Asked()
    batch(tmp_path, '{"question": "A?", "source": "a.txt", "since": 2025}\n{"question": "B?", "source": ["b", "c"], "until": "2025-12"}\n', asked)
    assert asked.questions == [("A?", Filter(sources=("a.txt",), since="2025")), ("B?", Filter(sources=("b", "c"), until="2025-12"))]


@pytest.mark.parametrize(
    ("row", "id_", "columns", "message"),
    [
        ("nonsense", 1, None, "row 1: not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[1]", 1, None, "row 1: not a JSON object"),
        ('{"id": NaN}', 1, None, "row 1: not JSON: NaN is no JSON value"),
        ('{"id": "x"}', "x", {"id": "x"}, "the row has no question"),
        ('{"question": 5}', 1, {"question": 5}, "the row has no question"),
        ('{"question": "?"}', 1, {"question": "?"}, "the question is empty"),
        ('{"question": "A?", "source": 1}', 1, {"question": "A?", "source": 1}, "source is neither a text nor a list of texts"),
        ('{"question": "A?", "since": true}', 1, {"question": "A?", "since": True}, "since or until is no date"),
    ],
)
def test_a_bad_row_becomes_an_error_and_the_rest_goes_on(tmp_path: Path, row: str, id_: object, columns: object, message: str) -> None:
    tally, lines = batch(tmp_path, f'{row}\n{{"question": "B?"}}\n', Asked())
    assert tally == Tally(asked=1, failed=1, kept=0)
    assert list(lines[0]) == ["id", "row", "error"]
    assert (lines[0]["id"], lines[0]["row"], lines[0]["error"]["message"]) == (id_, columns, message)
    assert (lines[1]["id"], lines[1]["question"]) == (2, "B?")


QUESTIONS = "".join(f'{{"id": {n}, "question": "Q{n}?"}}\n' for n in range(4))


def test_a_batch_that_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        batch(tmp_path, QUESTIONS, Asked(stop_at=2))
    output = tmp_path / "out.jsonl"
    assert [json.loads(line)["id"] for line in output.read_text().splitlines()] == [0, 1]
    with output.open("a") as stream:
        stream.write('{"id": 2, "quest')  # as a kill in the middle of a line leaves it
    asked = Asked()
    tally, lines = batch(tmp_path, QUESTIONS, asked)
    assert tally == Tally(asked=2, failed=0, kept=2)
    assert [question for question, _ in asked.questions] == ["Q2?", "Q3?"]
    assert [line["id"] for line in lines] == [0, 1, 2, 3]
    (tmp_path / "once").mkdir()
    _, straight = batch(tmp_path / "once", QUESTIONS, Asked())
    assert lines == straight


def test_a_finished_batch_asks_nothing(tmp_path: Path) -> None:
    batch(tmp_path, QUESTIONS, Asked())
    asked = Asked()
    assert batch(tmp_path, QUESTIONS, asked)[0] == Tally(asked=0, failed=0, kept=4)
    assert asked.questions == []


@pytest.mark.parametrize("content", ["a letter to a friend", "a letter\n", '{"id": 0, "row": {}}\n', '{"id": 9, "quest', '{"question": "Q0?"}\n'])
def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path, content: str) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text(content)
    if content == '{"id": 9, "quest':  # begins as our lines begin: taken for one that was cut short
        assert batch(tmp_path, QUESTIONS, Asked())[0].asked == 4
        return
    with pytest.raises(QuestionError, match="holds other things than answers to these questions"):
        batch(tmp_path, QUESTIONS, Asked())
    assert output.read_text() == content


def test_repeated_ids_are_named(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": "a", "question": "A?"}\n{"id": 1, "question": "B?"}\n{"id": "a", "question": "C?"}\n{"id": "1", "question": "D?"}\n')
    assert repeated_ids(read_rows(file)) == ('"a"',)


@pytest.mark.parametrize("content", [None, "", "\n \n"])
def test_no_questions_are_refused(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "in.jsonl"
    if content is not None:
        file.write_text(content)
    with pytest.raises(QuestionError):
        read_rows(file)


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(QUESTIONS)
    with pytest.raises(QuestionError, match="cannot be written: No such file or directory"):
        run(read_rows(file), tmp_path / "missing" / "out.jsonl", Asked(), report=lambda _: None)
