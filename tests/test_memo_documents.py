"""A memo as Markdown, Word and PDF.

What stands where, that nothing from outside becomes markup, and that the same memo is the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from qa.memo.docx import docx
from qa.memo.inlines import nodes, rich, words
from qa.memo.markdown import markdown
from qa.memo.pdf import pdf, typst_source
from qa.memo.records import Memo, Span
from tests.memo_made import BOOKS, COST, DUG, HOSTILE, HOSTILE_TITLE, LESS, SHIPS, hostile, memo, pandoc

PLAIN = {"Str", "Space", "SoftBreak", "Note"}
MARKDOWN = """\
# A memo

**Date:** 2 January 2026

## Findings

### When was the harbour dug?

It was dug in 1902.[^1]

### How many ships does it hold?

It holds 40 ships.[^2]

### What did the bridge cost?

**The sources differ:**

- **It cost 40 million crowns.**[^3] — Bo Ek and Cy Ahl (4 May 2020)
- **It cost 38 million crowns.**[^4] — “The bridge cost 38 million crowns, the ledger…” (undated)

### When did the bridge open?

It opened in May.[^5]

## Not in the sources

The articles do not answer these questions.

- Who swam across?

## Bibliography

- Ek, Bo, and Cy Ahl. *The Bridge*. May 4, 2020.
- Lund, Ada. “Ships and Tides: A History.” *Coast Press*, May 1999. <https://coast.example/ships>.
- *The bridge cost 38 million crowns, the ledger…*. n.d.

---

Every sentence above rests on the words quoted in its footnote, which stand in the article at the places given. To check them all: qa verify.

Written by qa 0.1.0; model fake m1; embedder fake e1; library l1; citations: chicago-note-bibliography.
"""
NOTES = """\
[^1]: Ada Lund, “Ships and Tides: A History,” *Coast Press*, May 1999, <https://coast.example/ships>. “The harbour was dug in 1902.” (`harbour.txt:0-28`)

[^2]: Lund, “Ships and Tides.” “It “holds” 40 ships, and costs \\$3 a day.” (`harbour.txt:29-69`)

    Lund, “Ships and Tides.” “The harbour was dug in 1902.” (`harbour.txt:0-28`)

[^3]: Bo Ek and Cy Ahl, *The Bridge*, May 4, 2020, 1. “The bridge cost 40 million crowns.” (`bridge.pdf:0-34`)

[^4]: *The bridge cost 38 million crowns, the ledger…*, n.d. “The bridge cost 38 million crowns, the ledger says.” (`old_ledger.txt:0-51`)

[^5]: Ek and Ahl, *The Bridge*, 2. “It opened in May.” (`bridge.pdf:35-52`)
"""


def test_markdown_reads_well_as_it_is() -> None:
    text = markdown(memo())
    assert text.startswith(MARKDOWN)
    assert text.endswith(NOTES)
    hashes = {reference.source: reference.digest[:16] for reference in memo().references}
    assert (
        f"\n\nTexts quoted: bridge.pdf sha256:{hashes['bridge.pdf']}; harbour.txt sha256:{hashes['harbour.txt']}; "
        f"old_ledger.txt " in text
    )


@pytest.mark.parametrize("dialect", ["commonmark+footnotes", "gfm", "markdown-smart"])
def test_nothing_in_an_article_or_a_plan_becomes_markdown(dialect: str) -> None:
    tree = json.loads(pandoc().run([f"--from={dialect}", "--to=json"], markdown(hostile()).encode()))
    headers = [node for node in walk(tree["blocks"]) if node["t"] == "Header"]
    assert [spelt(header["c"][2]) for header in headers] == [
        HOSTILE_TITLE,
        HOSTILE_TITLE,
        HOSTILE_TITLE,
        "Bibliography",
    ]
    assert {node["t"] for header in headers for node in walk(header["c"][2])} <= PLAIN
    (note,) = [node for node in walk(tree["blocks"]) if node["t"] == "Note"]
    assert f"“{HOSTILE}”" in spelt(note["c"])
    # the title's italics, the file's name as code
    assert {node["t"] for node in walk(note["c"])} <= {*PLAIN, "Para", "Plain", "Emph", "Code"}


def phrased() -> Memo:
    """A sentence with its phrase, two values, a phrase alone.

    In a quote's middle, at its beginning, in part of a word, at its end.
    """
    fits, cost, less, dug = (
        ("It fits 40 ships.", [SHIPS]),
        ("40 million crowns", [COST]),
        ("It cost 38 million.", [LESS]),
        ("in 1902.", [DUG]),
    )
    phrases = {
        fits[0]: "40 ships",
        cost[0]: "40 million crowns",
        less[0]: "The bridge cost 38 million crown",
        dug[0]: "in 1902.",
    }
    differing = BOOKS.answer("How much?", cost, less, differs=[cost, less], phrases=phrases)
    return BOOKS.memo(
        [BOOKS.answer("How many?", fits, phrases=phrases), differing, BOOKS.answer("When?", dug, phrases=phrases)]
    )


def test_the_phrase_is_bold_in_markdown() -> None:
    text = markdown(phrased())
    assert "It fits 40 ships.[^1]\n" in text
    assert (
        "**The sources differ:**\n\n- **40 million crowns**[^2] — Bo Ek and Cy Ahl (4 May 2020)\n"
        "- **The bridge cost 38 million crown**[^3] — “The bridge cost 38 million crowns, the ledger…” "
        "(undated)\n" in text
    )
    assert "\n**in 1902.**[^4]\n" in text
    assert "“The harbour was dug **in 1902.**” (`harbour.txt:0-28`)" in text
    assert "“It “holds” **40 ships**, and costs \\$3 a day.” (`harbour.txt:29-69`)" in text
    assert "“**The bridge cost 38 million crown**s, the ledger says.” (`old_ledger.txt:0-51`)" in text


def test_the_phrase_is_bold_in_word() -> None:
    tree = json.loads(pandoc_of_docx(docx(phrased(), pandoc())))
    notes = [
        [spelt(node["c"]) for node in walk(note["c"]) if node["t"] == "Strong"]
        for note in walk(tree["blocks"])
        if note["t"] == "Note"
    ]
    assert notes == [["40 ships"], ["40 million crowns"], ["The bridge cost 38 million crown"], ["in 1902."]]
    paragraphs = [node["c"] for node in walk(tree["blocks"]) if node["t"] in ("Para", "Plain")]
    assert [
        paragraph[0]["t"]
        for paragraph in paragraphs
        if spelt(paragraph[:1]) in ("40 million crowns", "The bridge cost 38 million crown", "in 1902.")
    ] == ["Strong"] * 3


def test_the_phrase_is_bold_in_typst() -> None:
    source = typst_source(phrased(), pandoc()).decode()
    # the date's name, what differs, two values, a phrase alone, four quotes; some may be asterisks
    assert source.count("#strong[") >= 7
    assert '#strong[#"40"; #"ships";]' in source


def test_nothing_in_an_article_or_a_plan_becomes_anything_in_word() -> None:
    content = docx(hostile(), pandoc())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = "".join(
            archive.read(name).decode()
            for name in archive.namelist()
            if name in ("word/document.xml", "word/footnotes.xml")
        )
        links = archive.read("word/_rels/footnotes.xml.rels").decode()
    assert "instrText" not in parts
    assert "fldSimple" not in parts
    assert "evil.example" not in links
    assert "javascript" not in links
    assert parts.count("&lt;script&gt;") == 2  # the sentence and its quote


def test_nothing_in_an_article_or_a_plan_becomes_typst() -> None:
    source = typst_source(hostile(), pandoc()).decode()
    code = "".join(source.split('#"')[0:1]) + "".join(piece.split('";', 1)[1] for piece in source.split('#"')[1:])
    assert "import" not in code
    assert "script" not in code
    assert '#"\\"z\\"";' in source
    text = " ".join(PdfReader(io.BytesIO(pdf(hostile(), pandoc()))).pages[0].extract_text().split())
    assert "-- ... //c \\n =1+1" in text


def test_the_same_memo_is_the_same_bytes() -> None:
    one, two = docx(memo(), pandoc()), docx(memo(), pandoc())
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 2, 0, 0, 0), (1980, 1, 1, 0, 0, 0)}
    first = pdf(memo(), pandoc())
    assert first == pdf(memo(), pandoc())
    information = PdfReader(io.BytesIO(first)).metadata
    assert information is not None
    assert (information.title, str(information.creation_date)[:10]) == ("A memo", "2026-01-02")


def test_word_has_real_footnotes_with_a_paragraph_for_each_quote() -> None:
    tree = json.loads(pandoc_of_docx(docx(memo(), pandoc())))
    notes = [node for node in walk(tree["blocks"]) if node["t"] == "Note"]
    assert [len(note["c"]) for note in notes] == [1, 2, 1, 1, 1]
    assert (
        spelt(notes[1]["c"][0]["c"])
        == "Lund, “Ships and Tides.” “It “holds” 40 ships, and costs $3 a day.” (harbour.txt:29-69)"
    )


def test_footnotes_are_numbered_through() -> None:
    with zipfile.ZipFile(io.BytesIO(docx(memo(), pandoc()))) as archive:
        assert "numRestart" not in archive.read("word/document.xml").decode()


def test_words_survive_the_way_through_the_tree() -> None:
    spans = (
        Span("Lund, “"),
        Span("Tides and", italic=True),
        Span(" more", bold=True),
        Span("a.b", url="https://a.b"),
        Span("2", superscript=True),
    )
    assert rich(nodes(spans)) == spans
    assert rich(words(" a\n\u202eb\x07 ")) == (Span("a ‹U+202E›b‹U+0007›"),)


def test_a_letter_that_the_fonts_do_not_have_stops_nothing() -> None:
    answer = BOOKS.answer(
        "भारत क्या है? 中文 🚢", ("It was dug in 1902.", [("harbour.txt", "The harbour was dug in 1902.")])
    )
    assert pdf(BOOKS.memo([answer]), pandoc()).startswith(b"%PDF")


def walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "t" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from walk(part)


def spelt(node: Any) -> str:
    """The text within, by an own and simple reading of the tree."""
    kinds = {"Space": " ", "SoftBreak": " "}
    return "".join(
        kinds.get(each["t"], each["c"] if each["t"] == "Str" else each["c"][1] if each["t"] == "Code" else "")
        for each in walk(node)
    )


def pandoc_of_docx(content: bytes) -> bytes:
    return pandoc().run(["--from=docx", "--to=json"], content)
