"""One story printed twice is one source; two stories about one thing are two."""

from __future__ import annotations

import hashlib

import pytest

from index.records import Article, Metadata, Region
from qa.copies import copies, notes, shared, story

WIRE = (
    "India and Russia set a goal of $100 billion in trade by 2030, their leaders said on Friday.",
    "The goal was named after talks in New Delhi that lasted for three hours.",
    "Oil made up most of what India bought from Russia over the past year.",
    "A plan for labour mobility was signed by two ministers, who gave no figures.",
    "The visit was the first in four years, and the next one is planned for Moscow.",
)
OWN = (
    "In New Delhi the leaders of both countries spoke of trade for three hours.",
    "They want it to reach $100 billion by the end of the decade, mostly without oil.",
    "Labour mobility was the subject of a plan that ministers put their names to.",
    "Nobody would say how many workers may travel under it, or from when on.",
    "Four years have passed since a Russian president last came to India.",
)


def article(source: str, *sentences: str, date: str | None = None, head: str = "") -> Article:
    text = head + " ".join(sentences)
    region = Region(len(head), len(text), "body")
    return Article(source, text, "utf-8", Metadata(date=date), (region,), (), (), hashlib.sha256(text.encode()).hexdigest())


def test_an_edited_story_is_a_copy_and_another_one_is_not() -> None:
    edited = (WIRE[4].replace("is planned for", "will be in"), WIRE[0].replace("Friday", "Saturday"), WIRE[2], WIRE[3])
    articles = [article("own", *OWN), article("edited", *edited, head="By A. Reporter\n\n"), article("wire", *WIRE)]
    assert copies(articles) == {"wire": "edited"}


@pytest.mark.parametrize(
    ("dates", "copied"),
    [
        ((None, None, None), {"b": "a", "c": "a"}),
        ((None, None, "2025"), {"a": "c", "b": "c"}),
        (("2025-12", "2025-12-10", "2025"), {"a": "b", "c": "b"}),  # what is dated only roughly does not come first
        (("2025-12-10", "2025-12-10", None), {"b": "a", "c": "a"}),
        (("2025", "2024-06", "2025-01-05"), {"a": "b", "c": "b"}),
    ],
)
def test_the_original_is_the_earliest_else_the_first_by_name(dates: tuple[str | None, ...], copied: dict[str, str]) -> None:
    articles = [article(source, *WIRE, date=date) for source, date in zip("abc", dates, strict=True)]
    assert copies(articles) == copied
    assert copies(articles[::-1]) == copied


def test_half_a_story_and_one_with_more_around_it_are_copies() -> None:
    articles = [article("0", *WIRE), article("1", *WIRE[:3]), article("2", *OWN[:2], *WIRE)]
    assert copies(articles) == {"1": "0", "2": "0"}


def test_a_round_up_joins_no_two_stories() -> None:
    articles = [article("a", *WIRE), article("b", *OWN), article("c", *WIRE, *OWN)]
    assert copies(articles) == {"c": "a"}


def test_half_in_common_is_not_enough() -> None:
    one, other = article("a", *WIRE[:2], *OWN[:3]), article("b", *WIRE[:2], *OWN[3:])
    assert round(shared(story(one), story(other)), 2) == 0.55
    assert copies([one, other]) == {}


def test_very_short_texts_are_copies_only_where_nothing_differs() -> None:
    brief = "Trade rose by a tenth over the year. Oil fell."
    assert copies([article("a", brief), article("b", brief)]) == {"b": "a"}
    assert copies([article("a", brief), article("b", brief.replace("Oil", "Coal"))]) == {}
    assert copies([article("a", "Anna Lind is the ambassador to Norway."), article("b", "Bob Day is the ambassador to Norway.")]) == {}


def test_typesetting_and_hidden_characters_make_no_other_story() -> None:
    typeset = " ".join(WIRE).replace("India", "In\u00addia").replace(" ", "\u00a0", 9).replace("leaders", "\x1b[1mLEADERS\x1b[0m\u200b")
    assert copies([article("a", *WIRE), article("b", typeset)]) == {"b": "a"}


@pytest.mark.parametrize("texts", [(), ("",), ("", ""), ("...", "..."), ("", " ".join(WIRE))])
def test_articles_without_words_are_no_copies(texts: tuple[str, ...]) -> None:
    assert copies([article(str(number), text) for number, text in enumerate(texts)]) == {}


def test_a_note_for_each_copy() -> None:
    assert notes({"c.txt": "a.txt", "b.txt": "a.txt"}) == ("source b.txt is a copy of a.txt", "source c.txt is a copy of a.txt")
    assert notes({}) == ()
