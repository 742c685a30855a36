"""How an answer came about: what the pipeline notes, and what `qa ask --explain` shows of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.records import Filter
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.records import Answer
from qa.render.explanation import explanation
from qa.render.json import to_object
from qa.settings import Settings
from tests.fakes import FakeEmbedder, FakeModel, Judge

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "What trade target have the two countries set?"
TARGET = "The two countries have set a target of $100 billion by 2030."
INVENTED = "The two countries have set a target of $150 billion by 2030."
SOURCE = "002_f8000c92fed4ad4d.txt"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("library")
    build(folder, [SEEDS], FakeEmbedder())
    return Library.open(folder)


def asked(library: Library, reply: str, *, question: str = QUESTION, yes: float | Judge = 0.95) -> Answer:
    settings = Settings(library=library.folder, models=library.folder, caution=0.5)
    return answer(
        question,
        Assistant(library, FakeEmbedder(), FakeModel([reply], yes=yes), settings),
        within=Filter(sources=(SOURCE,)),
    )


def test_the_draft_and_its_check_are_noted(library: Library) -> None:
    told = asked(library, TARGET).explanation
    assert told.drafts == {"": TARGET}
    assert [(w.text, w.origin, w.support, w.reason, w.asked) for w in told.weighed] == [
        (TARGET, "draft", 1.0, None, None)
    ]
    # all the words but "trade"
    assert told.weighed[0].signals == {"answerable": 0.95, "confirmed": 0.95, "coverage": 0.8}
    assert len(told.passages) == 4  # all that the article has
    assert len(told.read) <= 7
    assert told.decision.startswith("answered: the best sentence answers with probability 0.9")


def test_what_was_turned_down_is_noted_with_its_reason(library: Library) -> None:
    told = asked(library, INVENTED).explanation
    assert (told.weighed[0].text, told.weighed[0].reason, told.weighed[0].probability) == (
        INVENTED,
        "not in its quotes: 150,000,000,000 usd",
        None,
    )
    assert {w.origin for w in told.weighed[1:]} == {"article"}


def test_a_refusal_says_why(library: Library) -> None:
    unseen = "unanswered: asked for the words that answer, the model says that there are none in what it read"
    assert asked(library, "", yes=0.1).explanation.decision == unseen
    assert (
        asked(library, "", yes=0.01).explanation.decision
        == "unanswered: the model sees no answer in what it read, so nothing was drafted"
    )
    found = asked(library, TARGET, yes=lambda _: 0.55)
    assert (
        found.explanation.decision
        == f"unanswered: the best sentence answers with probability {1 - found.confidence:.2f}, under the caution of "
        f"0.50"
    )


def test_a_person_reads_it_in_the_order_of_the_steps(library: Library) -> None:
    result = asked(library, TARGET)
    shown = explanation(result).plain
    heads = ["Passages considered", "Sentences read by the model", "Draft", "Checks", "Decision", "Time"]
    assert [line for line in shown.splitlines() if line in heads] == heads
    assert f"  {TARGET}\n    answers with probability 0.9" in shown
    assert "    from the draft; support 1.00, answerable 0.95, confirmed 0.95, coverage 0.80\n" in shown
    assert f"    “{TARGET}”  {SOURCE}:2243-2303\n" in shown


def test_a_byline_answers_without_any_of_this(library: Library) -> None:
    result = asked(library, "", question="Who wrote the DailyDigest360 piece?")
    assert explanation(result).plain.startswith(
        "The byline answered this: no passages were searched, and no model was asked.\n\nTime\n"
    )


def test_json_holds_it_only_where_it_was_asked_for(library: Library) -> None:
    result = asked(library, TARGET)
    assert "explanation" not in to_object(result)
    told = to_object(result, explain=True)["explanation"]
    assert isinstance(told, dict)
    assert list(told) == ["passages", "read", "drafts", "weighed", "decision"]
