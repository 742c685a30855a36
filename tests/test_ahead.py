"""Questions under way at once: the order of the answers, each asked once, what one worker raises, and how many are started."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import LibraryError, QuestionError
from index.records import Filter
from qa.batch.ahead import Opened, ahead, one_by_one
from qa.batch.answers import Ask
from qa.batch.run import run
from qa.batch.target import before, target
from qa.questions.read import read
from qa.questions.rows import parsed
from qa.records import Answer
from tests.examples import ANSWERED, PROVENANCE

EVERYWHERE = Filter()


def answered(question: str) -> Answer:
    return replace(ANSWERED, question=question, timings_ms={})


def workers(ask: Ask, opened: list[str] | None = None) -> Opened:
    """A way to ask for each worker; `opened` notes their coming and going."""

    @contextmanager
    def open_() -> Iterator[Ask]:
        if opened is not None:
            opened.append("open")
        yield ask
        if opened is not None:
            opened.append("closed")

    return open_


def test_answers_come_in_the_order_of_the_questions_however_long_each_takes() -> None:
    second_is_done = threading.Event()

    def ask(question: str, _: Filter) -> Answer:
        if question == "1":
            assert second_is_done.wait(5)  # only possible if both are under way at once
        if question == "2":
            second_is_done.set()
        return answered(question)

    questions = [(str(number), EVERYWHERE) for number in range(1, 6)]
    with ahead(questions, workers(ask), jobs=2) as asked:
        assert [asked(*question).question for question in questions] == ["1", "2", "3", "4", "5"]


def test_no_more_are_under_way_than_were_allowed_and_each_is_asked_once() -> None:
    seen: list[str] = []

    def ask(question: str, _: Filter) -> Answer:
        seen.append(question)
        return answered(question)

    questions = [(str(number), EVERYWHERE) for number in range(10)]
    with ahead([*questions, *questions], workers(ask), jobs=3) as asked:
        asked(*questions[0])
    assert len(seen) == len(set(seen)) <= 4


def test_a_question_that_fails_fails_where_its_answer_is_wanted_and_may_be_asked_again() -> None:
    tries: list[str] = []

    def ask(question: str, _: Filter) -> Answer:
        tries.append(question)
        if question == "bad":
            raise QuestionError("the answer is withheld", "qa index --rebuild")
        return answered(question)

    questions = [("good", EVERYWHERE), ("bad", EVERYWHERE), ("late", EVERYWHERE)]
    with ahead(questions, workers(ask), jobs=2) as asked:
        assert asked(*questions[0]).question == "good"
        for _ in range(2):
            with pytest.raises(QuestionError, match="withheld"):
                asked(*questions[1])
        assert asked(*questions[2]).question == "late"
    assert sorted(tries) == ["bad", "bad", "good", "late"]


def test_a_library_that_cannot_be_opened_is_told_at_the_first_answer() -> None:
    @contextmanager
    def gone() -> Iterator[Ask]:
        raise LibraryError("the library is gone", "qa index")
        yield lambda question, _: answered(question)  # never reached: it makes this a generator

    with ahead([("1", EVERYWHERE)], gone, jobs=2) as asked, pytest.raises(LibraryError, match="is gone"):
        asked("1", EVERYWHERE)


def test_every_worker_closes_what_it_opened() -> None:
    opened: list[str] = []
    with ahead([("1", EVERYWHERE)], workers(lambda question, _: answered(question), opened), jobs=3) as asked:
        asked("1", EVERYWHERE)
    for thread in threading.enumerate():
        if thread.name.startswith("ahead"):
            thread.join(5)
    assert sorted(opened) == ["closed"] * 3 + ["open"] * 3


def test_a_batch_of_several_at_once_writes_the_same_bytes(tmp_path: Path) -> None:
    rows = parsed(read("\n".join(f"Question {number % 7}?" for number in range(20)).encode(), name="q.txt").rows)
    written = []
    for jobs in (1, 4):
        to = target(tmp_path / f"{jobs}.jsonl", "out", questions=None)
        left = before(to, rows, questions="q.txt", force=False)
        ask = (
            one_by_one(lambda question, _: answered(question))
            if jobs == 1
            else lambda some: ahead(some, workers(lambda q, _: answered(q)), jobs=4)
        )
        tally = run(rows, to, left, ask, PROVENANCE, render=None, report=lambda _: None, stopped=lambda: None)
        assert (tally.answered, tally.asked) == (20, 7)
        written.append(to.path.read_bytes())
    assert written[0] == written[1]
