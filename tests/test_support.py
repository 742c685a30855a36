from __future__ import annotations

import math
import tomllib
from dataclasses import fields

import pytest

from bench.claims import few
from qa.answering.checks.logistic import log_odds
from qa.answering.checks.support import COEFFICIENTS, Agreement, agreement, similarity, supported
from tests.fakes import FakeEmbedder

QUOTE = "India and Russia signed a trade deal worth $100 billion in December 2025."
CLAIM = "India and Russia agreed trade."
TABLE = tomllib.loads(COEFFICIENTS.read_text(encoding="utf-8"))


def test_every_coefficient_is_that_of_a_feature() -> None:
    assert set(TABLE) == {"words"}
    assert set(TABLE["words"]) == {"intercept", *(field.name for field in fields(Agreement))}


def test_what_speaks_for_a_claim_never_weighs_against_it() -> None:
    assert {name for name, weight in TABLE["words"].items() if weight < 0} == {"intercept", "figures", "names"}


def test_a_paraphrase_is_believed_and_a_claim_about_something_else_is_not() -> None:
    paraphrase = "In December 2025 India and Russia signed a $100 billion trade deal."
    assert supported(paraphrase, [QUOTE], similarity=0.95) > 0.6
    assert supported("Brazil launched its first satellite in 2019.", [QUOTE], similarity=0.2) < 0.2


def test_a_claim_that_is_a_quote_is_certain_and_one_without_quotes_is_nothing() -> None:
    assert supported(QUOTE, ["Another sentence.", QUOTE], similarity=0.0) == 1.0
    assert supported(QUOTE.rstrip("."), [QUOTE], similarity=0.0) == 1.0
    assert supported(QUOTE, [], similarity=1.0) == 0.0


def test_part_of_a_quote_is_not_yet_certain() -> None:
    assert supported("The deal was signed.", ["It is false that the deal was signed."], similarity=1.0) < 1.0


@pytest.mark.parametrize("similarity", [-1.0, 0.0, 1.0])
def test_it_is_a_probability(similarity: float) -> None:
    assert 0.0 < supported("Brazil bought 12 jets from France.", [QUOTE], similarity=similarity) < 1.0


def test_it_rises_with_what_the_quotes_mean() -> None:
    near = [supported(CLAIM, [QUOTE], similarity=value) for value in (0.1, 0.5, 0.9)]
    assert near[0] < near[1] < near[2]


def test_a_wrong_figure_or_name_costs_support() -> None:
    right = supported("India and Russia signed a deal worth $100 billion.", [QUOTE], similarity=0.8)
    assert supported("India and Russia signed a deal worth $300 billion.", [QUOTE], similarity=0.8) < right
    assert supported("India and Brazil signed a deal worth $100 billion.", [QUOTE], similarity=0.8) < right


@pytest.mark.parametrize("more", ["", "Nothing of the kind.", "Brazil bought 12 jets.", QUOTE])
def test_one_more_quote_takes_nothing_away(more: str) -> None:
    claim = "India and Brazil signed a deal on 12 jets."
    assert supported(claim, [QUOTE, more], similarity=0.5) >= supported(claim, [QUOTE], similarity=0.5)


@pytest.mark.parametrize(
    ("claim", "quotes", "expected"),
    [
        # india, russia, sign: all in the first quote; india-russia and russia-sign are neighbours there
        (
            "India and Russia signed.",
            [QUOTE, "Nothing else."],
            Agreement(held=1.0, pairs=1.0, figures=0.0, names=0.0, similarity=0.5),
        ),
        # the best single quote holds three of five; the pair russia-sign stands in the first, none of the rest does
        (
            "Russia signed, Modi hosted Putin.",
            ["Russia signed.", "Modi met Putin and hosted him."],
            Agreement(held=0.6, pairs=0.25, figures=0.0, names=0.0, similarity=0.5),
        ),
        # brazil, jet, and the number twelve: nothing but the number is held, in letters
        (
            "Brazil bought 12 jets.",
            ["Twelve came."],
            Agreement(held=0.25, pairs=0.0, figures=0.0, names=math.log(2), similarity=0.5),
        ),
        # a number and a month that stand nowhere
        (
            "It ended 5 March.",
            ["It ended."],
            Agreement(held=1 / 3, pairs=0.0, figures=math.log(3), names=0.0, similarity=0.5),
        ),
    ],
)
def test_features(claim: str, quotes: list[str], expected: Agreement) -> None:
    found = agreement(claim, quotes, similarity=0.5)
    for field in fields(Agreement):
        assert getattr(found, field.name) == pytest.approx(getattr(expected, field.name)), field.name


@pytest.mark.parametrize(
    ("probability", "expected"), [(0.5, 0.0), (0.0, math.log(1 / 99)), (1.0, math.log(99)), (0.75, math.log(3))]
)
def test_log_odds_are_bounded(probability: float, expected: float) -> None:
    assert log_odds(probability) == pytest.approx(expected)


def test_similarity_is_the_share_of_the_claim_in_the_space_of_its_quotes() -> None:
    embedder = FakeEmbedder()
    assert similarity("russia signed", ["russia signed"], embedder) == pytest.approx(1.0)
    # "russia signed" is (1, 1) / sqrt 2: at 45 degrees to each word, in the plane of both
    assert similarity("russia signed", ["russia"], embedder) == pytest.approx(math.sqrt(0.5), abs=1e-6)
    assert similarity("russia signed", ["russia", "signed"], embedder) == pytest.approx(1.0, abs=1e-6)
    assert similarity("russia signed", ["delhi"], embedder) == pytest.approx(0.0, abs=1e-6)
    assert similarity("russia", [], embedder) == 0.0


def test_neither_a_copy_nor_another_quote_changes_what_is_held() -> None:
    embedder = FakeEmbedder()
    once = similarity("russia signed", ["russia came"], embedder)
    assert once == pytest.approx(0.5, abs=1e-6)
    assert similarity("russia signed", ["russia came", "russia came"], embedder) == pytest.approx(once, abs=1e-6)
    assert similarity("russia signed", ["russia came", "delhi"], embedder) == pytest.approx(once, abs=1e-6)


def test_few_takes_the_sentence_that_holds_most_and_what_it_lacks() -> None:
    among = [
        "Nothing here.",
        "Putin came to Delhi with ministers and many others.",
        "Putin came to Delhi.",
        "A deal was signed.",
        "Delhi was cold.",
    ]
    assert few("Putin came to Delhi and signed a deal.", among) == ("Putin came to Delhi.", "A deal was signed.")
    assert few("Putin came.", []) == ()


def test_few_takes_no_more_than_four() -> None:
    assert len(few("alpha beta gamma delta epsilon", ["alpha", "beta", "gamma", "delta", "epsilon"])) == 4
