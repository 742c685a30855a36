from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering.ground import Span, ground, places
from qa.answering.pieces import pieces
from tests.test_linear import ONE_LINE, grows_with


def found(phrase: str, text: str) -> str | None:
    span = ground(phrase, text)
    return None if span is None else text[span.start : span.end]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("four", "There were 4 men", "4"),
        ("4", "There were four men", "four"),
        ("twenty-five", "25 men", "25"),
        ("two and a half million", "some 2.5 million", "2.5 million"),
        ("1,200", "some 1200 men", "1200"),
        ("1200", "some 1,200 men", "1,200"),
        ("One", "only 1 of", "1"),
        ("$68.7 billion", "it was 68.7 billion dollars", "68.7 billion dollars"),
        ("68.7 billion dollars", "it cost US$ 68.7bn.", "US$ 68.7bn"),
        ("$5", "it cost €5", None),
        ("5", "it cost 5 million", None),
        ("68.7", "it cost $68.7 billion", None),
        ("68.7 billion", "it cost $68.7 billion", "$68.7 billion"),
        ("two", "two-thirds of it", None),
        ("two", "the second of it", None),
        ("5 per cent", "5% of it", "5%"),
        ("5%", "rose 5 per cent to", "5 per cent"),
        ("5 May 2024", "On May 5, 2024, he", "May 5, 2024"),
        ("2024-05-05", "On May 5, 2024, he", "May 5, 2024"),
        ("5 May 2024", "On 5 May he", "5 May"),
        ("5 May 2024", "On 5 May 2023 he", None),
        ("5 May", "On May 5, 2023 he", "May 5"),
        ("May 2024", "on May 5, 2024", "May 5, 2024"),
        ("6 May 2024", "on May 5, 2024", None),
        ("8 a.m.", "at 8am on", "8am"),
        ("8am", "at 8 a.m. on", "8 a.m."),
        ("120 km", "120 kilometres off", "120 kilometres"),
        ("120 km", "120 miles off", None),
    ],
)
def test_values(phrase: str, text: str, expected: str | None) -> None:
    assert found(phrase, text) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("the Moon", "The moon rose", "moon"),
        ("Vladimir Putin", "Putin, Vladimir", "Putin, Vladimir"),
        ("Vladimir Putin", "Mr Putin came. President Putin’s man", "Putin"),
        ("Vladimir Putin", "Lyudmila Putin came", None),
        ("Vladimir Putin", "Putin came, Vladimir Putin", "Vladimir Putin"),
        ("Liberation Day", "Day after day", None),
        ("South Korea", "in Korea", None),
        ("Putin", "Vladimir Putin’s plane", "Putin"),
        ("Wendy's", "In a call, Wendy’s CEO said", "Wendy’s"),
        ("Dunkin'", "boozy Dunkin’ drinks", "Dunkin’"),
        ("Wendy's", "Wendy said so", "Wendy"),
        ("Logistics Support (RELOS)", "the Logistics Support (RELOS), a pact", "Logistics Support (RELOS)"),
        ("Logistics Support (RELOS", "the Logistics Support (RELOS), a pact", "Logistics Support (RELOS)"),
        ("RELOS", "the Logistics Support (RELOS), a pact", "RELOS"),
        ("Indian", "India is", "India"),
        ("U.S.", "in the United States of", "United States"),
        ("the United States", "in the U.S. it", "U.S."),
        ("naïve", "so nai\u0308ve a man", "nai\u0308ve"),
        ("cooperate", "to co‑operate with", "co‑operate"),
        ("'Christmas Weed'", "the “Christmas Weed”.", "Christmas Weed"),
        ("trade talks", "the talks on trade", "talks on trade"),
        ("signing a deal", "the signed deal", "signed deal"),
        ("Birmingham", "Birmingham", "Birmingham"),
        ("ham", "Birmingham", None),
        ("tall tree", "so tall. Tree houses", None),
        ("St. Louis", "in St. Louis, they", "St. Louis"),
        ("Louis", "in Saint-Louis", "Louis"),
        ("main", "mainly there", None),
        ("", "text", None),
        ("…", "text…", None),
        ("text", "", None),
    ],
)
def test_words(phrase: str, text: str, expected: str | None) -> None:
    assert found(phrase, text) == expected


def test_every_place_the_exact_ones_first() -> None:
    text = "The 4 men met; four came back, and Four more."
    assert [text[span.start : span.end] for span in places("four", text)] == ["four", "Four", "4"]
    assert ground("four", text) == Span(15, 19)


@settings(deadline=None)  # the first call loads the stemmer
@given(st.text(max_size=60), st.text(max_size=200))
def test_a_place_lies_in_the_text(phrase: str, text: str) -> None:
    spans = places(phrase, text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert ground(phrase, text) == (spans[0] if spans else None)


@settings(deadline=None)  # the first call loads the stemmer
@given(
    st.lists(
        st.sampled_from(
            "Putin met Modi in 2024 on 5 May for $10 million , . U.S. co-operate the’s naïve — ( ) %".split(" ")
        ),
        max_size=30,
    ).map(" ".join),
    st.data(),
)
def test_what_the_text_says_is_found(text: str, data: st.DataObject) -> None:
    read = pieces(text)
    assert all(text[piece.start : piece.end].strip() == text[piece.start : piece.end] for piece in read)
    if read:
        piece = data.draw(st.sampled_from(read))
        if not piece.figure:
            assert ground(text[piece.start : piece.end], text) is not None


@pytest.mark.parametrize("name", ["numbers", "figures", "dates", "words", "cjk", "initials"])
def test_time_grows_with_the_text(name: str) -> None:
    sign = ONE_LINE[name]

    def search(text: str) -> None:
        for phrase in ("5 May 2024", "Jane Doe", "$1,000.5 million and two thirds", (sign * 30)[:60]):
            places(phrase, text)

    assert grows_with(lambda size: sign * (size // len(sign)), search)
