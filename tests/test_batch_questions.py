"""Question files: every format to the same rows, whatever a spreadsheet, an editor or a person made of them."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest

from index.errors import QuestionError
from index.records import Filter
from qa.jsonl import RawRow
from qa.questions.form import STANDARD_INPUT, Format
from qa.questions.read import Questions, contents, read
from qa.questions.rows import Row, checked, parsed, repeated_ids


def rows(text: str | bytes, name: str, form: Format | None = None) -> tuple[RawRow, ...]:
    return read(text.encode() if isinstance(text, str) else text, name=name, form=form).rows


def values(text: str | bytes, name: str, form: Format | None = None) -> list[dict[str, object] | None]:
    return [row.value for row in rows(text, name, form)]


WHAT: dict[str, object] = {"question": "What?"}
WHY: dict[str, object] = {"question": "Why?"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What?\n\n  \n Why? \n", "q.txt"),
        ("What?\r\nWhy?\r\n", "q.TXT"),
        ("What?\rWhy?", "q.txt"),  # an old Mac
        ("\ufeffWhat?\nWhy?", "q.txt"),
        ("What?\nWhy?".encode("utf-16"), "q.txt"),
        ("question\nWhat?\n\nWhy?\n", "q.csv"),
        ('\ufeff"question"\r\n"What?"\r\n"Why?"\r\n', "q.csv"),
        ('{"question": "What?"}\n\n{"question": "Why?"}', "q.jsonl"),
        ('{"question": "What?"}\r\n{"question": "Why?"}\r\n', "q.ndjson"),
        ('- What?\n- question: "Why?"\n', "q.yaml"),
        ('["What?", {"question": "Why?"}]', "q.yml"),
        ("What?\nWhy?\n", STANDARD_INPUT),
        ("What?\nWhy?\n", "questions"),  # no suffix: as it looks
        ("question\nWhat?\nWhy?\n", STANDARD_INPUT),
        ('\n{"question": "What?"}\n{"question": "Why?"}\n', STANDARD_INPUT),
    ],
)
def test_every_format_gives_the_same_rows(text: str | bytes, name: str) -> None:
    assert rows(text, name) == (RawRow(1, WHAT, None), RawRow(2, WHY, None))


def test_a_line_of_text_is_a_question_whatever_it_holds() -> None:
    assert values("a\u2028b, c; d\n# 1?\n- e", "q.txt") == [
        {"question": "a\u2028b, c; d"},
        {"question": "# 1?"},
        {"question": "- e"},
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Où était le café?\nQu’a-t-il dit?\n", "cp1252"), ("Кто подписал договор?\nКогда это было?\n", "cp1251")],
)
def test_legacy_encodings_are_read_as_articles_are(text: str, encoding: str) -> None:
    assert [row["question"] for row in values(text.encode(encoding), "q.txt") if row] == text.splitlines()


@pytest.mark.parametrize(
    ("text", "expected", "delimiter"),
    [
        ('ID;Question;Notes\n7;"a; b";x\n', [{"ID": "7", "Question": "a; b", "Notes": "x"}], ";"),
        ("id\tquestion\n7\ta, b\n", [{"id": "7", "question": "a, b"}], "\t"),
        ('id,question\n7,"say ""a""\nor b?"\n', [{"id": "7", "question": 'say "a"\nor b?'}], ","),
        ('5" pipe?,question\nx,y\n', [{'5" pipe?': "x", "question": "y"}], ","),
        ("sep=;\r\na;question\r\n1,5;b\r\n", [{"a": "1,5", "question": "b"}], ";"),
        ("question,a;b;c\nWhat?,x\n", [{"question": "What?", "a;b;c": "x"}], ","),  # most cells are not what tells
        ("question,,\nWhat?,,\n,,\nWhy?,,\n", [WHAT, WHY], ","),  # empty columns and rows of a spreadsheet
        (
            "question,,note,note\nWhat?,x,y,z\n",
            [{"question": "What?", "column 2": "x", "note": "y", "note (4)": "z"}],
            ",",
        ),
        ("question,a,b\nWhat?\n", [{"question": "What?", "a": "", "b": ""}], ","),
        (f"question,article\nWhat?,{'x' * 200_000}\n", [{"question": "What?", "article": "x" * 200_000}], ","),
    ],
)
def test_tables(text: str, expected: list[dict[str, object]], delimiter: str) -> None:
    found = read(text.encode(), name="q.csv")
    assert ([row.value for row in found.rows], found.delimiter) == (expected, delimiter)


def test_a_comma_without_quotation_marks_does_not_cut_a_question_short() -> None:
    bad, good = rows("id,question\n1,What did he, she say?\n2,Why?\n", "q.csv")
    assert bad == RawRow(
        1,
        {"id": "1", "question": "What did he", "column 3": " she say?"},
        "3 cells where the header has 2: put a cell with a comma in it between quotation marks",
    )
    assert good == RawRow(2, {"id": "2", "question": "Why?"}, None)


def test_yaml_keeps_words_as_they_are_written() -> None:
    item = "{question: Why?, since: 2025-12-10, until: 2026, at: 1:30, agreed: no, id: 007, n: 7, x: 1.5, flag: true, none: ~, 3: three}"
    plain = {
        "since": "2025-12-10",
        "until": 2026,
        "at": "1:30",
        "agreed": "no",
        "id": "007",
        "n": 7,
        "x": 1.5,
        "flag": True,
        "none": None,
        "3": "three",
    }
    assert values(f"- {item}\n- 2025-12\n", "q.yaml") == [{"question": "Why?"} | plain, {"question": "2025-12"}]


@pytest.mark.parametrize("unit", ["{a: ", "[", "- ", "[[", "? "])
def test_yaml_nested_without_end_is_refused_and_ends_nothing(unit: str) -> None:
    with pytest.raises(QuestionError, match=r"^q\.yaml, line 1: nested more than 100 levels deep$"):
        rows(unit * 40_000, "q.yaml")
    assert len(rows("- question: Why?\n  deep: " + "[" * 90 + "]" * 90 + "\n", "q.yaml")) == 1


def test_yaml_aliases_are_written_out_and_bombs_are_not() -> None:
    assert values("- &a {question: Why?, source: [x]}\n- {<<: *a, id: 2}\n", "q.yaml") == [
        {"question": "Why?", "source": ["x"]},
        {"question": "Why?", "source": ["x"], "id": 2},
    ]
    bomb = "- Why?\n- &a {question: [x, x, x, x, x, x, x, x, x, x]}\n" + "".join(
        f"- &{new} {{question: [{', '.join([f'*{old}'] * 10)}]}}\n" for old, new in zip("abcdef", "bcdefg", strict=True)
    )
    began = time.monotonic()
    with pytest.raises(QuestionError) as caught:
        rows(bomb, "q.yaml")
    assert caught.value.message == "q.yaml, line 7: more than 1,000,000 values"
    assert time.monotonic() - began < 20
    assert rows("- &a [*a]\n- &b {question: *b}\n- Why?\n- !!set {a}\n", "q.yaml") == (
        RawRow(1, None, "neither a text nor a mapping"),
        RawRow(2, None, "a value holds itself"),
        RawRow(3, WHY, None),
        RawRow(4, None, "neither a text nor a mapping"),
    )
    assert (
        rows("- {question: Why?, at: !!timestamp 2025-12-10}\n", "q.yaml")[0].problem
        == "a value of a kind that JSON does not know (date)"
    )


@pytest.mark.parametrize(
    ("text", "name", "message", "hint"),
    [
        ("", "q.txt", "q.txt holds no questions", "one question a line"),
        ("\n \n", "q.jsonl", "q.jsonl holds no questions", "one question a line"),
        ("question\n\n", "q.csv", "q.csv holds no questions", "one question a line"),
        ("", "q.csv", "q.csv holds no questions", "one question a line"),
        ("---\n", "q.yaml", "q.yaml holds no questions", "one question a line"),
        ("[]", "q.yaml", "q.yaml holds no questions", "one question a line"),
        (
            "title: T\nsections: []\n",
            "q.yaml",
            "q.yaml holds a mapping (title, sections), not a list",
            '- "What was agreed?"',
        ),
        ("What?", "q.yaml", "q.yaml holds a single value, not a list", '- "What was agreed?"'),
        (
            "- What?\n- {a\n",
            "q.yaml",
            "q.yaml, line 3: not YAML: did not find expected ',' or '}'",
            '- "What was agreed?"',
        ),
        ("- a: !!timestamp 2025-99-99", "q.yaml", "q.yaml: not YAML: ", '- "What was agreed?"'),
        (
            "Frage,Thema\nWas?,x\n",
            "q.csv",
            "q.csv has no column called question; it has: Frage, Thema",
            "call the column that holds the questions question",
        ),
        ("What?\nWhy?\n", "q.csv", "q.csv has no column called question; it has: What?", "call the file .txt"),
        (
            'question,a\nWhat?,b\nWhy?,"c\n',
            "q.csv",
            "q.csv, line 3: a quotation mark is opened and never closed",
            '"so ""they"" say"',
        ),
        ('question\n"What" now?\n', "q.csv", "q.csv, line 2: ',' expected after '\"'", '"so ""they"" say"'),
        (b"PK\x03\x04rest", "q.csv", "q.csv is not text: it begins like a .docx file", "CSV UTF-8"),
        (b"\x00\x01\x02" * 100, "q.jsonl", "q.jsonl is not text: it holds binary data", "CSV UTF-8"),
        (
            "What?",
            "q.pdf",
            "q.pdf is none of .txt, .csv, .tsv, .jsonl, .ndjson, .yaml, .yml",
            "--format txt|csv|jsonl|yaml",
        ),
    ],
)
def test_a_file_that_is_no_question_file_is_refused(text: str | bytes, name: str, message: str, hint: str) -> None:
    with pytest.raises(QuestionError) as caught:
        rows(text, name)
    assert caught.value.message.startswith(message)
    assert hint in caught.value.hint
    assert "\n" not in caught.value.message


def test_the_format_can_be_said() -> None:
    assert values("- What?\n", "q.md", form="yaml") == [WHAT]
    assert values("- What?\n", STANDARD_INPUT, form="txt") == [{"question": "- What?"}]


def test_bad_lines_of_json_stand_by_themselves() -> None:
    text = b'nonsense\n[1]\n{"id": NaN}\n{"x": 1e999}\n\xff\xfe\n{"question": "\xe2\x80\x9cWhy\xe2\x80\x9d \xe2\x80\x9cWhy\xe2\x80\x9d?"}\n'
    assert [row.problem for row in rows(text, "q.jsonl")] == [
        "not JSON: Expecting value: line 1 column 1 (char 0): nonsense",
        "not a JSON object",
        'not JSON: NaN is no JSON value: {"id": NaN}',
        'not JSON: 1e999 is no JSON value: {"x": 1e999}',
        "not UTF-8 text",
        None,
    ]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    for file, reason in ((tmp_path, "Is a directory"), (tmp_path / "moon.txt", "No such file or directory")):
        with pytest.raises(QuestionError, match=f"^{file.name} cannot be read: {reason}$"):
            contents(file, io.BytesIO(), name=file.name)
    assert contents(None, io.BytesIO(b"What?"), name=STANDARD_INPUT) == b"What?"


def row(columns: dict[str, object]) -> Row:
    return parsed([RawRow(3, columns, None)])[0]


@pytest.mark.parametrize(
    ("columns", "id_", "within"),
    [
        ({"question": " Why? ", "id": 7}, 7, Filter()),
        (
            {"Question": "Why?", "ID": "7", "Since": "2025", "UNTIL": " 2025-12 ", "Source": "a.txt"},
            "7",
            Filter(sources=("a.txt",), since="2025", until="2025-12"),
        ),
        # empty cells say nothing
        ({"question": "Why?", "id": "", "source": " ", "since": "", "until": None}, 3, Filter()),
        (
            {"question": "Why?", "Question": "What?", "id": False, "since": 2025, "source": ["a", "b"]},
            False,
            Filter(sources=("a", "b"), since="2025"),
        ),
        ({"question": "Why?", "id": None, "source": []}, 3, Filter()),
        ({"question": "Why?", "id": ["a", {"b": 1.5}]}, ["a", {"b": 1.5}], Filter()),
    ],
)
def test_what_a_row_says(columns: dict[str, object], id_: object, within: Filter) -> None:
    assert row(columns) == Row(id_, columns, "Why?", within)
    assert type(row(columns).id) is type(id_)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({}, "the row has no question"),
        ({"question": 5}, "the row has no question"),
        ({"question": "  "}, "the row has no question"),
        ({"question": "Why \ud83d?"}, "the question is not text: it holds half a character"),
        ({"question": "Why?", "source": 1}, "source is neither a text nor a list of texts"),
        ({"question": "Why?", "source": [1]}, "source is neither a text nor a list of texts"),
        ({"question": "Why?", "since": True}, "since or until is not a date"),
        ({"question": "Why?", "until": 20.25}, "since or until is not a date"),
    ],
)
def test_a_row_that_cannot_be_asked_keeps_its_columns(columns: dict[str, object], message: str) -> None:
    found = row(columns)
    assert found.error is not None
    assert (found.id, found.columns, found.error.message) == (3, columns, message)


def test_a_check_turns_rows_into_errors() -> None:
    def check(question: str, _: Filter) -> None:
        if question == "What?":
            raise QuestionError("not that", "ask another")

    found = checked(parsed([RawRow(1, WHAT, None), RawRow(2, WHY, None), RawRow(3, {}, None)]), check)
    assert [None if each.error is None else each.error.message for each in found] == [
        "not that",
        None,
        "the row has no question",
    ]


def test_repeated_ids_are_told_by_type() -> None:
    found = parsed(
        [RawRow(n, {"question": "Q", "id": id_}, None) for n, id_ in enumerate(["é", 1, "é", "1", True, 1.0], start=1)]
    )
    assert repeated_ids(found) == ('"é"',)


@pytest.mark.parametrize("name", ["q.txt", "q.csv", "q.jsonl", "q.yaml"])
def test_ten_thousand_rows_are_read_in_a_blink(name: str) -> None:
    line, head = {
        "q.txt": ("What is the number {n}?\n", ""),
        "q.csv": ("{n},What is the number {n}?,trade\n", "id,question,topic\n"),
        "q.jsonl": ('{{"id": {n}, "question": "What is the number {n}?", "topic": "trade"}}\n', ""),
        "q.yaml": ("- id: {n}\n  question: What is the number {n}?\n  topic: trade\n", ""),
    }[name]
    data = (head + "".join(line.format(n=n) for n in range(10_000))).encode()
    began = time.monotonic()
    found: Questions = read(data, name=name)
    assert len(parsed(found.rows)) == 10_000
    assert time.monotonic() - began < 10  # about a second for YAML, a tenth for the others
