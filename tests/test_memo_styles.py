"""Citation styles: by name, by file, by their parent; and the bibliography as a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.memo import pandoc as pandocs
from qa.memo.bibliography import bibliography
from qa.memo.errors import MemoError
from qa.memo.style import find
from tests.memo_made import HOSTILE_TITLE, hostile, memo, pandoc

CSL = '<style xmlns="http://purl.org/net/xbiblio/csl" class="note"><info><title>Mine</title></info></style>'
CHILD = CSL.replace("</info>", '<link href="http://www.zotero.org/styles/{}" rel="independent-parent"/></info>')


@pytest.mark.parametrize(
    ("name", "file", "notes"),
    [
        ("chicago-note-bibliography", "chicago-notes-bibliography", True),
        ("mla", "modern-language-association", False),
        ("apa", "apa", False),
        ("ieee", "ieee", False),
        ("chicago-author-date", "chicago-author-date", False),
        ("2d-materials", "institute-of-physics-numeric", False),
    ],
)
def test_a_style_is_found_by_its_name_and_one_that_points_to_another_there(name: str, file: str, notes: bool) -> None:
    style = find(name, cwd=Path())
    assert (style.name, style.file.stem, style.notes) == (name, file, notes)


def test_a_style_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "mine.csl").write_text(CSL)
    style = find("mine.csl", cwd=tmp_path)
    assert (style.name, style.file, style.notes) == ("mine.csl", tmp_path / "mine.csl", True)
    (tmp_path / "child.csl").write_text(CHILD.format("apa"))
    assert find("child.csl", cwd=tmp_path).file.name == "apa.csl"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("mlaa", None, "there is no citation style “mlaa”"),
        ("../apa", None, "there is no citation style “../apa”"),
        ("none.csl", None, "cannot be read: No such file or directory"),
        ("broken.csl", "<style", "is no citation style"),
        ("other.csl", "<html/>", "is no citation style: it is no CSL"),
        ("orphan.csl", CHILD.format("no-such-parent"), "is built on another that is not installed: no-such-parent"),
    ],
)
def test_what_is_no_style_is_named(tmp_path: Path, name: str, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(MemoError) as caught:
        find(name, cwd=tmp_path)
    assert message in caught.value.message
    if name == "mlaa":
        assert "mla" in caught.value.hint


def test_what_is_not_installed_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(MemoError, match="pandoc, which formats citations and documents, is not installed") as caught:
        pandocs.find(package="no-such-package", name="no-such-program")
    assert caught.value.hint == "pip install 'vouch-qa[memo]'"
    with pytest.raises(MemoError, match="the citation styles are not installed"):
        find("apa", cwd=tmp_path, package="no-such-package")
    with pytest.raises(MemoError, match="pandoc cannot be run: No such file or directory"):
        pandocs.Pandoc(tmp_path / "none").run(["--version"])
    with pytest.raises(MemoError, match="pandoc failed: Unknown option --nonsense"):
        pandoc().run(["--nonsense"])


def test_the_bibliography_is_written_as_bibtex() -> None:
    text = bibliography(memo(), Path("refs.bib"), pandoc()).decode()
    assert text.startswith("@article{ek2020,\n  author = {Ek, Bo and Ahl, Cy},\n")
    assert "  title = {Ships and {Tides:} {A} {History}},\n  journal = {Coast Press},\n  year = {1999},\n" in text
    assert "@article{oldledger,\n  title = {{old\\_ledger.txt}}\n}" in text


def test_the_bibliography_is_written_as_csl_json() -> None:
    records = json.loads(bibliography(memo(), Path("refs.json"), pandoc()))
    assert [record["id"] for record in records] == ["ek2020", "lund1999", "oldledger"]
    assert records[1]["issued"] == {"date-parts": [[1999, 5]]}
    assert records[1]["URL"] == "https://coast.example/ships"


def test_a_hostile_title_runs_nothing_in_bibtex() -> None:
    text = bibliography(hostile(), Path("refs.bib"), pandoc()).decode()
    assert "\\textbackslash" in text
    assert "\\input" not in text
    assert "\\$" in text
    assert json.loads(bibliography(hostile(), Path("refs.json"), pandoc()))[0]["title"] == HOSTILE_TITLE
    assert "javascript" not in text
