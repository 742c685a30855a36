from __future__ import annotations

from pathlib import Path

import pytest

from index.build import add_articles
from index.records import Article, Credit, Field, Filter, Metadata
from index.store import Library
from qa.answering.authorship import about_an_article
from qa.answering.compose import Supported
from qa.records import Quote
from tests.articles import made
from tests.fakes import FakeEmbedder

ALL = Filter()
FIELDS: tuple[Field, ...] = ("title", "author", "date", "publisher", "url")
RESET = "A Strategic Reset\nBy Jai Kumar Verma\nNew Delhi. 10 December 2025. The Reset Herald\nTrade grew."
ASIA = "A Strategic Reset in Asia\nBy Jai Mehta\n3 March 2024. The Reset Herald\nTrade fell."
MENON = "Trade grew fast.\nWritten By\nDiya Menon\n© 2025 DailyDigest360"


def article(source: str, text: str, metadata: Metadata, **credited: str) -> Article:
    """An article whose credits are the given words of its text."""
    found = tuple(
        Credit(field, text.index(credited[field]), text.index(credited[field]) + len(credited[field]))
        for field in FIELDS
        if field in credited
    )
    return made(source, text, metadata, credited=found)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = Library.create(tmp_path_factory.mktemp("library"), FakeEmbedder())
    articles = (
        article(
            "reset.txt",
            RESET,
            Metadata("A Strategic Reset", "Jai Kumar Verma", "2025-12-10", "The Reset Herald"),
            title="A Strategic Reset",
            author="By Jai Kumar Verma",
            date="10 December 2025",
            publisher="The Reset Herald",
        ),
        article(
            "asia.txt",
            ASIA,
            Metadata("A Strategic Reset in Asia", "Jai Mehta", "2024-03-03", "The Reset Herald"),
            title="A Strategic Reset in Asia",
            author="By Jai Mehta",
            date="3 March 2024",
            publisher="The Reset Herald",
        ),
        article(
            "menon.txt",
            MENON,
            Metadata(None, "Diya Menon", None, "DailyDigest360"),
            author="Diya Menon",
            publisher="© 2025 DailyDigest360",
        ),
        article(
            "sidecar.txt", "Nothing of it\nTrade fell.", Metadata("Nothing of it", "Sid Carr"), title="Nothing of it"
        ),
    )
    add_articles(made, articles, FakeEmbedder())
    return made


def quote(source: str, text: str, words: str) -> Quote:
    return Quote(source, text.index(words), text.index(words) + len(words), words)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote “A Strategic Reset”?",
        "Who is the author of the Strategic Reset piece?",
        "who authored the strategic reset article",
        "Name the author of the “Strategic Reset” article.",
    ],
)
def test_who_wrote_it(library: Library, question: str) -> None:
    verdict = about_an_article(question, library, within=ALL)
    assert verdict is not None
    assert (verdict.status, verdict.confidence) == ("answered", 0.95)
    quotes = (
        quote("reset.txt", RESET, "By Jai Kumar Verma"),
        quote("reset.txt", RESET, "A Strategic Reset"),
        quote("reset.txt", RESET, "The Reset Herald"),
    )
    assert verdict.claims == (Supported("The author of “A Strategic Reset” is Jai Kumar Verma.", quotes, 1.0),)


def test_an_article_is_identified_by_its_publisher(library: Library) -> None:
    verdict = about_an_article("Who wrote the DailyDigest360 piece?", library, within=ALL)
    assert verdict is not None
    quotes = (quote("menon.txt", MENON, "Diya Menon"), quote("menon.txt", MENON, "© 2025 DailyDigest360"))
    assert verdict.claims == (Supported("The author of the article menon.txt is Diya Menon.", quotes, 1.0),)


@pytest.mark.parametrize(
    "question", ["Who wrote “A Strategic Reset in Asia”?", "Who wrote the Reset Herald article of 3 March 2024?"]
)
def test_an_article_is_told_from_one_that_shares_most_of_its_words(library: Library, question: str) -> None:
    verdict = about_an_article(question, library, within=ALL)
    assert verdict is not None
    assert [claim.text for claim in verdict.claims] == ["The author of “A Strategic Reset in Asia” is Jai Mehta."]


def test_where_several_articles_may_be_meant_each_is_named_and_the_answer_is_less_sure(library: Library) -> None:
    verdict = about_an_article("Who wrote the article in the Reset Herald?", library, within=ALL)
    assert verdict is not None
    assert sorted(claim.text for claim in verdict.claims) == [
        "The author of “A Strategic Reset in Asia” is Jai Mehta.",
        "The author of “A Strategic Reset” is Jai Kumar Verma.",
    ]
    assert verdict.confidence == 0.7


@pytest.mark.parametrize(
    "question",
    ["When was the article by Jai Kumar Verma published?", "What is the publication date of Verma's article?"],
)
def test_when_it_appeared_as_the_article_writes_it(library: Library, question: str) -> None:
    verdict = about_an_article(question, library, within=ALL)
    assert verdict is not None
    (claim,) = verdict.claims
    assert claim.text == "“A Strategic Reset” is dated 10 December 2025."
    assert [quoted.text for quoted in claim.quotes] == ["10 December 2025", "By Jai Kumar Verma", "A Strategic Reset"]


def test_who_published_it(library: Library) -> None:
    verdict = about_an_article("Who published the article by Diya Menon?", library, within=ALL)
    assert verdict is not None
    assert verdict.claims[0].text == "The article by Diya Menon was published by DailyDigest360."


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ("When was the article by Diya Menon published?", "The text of menon.txt does not say its date."),
        ("Who wrote “Nothing of it”?", "The text of sidecar.txt does not say its author."),
    ],
)
def test_what_the_text_does_not_say_is_not_quoted(library: Library, question: str, refusal: str) -> None:
    verdict = about_an_article(question, library, within=ALL)
    assert verdict is not None
    assert (verdict.status, verdict.claims, verdict.refusal) == ("unanswered", (), refusal)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the article?",
        "Who wrote the constitution?",
        "Who wrote the reset?",
        "Who published a strategic reset?",
        "Who wrote the article by Shakespeare?",
        "When was the plant built?",
        "What did Jai Kumar Verma say?",
        "Who published the trade figures?",
        "谁写了这篇文章？",
        "",
    ],
)
def test_other_questions_are_left_to_the_passages(library: Library, question: str) -> None:
    assert about_an_article(question, library, within=ALL) is None


def test_a_filter_holds_here_too(library: Library) -> None:
    assert about_an_article("Who wrote “A Strategic Reset”?", library, within=Filter(sources=("menon.txt",))) is None


def test_a_dateline_in_capitals_is_quoted_as_it_stands(tmp_path: Path) -> None:
    made = Library.create(tmp_path, FakeEmbedder())
    text = "The Oil Story\nMOSCOW, DECEMBER 4, 2025\nOil rose."
    add_articles(
        made,
        [
            article(
                "oil.txt",
                text,
                Metadata("The Oil Story", None, "2025-12-04"),
                title="The Oil Story",
                date="MOSCOW, DECEMBER 4, 2025",
            )
        ],
        FakeEmbedder(),
    )
    verdict = about_an_article("When was the Oil Story article published?", made, within=ALL)
    assert verdict is not None
    assert verdict.claims[0].text == "“The Oil Story” is dated DECEMBER 4, 2025."
