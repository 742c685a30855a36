"""One story printed twice is one source.

Two stories about one thing are two; and nothing that only one of them says is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.chunk import passages
from index.records import Article, Hit, Metadata, Passage, Region
from qa.answering.copies import Version, notes, origins, saying, shared, story, unrepeated, versions
from tests.articles import made

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
    return made(source, text, Metadata(date=date), regions=[Region(len(head), len(text), "body")])


def kinds(*articles: Article) -> list[tuple[str, str, str]]:
    return [(version.source, version.origin, version.kind) for version in versions(articles)]


def hits(*articles: Article) -> list[Hit]:
    made = [
        Passage(0, one.source, p.start, p.end, p.text, p.heading, p.sentences, one.metadata)
        for one in articles
        for p in passages(one)
    ]
    return [Hit(passage, 1.0, 1.0, 1.0) for passage in made]


def read(*articles: Article) -> list[str]:
    """The sources of the passages that are left, in the order of the articles."""
    return [hit.passage.source for hit in unrepeated(hits(*articles), versions(articles))]


def test_what_is_said_word_for_word_is_a_copy_and_another_story_is_none() -> None:
    printed = article("printed", WIRE[4], WIRE[0], WIRE[2], head="By A. Reporter\n\n")
    articles = [article("own", *OWN), printed, article("wire", *WIRE)]
    assert kinds(*articles) == [("printed", "wire", "copy")]
    assert read(*articles) == ["own", "wire"]


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
def test_the_original_is_the_earliest_else_the_first_by_name(
    dates: tuple[str | None, ...], copied: dict[str, str]
) -> None:
    articles = [article(source, *WIRE, date=date) for source, date in zip("abc", dates, strict=True)]
    assert origins(versions(articles)) == copied
    assert origins(versions(articles[::-1])) == copied


@pytest.mark.parametrize("date", [None, "2025-12-10"])
def test_of_two_of_one_day_the_original_is_the_one_that_says_more(date: str | None) -> None:
    articles = [article("a", *WIRE[:3], date=date), article("b", *WIRE, date=date), article("c", *WIRE[1:], date=date)]
    assert kinds(*articles) == [("c", "b", "copy"), ("a", "b", "copy")]
    assert read(*articles) == ["b"]


@pytest.mark.parametrize(
    "changed",
    [
        ("$100 billion", "$110 billion"),
        ("three hours", "four hours"),
        ("Friday", "Saturday"),
        ("Moscow", "Kazan"),
        ("was signed", "was not signed"),
        ("was the first", "was hardly the first"),
        ("$100", "€100"),
        ("bought from", "sold to"),
    ],
)
def test_one_word_that_changes_what_is_said_makes_another_version_and_both_are_read(changed: tuple[str, str]) -> None:
    wire, later = (
        article("wire", *WIRE, date="2025-12-10"),
        article("later", *(one.replace(*changed) for one in WIRE), date="2025-12-11"),
    )
    assert kinds(later, wire) == [("later", "wire", "revised")]
    assert read(later, wire) == ["later", "wire"]


def test_figures_that_change_places_make_another_version() -> None:
    told = "The terminal will cost 41.5 million euros and employ 230 people."
    swapped = "The terminal will cost 230 million euros and employ 41.5 people."
    assert kinds(article("a", *WIRE, told, date="2025"), article("b", *WIRE, swapped, date="2024")) == [
        ("a", "b", "revised")
    ]


def test_what_a_version_adds_is_read_and_its_passage_with_it() -> None:
    # of two passages
    long = [sentence.replace("India", land) for land in ("India", "Nepal", "Ghana") for sentence in WIRE]
    enlarged = article("b", *long, "Coal was not spoken of.")
    articles = [article("a", *long, date="2025-12-10"), enlarged]
    assert kinds(*articles) == [("b", "a", "enlarged")]
    left = unrepeated(hits(*articles), versions(articles))
    assert [(hit.passage.source, hit.passage.text.endswith("Coal was not spoken of.")) for hit in left] == [
        ("a", False),
        ("a", False),
        ("b", True),
    ]


def test_a_copy_is_read_where_its_original_was_not_found() -> None:
    articles = [article("a", *WIRE), article("b", *WIRE[:3])]
    assert [hit.passage.source for hit in unrepeated(hits(articles[1]), versions(articles))] == ["b"]


def test_two_that_add_to_one_story_and_differ_are_both_read() -> None:
    articles = [
        article("a", *WIRE, date="2024"),
        article("b", *WIRE, "Six people were hurt.", date="2025"),
        article("c", *WIRE, "Nine people were hurt."),
    ]
    assert kinds(*articles) == [("b", "a", "enlarged"), ("c", "a", "enlarged")]
    assert read(*articles) == ["a", "b", "c"]


def test_a_round_up_joins_no_two_stories() -> None:
    articles = [article("a", *WIRE, date="2024"), article("b", *OWN, date="2024"), article("c", *WIRE, *OWN)]
    assert origins(versions(articles)) == {"c": "a"}


def test_half_in_common_is_not_enough() -> None:
    one, other = article("a", *WIRE[:2], *OWN[:3]), article("b", *WIRE[:2], *OWN[3:])
    assert round(shared(story(one), story(other)), 2) == 0.55
    assert versions([one, other]) == ()


def test_very_short_texts_are_copies_only_where_nothing_differs() -> None:
    brief = "Trade rose by a tenth over the year. Oil fell."
    assert kinds(article("a", brief), article("b", brief)) == [("b", "a", "copy")]
    assert kinds(article("a", brief), article("b", brief.replace("Oil", "Coal"))) == []
    assert (
        kinds(
            article("a", "Anna Lind is the ambassador to Norway."), article("b", "Bob Day is the ambassador to Norway.")
        )
        == []
    )


def test_typesetting_and_hidden_characters_make_no_other_story() -> None:
    typeset = (
        " ".join(WIRE)
        .replace("India", "In\u00addia")
        .replace(" ", "\u00a0", 9)
        .replace("leaders", "\x1b[1mLEADERS\x1b[0m\u200b")
    )
    assert kinds(article("a", *WIRE), article("b", typeset)) == [("b", "a", "copy")]


@pytest.mark.parametrize("texts", [(), ("",), ("", ""), ("...", "..."), ("", " ".join(WIRE))])
def test_articles_without_words_are_no_copies(texts: tuple[str, ...]) -> None:
    assert versions([article(str(number), text) for number, text in enumerate(texts)]) == ()


@pytest.mark.parametrize(
    ("ones", "others"),
    [
        (("41.5 million",), ("415 million", "41 5 million", "41,5 million")),
        (("-5 degrees", "−5 degrees"), ("5 degrees",)),
        (("10² ohm",), ("102 ohm", "10 2 ohm")),
        (("3–5 men", "3-5 men"), ("35 men", "3.5 men")),
        (
            ("“He won,” she said.", "He won, she said!", "he\u00a0won she said"),
            ("He won? she said", "He won't, she said"),
        ),
        (("5%",), ("5", "5‰")),
        (("4/5 of it",), ("45 of it", "4 5 of it")),
    ],
)
def test_a_saying_keeps_what_changes_it_and_nothing_else(ones: Sequence[str], others: Sequence[str]) -> None:
    assert len({saying(one) for one in ones}) == 1
    assert len({saying(text) for text in (ones[0], *others)}) == 1 + len(others)


def test_a_note_for_each_version() -> None:
    found = (
        Version("c.txt", "a.txt", "revised"),
        Version("b.txt", "a.txt", "copy"),
        Version("d.txt", "a.txt", "enlarged"),
    )
    assert notes(found) == (
        "source b.txt is a copy of a.txt",
        "source c.txt tells the story of a.txt with changes; both were read",
        "source d.txt repeats a.txt and adds to it",
    )
    assert notes(()) == ()
