"""What a question takes for granted, and the sentence that denies it; silence where nothing does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.records import Hit, Metadata, Passage, Sentence
from qa.answering.evidence import Evidence
from qa.answering.premise import contradicted, unmentioned


def evidence(*sentences: str, title: str | None = None) -> list[Evidence]:
    """One passage; the first sentence is the nearest."""
    text = " ".join(sentences)
    found = [Sentence(text.index(sentence), text.index(sentence) + len(sentence), sentence) for sentence in sentences]
    passage = Passage(1, "a.txt", 0, len(text), text, None, tuple(found), Metadata(title=title))
    return [Evidence(sentence, passage, 1.0 - place / 100) for place, sentence in enumerate(found)]


DEALS = "However, formal deals on jets (like the S-500 missiles or the Su-57) were conspicuously absent."
TRADE = "Trade between India and Russia has risen to almost $70 billion."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When did India buy the Su-57?", DEALS),
        ("How many Su-57 did India order?", DEALS),
        ("When was the S-500 deal signed?", "Despite much talk of the S-500, no deal was signed."),
        ("Why did trade between India and Russia fall?", TRADE),
        ("Why did Norway cancel the visit?", "Norway has not cancelled the visit."),
        ("Why did Norway plead guilty?", "Norway, the accused, pleaded not guilty to seven counts."),
        ("Where did France lose the war?", "France won the war in the end."),
    ],
)
def test_a_denied_premise_is_found(question: str, sentence: str) -> None:
    items = evidence("India hosted the summit.", sentence, title="India, Norway and France")
    assert contradicted(question, items) is items[1]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When did India buy the Su-57?", "India bought the Su-57 in 2025."),
        ("When did India buy the Su-57?", "The Su-57 was not shown at the fair."),  # denies something else
        ("When did India buy the Su-57?", "No deal on the S-500 was signed."),  # of another thing
        ("How fast does the Su-57 fly over India?", DEALS),
        ("Why did trade between India and Russia rise?", TRADE),
        ("Why did tourism between India and Russia fall?", TRADE),
        ("Why did India not buy the Su-57?", DEALS),  # the question itself denies it
        ("Did India buy the Su-57?", DEALS),  # an answer, not a premise
        ("When was it bought?", "It was not bought."),  # nothing is named
        ("When did China buy the Su-57?", DEALS),
    ],
)
def test_where_nothing_denies_it_there_is_silence(question: str, sentence: str) -> None:
    assert contradicted(question, evidence("India hosted the summit.", sentence, title="India and Russia")) is None


def test_only_what_is_near_the_question_is_looked_at() -> None:
    nearer = evidence(*(f"India has state number {number}." for number in range(12)))
    (far,) = evidence(DEALS, title="India")
    assert contradicted("When did India buy the Su-57?", [*nearer[:-1], replace(far, score=0.5)]) is not None
    assert contradicted("When did India buy the Su-57?", [*nearer, replace(far, score=0.5)]) is None


def test_no_evidence() -> None:
    assert contradicted("When did India buy the Su-57?", []) is None


VISIT = Passage(
    1,
    "a.txt",
    0,
    40,
    "Putin went to Delhi with S-400 missiles.",
    "The Kremlin",
    (),
    Metadata(title="A visit to India", author="Diya Menon", publisher="BBC"),
)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Zelensky say about the visit of Putin?", ("Zelensky",)),
        ("Did the Chinese or the German chancellor come?", ("Chinese", "German")),
        # the byline, the title and the heading count
        ("What does Diya Menon of the BBC say about India and the Kremlin?", ()),
        ("What did Poutin say in Dehli?", ()),  # slips
        ("Was an Indian there?", ()),  # a country and its adjective
        ("How many S-400 and S-500 came?", ("S-500",)),
        ("What Did Zelensky Say?", ()),
        ("WHAT DID ZELENSKY SAY?", ()),
        ("who is zelensky?", ()),
        ("Zelensky said what?", ()),  # a first word has a capital anyway
    ],
)
def test_names_that_nothing_found_mentions(question: str, names: tuple[str, ...]) -> None:
    assert unmentioned(question, [Hit(VISIT, 1.0, 1.0, 1.0)]) == names
