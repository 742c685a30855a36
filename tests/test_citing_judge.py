"""Sentences of a draft, looked up, read and judged.

What is supported, partly so, contradicted, absent, or no claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from index.build import add_articles
from index.records import Article, Metadata, Region
from index.store import Library
from qa.citing.claims import is_claim
from qa.citing.clauses import clauses
from qa.citing.examine import Examiner
from qa.citing.judge import age
from qa.citing.opening import uncapitalised, usage
from qa.citing.records import Judged, Said
from qa.citing.sources import known, named
from tests.fakes import FakeEmbedder, FakeModel, Judge, said_literally

LEDGER = "The bridge over the Sound cost 38 million crowns. Workers opened it in May. The mayor of Malmo did not sign the contract with Skanska."
GAZETTE = "The bridge over the Sound cost 40 million crowns, the auditors found."
CHURCH = "Linnea Berg painted the ceiling of the church. She was born in Lund and moved to Ystad."
WIRE = "On Friday the ferry Alma sank off Ystad. The 90 passengers were saved by 12 fishermen. Ystad launched its 7th lifeboat."
ARTICLES = {
    "ledger.txt": (
        LEDGER,
        Metadata("The price of a bridge", "Ada Lund", "2020-03-01", "Coast Press", "http://coast.example/bridge"),
    ),
    "gazette.txt": (GAZETTE, Metadata(None, None, "2021-06-10", "The Gazette", None)),
    "church.txt": (CHURCH, Metadata(None, None, None, None, None)),
    "wire.txt": (WIRE, Metadata(None, None, "2022-01-16", None, None)),
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library.create(tmp_path / ".qa", FakeEmbedder())
    articles = [
        Article(
            source, text, "utf-8", known, (Region(0, len(text), "body"),), (), (), sha256(text.encode()).hexdigest()
        )
        for source, (text, known) in ARTICLES.items()
    ]
    add_articles(made, articles, FakeEmbedder())
    with made:
        yield made


def examined(
    library: Library, text: str, *citations: str, before: str = "", yes: float | Judge = said_literally
) -> Judged:
    return Examiner(library, FakeEmbedder(), FakeModel(yes=yes), [text]).examine(Said(text, before, citations))


def quotes(judged: Judged) -> list[tuple[str, str]]:
    return [(quote.source, quote.text) for quote in judged.quotes]


def test_what_an_article_says_is_supported_and_a_newer_figure_is_told(library: Library) -> None:
    found = examined(library, "The bridge over the Sound cost 38 million crowns.")
    assert (found.verdict, quotes(found)) == (
        "supported",
        [("ledger.txt", "The bridge over the Sound cost 38 million crowns.")],
    )
    assert [(other.quote.source, other.age) for other in found.otherwise] == [("gazette.txt", "newer")]


def test_another_figure_is_contradicted_with_the_quote_that_says_otherwise(library: Library) -> None:
    found = examined(library, "The bridge over the Sound cost 45 million crowns.")
    assert (found.verdict, found.quotes, found.lacking) == ("contradicted", (), ("45 million",))
    assert found.otherwise[0].quote.text in ("The bridge over the Sound cost 38 million crowns.", GAZETTE)


def test_the_friday_of_an_article_is_a_date(library: Library) -> None:
    found = examined(library, "The ferry Alma sank off Ystad on 14 January 2022.", yes=0.9)
    assert (found.verdict, quotes(found)) == ("supported", [("wire.txt", "On Friday the ferry Alma sank off Ystad.")])
    other = examined(library, "The ferry Alma sank off Ystad on 15 January 2022.")
    assert (other.verdict, other.lacking) == ("contradicted", ("15",))


def test_a_figure_of_something_else_does_not_vouch_for_a_count(library: Library) -> None:
    assert examined(library, "12 fishermen saved the 90 passengers.").verdict == "supported"
    found = examined(library, "90 fishermen saved the passengers.")
    assert (found.verdict, found.lacking) == ("contradicted", ("90",))


def test_an_ordinal_does_not_vouch_for_a_count(library: Library) -> None:
    assert examined(library, "Ystad launched its 7th lifeboat.").verdict == "supported"
    assert examined(library, "Ystad launched 7 lifeboats.").verdict == "absent"


def test_what_the_model_does_not_read_in_the_quotes_is_not_supported(library: Library) -> None:
    claim = "Workers opened the bridge over the Sound in May."
    assert examined(library, claim, yes=0.9).verdict == "supported"
    assert examined(library, claim, yes=0.22).verdict == "absent"
    assert examined(library, claim, yes=0.01).verdict == "contradicted"


def test_a_figure_that_its_quote_gives_to_another_is_partly(library: Library) -> None:
    found = examined(library, "The ferry Ystad sank off Alma on Friday.", yes=1.0)
    assert (found.verdict, found.remark) == ("partly", "it turns round who does what")


def test_a_denial_is_contradicted(library: Library) -> None:
    found = examined(library, "The mayor of Malmo signed the contract with Skanska.")
    assert (found.verdict, found.otherwise[0].quote.text) == (
        "contradicted",
        "The mayor of Malmo did not sign the contract with Skanska.",
    )


def test_who_is_spoken_of_is_quoted_too(library: Library) -> None:
    found = examined(library, "Linnea Berg was born in Lund.")
    assert (found.verdict, quotes(found)) == (
        "supported",
        [
            ("church.txt", "She was born in Lund and moved to Ystad."),
            ("church.txt", "Linnea Berg painted the ceiling of the church."),
        ],
    )


def test_a_sentence_of_two_clauses_is_supported_by_a_quote_for_each(library: Library) -> None:
    found = examined(
        library,
        "Linnea Berg painted the ceiling of the church, and the mayor of Malmo did not sign the contract with Skanska.",
    )
    assert (found.verdict, {source for source, _ in quotes(found)}) == ("supported", {"church.txt", "ledger.txt"})


def test_what_nobody_says_is_absent_and_what_half_is_said_is_partly(library: Library) -> None:
    assert examined(library, "Rosatom employs some 350,000 people.").verdict == "absent"
    found = examined(
        library, "Linnea Berg painted the ceiling of the church, but the roof leaked throughout every single winter."
    )
    assert (found.verdict, found.lacking) == ("partly", ("Linnea Berg the roof leaked throughout every single winter",))


def test_a_citation_narrows_and_is_checked(library: Library) -> None:
    found = examined(library, "The bridge over the Sound cost 40 million crowns.", "@lund2020")
    assert (found.verdict, found.remark) == (
        "partly",
        "the article cited (ledger.txt) does not say this; gazette.txt does",
    )
    assert examined(library, "The bridge over the Sound cost 38 million crowns.", "@lund2020").otherwise == ()
    assert (
        examined(library, "The bridge over the Sound cost 38 million crowns.", "@nobody").remark
        == "no article of the library goes by @nobody"
    )


def test_the_date_of_an_article_is_no_claim_of_its_own(library: Library) -> None:
    found = examined(library, "The bridge over the Sound cost 40 million crowns, as the Gazette said on 10 June.")
    assert (found.verdict, quotes(found)) == ("supported", [("gazette.txt", GAZETTE)])


@pytest.mark.parametrize(
    ("sentence", "citations", "sources"),
    [
        ("It cost much.", ("See A. Lund, “The price of a bridge”.",), ("ledger.txt",)),
        ("It cost much.", ("Lund 2020, p. 3",), ("ledger.txt",)),
        ("It cost much.", ("http://coast.example/bridge",), ("ledger.txt",)),
        ("It cost much.", ("cf. church.txt",), ("church.txt",)),
        ("It cost much.", ("Somebody else, 1999",), ()),
        ("According to The Gazette, it cost much.", (), ("gazette.txt",)),
        ("Ada Lund said that it cost much.", (), ("ledger.txt",)),
        ("The ministry reported on 1 March 2020 that it cost much.", (), ("ledger.txt",)),
        ("The ministry reported on 1 March 2019 that it cost much.", (), ()),
    ],
)
def test_what_the_author_cites(sentence: str, citations: tuple[str, ...], sources: tuple[str, ...]) -> None:
    articles = [known(source, metadata) for source, (_, metadata) in ARTICLES.items()]
    assert named(sentence, citations, articles).sources == sources


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("Trade rose to $68.7 billion.", True),
        ("He said that India should buy more oil.", True),
        ("We recommend that the ministry waits.", False),
        ("The ministry should wait for the figures.", False),
        ("What follows from this for our exporters?", False),
        ("In our view the visit was a success.", False),
        ("Background", False),
        ("This memo is for internal use only.", False),
    ],
)
def test_claims_are_told_from_what_claims_nothing(sentence: str, claims: bool) -> None:
    assert is_claim(sentence) is claims


def test_headings_claim_nothing(library: Library) -> None:
    heading = Said("The bridge over the Sound cost 38 million crowns", heading=True)
    assert Examiner(library, FakeEmbedder(), FakeModel(), []).examine(heading) == Judged("no claim")


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("Demonstrators threw eggs.", "demonstrators threw eggs."),
        ("Talks went on.", "talks went on."),
        ("Sanders won.", "Sanders won."),
        ("Germany set a target.", "Germany set a target."),
        ("Brenton Tarrant spoke.", "Brenton Tarrant spoke."),
        ("Everyone died.", "everyone died."),
        ("The end.", "The end."),
        ("UN talks ended.", "UN talks ended."),
    ],
)
def test_a_first_word_is_small_where_it_is_no_name(sentence: str, read: str) -> None:
    assert uncapitalised(sentence, usage(["the talks in Bonn, and Sanders was there"])) == read


def test_clauses_come_apart_with_whom_they_are_about() -> None:
    assert clauses("Biden lost the caucuses in Iowa, and won four of six delegates.") == (
        "Biden lost the caucuses in Iowa",
        "Biden won four of six delegates",
    )
    assert clauses("Trade in coal, oil and grain rose.") == ()
    assert clauses("Trade in oil rose sharply, but not much.") == ()


@pytest.mark.parametrize(
    ("date", "beside", "told"),
    [
        ("2021", "2020-05", "newer"),
        ("2019-01-02", "2019-01", "of the same date"),
        ("2018", "2019", "older"),
        (None, "2019", "undated"),
        ("2019", None, "undated"),
    ],
)
def test_ages(date: str | None, beside: str | None, told: str) -> None:
    assert age(date, beside) == told
