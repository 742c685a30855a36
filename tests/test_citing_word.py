"""A Word draft is given back as it was, but for footnotes, comments and a list of sources.

And the same when it is done twice.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from qa.citing import word
from qa.citing.records import Additions
from qa.citing.word_package import W
from qa.memo.errors import MemoError
from tests.draft_files import COLOPHON, DENIED, FOUND, PARTLY, additions, word_draft

CHOSEN = {
    "It holds": FOUND,
    "The bridge": DENIED,
    "The second": PARTLY,
    "The pier": FOUND,
    "The ledger": FOUND,
    "Nobody": DENIED,
    "It was never": FOUND,
}


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def made(draft: bytes) -> bytes:
    return word.written(draft, "draft.docx", additions(word.read(draft, "draft.docx"), CHOSEN))


def merged(root: Any) -> bytes:
    """A part with neighbouring runs of the same form joined, and neighbouring texts too, as before a cut through a run.

    Footnotes counted anew.
    """
    for place, mark in enumerate(root.iter(f"{W}footnoteReference")):
        mark.set(f"{W}id", str(place))
    for run in list(root.iter(f"{W}r")):
        before = run.getprevious()
        if before is not None and before.tag == f"{W}r" and form(before) == form(run):
            for child in run:
                if child.tag != f"{W}rPr":
                    before.append(child)
            run.getparent().remove(run)
    for text in list(root.iter(f"{W}t")):
        before = text.getprevious()
        if before is not None and before.tag == f"{W}t":
            before.text += text.text
            text.getparent().remove(text)
    for text in root.iter(f"{W}t"):
        text.attrib.clear()
    written: bytes = etree.tostring(root, method="c14n")
    return written


def form(run: Any) -> bytes:
    properties = run.find(f"{W}rPr")
    return b"" if properties is None else etree.tostring(properties, method="c14n")


def without_ours(root: Any) -> Any:
    for one in list(root.iter(f"{W}r", f"{W}commentRangeStart", f"{W}commentRangeEnd")):
        ours = one.find(f"{W}rPr/{W}rStyle[@{W}val='VouchReference']") is not None
        mark = one if one.tag != f"{W}r" else one.find(f"{W}commentReference")
        if ours or (mark is not None and mark.get(f"{W}id") != "4"):
            one.getparent().remove(one)
    for paragraph in list(root.iter(f"{W}p")):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and str(style.get(f"{W}val")).startswith("Vouch"):
            paragraph.getparent().remove(paragraph)
    return root


def test_the_sentences_are_those_that_a_reader_sees() -> None:
    said = word.read(word_draft(), "draft.docx")
    assert [(one.text, one.heading, one.citations) for one in said] == [
        ("The harbour", True, ()),
        ("The harbour was dug in 1902.", False, ()),
        ("It holds forty ships of the line.", False, ("My own note 1.",)),
        ("The ferry is slow.", False, ()),
        ("The bridge cost forty million crowns in all.", False, ()),
        ("Nobody minds the soft bread of the town.", False, ()),
        ("The first point concerns the depth of the water.", False, ()),
        ("The second point concerns the price of a berth.", False, ("My own note 2.",)),
        ("The pier of the old town was rebuilt in stone.", False, ()),
        ("1902", False, ()),
        ("The ledger of the town names a sum.", False, ("My own note 3.",)),
        ("It was never paid back.", False, ()),
    ]
    assert [one.before for one in said[1:4]] == [
        "",
        "The harbour was dug in 1902.",
        "It holds forty ships of the line.",
    ]


def test_parts_that_are_not_concerned_stay_byte_for_byte() -> None:
    before, after = parts(word_draft()), parts(made(word_draft()))
    assert list(after) == list(before)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"word/document.xml", "word/footnotes.xml", "word/comments.xml", "word/styles.xml"}


def test_the_main_part_is_unchanged_but_for_the_additions() -> None:
    before, after = parts(word_draft()), parts(made(word_draft()))
    was, now = etree.fromstring(before["word/document.xml"]), etree.fromstring(after["word/document.xml"])
    assert merged(without_ours(now)) == merged(was)


def test_the_authors_footnotes_are_held_as_they_were() -> None:
    before, after = (
        etree.fromstring(parts(content)["word/footnotes.xml"]) for content in (word_draft(), made(word_draft()))
    )
    ours = [note for note in after if note.find(f"{W}p/{W}pPr/{W}pStyle[@{W}val='VouchNote']") is not None]
    assert len(ours) == len(after) - len(before) == 5
    for note in ours:
        after.remove(note)
    for root in (before, after):
        for note in root:
            note.attrib.pop(f"{W}id")
    assert [etree.tostring(note, method="c14n") for note in after] == [
        etree.tostring(note, method="c14n") for note in before
    ]


@pytest.mark.parametrize("part", ["word/comments.xml", "word/styles.xml"])
def test_what_other_parts_held_is_held_as_it_was(part: str) -> None:
    before, after = (etree.fromstring(parts(content)[part]) for content in (word_draft(), made(word_draft())))
    assert len(after) > len(before)
    for was, now in zip(before, after, strict=False):
        assert etree.tostring(now, method="c14n") == etree.tostring(was, method="c14n")


def test_footnotes_and_comments_say_what_is_to_be_said() -> None:
    after = parts(made(word_draft()))
    notes = etree.fromstring(after["word/footnotes.xml"])
    texts = {
        note.get(f"{W}id"): ["".join(paragraph.itertext()) for paragraph in note.findall(f"{W}p")] for note in notes
    }
    assert texts["6"] == [" Ada Lund, Tides. “The harbour was dug in 1902.” (harbour.txt:0-28)"]
    assert texts["8"][1] == "Lund. “It “holds” 40 ship” (harbour.txt:29-47)"
    comments = etree.fromstring(after["word/comments.xml"])
    ours = [comment for comment in comments if comment.get(f"{W}author") == "qa cite"]
    assert [["".join(line.itertext()) for line in comment] for comment in ours][2] == [
        "Partly supported; not in its quotes: ‘berth’."
    ]
    # in the order of the text, from what no comment has
    assert list(texts) == ["-1", "0", "5", "6", "7", "8", "9", "10", "11", "12"]
    assert [comment.get(f"{W}id") for comment in comments] == ["4", "20", "21", "22"]


def seen(one: Any) -> str:
    marks = {
        f"{W}footnoteReference": f"[{one.get(f'{W}id')}]",
        f"{W}commentRangeStart": "<",
        f"{W}commentRangeEnd": ">",
    }
    return one.text or "" if one.tag == f"{W}t" else marks.get(one.tag, "")


def test_marks_stand_behind_their_sentences_and_behind_the_authors_own() -> None:
    body = etree.fromstring(parts(made(word_draft()))["word/document.xml"])
    told = ["".join(seen(one) for one in paragraph.iter()) for paragraph in body.iter(f"{W}p")]
    assert told[1] == "The harbour was dug in 1902. It holds forty ships of the line.[5][6] The ferry is slow."
    assert told[3] == "<The bridge cost forty million crowns in all.>"
    assert "<The second point concerns the price of a berth.[7][8]>" in told
    assert "The ledger of the town names a sum.[10][11] It was never paid back.[12]" in told
    assert told[-3:] == ["Sources", "Lund, Ada. Tides.", COLOPHON[0]]


def test_the_same_twice_is_the_same() -> None:
    once = made(word_draft())
    assert word.read(once, "draft.docx") == word.read(word_draft(), "draft.docx")
    assert made(once) == once
    assert made(made(once)) == once


def test_a_draft_without_footnotes_comments_or_styles_gets_them() -> None:
    from tests.word_files import p, word_file

    draft = word_file(p("It holds forty ships of the line.") + p("The bridge cost forty million."))
    after = parts(made(draft))
    assert list(after)[-3:] == ["word/footnotes.xml", "word/comments.xml", "word/styles.xml"]
    assert b"/word/footnotes.xml" in after["[Content_Types].xml"]
    assert after["word/_rels/document.xml.rels"].count(b"Target=") == 3
    assert made(made(draft)) == made(draft)


def test_nothing_to_add_is_the_same_file() -> None:
    draft = word_draft()
    assert word.written(draft, "draft.docx", additions(word.read(draft, "draft.docx"), {})) == draft


def test_what_was_added_is_taken_out_where_nothing_is_to_be_added_now() -> None:
    once = made(word_draft())
    nothing = word.written(
        once, "draft.docx", Additions(additions(word.read(once, "draft.docx"), {}).sentences, (), ())
    )
    was, now = (etree.fromstring(parts(content)["word/document.xml"]) for content in (word_draft(), nothing))
    assert merged(now) == merged(was)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xd0\xcf\x11\xe0rest", "draft.docx is locked with a password, or in the format of Word before 2007"),
        (b"no archive", "draft.docx is no Word document, or a damaged one"),
        (word_draft()[:900], "draft.docx is no Word document, or a damaged one"),
    ],
)
def test_what_is_no_word_document_is_said_to_be_none(content: bytes, message: str) -> None:
    with pytest.raises(MemoError, match=message):
        word.read(content, "draft.docx")


def test_strict_open_xml_is_refused() -> None:
    from tests.word_files import p, word_file

    with pytest.raises(MemoError, match="in a form of Word that cannot be edited here"):
        word.read(word_file(p("One."), strict=True), "draft.docx")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_every_footnote_at_its_mark_and_the_rest_as_it_was(tmp_path: Path) -> None:
    was, now = (opened_in_libreoffice(content, tmp_path) for content in (word_draft(), made(word_draft())))
    found = "Ada Lund, Tides. “The harbour was dug in 1902.” (harbour.txt:0-28)"
    partly = f"{found} / Lund. “It “holds” 40 ship” (harbour.txt:29-47)"
    assert was[1] == ["My own note 1.", "My own note 2.", "My own note 3."]
    assert now[1] == [was[1][0], found, was[1][1], partly, found, was[1][2], found, found]
    assert now[0][: len(was[0])] == was[0]
    assert now[0][len(was[0]) :] == ["Sources", "Lund, Ada. Tides.", COLOPHON[0]]


def opened_in_libreoffice(content: bytes, folder: Path) -> tuple[list[str], list[str]]:
    """What LibreOffice shows of a file: its paragraphs without notes and comments, and its footnotes."""
    (folder / "draft.docx").write_bytes(content)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "fodt",
        "--outdir",
        str(folder),
    ]
    subprocess.run([*command, str(folder / "draft.docx")], check=True, timeout=120, capture_output=True)
    root = etree.parse(str(folder / "draft.fodt")).getroot()
    text, office = (
        "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}",
        "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
    )
    notes = [" / ".join("".join(line.itertext()).strip() for line in body) for body in root.iter(f"{text}note-body")]
    body = root.find(f"{office}body")
    for one in [*body.iter(f"{text}note"), *body.iter(f"{office}annotation")]:
        before, tail = one.getprevious(), one.tail or ""
        if before is None:
            one.getparent().text = (one.getparent().text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        one.getparent().remove(one)
    return [said for one in body.iter(f"{text}p", f"{text}h") if (said := "".join(one.itertext()).strip())], notes
