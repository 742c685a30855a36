from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.stems import snowball
from qa.answering.checks.words import has_word, normalise, stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("India’s “great power”", 'India\'s "great power"'),
        ("4–5 December—at last", "4-5 December - at last"),
        ("6\u200b8.7\u00a0billion", "68.7 billion"),
        ("co\u00adoperation", "cooperation"),
        ("\x1b[31m5 million\x1b[0m", "5 million"),
        ("two\u2028lines\r\nand\ttabs", "two lines and tabs"),
        ("São Paulo, Erdoğan, naïve", "Sao Paulo, Erdogan, naive"),
        ("ﬁrst", "first"),
        ("CO₂ but 10² and 2½", "CO2 but 10 2 and 2 1⁄2"),
        ("U.S.-led, the U.K. and J.K. Rowling", "US-led, the UK and JK Rowling"),
        ("the United States of America and the united nations", "the US and the UN"),
        ("non-Western, anti-tumour, UN-backed, joint-venture", "nonWestern, antitumour, UN-backed, joint-venture"),
        ("", ""),
    ],
)
def test_two_typesettings_become_one(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organise", "organize"),
        ("organisations", "organizations"),
        ("analysed", "analyzed"),
        ("defence", "defense"),
        ("labour", "labor"),
        ("favourable", "favorable"),
        ("neighbouring", "neighboring"),
        ("behaviour", "behavior"),
        ("centre", "center"),
        ("centred", "centered"),
        ("theatres", "theaters"),
        ("catalogue", "catalog"),
        ("programmes", "programs"),
        ("signalling", "signaling"),
        ("travelled", "traveled"),
        ("sceptical", "skeptical"),
    ],
)
def test_british_spelling_counts_as_american(british: str, american: str) -> None:
    assert stem(british) == stem(american)


@pytest.mark.parametrize(
    ("one", "other"),
    [("four", "for"), ("tour", "tor"), ("entire", "entier"), ("police", "policy"), ("part", "party"), ("rise", "rize")],
)
def test_spelling_rules_leave_other_words_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)
    assert not has_word(stem(one), {stem(other)})


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("bought", "buy"),
        ("grown", "grow"),
        ("chinese", "china"),
        ("french", "france"),
        ("s-400", "s400"),
        ("promised", "promising"),
    ],
)
def test_forms_of_one_word(form: str, base: str) -> None:
    assert stem(form) == stem(base)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("indian", "india"),
        ("pakistani", "pakistan"),
        ("japanese", "japan"),
        ("italian", "italy"),
        ("german", "germany"),
        ("f-16s", "f-16"),
    ],
)
def test_a_country_and_its_adjective_are_one_word(one: str, other: str) -> None:
    assert has_word(stem(one), {stem(other)})
    assert has_word(stem(other), {stem(one)})


def test_words_of_a_sentence() -> None:
    assert words("The Modi’s visits didn’t please the U.S., it is said.") == ["modi", "visit", "pleas", "us"]
    assert words("It gives us IT services") == ["give", "it", "servic"]
    assert words("the S-400/S-500, joint-venture") == ["s400", "s500", "joint", "ventur"]


@pytest.mark.parametrize(
    "text", ["Что сказал Путин?", "普京说了什么？", "ماذا قال بوتين؟", "पुतिन ने क्या कहा?", "\ud800", "🇮🇳", "\U000e0041"]
)
def test_other_alphabets_do_not_crash(text: str) -> None:
    assert words(text) == words(text + " ")


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns after every few steps."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty")
def test_threads_that_stem_at_once_get_what_each_gets_alone() -> None:
    """A stemmer that they shared gave "string index out of range" here, and other stems."""
    forms = [f"{letter}{root}{ending}" for letter in "bdfgklmp" for root in ("organ", "establ", "govern") for ending in
             ("ization", "ationally", "ishments", "fulness", "ability", "ements", "atively", "ers", "ing", "ously")]  # fmt: skip
    alone = [snowball(form, "english") for form in forms]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: [snowball(form, "english") for form in forms], range(8)))
    assert together == [alone] * 8


@given(st.text())
def test_normalising_twice_changes_no_words(text: str) -> None:
    once = normalise(text)
    assert words(once) == words(text)
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Co") for letter in once)
    assert once == " ".join(once.split())
