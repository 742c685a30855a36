from __future__ import annotations

import pytest

from qa.answering.checks.denials import denials
from qa.answering.checks.facts import Facts, facts
from qa.answering.checks.tokens import tokens


def test_a_sentence_comes_apart() -> None:
    read = facts("Putin’s December 4–5 visit wasn’t modest: Russia’s S-400 cost $5bn.")
    assert read.stems == ("putin", "visit", "modest", "russia", "s400", "cost")
    assert read.names == {"putin", "russia", "s400"}
    assert {str(number) for number in read.numbers} == {"4", "5", "5,000,000,000 usd"}
    assert read.months == {12}
    assert read.negated


def test_an_empty_text_holds_nothing() -> None:
    assert facts("") == Facts((), frozenset(), frozenset(), frozenset(), False)
    assert facts("It was, of course, the …") == Facts(("cours",), frozenset(), frozenset(), frozenset(), False)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the US law", {"us"}),
        ("the U.S. law", {"us"}),
        ("the United States", {"us"}),
        ("it told us", set()),
        ("IT and WHO", {"it", "who"}),
    ],
)
def test_the_us_is_a_name_and_us_is_not(text: str, names: set[str]) -> None:
    assert facts(text).names == names


@pytest.mark.parametrize(
    "text",
    [
        "No formal deal was signed.",
        "India did not buy it.",
        "India didn’t buy it.",
        "India avoided buying it.",
        "India refused to buy it.",
        "Deals were conspicuously absent.",
        "It went without a deal.",
        "Neither nation is isolated.",
        "Not only did India not buy it",
    ],
)
def test_negated(text: str) -> None:
    assert facts(text).negated


@pytest.mark.parametrize(
    "text",
    [
        "A deal was signed.",
        "It seeks not just to sustain.",
        "Not only India came.",
        "It came from No. 10.",
        "No doubt India came.",
        "It did not fail to sign.",
    ],
)
def test_not_negated(text: str) -> None:
    assert not facts(text).negated


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("No formal deal was signed, but jets were sold.", [{"formal", "deal", "sign"}]),
        ("As talk went on, no deal was signed and which jets, who knows.", [{"deal", "sign", "jet"}]),
        ("New Delhi avoided announcing deals.", [{"avoid", "announc", "deal"}]),
        ("Deals on jets were absent.", [{"deal", "jet"}]),
        ("Rather than tilting toward China, it grows.", [{"tilt", "china"}]),
        ("It did not fail to sign.", []),
        ("Neither signed nor sold.", [{"sign"}, {"sel"}]),
        ("A deal was signed.", []),
    ],
)
def test_how_far_a_negation_reaches(text: str, scopes: list[set[str]]) -> None:
    assert [set(scope) for scope in denials(tokens(text)).scopes] == scopes
