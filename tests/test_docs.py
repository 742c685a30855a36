"""The pages of the project: no marks of a merge that nobody finished, and a map of files that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_no_page_holds_the_marks_of_a_merge() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert ROOT / "CHANGELOG.md" in pages
    assert [
        page.name
        for page in pages
        if re.search(
            r"^(?:<{7}|={7}|>{7})(?: "
            r"|$)",
            page.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    ] == []


def test_the_map_names_files_that_are_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:qa|index|tests)/[\w/]*(?:\.py)?)`", page))
    assert "qa/answering/answer.py" in named
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_from_a_question_to_its_quotes_it_is_eight_files_of_which_each_leads_on() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    walk = page.partition("## From a question to its quotes")[2].partition("\n## ")[0]
    steps = re.findall(r"^\| `([\w/]+\.py)` \| .* \| `([\w.:]+)", walk, re.MULTILINE)
    assert [file for file, _ in steps] == [
        "qa/cli.py",
        "qa/commands/ask.py",
        "qa/assistant.py",
        "qa/kept/answers.py",
        "qa/answering/answer.py",
        "qa/answering/phrase.py",
    ]  # the last two rows lead back
    assert [call for file, call in steps if call not in (ROOT / file).read_text(encoding="utf-8")] == []
    assert len(re.findall(r"^\| `[\w/]+\.py`", walk, re.MULTILINE)) == 8
