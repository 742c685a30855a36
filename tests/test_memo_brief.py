"""Briefs: the bottom line, sentences that stand by themselves, differences told in the sentence, and the same words in every format."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from index.errors import QuestionError
from index.records import Metadata
from qa.memo import output
from qa.memo.errors import MemoError
from qa.memo.plan import Part, Plan, asked, checked, from_markdown
from qa.memo.records import Memo, Paragraph
from qa.records import Answer
from qa.verify.check import checked as verified
from qa.verify.read import read
from tests.memo_made import ANSWERS, BOOKS, COST, DUG, LESS, OPENED, Books, made, pandoc

# two reports of one count, a month apart
NEWS = Books(
    (
        made("march.txt", "By Monday 30 ferries had sunk.", Metadata("Ferries", None, "2020-03-04", "The Wire", None)),
        made("april.txt", "By Friday 50 ferries had sunk.", Metadata("More", None, "2020-04-04", "The Wire", None)),
    )
)
MARCH, APRIL = ("march.txt", "By Monday 30 ferries had sunk."), ("april.txt", "By Friday 50 ferries had sunk.")
FACTS = Books((made("facts.txt", " ".join(f"Fact {number}." for number in range(6))),))
PLAN = Plan(
    "M",
    (
        Part("Harbour", tuple(each.question for each in ANSWERS[:2])),
        Part("Bridge", tuple(each.question for each in ANSWERS[2:])),
    ),
)
FIRST_WORDS = "an undated article (“The bridge cost 38 million crowns, the ledger…”)"
BRIEF = f"""\
**Bottom line:** The harbour was dug in 1902.[1] The bridge cost 40 million crowns.[2] On this the articles differ.
Harbour
The harbour was dug in 1902.[3] It holds 40 ships.[4]
Bridge
The articles differ: according to Bo Ek and Cy Ahl (4 May 2020), the bridge cost 40 million crowns.[5] According to {FIRST_WORDS}, the bridge cost 38 million\
 crowns, the ledger says.[6]
It opened in May.[7]
"""


def shown(paragraph: Paragraph) -> str:
    return "".join(
        (f"**{piece.text}**" if piece.bold else piece.text) + (f"[{piece.note}]" if piece.note is not None else "")
        for piece in paragraph
    )


def lines(memo: Memo) -> str:
    body = [line for section in memo.sections for line in (section.heading, *map(shown, section.paragraphs))]
    return "\n".join([*([shown(memo.bottom_line)] if memo.bottom_line else []), *body]) + "\n"


def test_a_brief_says_first_what_matters_then_the_rest_in_paragraphs() -> None:
    made = BOOKS.write(PLAN, ANSWERS, form="brief")
    assert lines(made) == BRIEF
    assert [note.number for note in made.notes] == list(range(1, 8))
    assert [refusal.question for refusal in made.refusals] == ["Who swam across?"]
    assert not any(section.findings for section in made.sections)
    assert [note.cites[0].quote for note in made.notes[:2]] == [DUG[1], COST[1]]


def test_a_difference_of_phrases_follows_the_sentence_that_says_of_what() -> None:
    more, less = "The bridge cost 40 million crowns.", "It cost 38 million crowns."
    phrases = {more: "40 million crowns", less: "38 million crowns"}
    answer = BOOKS.answer(
        "What did the bridge cost?",
        (more, [COST]),
        (less, [LESS]),
        differs=[(more, [COST]), (less, [LESS])],
        phrases=phrases,
    )
    made = BOOKS.write(Plan("M", (Part("Bridge", (answer.question,)),)), [answer], form="brief")
    assert [shown(each) for each in made.sections[0].paragraphs] == [
        "According to Bo Ek and Cy Ahl (4 May 2020), the bridge cost **40 million crowns**.[2] Another article says "
        f"otherwise: {FIRST_WORDS} gives **38 million crowns**[3]."
    ]
    assert (
        shown(made.bottom_line) == "**Bottom line:** The bridge cost 40 million crowns.[1] On this the articles differ."
    )


def test_a_phrase_alone_is_told_in_the_article_s_own_sentence() -> None:
    answer = BOOKS.answer(
        "What did the bridge cost?", ("40 million crowns", [COST]), phrases={"40 million crowns": "40 million crowns"}
    )
    made = BOOKS.write(Plan("M", (Part("Bridge", (answer.question,)),)), [answer], form="brief")
    assert shown(made.sections[0].paragraphs[0]) == "The bridge cost 40 million crowns.[2]"


def test_of_phrases_that_differ_the_newest_is_said_first_and_the_others_are_older() -> None:
    said = {MARCH[1]: "30 ferries", APRIL[1]: "50 ferries"}
    answer = NEWS.answer(
        "How many ferries had sunk?",
        (MARCH[1], [MARCH]),
        (APRIL[1], [APRIL]),
        differs=[(MARCH[1], [MARCH]), (APRIL[1], [APRIL])],
        phrases=said,
    )
    written = NEWS.write(Plan("M", (Part("Ferries", (answer.question,)),)), [answer], form="brief")
    assert [shown(each) for each in written.sections[0].paragraphs] == [
        "According to The Wire (4 April 2020), by Friday [3 April 2020] **50 ferries** had sunk.[2] An older article says otherwise: "
        "The Wire (4 March 2020) gives **30 ferries**[3]."
    ]


def test_when_something_happened_the_newest_does_not_know_better() -> None:
    answer = NEWS.answer(
        "When had the ferries sunk?",
        (MARCH[1], [MARCH]),
        (APRIL[1], [APRIL]),
        differs=[(MARCH[1], [MARCH]), (APRIL[1], [APRIL])],
    )
    written = NEWS.write(Plan("M", (Part("Ferries", (answer.question,)),)), [answer], form="brief")
    assert shown(written.bottom_line) == (
        "**Bottom line:** By Monday [2 March 2020] 30 ferries had sunk.[1] On this the articles differ."
    )
    assert shown(written.sections[0].paragraphs[0]).startswith(
        "The articles differ: according to The Wire (4 March 2020), by Monday"
    )


def test_a_long_sentence_is_left_to_its_section() -> None:
    long, short = f"The bridge {'very ' * 40}slowly opened.", "The harbour was dug."
    books = Books((made("b.txt", f"{long} {short}", Metadata("The Bridge", None, "2020-05-04")),))
    asked = (books.answer("When?", (long, [("b.txt", long)])), books.answer("Why?", (short, [("b.txt", short)])))
    for answers, first in ((asked, short), (asked[:1], long)):
        parts = tuple(Part(each.question, (each.question,)) for each in answers)
        assert shown(books.write(Plan("M", parts), answers, form="brief").bottom_line) == f"**Bottom line:** {first}[1]"


def test_a_sentence_that_points_back_to_nothing_says_of_what_it_speaks() -> None:
    answer = BOOKS.answer("When did the Alder Bridge open?", ("It opened in May.", [OPENED]))
    made = BOOKS.write(Plan("M", (Part("Bridge", (answer.question,)),)), [answer], form="brief")
    assert shown(made.sections[0].paragraphs[0]) == "On Alder Bridge: it opened in May.[2]"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("However, the bridge cost 40 million crowns.", "The bridge cost 40 million crowns."),
        (
            "The bridge and the dam, however, cost 40 million crowns.",
            "The bridge and the dam, however, cost 40 million crowns.",
        ),
        ("And the bridge cost 40 million crowns.", "The bridge cost 40 million crowns."),
        ("Beyond the ferry, the bridge cost 40 million crowns.", "The bridge cost 40 million crowns."),
        ("The bridge has also cost 40 million crowns.", "The bridge has cost 40 million crowns."),
        ("Still waters also run under the bridge.", "Still waters also run under the bridge."),
        (
            "According to Bo, the bridge opened 2 years ago.",
            "Bo Ek and Cy Ahl (4 May 2020) say that according to Bo, the bridge opened 2 years ago.",
        ),
        (
            "As of Monday, the bridge is open.",
            "As of Monday [4 May 2020], the bridge is open.",
        ),
        ("On Monday, 4 May 2020, the bridge opened.", "On Monday, 4 May 2020, the bridge opened."),
        ("The bridge opened this month.", "The bridge opened this month [May 2020]."),
        ("The bridge opened last week.", "According to Bo Ek and Cy Ahl (4 May 2020), the bridge opened last week."),
    ],
)
def test_a_sentence_is_told_by_itself(said: str, told: str) -> None:
    books = Books((made("b.txt", said, Metadata("The Bridge", "Bo Ek and Cy Ahl", "2020-05-04")),))
    answer = books.answer("What of the bridge?", (said, [("b.txt", said)]))
    written = books.write(Plan("M", (Part("Bridge", (answer.question,)),)), [answer], form="brief")
    assert shown(written.sections[0].paragraphs[0]) == f"{told}[2]"


def test_of_dated_values_the_newest_comes_first() -> None:
    answer = NEWS.answer(
        "How many ferries had sunk?",
        (MARCH[1], [MARCH]),
        (APRIL[1], [APRIL]),
        differs=[(MARCH[1], [MARCH]), (APRIL[1], [APRIL])],
    )
    written = NEWS.write(Plan("M", (Part("Ferries", (answer.question,)),)), [answer], form="brief")
    assert shown(written.bottom_line) == (
        "**Bottom line:** By Friday [3 April 2020] 50 ferries had sunk.[1] Older articles say otherwise."
    )
    assert [shown(each) for each in written.sections[0].paragraphs] == [
        "The articles differ, the newest first: according to The Wire (4 April 2020), by Friday [3 April 2020] 50 "
        "ferries had sunk.[2] According to The Wire (4 March 2020), by Monday [2 March 2020] 30 ferries had sunk.[3]"
    ]


def test_a_sentence_in_a_model_s_own_words_gives_way_to_the_article_s() -> None:
    answer = NEWS.answer(
        "How many ferries had sunk?",
        ("Because of the ice 50 ferries had sunk.", [MARCH, APRIL]),
        ("30 ferries had sunk.", [MARCH]),
        phrases={"30 ferries had sunk.": "30 ferries"},
    )
    written = NEWS.write(Plan("M", (Part("Ferries", (answer.question,)),)), [answer], form="brief")
    assert [shown(each) for each in written.sections[0].paragraphs] == [
        "By Friday [3 April 2020] 50 ferries had sunk.[2] 30 ferries had sunk.[3]"
    ]
    assert [[cite.source for cite in note.cites] for note in written.notes] == [
        ["april.txt"],
        ["april.txt"],
        ["march.txt"],
    ]


def test_a_sentence_cites_only_the_quotes_that_it_shortens() -> None:
    answer = NEWS.answer("How many ferries had sunk?", ("50 ferries had sunk.", [MARCH, APRIL]))
    written = NEWS.write(Plan("M", (Part("Ferries", (answer.question,)),)), [answer], form="brief")
    assert [[cite.source for cite in note.cites] for note in written.notes] == [["april.txt"], ["april.txt"]]


def test_where_one_value_is_a_sentence_all_are() -> None:
    answer = NEWS.answer(
        "How many ferries had sunk?",
        ("30 ferries", [MARCH]),
        (APRIL[1], [APRIL]),
        differs=[("30 ferries", [MARCH]), (APRIL[1], [APRIL])],
        phrases={"30 ferries": "30 ferries"},
    )
    written = NEWS.write(Plan("M", (Part("Ferries", (answer.question,)),)), [answer], form="brief")
    assert [shown(each) for each in written.sections[0].paragraphs] == [
        "The articles differ, the newest first: according to The Wire (4 April 2020), by Friday [3 April 2020] 50 "
        "ferries had sunk.[2] According to The Wire (4 March 2020), by Monday [2 March 2020] 30 ferries had sunk.[3]"
    ]


def test_what_was_said_is_not_said_again_but_where_a_section_would_be_empty() -> None:
    again = BOOKS.answer("In which year was it dug?", ("The digging was in 1902.", [DUG]))
    parts = (
        Part("One", (ANSWERS[0].question, again.question, ANSWERS[1].question)),
        Part("Two", (again.question,)),
        Part("Three", (ANSWERS[4].question,)),
    )
    made = BOOKS.write(Plan("M", parts), [ANSWERS[0], again, ANSWERS[1], ANSWERS[4]], form="brief")
    assert lines(made) == (
        "**Bottom line:** The harbour was dug in 1902.[1]\n"
        "One\nThe harbour was dug in 1902.[2] It holds 40 ships.[3]\nTwo\nThe harbour was dug in 1902.[4]\nThree\n"
    )


def fact(*numbers: int) -> Answer:
    told = [f"Fact {number}." for number in numbers]
    return FACTS.answer(f"Question {numbers[0]}?", *((text, [("facts.txt", text)]) for text in told))


def test_a_longer_brief_begins_with_two_sentences_though_their_sections_say_them_again() -> None:
    answers = [fact(number) for number in range(4)]
    made = FACTS.write(
        Plan("M", tuple(Part(f"Part {each.question}", (each.question,)) for each in answers)), answers, form="brief"
    )
    assert shown(made.bottom_line) == "**Bottom line:** Fact 0.[1] Fact 1.[2]"
    assert [shown(section.paragraphs[0]) for section in made.sections] == [
        "Fact 0.[3]",
        "Fact 1.[4]",
        "Fact 2.[5]",
        "Fact 3.[6]",
    ]


def test_a_long_section_has_several_paragraphs() -> None:
    answers = [fact(number) for number in range(5)]
    made = FACTS.write(Plan("M", (Part("All", tuple(each.question for each in answers)),)), answers, form="brief")
    assert [shown(each) for each in made.sections[0].paragraphs] == ["Fact 3.[4] Fact 4.[5]"]
    assert shown(made.bottom_line) == "**Bottom line:** Fact 0.[1] Fact 1.[2] Fact 2.[3]"
    pairs = [fact(1, 2), fact(3, 4), fact(5)]
    made = FACTS.write(Plan("M", (Part("All", tuple(each.question for each in pairs)),)), pairs, form="brief")
    assert [shown(each) for each in made.sections[0].paragraphs] == [
        "Fact 1.[3] Fact 2.[4] Fact 3.[5] Fact 4.[6]",
        "Fact 5.[7]",
    ]


@pytest.mark.parametrize("kind", [".md", ".html", ".docx", ".pdf"])
def test_every_format_holds_the_same_words_and_stands_up_to_verify(tmp_path: Path, kind: str) -> None:
    made = BOOKS.write(PLAN, ANSWERS, form="brief")
    articles = {article.source: article for article in BOOKS.articles}
    content = output.render(made, tmp_path / f"brief{kind}", articles, pandoc())
    assert content == output.render(made, tmp_path / f"brief{kind}", articles, pandoc())
    (tmp_path / f"brief{kind}").write_bytes(content)
    if kind == ".md":
        text = content.decode()
        assert (
            "**Bottom line:** The harbour was dug in 1902.[^1] The bridge cost 40 million crowns.[^2] On this the "
            "articles differ.\n\n## Harbour\n" in text
        )
        assert (
            "\n\nThe harbour was dug in 1902.[^3] It holds 40 ships.[^4]\n\n## Bridge\n\nThe articles differ: "
            "according to Bo Ek" in text
        )
        assert "###" not in text
    if kind == ".html":
        text = content.decode()
        assert '<p><strong>Bottom line:</strong> <span class="claim">The harbour was dug in 1902.<sup>' in text
        assert re.findall(r'data-mark="(\d+)"', text) == [str(number) for number in range(1, 8)]
    if kind == ".docx":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            words = re.sub(
                r"<[^>]+>", "", re.sub(r"<w:footnoteReference[^>]*>", "*", parts.read("word/document.xml").decode())
            )
        assert (
            "Bottom line: The harbour was dug in 1902.* The bridge cost 40 million crowns.* On this the articles "
            "differ." in words
        )
    checks = verified(read(tmp_path / f"brief{kind}"), BOOKS.shelf())
    assert [check.outcome for check in checks] == ["ok"] * sum(len(note.cites) for note in made.notes)


@pytest.mark.parametrize(
    ("heading", "called", "questions"),
    [
        ("Energy: what was agreed, what is new", "Energy", ["Energy: what was agreed?", "Energy: what is new?"]),
        ("Energy: what was agreed and what is new?", "Energy", ["Energy: what was agreed?", "Energy: what is new?"]),
        (
            "Energy: oil, gas",
            "Energy",
            ["Energy: what do the articles say about oil?", "Energy: what do the articles say about gas?"],
        ),
        ("Energy", "Energy", ["Energy: what do the articles say?"]),
        ("Energy:", "Energy:", ["Energy: what do the articles say?"]),
    ],
)
def test_a_heading_without_questions_is_asked(heading: str, called: str, questions: list[str]) -> None:
    assert asked(Part(heading, ())) == Part(called, tuple(questions))
    assert asked(Part(heading, ("Why?",))) == Part(heading, ("Why?",))


def test_only_a_brief_does_without_questions() -> None:
    plan = from_markdown("# T\n## Energy: what was agreed\n## Trade\n- What target was set?\n", "plan.md")
    assert checked(plan, "plan.md", form="brief").questions == ("Energy: what was agreed?", "What target was set?")
    with pytest.raises(MemoError) as caught:
        checked(plan, "plan.md")
    assert caught.value.message == "plan.md: the section “Energy: what was agreed” has no questions"
    assert caught.value.hint == "add some under it, each after a -, take the section out, or write it with --form brief"
    with pytest.raises(MemoError, match=r"plan\.md has no questions"):
        checked(Plan("T", ()), "plan.md", form="brief")
    with pytest.raises(QuestionError, match=r"plan\.md, “A”: the question has 2,0"):
        checked(Plan("T", (Part("A", ("x" * 2001,)),)), "plan.md", form="brief")
