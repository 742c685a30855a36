"""A draft's sentences: how they are taken apart, and how a full answer is weighed as one."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.records import Metadata, Passage, Sentence
from qa.answering import prompt
from qa.answering.candidate import SAID, UNSAID
from qa.answering.decide import Signals
from qa.answering.draft import ABOUT, HOPELESS, SETTLED, Drafted, checked, drafted, signalled, split
from qa.answering.evidence import Evidence
from qa.answering.probe import PROBE
from qa.answering.prompt import DRAFT, DRAFT_FULL
from qa.models.engine import Message, Opinion
from tests.fakes import FakeModel
from tests.test_attribute import evidence as articles

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
    assert split("1. Trade rose.\n2) It fell. Then it rose.\n- Trade rose.\n\n• Nobody came.") == [
        "Trade rose.",
        "It fell.",
        "Then it rose.",
        "Nobody came.",
    ]


def test_a_figure_at_the_beginning_of_a_line_is_no_mark() -> None:
    assert split("2030 is the goal.\n10.5 million came.") == ["2030 is the goal.", "10.5 million came."]


def test_the_parts_of_a_full_answer_are_weighed_together() -> None:
    model = FakeModel([f"1. {BEFORE}\n2. {TARGET}"], yes=0.95)
    read = evidence(BEFORE, TARGET)
    done = drafted(QUESTION, read, read, model, max_tokens=99, near=read, full=True)
    assert [candidate.text for candidate in done.kept] == [BEFORE, TARGET]
    assert len({candidate.probability for candidate in done.kept}) == 1
    assert model.calls[0][-1].content.endswith(DRAFT_FULL)
    assert len(model.asked) == 2  # can it be answered, and do both sentences together answer it
    assert f"Answer: {BEFORE} {TARGET}\n" in model.asked[1][-1].content


def test_the_sentences_of_a_short_answer_are_weighed_one_by_one() -> None:
    model = FakeModel([f"{BEFORE} {TARGET}"], yes=0.95)
    read = evidence(BEFORE, TARGET)
    done = drafted(QUESTION, read, read, model, max_tokens=99, near=())
    assert [candidate.text for candidate in done.kept] == [BEFORE, TARGET]
    assert model.calls[0][-1].content.endswith(DRAFT)
    assert len(model.asked) == 3


def test_nothing_is_drafted_where_the_model_sees_rather_no_answer() -> None:
    read = evidence(BEFORE)
    unsure = FakeModel([BEFORE], yes=HOPELESS)
    assert [
        candidate.text
        for candidate in drafted("What was the trade before the war?", read, read, unsure, max_tokens=99, near=()).kept
    ] == [BEFORE]
    doubting = FakeModel(yes=HOPELESS - 0.01)
    assert drafted("What was the trade before the war?", read, read, doubting, max_tokens=99, near=read) == Drafted(
        "", (), ()
    )
    assert (len(doubting.asked), len(doubting.calls)) == (1, 0)


def test_a_question_for_yes_or_no_is_drafted_all_the_same() -> None:
    read = evidence("No deal for the jets was signed.")
    model = FakeModel(["No deal for the jets was signed."], yes=0.2)
    done = drafted("Was a deal for the jets signed?", read, read, model, max_tokens=99, near=())
    assert [candidate.text for candidate in done.kept] == ["No deal for the jets was signed."]


def test_where_a_draft_says_more_than_its_quote_the_quote_is_weighed_instead() -> None:
    told = "Chinese and Russian media hailed the visit as proof of close ties."
    other = "The visit to Delhi lasted two days."
    read = evidence(told, other)
    model = FakeModel(["The Chinese foreign minister hailed the visit as proof of close ties."], yes=0.9)
    done = drafted(
        "What did the Chinese foreign minister say about the visit?", read, read, model, max_tokens=99, near=()
    )
    assert [(candidate.text, candidate.origin) for candidate in done.kept] == [(told, "article")]
    assert [candidate.reason for candidate in done.weighed] == ["the articles do not say this: foreign, minister", None]


def test_a_sentence_is_weighed_once_however_it_was_found() -> None:
    told = "Chinese and Russian media hailed the visit as proof of close ties."
    read = evidence(told, "The visit to Delhi lasted two days.")
    model = FakeModel(
        [
            "The foreign minister hailed the visit as proof of close ties. The ambassador hailed the visit "
            "as proof of close ties."
        ],
        yes=0.6,
    )
    done = drafted("What did the foreign minister say about the visit?", read, read, model, max_tokens=99, near=read)
    assert [candidate.text for candidate in done.weighed if candidate.reason is None] == [
        item.sentence.text for item in read
    ]


def test_a_sentence_that_its_quotes_do_not_say_as_the_model_reads_them_is_turned_down() -> None:
    read = evidence("The deal on jets was not signed.")

    def yes(messages: Sequence[Message]) -> float:
        return SAID - 0.01 if messages[-1].content.endswith(prompt.SAID) else 0.9

    model = FakeModel(["A deal on jets was signed."], yes=yes)
    done = drafted("What was signed?", read, read, model, max_tokens=99, near=read)
    assert ([one.reason for one in done.weighed], done.kept) == ([UNSAID, None], done.weighed[1:])
    assert [one.text for one in done.kept] == ["The deal on jets was not signed."]
    own = FakeModel([read[0].sentence.text], yes=yes)  # its own words are not read back
    assert drafted("What was signed?", read, read, own, max_tokens=99, near=()).kept[0].origin == "draft"


def test_a_part_of_a_full_answer_that_says_more_than_its_quote_is_replaced_by_it() -> None:
    read = evidence(BEFORE, TARGET)
    model = FakeModel([f"1. {BEFORE}\n2. The ambitious target for 2030 is $100 billion a year."], yes=0.95)
    done = drafted(QUESTION, read, read, model, max_tokens=99, near=read, full=True)
    assert [(candidate.text, candidate.origin) for candidate in done.kept] == [(BEFORE, "draft"), (TARGET, "article")]
    assert f"Answer: {BEFORE} {TARGET}\n" in model.asked[-1][-1].content


@pytest.mark.parametrize(("said", "shown"), [(ABOUT - 0.01, False), (ABOUT, True)])
def test_what_an_article_says_of_somebody_else_is_not_shown_instead(said: float, *, shown: bool) -> None:
    told = "All training was done on eight processors in the cellar."
    read = articles(told, "Alder reads maps.")

    def yes(messages: Sequence[Message]) -> float:
        return said if messages[-1].content.endswith(prompt.SAID) else 0.9

    model = FakeModel(["Alder was trained on eight processors in the cellar."], yes=yes)
    done = drafted("How many processors was Alder trained on?", read, read, model, max_tokens=99, near=read[:1])
    assert done.weighed[0].reason == "not in its quotes: Alder"
    assert [one.text for one in done.kept] == [told] * shown


def test_what_an_abbreviation_stands_for_is_settled_by_a_quote_that_spells_it_out() -> None:
    told = "Under the Reciprocal Exchange of Logistics Support (RELOS) both sides may use ports."
    read = evidence(told, "RELOS was ratified.")
    question = "What does RELOS stand for?"
    doubting = FakeModel(
        ["RELOS stands for Reciprocal Exchange of Logistics Support."],
        yes=lambda messages: 0.9 if messages[-1].content.endswith(prompt.SAID) else 0.2,
    )
    done = drafted(question, read, read, doubting, max_tokens=99, near=read[:1])
    assert done.kept[0].text == "RELOS stands for Reciprocal Exchange of Logistics Support."
    assert isinstance(done.kept[0].signals, Signals)
    assert (done.kept[0].signals.answerable, done.kept[0].signals.confirmed) == (SETTLED, SETTLED)
    elsewhere = evidence("RELOS was ratified.")
    assert (
        drafted(
            question,
            elsewhere,
            elsewhere,
            FakeModel(["RELOS stands for Reciprocal Exchange."], yes=0.2),
            max_tokens=99,
            near=(),
        ).kept
        == ()
    )


def test_the_models_doubts_count_for_a_question_for_yes_or_no_whatever_words_its_quote_holds() -> None:
    question = "Did both sides sign the pact in Delhi?"
    read = evidence("Both sides signed the pact in Delhi.")
    claim = "Both sides signed the pact in Delhi."
    signals = signalled(question, claim, checked(question, claim, read).attribution, 0.1, Opinion(0.2), "none")
    assert (signals.answerable, signals.confirmed, signals.coverage) == (0.1, 0.2, 1.0)


def test_what_one_article_expects_and_none_states_is_no_fact() -> None:
    expects, states = "A labour agreement is expected to be signed in Delhi.", "In Delhi a labour agreement was signed."
    question, claim = "What was signed in Delhi?", "A labour agreement was signed in Delhi."
    only = evidence(expects)
    done = drafted(question, only, only, FakeModel([claim], yes=0.9), max_tokens=99, near=())
    assert [(candidate.text, candidate.reason) for candidate in done.weighed] == [
        (claim, "its quote says “expected”"),
        (expects, None),
    ]
    both = (*only, *(replace(item, passage=replace(item.passage, source="b.txt")) for item in evidence(states)))
    done = drafted(question, both, both, FakeModel([claim], yes=0.9), max_tokens=99, near=())
    assert [(candidate.text, candidate.reason) for candidate in done.weighed] == [(claim, None)]


def test_the_probe_is_read_for_all_but_questions_for_yes_or_no() -> None:
    read = evidence("The pact was signed by both.")
    found = checked("Who signed the pact?", "The pact was signed by both.", read).attribution
    default = tomllib.loads(PROBE.read_text(encoding="utf-8"))["model"]
    opinion = Opinion(0.6, (0.0,) * 1536)
    assert (
        signalled("What was signed?", "The pact was signed by both.", found, 0.7, opinion, default).probed is not None
    )
    assert (
        signalled("Was the pact signed?", "The pact was signed by both.", found, 0.7, opinion, default).probed is None
    )
    assert (
        signalled("What was signed?", "The pact was signed by both.", found, 0.7, opinion, "another model").probed
        is None
    )


def test_a_draft_with_what_no_quote_holds_leaves_its_nearest_sentence_to_be_weighed() -> None:
    told = "The agency recorded a magnitude of 7.0 off Samos."
    read = evidence(told)
    done = drafted(
        "What magnitude was recorded off Samos in 2020?",
        read,
        read,
        FakeModel(["The agency recorded a magnitude of 7.0 off Samos in 2020."]),
        max_tokens=99,
        near=(),
    )
    assert [(candidate.text, candidate.reason) for candidate in done.weighed] == [
        ("The agency recorded a magnitude of 7.0 off Samos in 2020.", "not in its quotes: 2020"),
        (told, None),
    ]


def test_a_sentence_leaves_out_the_year_that_only_the_question_and_the_articles_date_give() -> None:
    told = "Second place went to Ababel Yeshaneh of Ethiopia with a time of 2:20:51."
    (item,) = evidence(told)
    dated, older = (
        replace(item, passage=replace(item.passage, metadata=Metadata(date=date)))
        for date in ("2019-10-15", "2018-10-15")
    )
    question, claim = "Who took second place in 2019?", "In 2019, second place went to Ababel Yeshaneh of Ethiopia."
    kept, turned_down = (checked(question, claim, (found,)) for found in (dated, older))
    assert (kept.text, kept.reason) == ("Second place went to Ababel Yeshaneh of Ethiopia.", None)
    assert (turned_down.text, turned_down.reason) == (claim, "not in its quotes: 2019")
