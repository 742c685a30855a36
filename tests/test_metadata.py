"""What an article states about itself, where it states it, and what must not be taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.ingest.bylines import read_dateline, read_line
from index.ingest.metadata import read
from index.records import Credit, Metadata

SEEDS = Path(__file__).parent.parent / "seeds"
PROSE = "Russia and India agreed on Friday to expand their trade to $100 billion by 2030, both governments said."


def stated(text: str, suffix: str = ".txt") -> list[tuple[str, str]]:
    return [(credit.field, text[credit.start : credit.end]) for credit in read(text, suffix=suffix)[1]]


def seed(number: str) -> str:
    return next(SEEDS.glob(f"{number}_*.txt")).read_text(encoding="utf-8")


@pytest.mark.parametrize("number", ["000", "001", "004"])
def test_seeds_that_state_nothing(number: str) -> None:
    assert read(seed(number), suffix=".txt") == (Metadata(), ())


def test_seed_with_a_biography_and_a_copyright_year() -> None:
    text = seed("002")
    title = "Putin's Visit: Can India Maintain Its Delicate Balance Between the US and Russia?"
    assert read(text, suffix=".txt")[0] == Metadata(title=title, author="Diya Menon", publisher="DailyDigest360")
    who = "Written By\nDiya Menon is a dynamic journalist covering business, startups, and policy with a focus on innovation and leadership."
    assert stated(text) == [("title", title), ("author", who), ("publisher", "© 2025 DailyDigest360")]


def test_seed_with_a_byline_a_dateline_and_an_address() -> None:
    text = seed("003")
    metadata, _ = read(text, suffix=".txt")
    assert metadata == Metadata(
        title="Putin’s India Visit: A Strategic Reset in India Russia Relations",
        author="Jai Kumar Verma",
        date="2025-12-10",
        url="https://www.aviation-defence-universe.com/putins-india-visit-a-strategic-reset-in-india-russia-relations/",
    )
    found = stated(text)
    assert ("author", "By Jai Kumar Verma") in found
    assert ("date", "New Delhi. 10 December 2025.") in found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Jane Doe", Metadata(author="Jane Doe")),
        ("BY JANE DOE", Metadata(author="Jane Doe")),
        ("By Ursula von der Leyen", Metadata(author="Ursula von der Leyen")),
        ("By J. K. Rowling in New Delhi", Metadata(author="J. K. Rowling")),
        ("By Jane Doe, The Guardian", Metadata(author="Jane Doe", publisher="The Guardian")),
        ("By Jane Doe, Aviation Defence Universe", Metadata(author="Jane Doe", publisher="Aviation Defence Universe")),
        ("By Jane Doe, Political Editor", Metadata(author="Jane Doe")),
        ("By Jane Doe and John Smith", Metadata(author="Jane Doe and John Smith")),
        ("By Jane Doe | December 4, 2025", Metadata(author="Jane Doe", date="2025-12-04")),
        ("Written by Jane Doe on 4 December 2025", Metadata(author="Jane Doe", date="2025-12-04")),
        (
            "Jane Doe | Daily Planet | 4 December 2025",
            Metadata(author="Jane Doe", publisher="Daily Planet", date="2025-12-04"),
        ),
        ("(Reporting by Jane Doe; Editing by John Smith)", Metadata(author="Jane Doe")),
        ("By Reuters", Metadata(publisher="Reuters")),
        ("By Staff Reporter", Metadata()),
        ("By Friday, the talks had ended.", Metadata()),
        ("By Land and Sea", Metadata()),
        ("Published: 4 Dec 2025, 10:30 IST", Metadata(date="2025-12-04")),
        ("Posted on May 3, 2021 by Jane Doe", Metadata(author="Jane Doe", date="2021-05-03")),
        ("December 5, 2025 4:32 PM · Updated December 6, 2025", Metadata(date="2025-12-05")),
        ("© 2025 DailyDigest360", Metadata(publisher="DailyDigest360")),
        ("Copyright © 2021 The Hindu. All rights reserved.", Metadata(publisher="The Hindu")),
        ("© Getty Images", Metadata()),
        ("Copyright law is changing", Metadata()),
        ("About | Terms | Privacy", Metadata()),
        ("https://example.org/a", Metadata(url="https://example.org/a")),
    ],
)
def test_lines(line: str, expected: Metadata) -> None:
    assert read_line(line) == expected


@pytest.mark.parametrize(
    ("opening", "rest", "expected"),
    [
        ("New Delhi. 10 December 2025.", " For two days", Metadata(date="2025-12-10")),
        ("LONDON, Dec. 4 (Reuters) —", " The talks", Metadata(publisher="Reuters")),
        ("WASHINGTON (AP) —", " The talks", Metadata(publisher="AP")),
        ("NEW DELHI, Dec 5, 2025 (AFP) -", " India", Metadata(publisher="AFP", date="2025-12-05")),
        ("Moscow (December 4, 2021) –", " Putin", Metadata(date="2021-12-04")),
    ],
)
def test_datelines(opening: str, rest: str, expected: Metadata) -> None:
    assert read_dateline(opening + rest) == (opening, expected)


@pytest.mark.parametrize(
    "text",
    [
        "On 4 December 2025. He left",
        "In Delhi, December 4, 2025, was cold",
        "The talks (BBC) - were",
        "4 December 2025: Putin arrives",
    ],
)
def test_prose_is_no_dateline(text: str) -> None:
    assert read_dateline(text) is None


def test_a_date_in_the_prose_or_in_a_heading_is_not_when_it_was_published() -> None:
    text = f"The summit in dates and places\n\n{PROSE}\n\n4 December 2025\n\n"
    text += "Putin arrives in Delhi on December 4, 2025 for talks with Modi.\n\n© 2024 Daily Planet"
    assert read(text, suffix=".txt")[0] == Metadata(title="The summit in dates and places", publisher="Daily Planet")


def test_the_day_of_a_change_is_not_the_articles() -> None:
    text = f"A title of some words\n\nUpdated: 6 December 2025\nPublished: 5 December 2025\n\n{PROSE}"
    assert read(text, suffix=".txt")[0].date == "2025-12-05"
    assert read(text.replace("Published: 5 December 2025\n", ""), suffix=".txt")[0].date is None


def test_wire_story() -> None:
    text = (
        "WORLD NEWS\n\nPutin, Modi set trade target at summit\n\nBy Guy Faulconbridge and Krishn Kaushik\nDecember 5, "
        "2025 4:32 PM GMT+5:30\n\n"
        f"NEW DELHI, Dec 5 (Reuters) - {PROSE}\n"
    )
    expected = Metadata(
        title="Putin, Modi set trade target at summit",
        author="Guy Faulconbridge and Krishn Kaushik",
        date="2025-12-05",
        publisher="Reuters",
    )
    assert read(text, suffix=".txt")[0] == expected
    assert ("publisher", "NEW DELHI, Dec 5 (Reuters) -") in stated(text)


def test_letter() -> None:
    text = f"From: Jane Doe <jane@example.org>\nDate: Thu, 4 Dec 2025 10:00:00 +0000\nSubject: Notes on the summit\n\nDear all,\n\n{PROSE}\n"
    assert read(text, suffix=".txt")[0] == Metadata(title="Notes on the summit", author="Jane Doe", date="2025-12-04")


def test_front_matter() -> None:
    text = (
        '---\ntitle: "The summit: a reading"\nauthors:\n  - Jane Doe\n  - John Smith\nlastmod: 2026-01-01\ndate: '
        "2025-12-06T10:00:00Z\n"
        f"source: Daily Planet\nurl: https://example.org/summit # the original\n---\n\n# Another heading\n\n{PROSE}\n"
    )
    assert read(text, suffix=".md")[0] == Metadata(
        "The summit: a reading", "Jane Doe, John Smith", "2025-12-06", "Daily Planet", "https://example.org/summit"
    )
    assert stated(text, ".md")[1] == ("author", "authors:\n  - Jane Doe\n  - John Smith")


def test_front_matter_in_toml_and_a_fence_that_is_never_closed() -> None:
    assert read(f'+++\ntitle = "A summit"\nauthor = ["Jane Doe"]\n+++\n\n{PROSE}\n', suffix=".md")[0] == Metadata(
        title="A summit", author="Jane Doe"
    )
    # a labelled line, not front matter
    assert read(f"---\ntitle: A summit\n\n{PROSE}\n", suffix=".md")[0] == Metadata(title="A summit")


def test_markdown_title_without_its_mark() -> None:
    text = f"# The summit #\n\n{PROSE}\n"
    assert read(text, suffix=".md") == (Metadata(title="The summit"), (Credit("title", 2, 12),))


def test_hints_win_over_the_text_except_the_properties_of_a_pdf() -> None:
    text = f"The summit that was not\n\nBy Jane Doe\n\n{PROSE}\n"
    hints = Metadata(author="John Smith", publisher="Daily Planet")
    assert read(text, hints=hints, suffix=".html")[0] == Metadata(
        "The summit that was not", "John Smith", None, "Daily Planet"
    )
    assert read(text, hints=hints, suffix=".pdf")[0] == Metadata(
        "The summit that was not", "Jane Doe", None, "Daily Planet"
    )
    # the byline is no evidence of another name
    assert [credit.field for credit in read(text, hints=hints, suffix=".html")[1]] == ["title"]


def test_invisible_characters_do_not_hide_a_byline() -> None:
    text = f"\ufeffThe summit that was not\n\n\u200bBy\u00a0Jane\u200b Doe\u200e\n\n{PROSE}\n"
    metadata, _ = read(text, suffix=".txt")
    assert (metadata.title, metadata.author) == ("The summit that was not", "Jane Doe")
    assert ("author", "By\u00a0Jane\u200b Doe") in stated(text)


def test_a_sentence_with_the_words_of_the_title_is_text() -> None:
    hints = Metadata(title="The ferry")
    assert read("The council sold the ferry.\n\nIt sails on.", hints=hints, suffix=".pdf") == (hints, ())
    assert read("The old ferry\n\nIt sails on.", hints=Metadata(title="Old ferry"), suffix=".pdf")[1] == (
        Credit("title", 0, 13),
    )


def test_a_dateline_is_looked_for_at_the_head_alone() -> None:
    rows = "".join(f"berth {number} | ferry\n" for number in range(20))
    assert read(f"{rows}PARIS (AFP) — {PROSE}", suffix=".csv")[0] == Metadata()


def test_a_wrapped_paragraph_has_no_title() -> None:
    text = "The summit was short and the two leaders met for\nan hour on Friday and agreed to raise their trade to\n100 billion dollars by 2030.\n"
    assert read(text, suffix=".txt")[0] == Metadata()
