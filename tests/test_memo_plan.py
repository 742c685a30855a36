"""Plans as people write them, and what is said where they are none."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from index.errors import VouchError
from qa.memo.dates import epoch, long_date, writing_date
from qa.memo.errors import MemoError
from qa.memo.names import Name, authors
from qa.memo.plan import Part, Plan, plan_markdown, read_plan

PLAN = Plan(
    "The summit",
    (Part("Trade", ("What target?", "By when?")), Part("Arms", ("Which arms?",))),
    "The Minister",
    "Desk",
    "2026-01-02",
)
MARKDOWN = """\ufeff# The summit

To: The Minister
from: Desk
Date: 2026-01-02
<!-- a remark
## over lines -->
## Trade
- What
  target?
1. By when?

## Arms
* Which arms?
"""
YAML = """
title: The summit
to: The Minister
from: Desk
date: 2026-01-02
sections:
  - title: Trade
    questions: ["What target?", "By when?"]
  - title: Arms
    questions:
      - Which arms?
"""
EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "summit.md"


def plan_of(tmp_path: Path, name: str, text: str) -> Plan:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return read_plan(file)


@pytest.mark.parametrize(("name", "text"), [("plan.md", MARKDOWN), ("plan.yaml", YAML), ("plan.YML", YAML)])
def test_a_plan_is_read_from_markdown_and_from_yaml(tmp_path: Path, name: str, text: str) -> None:
    assert plan_of(tmp_path, name, text) == PLAN
    assert PLAN.questions == ("What target?", "By when?", "Which arms?")


def test_a_plan_that_is_printed_can_be_read_again(tmp_path: Path) -> None:
    assert plan_of(tmp_path, "again.md", plan_markdown(PLAN)) == PLAN


def test_questions_without_a_section_make_one(tmp_path: Path) -> None:
    assert plan_of(tmp_path, "plan.md", "# T\n- A?\n").parts == (Part("Findings", ("A?",)),)


def test_the_example_of_the_manual_has_three_sections_and_nine_questions() -> None:
    plan = read_plan(EXAMPLE)
    assert (len(plan.parts), len(plan.questions)) == (3, 9)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("plan.md", "", "plan.md has no title"),
        ("plan.md", "## Trade\n- A?\n", "plan.md has no title"),
        ("plan.md", "# T\n", "plan.md has no questions"),
        ("plan.md", "# T\n## A\n- A?\n## B\n", "plan.md: the section “B” has no questions"),
        ("plan.md", "# T\n## A\n", "plan.md: the section “A” has no questions"),
        (
            "plan.md",
            "# T\n## A\nSome prose.\n",
            "plan.md, line 3: “Some prose.” is neither title, section nor question",
        ),
        ("plan.md", "# T\n## A\n- A?\n# U\n", "plan.md, line 4: “# U” is neither title, section nor question"),
        ("plan.md", "# T\n<!--\n-->\n### A\n", "plan.md, line 4: “### A” is neither title, section nor question"),
        ("plan.md", "# T\n## A\n- ?!\n", "plan.md, “A”: the question is empty"),
        (
            "plan.md",
            "# T\n## A\n- " + "a" * 2001,
            "plan.md, “A”: the question has 2,001 characters; at most 2,000 can be asked",
        ),
        ("plan.txt", "# T\n- A?", "plan.txt is neither a Markdown nor a YAML plan"),
        ("plan.yaml", "", "plan.yaml has no title"),
        ("plan.yaml", "[1, 2]", "plan.yaml has no title"),
        ("plan.yaml", "title: T", "plan.yaml has no questions"),
        ("plan.yaml", "titel: T", "plan.yaml: “titel” is not known"),
        ("plan.yaml", "title: [a]", "plan.yaml: title: this is no text"),
        ("plan.yaml", "title: T\nsections: x", "plan.yaml: sections: this is no list"),
        ("plan.yaml", "title: T\nsections:\n - questions: [A]", "plan.yaml, section 1 has no title"),
        (
            "plan.yaml",
            "title: T\nsections:\n - title: A\n   questions:\n    - So: is it?",
            "plan.yaml, section 1, question 1: this is no text",
        ),
        ("plan.yaml", "title: 'T", "plan.yaml, line 1: not YAML: "),
    ],
)
def test_what_is_no_plan_is_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(VouchError) as caught:
        plan_of(tmp_path, name, text)
    assert caught.value.message.startswith(message)
    assert "\n" not in caught.value.message + caught.value.hint


def test_a_plan_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(MemoError, match="cannot be read"):
        read_plan(tmp_path / "none.md")
    (tmp_path / "latin.md").write_bytes(b"# \xe9t\xe9\n- A?\n")
    with pytest.raises(MemoError, match="is not UTF-8 text"):
        read_plan(tmp_path / "latin.md")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Jai Kumar Verma", [Name("Verma", "Jai Kumar")]),
        ("Ada Lund, Bo Ek and Cy Ahl", [Name("Lund", "Ada"), Name("Ek", "Bo"), Name("Ahl", "Cy")]),
        ("Verma, Jai Kumar", [Name("Verma", "Jai Kumar")]),
        ("Jan van der Berg", [Name("van der Berg", "Jan")]),
        ("Ministry of External Affairs", [Name("Ministry of External Affairs")]),
        ("News Desk", [Name("News Desk")]),
        ("Reuters", [Name("Reuters")]),
    ],
)
def test_authors_are_taken_apart_only_where_they_are_persons(line: str, names: list[Name]) -> None:
    assert list(authors(line)) == names


def test_the_day_of_a_memo_is_the_plans_then_the_environments_then_today() -> None:
    today = datetime.date(2026, 3, 4)
    assert writing_date("2025-12-10", {"SOURCE_DATE_EPOCH": "0"}, today=today) == "2025-12-10"
    assert writing_date(None, {"SOURCE_DATE_EPOCH": "86400"}, today=today) == "1970-01-02"
    assert writing_date(None, {}, today=today) == "2026-03-04"
    for planned, environ in (("soon", {}), (None, {"SOURCE_DATE_EPOCH": "soon"})):
        with pytest.raises(MemoError):
            writing_date(planned, environ, today=today)
    assert [long_date(date) for date in ("2025-12-01", "2025-12", "2025")] == [
        "1 December 2025",
        "December 2025",
        "2025",
    ]
    assert epoch("2026-01-02") == 1_767_312_000
