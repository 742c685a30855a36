"""Answers that become a memo: which sentences get in, which footnotes they get, and in which form an article is cited where."""

from __future__ import annotations

import pytest

from index.errors import LibraryError
from qa.memo.plan import Part, Plan
from qa.memo.records import plain, quoted
from tests.examples import PROVENANCE
from tests.memo_made import ANSWERS, BOOKS, COST, DUG, LESS, SHIPS, WRITTEN, memo


def test_every_sentence_has_a_footnote_of_its_own_in_the_order_of_the_document() -> None:
    made = memo()
    findings = made.sections[0].findings
    assert [[(each.text, each.note) for each in finding.statements] for finding in findings] == [
        [("It was dug in 1902.", 1)], [("It holds 40 ships.", 2)], [], [("It opened in May.", 5)],
    ]  # fmt: skip
    assert [(note.number, [(cite.source, cite.quote) for cite in note.cites]) for note in made.notes] == [
        (1, [DUG]), (2, [SHIPS, DUG]), (3, [COST]), (4, [LESS]), (5, [("bridge.pdf", "It opened in May.")]),
    ]  # fmt: skip
    for note in made.notes:
        for cite in note.cites:
            assert BOOKS.read(cite.source).text[cite.start : cite.end] == cite.quote
    assert (made.title, made.written, made.style, made.provenance) == (
        "A memo",
        WRITTEN,
        "chicago-note-bibliography",
        PROVENANCE,
    )


def test_a_conflict_names_each_source_with_value_and_date_and_is_not_told_twice() -> None:
    (difference,) = memo().sections[0].findings[2].disagreements
    assert [(position.value, position.voices, position.note) for position in difference.positions] == [
        ("It cost 40 million crowns.", ("Bo Ek and Cy Ahl (4 May 2020)",), 3),
        ("It cost 38 million crowns.", ("“The bridge cost 38 million crowns, the ledger…” (undated)",), 4),
    ]


def test_a_sentence_that_is_the_phrase_alone_says_so_and_its_quote_where_the_phrase_stands() -> None:
    short = BOOKS.answer("How many ships does it hold?", ("40", [SHIPS, DUG]), phrases={"40": "40"})
    long = BOOKS.answer(
        "When was the harbour dug?", ("It was dug in 1902.", [DUG]), phrases={"It was dug in 1902.": "1902"}
    )
    made = BOOKS.memo([short, long])
    assert [(each.text, each.phrase) for finding in made.sections[0].findings for each in finding.statements] == [
        ("40", True),
        ("It was dug in 1902.", False),
    ]
    assert [[cite.phrase for cite in note.cites] for note in made.notes] == [[(40, 42), None], [(23, 27)]]
    assert [[quoted(cite) for cite in note.cites] for note in made.notes] == [
        [(
            "It “holds” ", "40", " ships, and costs $3 a day."), ("The harbour was dug in 1902.", "", "")], [("The harbour was dug in ", "1902", ".")],
    ]  # fmt: skip


def test_a_value_is_the_phrase_that_gives_it_where_there_is_one() -> None:
    told = [("It cost 40 million crowns.", [COST]), ("38 million crowns", [LESS])]
    phrases = {"It cost 40 million crowns.": "40 million crowns", "38 million crowns": "38 million crowns"}
    (difference,) = (
        BOOKS.memo([BOOKS.answer("What did the bridge cost?", *told, differs=told, phrases=phrases)])
        .sections[0]
        .findings[0]
        .disagreements
    )
    assert [position.value for position in difference.positions] == ["40 million crowns", "38 million crowns"]


def test_what_was_refused_stands_at_the_end_alone() -> None:
    made = memo()
    assert [(refusal.question, refusal.heading, refusal.statements) for refusal in made.refusals] == [
        ("Who swam across?", "Findings", ())
    ]
    assert "Who swam across?" not in [
        question for finding in made.sections[0].findings for question in finding.questions
    ]


def test_a_false_premise_is_answered_with_its_quote_where_it_was_refused() -> None:
    refused = BOOKS.answer("Why did it sink?", ("It was dug in 1902.", [DUG]), refused=True)
    made = BOOKS.memo([refused])
    assert made.sections[0].findings == ()
    assert [(each.text, each.note) for each in made.refusals[0].statements] == [("It was dug in 1902.", 1)]
    assert made.notes[0].cites[0].quote == DUG[1]


def test_questions_with_the_same_answer_share_it_within_a_section() -> None:
    again = BOOKS.answer("In which year was it dug?", ("It was  DUG in 1902!", [DUG]))
    more = BOOKS.answer("What of the harbour?", ("It was dug in 1902.", [DUG]), ("It holds 40 ships.", [SHIPS]))
    plan = Plan(
        "M", (Part("One", (ANSWERS[0].question, again.question, more.question)), Part("Two", (again.question,)))
    )
    one, two = BOOKS.write(plan, [ANSWERS[0], again, more]).sections
    assert [finding.questions for finding in one.findings] == [
        ("When was the harbour dug?", "In which year was it dug?"),
        ("What of the harbour?",),
    ]
    assert [each.text for each in one.findings[1].statements] == ["It holds 40 ships."]
    assert [each.text for each in two.findings[0].statements] == ["It was DUG in 1902!"]


@pytest.mark.parametrize(
    ("style", "first", "again", "with_page", "entry"),
    [
        (
            "chicago-note-bibliography",
            "Ada Lund, “Ships and Tides: A History,” Coast Press, May 1999, https://coast.example/ships.",
            "Lund, “Ships and Tides.”",
            "Ek and Ahl, The Bridge, 2.",
            "Lund, Ada. “Ships and Tides: A History.” Coast Press, May 1999. https://coast.example/ships.",
        ),
        (
            "apa",
            "Lund, A. (1999, May). Ships and Tides: A History. Coast Press. https://coast.example/ships",
            "(Lund, 1999)",
            "(Ek & Ahl, 2020, p. 2)",
            "Lund, A. (1999, May). Ships and Tides: A History. Coast Press. https://coast.example/ships",
        ),
        (
            "mla",
            "Lund, Ada. “Ships and Tides: A History.” Coast Press, May 1999, https://coast.example/ships.",
            "(Lund)",
            "(Ek and Ahl 2)",
            "Lund, Ada. “Ships and Tides: A History.” Coast Press, May 1999, https://coast.example/ships.",
        ),
        (
            "ieee",
            "[1] A. Lund, “Ships and Tides: A History,” Coast Press, May 1999. Available: https://coast.example/ships",
            "[1]",
            "[2, p. 2]",
            "[1] A. Lund, “Ships and Tides: A History,” Coast Press, May 1999. Available: https://coast.example/ships",
        ),
    ],
)
def test_an_article_is_cited_in_full_first_and_shortly_after_that(
    style: str, first: str, again: str, with_page: str, entry: str
) -> None:
    made = memo(style)
    assert [plain(cite.credit) for cite in made.notes[1].cites] == [again, again]
    assert plain(made.notes[0].cites[0].credit) == first
    assert plain(made.notes[4].cites[0].credit) == with_page
    reference = next(reference for reference in made.references if reference.source == "harbour.txt")
    assert (plain(reference.first), plain(reference.short), plain(reference.entry)) == (first, again, entry)


@pytest.mark.parametrize(
    ("style", "note"),
    [
        ("chicago-note-bibliography", "The bridge cost 38 million crowns, the ledger…, n.d."),
        ("apa", "The bridge cost 38 million crowns, the ledger…. (n.d.)."),
        ("mla", "The bridge cost 38 million crowns, the ledger…. n.d."),
        ("ieee", "[3] “The bridge cost 38 million crowns, the ledger….” n.d."),
    ],
)
def test_an_article_of_which_nothing_is_known_goes_by_its_first_words_and_is_said_to_be_undated(
    style: str, note: str
) -> None:
    assert plain(memo(style).notes[3].cites[0].credit) == note


def test_the_bibliography_is_in_the_order_of_the_style() -> None:
    assert [reference.key for reference in memo().references] == ["ek2020", "lund1999", "oldledger"]
    assert [reference.key for reference in memo("ieee").references] == ["lund1999", "ek2020", "oldledger"]


def test_a_quote_that_is_not_in_its_article_makes_no_memo() -> None:
    with pytest.raises(LibraryError, match="a quote is not in"):
        BOOKS.with_text("harbour.txt", "Something else.").memo([ANSWERS[0]])


def test_nothing_found_is_a_memo_too() -> None:
    made = BOOKS.memo([ANSWERS[4]])
    assert (made.sections[0].findings, made.notes, made.references) == ((), (), ())
