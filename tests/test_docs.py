"""No page of the project holds the marks of a merge that nobody finished."""

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
