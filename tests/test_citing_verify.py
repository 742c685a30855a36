"""`qa verify` knows a draft that `qa cite` has checked.

Footnotes and comments are looked up, the author's own are left alone, changes are found.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from qa.citing import markdown, page, plain, word
from qa.citing.records import Addition
from qa.verify.check import checked
from qa.verify.read import read
from tests.draft_files import DENIED, FOUND, PARTLY, additions, word_draft
from tests.memo_made import HARBOUR, Books, made

SHELF = Books((made("harbour.txt", HARBOUR),)).shelf()
TEXT = "It holds forty ships of the line. The bridge cost forty. The second point is deep. The ferry is fast.\n"
ABSENT = Addition("absent", (), ("Not in the sources: no article was found that says this.",))
CHOSEN = {"It holds": FOUND, "The bridge": DENIED, "The second": PARTLY, "The ferry": ABSENT}
CASES = [
    (word, "a.docx", word_draft()),
    (markdown, "a.md", f"{TEXT}\nMine.[^own]\n\n[^own]: A note of my own “with words” in it.\n".encode()),
    (page, "a.html", f"<p>{TEXT}</p>".encode()),
    (plain, "a.txt", TEXT.encode()),
]


def checks(folder: Path, name: str, content: bytes) -> list[tuple[str, str]]:
    (folder / name).write_bytes(content)
    return [(check.outcome, check.quote) for check in checked(read(folder / name), SHELF)]


@pytest.mark.parametrize(("module", "name", "draft"), CASES)
def test_every_quotation_of_a_cited_draft_stands(tmp_path: Path, module: ModuleType, name: str, draft: bytes) -> None:
    made_of = module.written(draft, name, additions(module.read(draft, name), CHOSEN))
    first, second = ("ok", HARBOUR[:28]), ("ok", HARBOUR[29:47])
    assert sorted(checks(tmp_path, name, made_of)) == sorted([first, first, first, second])


@pytest.mark.parametrize(("module", "name", "draft"), CASES[1:])
def test_a_changed_word_is_found_in_a_footnote_and_in_a_comment(
    tmp_path: Path, module: ModuleType, name: str, draft: bytes
) -> None:
    text = module.written(draft, name, additions(module.read(draft, name), CHOSEN)).decode()
    for changed in (text.replace("was dug in 1902", "was dug in 1903"), text.replace(":0-28", ":0-27")):
        wrong = [outcome for outcome, _ in checks(tmp_path, name, changed.encode()) if outcome != "ok"]
        assert len(wrong) == 3


def test_a_changed_word_is_found_in_word(tmp_path: Path) -> None:
    import io
    import zipfile

    content = word.written(word_draft(), "a.docx", additions(word.read(word_draft(), "a.docx"), CHOSEN))
    for part, changed in (("word/footnotes.xml", 2), ("word/comments.xml", 1)):
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w") as after:
            for name in before.namelist():
                held = before.read(name)
                after.writestr(name, held.replace(b"was dug in 1902", b"was dug in 1903") if name == part else held)
        outcomes = [outcome for outcome, _ in checks(tmp_path, "a.docx", stream.getvalue())]
        assert outcomes.count("changed words") == changed


def test_a_mark_without_its_note_is_found(tmp_path: Path) -> None:
    content = markdown.written(TEXT.encode(), "a.md", additions(markdown.read(TEXT.encode(), "a.md"), CHOSEN)).decode()
    assert ("no footnote", "") in checks(tmp_path, "a.md", content.replace("The bridge", "The bridge[^9]").encode())
