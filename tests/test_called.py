"""What an article without a title is called by: its first words."""

from __future__ import annotations

import pytest

from index.called import called, opening, shortened
from index.records import Article, Metadata, Region


def article(text: str, *regions: Region, title: str | None = None) -> Article:
    return Article("a.txt", text, "utf-8", Metadata(title=title), regions, (), (), "")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The river rises.", "The river rises"),
        ("  The\r\nriver \u2028 rises;", "The river rises"),
        ("“We met,” he said. It was a long meeting, and nobody knows more.", "‘We met,’ he said. It was a long…"),
        ("x" * 61, "x" * 60 + "…"),
        ("x" * 60, "x" * 60),
        ("", None),
        (" . ", None),
    ],
)
def test_an_article_begins_with_its_prose(text: str, first: str | None) -> None:
    head = Region(0, 8, "credit")
    whole = article("By N. N." + text, head, Region(8, 8 + len(text), "body"))
    assert opening(whole) == first
    assert called(whole) == ("a.txt" if first is None else f"“{first}”")


def test_without_prose_a_heading_will_do_and_page_furniture_will_not() -> None:
    assert called(article("Page 1\nThe summit", Region(7, 17, "heading"))) == "“The summit”"
    assert called(article("Page 1\n")) == "a.txt"


def test_a_title_is_a_name() -> None:
    titled = article("Text.", Region(0, 5, "body"), title="A title of some length")
    assert (called(titled), called(titled, 12), opening(titled)) == ("A title of some length", "A title of …", None)
    assert called(article("Text of some length.", Region(0, 20, "body")), 12) == "“Text of …”"


def test_words_are_cut_between_two_of_them() -> None:
    assert (shortened("one two three", 13), shortened("one two three", 12), shortened("one two", 4)) == (
        "one two three",
        "one two …",
        "one…",
    )
