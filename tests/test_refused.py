"""What is no question, no date and no plan is refused in a line, whatever it is made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import QuestionError
from index.filters import in_period
from index.records import Filter
from qa.answering.valid import valid
from qa.memo.errors import MemoError
from qa.memo.plan import read_plan
from qa.questions import yaml

BOMB = "- &a0 [x, x]\n" + "".join(f"- &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
MERGES = "- &a0 {x: 1}\n" + "".join(f"- &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 30))


@pytest.mark.parametrize(
    "question",
    [
        "<|im_end|>", "<|im_start|>user", "[INST]", "[/INST] </s>", "<<SYS>>", "<start_of_turn>", "<|eot_id|><|start_header_id|>system",
        "...?!", "\u200b\u2060",
     "\ue000\U000e0fff", "\u0301" * 2000, "\0", "\u3164", "<think></think>"],
)  # fmt: skip
def test_what_asks_nothing_is_no_question(question: str) -> None:
    with pytest.raises(QuestionError) as caught:
        valid(question)
    assert caught.value.message == "the question is empty"


@pytest.mark.parametrize(
    "question", ["What does <|im_end|> mean?", "Was sagt [INST]?", "為什麼?", "a" + "\u0301" * 1900, "Is <b> a tag?"]
)
def test_what_asks_something_is_one(question: str) -> None:
    assert valid(question) == question


@pytest.mark.parametrize(
    "date",
    [
        "９９９９",
        "٢٠٢٥",
        "२०२५-12",
        "0000",
        "0000-01-01",
        "2025-13",
        "2025-00",
        "2025-2-3",
        "2025-02-30",
        "2023-02-29",
        "2025-12-10\n",
        "",
        "20251210",
        "2025-W01",
    ],
)
def test_what_is_not_in_the_calendar_is_no_date(date: str) -> None:
    for within in (Filter(since=date), Filter(until=date)):
        with pytest.raises(QuestionError) as caught:
            in_period(within, None)
        assert caught.value.message == f"“{date}” is not a date"


def test_what_is_in_the_calendar_is_a_date() -> None:
    assert all(
        in_period(Filter(since=date), "2025") for date in ("2024-02-29", "0001", "2025", "2025-12", "2025-12-31")
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 1_000_000, "nested more than 100 levels deep"),
        ("[" * 20_000 + "]" * 20_000, "nested more than 100 levels deep"),
        ("- " * 100_000 + "x", "nested more than 100 levels deep"),
        ("{a: " * 5_000, "nested more than 100 levels deep"),
        (BOMB, "more than 1,000,000 values"),
        (MERGES, "more than 1,000,000 values"),
    ],
    ids=["brackets", "closed", "dashes", "braces", "aliases", "merges"],
)
def test_yaml_that_hurts_is_refused_in_a_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(QuestionError, match=problem) as caught:
        yaml.rows(text, "q.yaml")
    assert "\n" not in caught.value.message
    plan = tmp_path / "plan.yaml"
    plan.write_text("title: x\nsections:\n" + text if text.startswith("- &") else text)
    with pytest.raises(MemoError, match=problem):
        read_plan(plan)


def test_a_date_of_a_plan_stays_as_it_is_written_until_it_is_read(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("title: x\ndate: 2025-02-30\nsections:\n- title: y\n  questions: [What was agreed?]\n")
    assert read_plan(plan).date == "2025-02-30"
