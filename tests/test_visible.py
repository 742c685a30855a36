"""What shows nothing is left out of what is matched; what shows something stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Metadata, Passage, Sentence
from index.visible import visible
from qa.answering.checks.attribute import attribute
from qa.answering.checks.facts import facts
from qa.answering.evidence import Evidence
from qa.render.harmless import one_line


@pytest.mark.parametrize(
    "hidden",
    [
        "\x1b[31m5 million\x1b[0m",
        "\x1b[01;31m\x1b[K5\x1b[m\x1b[K million",
        "\x9b31m5 million\x9b0m",
        "\x9bm5 million",
        "\x1b]0;a title\x075 million",
        "\x1b]8;;http://example.org\x1b\\5 million\x1b]8;;\x1b\\",
        "\x9d0;a title\x9c5 million",
        "\x1bP1$r0m\x1b\\5 million",
        "\x1b(B\x1b[m5 million",
        "\x1bc5 million",
        "5\u200b \u2060mil\u200dlion",
        "5 mil\u00adlion",
        "5 mil\u00ad\r\n  lion",
        "\u202e5 million\u202c",
        "\ufeff5 million",
        "5 mil\u3164lion\ufe0f",
        "5 million\U000e0069\U000e0067\U000e006e",
        "\x005 \x08million\x7f",
        "5\u2065 mil\ufff0lion\U000e0fff",  # unassigned, and for ever invisible
        "5\ue123 mil\uf8fflion\U0010fffd",  # for private use
        "5\U00016fe4 mil\U0001d159lion\U0001bca0",  # fillers and overlaps of rare scripts
    ],
)
def test_a_figure_is_found_behind_what_is_hidden(hidden: str) -> None:
    assert visible(hidden) == "5 million"
    assert facts(hidden).numbers == facts("5 million").numbers != frozenset()


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", ""),
        ("two\nlines\tand\u00a0spaces\u2028more", "two\nlines\tand\u00a0spaces\u2028more"),
        ("naïve “भारत” 日本 [31m] É", "naïve “भारत” 日本 [31m] É"),
        ("cost\x1b[10C5", "cost 5"),  # where a terminal goes on further to the right, there is a gap
        ("a\x1b[2;1Hb", "a b"),
        ("\x1b]0;no end, so all is read", "0;no end, so all is read"),
        ("\x1b]0;no end\non this line\x07", "0;no end\non this line"),
        # guillemets and quotation marks of a file read in the wrong encoding
        ("\x9bHello\x9b, \x93quoted\x94", "Hello, quoted"),
        ("\x1bDelhi, \x1bcoal\x1b. India \x1bPutin", "Delhi, coal. India Putin"),
        ("\ud800\ue000", ""),
    ],
)
def test_what_shows_something_stays(text: str, seen: str) -> None:
    assert visible(text) == seen


@pytest.mark.parametrize("part", ["\x1b]", "\x9d0;", "\x9b1", "\x1b[", "\u00ad ", "\x1b]0;a\x07", "5 million \u200b"])
def test_long_hostile_text_costs_no_more_than_its_length(part: str) -> None:
    began = time.process_time()
    visible(part * 100_000)
    assert time.process_time() - began < 5  # a step that looked over the whole each time would take minutes


@given(st.text())
def test_nothing_invisible_is_left_and_nothing_is_left_to_hide(text: str) -> None:
    seen = visible(text)
    assert all(letter.isprintable() or letter.isspace() for letter in seen)
    assert visible(seen) == seen
    assert one_line(seen) == " ".join(seen.split())


def test_a_quote_carries_what_it_hides_a_figure_in_and_stays_verbatim() -> None:
    text = "Coal exports to In\u00addia rose to \x1b[31m5 million\x1b[0m tonnes\u200b."
    sentence = Sentence(0, len(text), text)
    found = attribute(
        "Coal exports to India rose to 5 million tonnes.",
        [Evidence(sentence, Passage(1, "a", 0, len(text), text, None, (sentence,), Metadata()), 0.9)],
    )
    assert (found.reason, found.support, [quote.sentence.text for quote in found.quotes]) == (None, 1.0, [text])
    assert one_line(text) == "Coal exports to India rose to ‹U+001B›[31m5 million‹U+001B›[0m tonnes‹U+200B›."
