from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LibraryError
from index.records import Article, Metadata
from qa.answering.compose import REFUSAL, Difference, Supported, Verdict, compose
from qa.records import Answer, Citation, Claim, Conflict, Phrase, Provenance, Quote, Rejected, Value
from tests.articles import made

TEXTS = {"a.txt": "Trade is $68bn. The target is $100bn.", "b.txt": "Der Handel wächst. The target is $30bn."}
UNDATED = "source “Der Handel wächst. The target is $30bn” carries no date"
PROVENANCE = Provenance("0.1", "l", "e", "m", "s")
A = Quote("a.txt", 0, 15, "Trade is $68bn.")
B = Quote("a.txt", 16, 37, "The target is $100bn.")
C = Quote("b.txt", 19, 39, "The target is $30bn.")


def read(source: str) -> Article:
    text = TEXTS[source]
    metadata = Metadata(title="Trade", author="Diya Menon", date="2025-12") if source == "a.txt" else Metadata()
    return made(source, text, metadata, page_starts=(0, 16) if source == "a.txt" else ())


def composed(verdict: Verdict, reader: Callable[[str], Article] = read) -> Answer:
    return compose("Q?", verdict, reader, provenance=PROVENANCE, timings_ms={"total": 1.0})


def test_quotes_are_numbered_in_order_of_appearance() -> None:
    result = composed(
        Verdict(
            "conflicting",
            (Supported("Target first.", (B, A), 0.87654), Supported("Again.", (A, C), 1.0)),
            differences=(Difference("the target", (Supported("$100bn", (B,)), Supported("$30bn", (C,)))),),
            rejected=(Rejected("No.", "why"),),
            nearest=(Supported("", (C,)), Supported("", (A,))),
            confidence=0.123456,
            notes=("first",),
        )
    )
    known = ("Trade", "Diya Menon", "2025-12", None, None)
    unknown = (None, None, None, None, None)
    of_b = ("b.txt", *unknown, None, 19, 39, "The target is $30bn.")
    called = "“Der Handel wächst. The target is $30bn”"
    assert result == Answer(
        question="Q?",
        status="conflicting",
        answer="Target first. [1][2] Again. [2][3]",
        sentences=(Claim("Target first.", (1, 2), 0.8765), Claim("Again.", (2, 3), 1.0)),
        citations=(
            Citation(1, "a.txt", *known, 2, 16, 37, "The target is $100bn.", "2"),
            Citation(2, "a.txt", *known, 1, 0, 15, "Trade is $68bn.", "1"),
            Citation(3, *of_b, called=called),
        ),
        conflicts=(Conflict("the target", (Value("$100bn", (1,)), Value("$30bn", (3,)))),),
        rejected=(Rejected("No.", "why"),),
        nearest=(
            Citation(1, *of_b, called=called),
            Citation(2, "a.txt", *known, 1, 0, 15, "Trade is $68bn.", "1"),
        ),
        confidence=0.1235,
        notes=("first",),  # that b.txt carries no date is told where the values are
        provenance=PROVENANCE,
        timings_ms={"total": 1.0},
    )


def test_a_phrase_is_numbered_by_the_quote_that_holds_it_and_marked_there() -> None:
    phrase = Quote("a.txt", 30, 36, "$100bn")
    result = composed(
        Verdict(
            "answered",
            (Supported("$100bn", (B, A), 1.0, phrase),),
            nearest=(Supported("", (C,), 1.0, Quote("b.txt", 33, 38, "$30bn")),),
        )
    )
    assert result.answer == "$100bn [1][2]"
    assert result.sentences == (Claim("$100bn", (1, 2), 1.0, Phrase("$100bn", 1, 30, 36)),)
    assert [citation.phrase for citation in result.citations] == [Phrase("$100bn", 1, 30, 36), None]
    assert [citation.phrase for citation in result.nearest] == [Phrase("$30bn", 1, 33, 38)]


@pytest.mark.parametrize(
    "phrase", [Quote("a.txt", 0, 5, "Trade"), Quote("a.txt", 31, 37, "$100bn"), Quote("a.txt", 36, 36, "")]
)
def test_a_phrase_that_its_quote_does_not_hold_is_never_shown(phrase: Quote) -> None:
    with pytest.raises(LibraryError):
        composed(Verdict("answered", (Supported("$100bn", (B,), 1.0, phrase),)))


def test_a_sentence_that_several_articles_say_is_noted_to_be() -> None:
    target = Supported("The target is $30bn.", (C, Quote("a.txt", 16, 37, "The target is $100bn.")), 1.0)
    both = Supported("There is a target.", (B, C), 1.0)
    assert composed(Verdict("answered", (both,))).notes == ("2 articles say this", UNDATED)
    assert composed(Verdict("answered", (target,))).notes == (UNDATED,)
    assert composed(Verdict("answered", (both, both))).notes == (UNDATED,)


def test_what_must_be_known_of_several_articles_is_one_note() -> None:
    texts = {name: f"{name} was opened this year, as Russia Today said." for name in ("One", "Two", "Three", "Four")}
    dates = {"One": "2025", "Two": "2025-12", "Three": None, "Four": None}
    titles = {
        "Two": "Bridge",
        "Three": "A title that is longer than anybody would care to read in the middle of a note",
    }

    def shelf(source: str) -> Article:
        metadata = Metadata(title=titles.get(source), date=dates[source])
        return made(source, texts[source], metadata)

    quotes = tuple(Quote(source, 0, len(text), text) for source, text in texts.items())
    assert composed(Verdict("answered", (Supported("So.", quotes), Supported("And so.", quotes[:1]))), shelf).notes == (
        "“this year” in “One was opened this year, as Russia Today…” and “Bridge” is 2025, by their dates",
        "“this year” in “A title that is longer than anybody would care to read in …” and “Four was opened this year, "
        "as Russia Today…” "
        "cannot be told without an exact date",
        "sources “A title that is longer than anybody would care to read in …” and “Four was opened this year, as "
        "Russia Today…” carry no date",
    )
    differing = Difference("the year", (Supported("One.", quotes[:1]), Supported("Three.", quotes[2:3])))
    assert composed(Verdict("conflicting", (Supported("So.", quotes),), differences=(differing,)), shelf).notes[2:] == (
        "source “Four was opened this year, as Russia Today…” carries no date",
    )


def test_a_refusal_is_one_plain_sentence() -> None:
    result = composed(Verdict("unanswered", (), nearest=(Supported("", (C,)),)))
    assert (result.answer, result.sentences, result.citations, result.notes) == (REFUSAL, (), (), ())


def test_a_refusal_may_quote_what_contradicts_the_question() -> None:
    assert (
        composed(Verdict("unanswered", (Supported("No deal was signed.", (A,), 1.0),))).answer
        == f"{REFUSAL} No deal was signed. [1]"
    )


@pytest.mark.parametrize(
    "quote",
    [
        Quote("a.txt", 0, 15, "Trade is $69bn."),
        Quote("a.txt", 1, 16, "Trade is $68bn."),
        Quote("a.txt", 30, 99, "$100bn. And"),
    ],
)
def test_a_quote_that_is_not_in_its_article_is_never_shown(quote: Quote) -> None:
    for verdict in (
        Verdict("answered", (Supported("So.", (quote,), 1.0),)),
        Verdict("unanswered", (), nearest=(Supported("", (quote,)),)),
    ):
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
    assert (
        list(dict.fromkeys(markers))
        == [citation.number for citation in result.citations]
        == list(range(1, len(result.citations) + 1))
    )
    assert [[result.citations[number - 1].quote for number in claim.citations] for claim in result.sentences] == [
        [q.text for q in group] for group in groups
    ]
