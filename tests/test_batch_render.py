"""Answers for a spreadsheet and for a reader.

Every column comes back, text stays text, and nothing in it runs or marks itself up.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from qa.batch.answers import Tally
from qa.batch.outcome import Outcome
from qa.records import Value
from qa.render.answers import document
from qa.render.csv import OWN, guarded, table
from tests.examples import ANSWERED, CONFLICTING, UNANSWERED

FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "＝1+1",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
]


def read(content: bytes, delimiter: str = ",") -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=True))


def test_a_row_of_the_table() -> None:
    columns = {
        "topic": "trade",
        "id": 7,
        "question": "What is the target?",
        "n": -1.5,
        "tags": ["a", "é"],
        "none": None,
        "yes": True,
    }
    head, row = read(b"".join(table([Outcome(7, columns, CONFLICTING)], list(columns))))
    assert dict(zip(head, row, strict=True)) == {
        "id": "7",
        "topic": "trade",
        "question": "What is the target?",
        "n": "-1.5",
        "tags": '["a", "é"]',
        "none": "",
        "yes": "true",
        "status": "conflicting",
        "answer": "The target is $100 billion by 2030. [1] Another article says $30bn by 2025. [2]",
        "confidence": "0.7",
        "citations": "[1] “India and Russia agreed on trade of $100 billion by 2030.” — Trade news, 2025-12 (new.txt:12-69)\n"
        "[2] “The target is $30bn by 2025.” — “The target is $30bn by 2025”, undated (old.txt:0-28)",
        "conflicts": "$100 billion by 2030 [1] — “Trade news” (2025-12)\n$30bn by 2025 [2] — “The target is $30bn by 2025” (undated)",
        "nearest": "",
        "notes": "",
        "error": "",
    }
    assert head == ["id", "topic", "question", "n", "tags", "none", "yes", *OWN]


def test_refusals_and_failures_have_their_row() -> None:
    failed = Outcome("x", None, None, ("row 2: not JSON", "mend the row"))
    _, refused, error = read(b"".join(table([Outcome(1, {"question": "Who won?"}, UNANSWERED), failed], ["question"])))
    assert refused[:4] == ["1", "Who won?", "unanswered", "The articles do not say."]
    assert refused[7] == "[1] “The target is $30bn by 2025.” — “The target is $30bn by 2025”, undated (old.txt:0-28)"
    assert error == ["x", "", "failed", "", "", "", "", "", "", "row 2: not JSON (mend the row)"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    article = replace(
        ANSWERED,
        answer=f"{text} [1]",
        citations=(replace(ANSWERED.citations[0], quote=text, title=text, author=text, source=text),),
        notes=(text,),
        conflicts=(replace(CONFLICTING.conflicts[0], claims=(Value(text, (1,)), Value(text, (1,)))),),
    )
    outcomes = [
        Outcome(text, {text: text, "question": text}, article),
        Outcome(1, {"question": "A?"}, None, (text, text)),
    ]
    for rows in (
        read(b"".join(table(outcomes, [text, "question"]))),
        read(b"".join(table(outcomes, [text, "question"], delimiter=";")), ";"),
    ):
        cells = [cell for row in rows for cell in row]
        assert f"'{text}" in cells
        assert not [
            cell
            for cell in cells
            if cell.lstrip().startswith(("=", "+", "-", "@", "＝")) or cell.startswith(("\t", "\r", "\n"))
        ]
    assert guarded(text) == f"'{text}"


def test_no_cell_begins_where_another_program_splits() -> None:
    content = b"".join(table([Outcome(1, {"question": 'a;=1+1\t=2+2,"=3+3'}, UNANSWERED)], ["question"])).decode(
        "utf-8-sig"
    )
    assert '"a;=1+1\t=2+2,""=3+3"' in content
    assert all(cell.startswith('"') for line in content.split("\r\n") if line for cell in [line])


def test_what_could_deceive_is_made_visible_and_what_is_the_users_own_is_not_touched() -> None:
    answer = replace(
        UNANSWERED, answer="a\x1b[2Jb\u202ec\x00", nearest=(replace(UNANSWERED.nearest[0], quote="x\r\n\x07y"),)
    )
    columns: dict[str, object] = {"question": "سؤال\u200f\r\nline two", "half": "a\ud83d"}
    _, row = read(b"".join(table([Outcome(1, columns, answer)], list(columns))))
    assert row[1:5] == ["سؤال\u200f\r\nline two", "a\\ud83d", "unanswered", "a‹U+001B›[2Jb‹U+202E›c‹U+0000›"]
    assert "“x ‹U+0007›y”" in row[8]


def test_columns_that_have_a_name_of_ours_are_marked_as_theirs() -> None:
    columns: dict[str, object] = {
        "ID": "7",
        "Answer": "gold",
        "answer": "g2",
        "id ": "x",
        "error": "none",
        "question": "A?",
    }
    head, row = read(b"".join(table([Outcome("7", columns, UNANSWERED)], list(columns))))
    assert head[:6] == ["id", "Answer (yours)", "answer (yours) (yours)", "id  (yours)", "error (yours)", "question"]
    assert row[:6] == ["7", "gold", "g2", "x", "none", "A?"]
    assert len({name.casefold() for name in head}) == len(head)


def test_the_document() -> None:
    outcomes = [
        Outcome(
            "a", {"id": "a", "question": "What is the *target*?", "topic": "# trade", "n": 1, "empty": ""}, ANSWERED
        ),
        Outcome(2, {"question": "What is the target?"}, CONFLICTING),
        Outcome(3, None, None, ("row 3: not <b>JSON</b>", "mend it")),
    ]
    assert b"".join(document(outcomes, Tally(4, 1, 1, 0, 1, 3, 0), title="Answers to q_1.csv")).decode() == (
        "# Answers to q\\_1.csv\n\n4 questions: 3 of them so far: 1 answered, 1 conflicting, 0 refused, 1 failed.\n\n"
        "## 1. What is the \\*target\\*?\n\n- id: a\n- topic: \\# trade\n- n: 1\n\n*answered, confidence 0.80*\n\n"
        "They agreed on \\$100 billion by 2030.[^1-1]\n\n*Note:* old.txt carries no date\n\n"
        "[^1-1]: “India and Russia agreed on trade of \\$100 billion by 2030.” — Trade news, 2025-12 (new.txt, "
        "12-69)\n\n"
        "## 2. What is the target?\n\n*conflicting, confidence 0.70*\n\n"
        "**Sources differ:**\n\n- **\\$100 billion by 2030**[^2-1] — “Trade news” (2025-12)\n"
        "- **\\$30bn by 2025**[^2-2] — “The target is \\$30bn by 2025” (undated)\n\n"
        "[^2-1]: “India and Russia agreed on trade of **\\$100 billion by 2030**.” — Trade news, 2025-12 (new.txt, "
        "12-69)\n\n"
        "[^2-2]: “The target is **\\$30bn by 2025**.” — “The target is \\$30bn by 2025”, undated (old.txt, 0-28)\n\n"
        "## 3. (no question)\n\n**Not asked:** row 3: not \\<b\\>JSON\\</b\\> (mend it)\n"
    )


def test_footnotes_of_a_document_do_not_meet() -> None:
    text = b"".join(
        document([Outcome(n, {"question": "Q?"}, CONFLICTING) for n in range(3)], Tally(3, 0, 3, 0, 0, 3, 0), title="T")
    ).decode()
    notes = [line.partition("]:")[0] for line in text.splitlines() if line.startswith("[^")]
    assert notes == ["[^1-1", "[^1-2", "[^2-1", "[^2-2", "[^3-1", "[^3-2"]
