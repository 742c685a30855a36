from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LibraryError
from index.records import Article, Metadata, Region
from qa.compose import REFUSAL, Difference, Supported, Verdict, compose
from qa.records import Answer, Citation, Claim, Conflict, Provenance, Quote, Rejected, Value

TEXTS = {"a.txt": "Trade is $68bn. The target is $100bn.", "b.txt": "Der Handel wächst. The target is $30bn."}
PROVENANCE = Provenance("0.1", "l", "e", "m", "s")
A = Quote("a.txt", 0, 15, "Trade is $68bn.")
B = Quote("a.txt", 16, 37, "The target is $100bn.")
C = Quote("b.txt", 19, 39, "The target is $30bn.")


def read(source: str) -> Article:
    text = TEXTS[source]
    metadata = Metadata(title="Trade", author="Diya Menon", date="2025-12") if source == "a.txt" else Metadata()
    pages = (0, 16) if source == "a.txt" else ()
    return Article(source, text, "utf-8", metadata, (Region(0, len(text), "body"),), (), pages, hashlib.sha256(text.encode()).hexdigest())


def composed(verdict: Verdict, reader: Callable[[str], Article] = read) -> Answer:
    return compose("Q?", verdict, reader, provenance=PROVENANCE, timings_ms={"total": 1.0})


def test_quotes_are_numbered_in_order_of_appearance() -> None:
    result = composed(
        Verdict(
            "conflicting",
            (Supported("Target first.", (B, A), 0.87654), Supported("Again.", (A, C), 1.0)),
            differences=(Difference("the target", (("$100bn", (B,)), ("$30bn", (C,)))),),
            rejected=(Rejected("No.", "why"),),
            nearest=(C, A),
            confidence=0.123456,
            notes=("first",),
        )
    )
    known = ("Trade", "Diya Menon", "2025-12", None, None)
    unknown = (None, None, None, None, None)
    assert result == Answer(
        question="Q?",
        status="conflicting",
        answer="Target first. [1][2] Again. [2][3]",
        sentences=(Claim("Target first.", (1, 2), 0.8765), Claim("Again.", (2, 3), 1.0)),
        citations=(
            Citation(1, "a.txt", *known, 2, 16, 37, "The target is $100bn.", "2"),
            Citation(2, "a.txt", *known, 1, 0, 15, "Trade is $68bn.", "1"),
            Citation(3, "b.txt", *unknown, None, 19, 39, "The target is $30bn.", called="“Der Handel wächst. The target is $30bn”"),
        ),
        conflicts=(Conflict("the target", (Value("$100bn", (1,)), Value("$30bn", (3,)))),),
        rejected=(Rejected("No.", "why"),),
        nearest=(
            Citation(1, "b.txt", *unknown, None, 19, 39, "The target is $30bn.", called="“Der Handel wächst. The target is $30bn”"),
            Citation(2, "a.txt", *known, 1, 0, 15, "Trade is $68bn.", "1"),
        ),
        confidence=0.1235,
        notes=("first", "source b.txt carries no date"),
        provenance=PROVENANCE,
        timings_ms={"total": 1.0},
    )


def test_a_sentence_that_several_articles_say_is_noted_to_be() -> None:
    target = Supported("The target is $30bn.", (C, Quote("a.txt", 16, 37, "The target is $100bn.")), 1.0)
    both = Supported("There is a target.", (B, C), 1.0)
    assert composed(Verdict("answered", (both,))).notes == ("2 articles say this", "source b.txt carries no date")
    assert composed(Verdict("answered", (target,))).notes == ("source b.txt carries no date",)
    assert composed(Verdict("answered", (both, both))).notes == ("source b.txt carries no date",)


def test_a_refusal_is_one_plain_sentence() -> None:
    result = composed(Verdict("unanswered", (), nearest=(C,)))
    assert (result.answer, result.sentences, result.citations, result.notes) == (REFUSAL, (), (), ())


def test_a_refusal_may_quote_what_contradicts_the_question() -> None:
    assert composed(Verdict("unanswered", (Supported("No deal was signed.", (A,), 1.0),))).answer == f"{REFUSAL} No deal was signed. [1]"


@pytest.mark.parametrize("quote", [Quote("a.txt", 0, 15, "Trade is $69bn."), Quote("a.txt", 1, 16, "Trade is $68bn."), Quote("a.txt", 30, 99, "$100bn. And")])
def test_a_quote_that_is_not_in_its_article_is_never_shown(quote: Quote) -> None:
    for verdict in (Verdict("answered", (Supported("So.", (quote,), 1.0),)), Verdict("unanswered", (), nearest=(quote,))):
        with pytest.raises(LibraryError) as caught:
            composed(verdict)
        assert caught.value.hint == "qa index --rebuild"
        assert caught.value.message == f"“a.txt” does not hold the quoted words at {quote.start}-{quote.end}"


QUOTES = st.lists(st.sampled_from([A, B, C]), min_size=1, max_size=3, unique=True)


@given(st.lists(QUOTES, min_size=1, max_size=5))
def test_markers_are_the_citations_numbers_in_order(groups: Sequence[Sequence[Quote]]) -> None:
    result = composed(Verdict("answered", tuple(Supported("Claim.", tuple(group), 1.0) for group in groups)))
    markers = [int(number) for number in re.findall(r"\[(\d+)\]", result.answer)]
    assert markers == [number for claim in result.sentences for number in claim.citations]
    assert list(dict.fromkeys(markers)) == [citation.number for citation in result.citations] == list(range(1, len(result.citations) + 1))
    assert [[result.citations[number - 1].quote for number in claim.citations] for claim in result.sentences] == [[q.text for q in group] for group in groups]
