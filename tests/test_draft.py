"""A draft's sentences: how they are taken apart, and how a full answer is weighed as one."""

from __future__ import annotations

from index.records import Metadata, Passage, Sentence
from qa.draft import HOPELESS, Drafted, drafted, split
from qa.evidence import Evidence
from qa.prompt import DRAFT, DRAFT_FULL
from tests.fakes import FakeModel

BEFORE = "Before the war, trade was $10 billion a year."
TARGET = "The target for 2030 is $100 billion a year."
QUESTION = "Compare the trade before the war with the target for 2030."


def evidence(*texts: str) -> tuple[Evidence, ...]:
    whole = " ".join(texts)
    places = [whole.index(text) for text in texts]
    found = tuple(Sentence(start, start + len(text), text) for start, text in zip(places, texts, strict=True))
    passage = Passage(1, "a.txt", 0, len(whole), whole, None, found, Metadata())
    return tuple(Evidence(sentence, passage, 0.8) for sentence in found)


def test_a_list_is_taken_apart_and_its_marks_are_dropped() -> None:
    assert split("1. Trade rose.\n2) It fell. Then it rose.\n- Trade rose.\n\n• Nobody came.") == ["Trade rose.", "It fell.", "Then it rose.", "Nobody came."]


def test_a_figure_at_the_beginning_of_a_line_is_no_mark() -> None:
    assert split("2030 is the goal.\n10.5 million came.") == ["2030 is the goal.", "10.5 million came."]


def test_the_parts_of_a_full_answer_are_weighed_together() -> None:
    model = FakeModel([f"1. {BEFORE}\n2. {TARGET}"], yes=0.95)
    read = evidence(BEFORE, TARGET)
    done = drafted(QUESTION, read, read, model, max_tokens=99, verbatim=read, full=True)
    assert [candidate.text for candidate in done.kept] == [BEFORE, TARGET]
    assert len({candidate.probability for candidate in done.kept}) == 1
    assert model.calls[0][-1].content.endswith(DRAFT_FULL)
    assert len(model.asked) == 2  # can it be answered, and do both sentences together answer it
    assert f"Answer: {BEFORE} {TARGET}\n" in model.asked[1][-1].content


def test_the_sentences_of_a_short_answer_are_weighed_one_by_one() -> None:
    model = FakeModel([f"{BEFORE} {TARGET}"], yes=0.95)
    read = evidence(BEFORE, TARGET)
    done = drafted(QUESTION, read, read, model, max_tokens=99, verbatim=())
    assert [candidate.text for candidate in done.kept] == [BEFORE, TARGET]
    assert model.calls[0][-1].content.endswith(DRAFT)
    assert len(model.asked) == 3


def test_nothing_is_drafted_where_the_model_sees_rather_no_answer() -> None:
    read = evidence(BEFORE)
    unsure = FakeModel([BEFORE], yes=HOPELESS)
    assert [candidate.text for candidate in drafted("What was the trade before the war?", read, read, unsure, max_tokens=99, verbatim=()).kept] == [BEFORE]
    doubting = FakeModel(yes=HOPELESS - 0.01)
    assert drafted("What was the trade before the war?", read, read, doubting, max_tokens=99, verbatim=read) == Drafted("", (), ())
    assert (len(doubting.asked), len(doubting.calls)) == (1, 0)


def test_a_question_for_yes_or_no_is_drafted_all_the_same() -> None:
    read = evidence("No deal for the jets was signed.")
    model = FakeModel(["No deal for the jets was signed."], yes=0.2)
    done = drafted("Was a deal for the jets signed?", read, read, model, max_tokens=99, verbatim=())
    assert [candidate.text for candidate in done.kept] == ["No deal for the jets was signed."]
