"""Word files are read whole, as a reader sees them with every tracked change accepted."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

from index.build import build
from index.errors import SourceError
from index.ingest.formats import read_docx
from index.ingest.load import load
from index.search import search
from index.store import Library
from tests.fakes import FakeEmbedder
from tests.word_files import W, gone, ins, p, r, tbl, tc, tr, word_file

SAID = "The board met on Tuesday."
NOTE = (
    '<w:footnote w:id="{0}">'
    + p('<w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {1}</w:t></w:r>')
    + "</w:footnote>"
)
SEPARATOR = '<w:footnote w:id="-1" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
MARK = '<w:r><w:footnoteReference w:id="{0}"/></w:r>'


HEADER = "<w:tblHeader/>"
CAPTION = p("Deaths", '<w:pStyle w:val="Caption"/>')
TWO = tbl(tr("Region", "2022", properties=HEADER), tr("Midland", "81"))
PORTS = tbl(tr("Port", "2022", properties=HEADER), tr("Alder", "3"))
TALL = tc("Region", '<w:vMerge w:val="restart"/>')
FINES = tbl(tr("speeding", "3.2 million"), tr("drink", "1.1 million"))


def lines(body: str, **parts: str) -> list[str]:
    return read_docx(word_file(body, parts=parts), "a.docx").text.split("\n")


def boxed(text: str) -> str:
    return f"<w:txbxContent>{p(text)}</w:txbxContent>"


def both_forms(text: str) -> str:
    """A text box as Word writes it: once for itself, once for older programs."""
    new = f"<w:drawing><wps:txbx>{boxed(text)}</wps:txbx></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{boxed(text)}</v:textbox></v:shape></w:pict>"
    return f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>'


MOVED = (
    p(f'<w:moveFrom w:id="1">{r("It moved.")}</w:moveFrom>', "<w:rPr><w:moveFrom/></w:rPr>")
    + p(SAID)
    + p(f'<w:moveTo w:id="2">{r("It moved.")}</w:moveTo>')
)
ROWS = (tr("Alder", "3", properties='<w:del w:id="1"/>'), tr("Birch", "4", properties='<w:ins w:id="1"/>'))


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (p(r("The board did ") + ins(r("not ")) + r("approve it.")), ["The board did not approve it."]),
        (p(r("The fee is ") + gone("30") + ins(r("45")) + r(" euros.")), ["The fee is 45 euros."]),
        (ins(p("All of it is new.")), ["All of it is new."]),
        (MOVED, [SAID, "It moved."]),
        (p(r(
            "The board met ") + gone("twice."), '<w:rPr><w:del w:id="1"/></w:rPr>') + p(gone("It was late. ") + r("on Tuesday.")), [SAID]),
        (p(gone("Nothing of it stays."), '<w:rPr><w:del w:id="1"/></w:rPr>') + p(SAID), [SAID]),
        (tbl(tr("Port", "2022", properties=HEADER), *ROWS), ["| Port: Birch | 2022: 4 |"]),
        (p(r("The fee is ") + f'<w:smartTag>{ins(r("not "))}</w:smartTag>' + r("low.")), ["The fee is not low."]),
    ],
)  # fmt: skip
def test_insertions_count_and_deletions_do_not_and_it_is_told(body: str, read: list[str]) -> None:
    extract = read_docx(word_file(body), "a.docx")
    assert extract.text.split("\n") == read
    assert extract.notes == ("holds tracked changes: what they insert is read, what they delete is not",)


def test_notes_come_after_the_paragraph_that_refers_to_them() -> None:
    body = p(
        r("Traffic fell.") + MARK.format(2) + r(" It rose again.") + '<w:r><w:endnoteReference w:id="1"/></w:r>'
    ) + p(SAID)
    notes = (
        SEPARATOR + NOTE.format(1, "Nobody refers to it.") + NOTE.format(2, "The ferries carried 1.84 million in 2023.")
    )
    ends = NOTE.format(1, "See the yearbook.").replace("footnote", "endnote")
    assert lines(body, footnotes=notes, endnotes=ends) == [
        "Traffic fell. It rose again.", "The ferries carried 1.84 million in 2023.", "See the yearbook.", SAID,
    ]  # fmt: skip


def test_notes_of_a_table_a_deletion_and_themselves() -> None:
    table = tbl(tr("Port", "2022", properties=HEADER), tr("Alder", tc(p(r("3") + MARK.format(1)))))
    assert lines(table + p(SAID), footnotes=NOTE.format(1, "An estimate.")) == [
        "| Port: Alder | 2022: 3 |",
        "An estimate.",
        SAID,
    ]
    assert lines(
        p(r(SAID) + f'<w:del w:id="1">{MARK.format(1)}</w:del>'), footnotes=NOTE.format(1, "An estimate.")
    ) == [SAID]
    around = NOTE.format(1, "See above.").replace("</w:footnote>", p(MARK.format(1)) + "</w:footnote>")
    assert lines(p(r(SAID) + MARK.format(1)), footnotes=around) == [SAID, "See above."]


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (
            p(
                r(SAID)
                + f"<w:r><w:pict><v:shape><v:textbox>{boxed('62 turbines.')}</v:textbox></v:shape></w:pict></w:r>"
            )
            + p("End."),
            [SAID, "62 turbines.", "End."],
        ),
        (p(r(SAID) + both_forms("62 turbines.")) + p("End."), [SAID, "62 turbines.", "End."]),
        (
            tbl(tr("Port", "2022", properties=HEADER), tr("Alder", tc(p(both_forms("3"))))),
            ["| Port: Alder | 2022: 3 |"],
        ),
        (p(r("A ") + f"<w:sdt><w:sdtContent>{r('chosen')}</w:sdtContent></w:sdt>" + r(" word.")), ["A chosen word."]),
        (
            f"<w:sdt><w:sdtPr/><w:sdtContent>{p(SAID)}{PORTS}</w:sdtContent></w:sdt>",
            [SAID, "| Port: Alder | 2022: 3 |"],
        ),
        (
            p(
                r(SAID)
                + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('Click here.')}</w:sdtContent></w:sdt>"
            ),
            [SAID],
        ),
        (
            tbl(
                f"<w:sdt><w:sdtContent>{tr('Port', '2022', properties=HEADER)}</w:sdtContent></w:sdt>", tr("Alder", "3")
            ),
            ["| Port: Alder | 2022: 3 |"],
        ),
        (
            p('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DATE</w:instrText></w:r>' + r("3 May 2024")),
            ["3 May 2024"],
        ),
        (p('<w:fldSimple w:instr="PAGE">' + r("7") + "</w:fldSimple>"), ["7"]),
        (p("T", '<w:framePr w:dropCap="drop" w:lines="3"/>') + p("he board met."), ["The board met."]),
        (p('<w:hyperlink w:anchor="a">' + r(SAID) + "</w:hyperlink>"), [SAID]),
        (
            p("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t><w:br/><w:t>d</w:t></w:r>"),
            ["a\tb-c", "d"],
        ),
        (p(r("10") + r("6", '<w:vertAlign w:val="superscript"/>') + r(" tonnes")), ["10^6 tonnes"]),
        (p(r("the 19") + r("th", '<w:vertAlign w:val="superscript"/>')), ["the 19th"]),
        (
            p(
                "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
            ),
            ["1/2"],
        ),
        (
            p("<w:r><w:ruby><w:rt>" + r("kana") + "</w:rt><w:rubyBase>" + r("kanji") + "</w:rubyBase></w:ruby></w:r>"),
            ["kanji"],
        ),
    ],
)
def test_text_that_stands_in_something(body: str, read: list[str]) -> None:
    assert lines(body) == read


def test_hidden_text_is_not_read_and_told() -> None:
    extract = read_docx(
        word_file(p(r(SAID) + r(" It lied.", "<w:vanish/>") + r(" Truly.", '<w:vanish w:val="0"/>'))), "a.docx"
    )
    assert (extract.text, extract.notes) == (f"{SAID} Truly.", ("holds hidden text, which is not read",))


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (tbl(tr("Region", "2021", "2022"), tr("Midland", "77", "81")), ["| Region: Midland | 2021: 77 | 2022: 81 |"]),
        (tbl(tr("Post", "Held by", properties=HEADER), tr("Chair", "Ada")), ["| Post: Chair | Held by: Ada |"]),
        (
            tbl(
                tr("", tc("2022", '<w:gridSpan w:val="2"/>'), properties=HEADER),
                tr("Region", "Dead", "Hurt", properties=HEADER),
                tr("Midland", "81", "240"),
            ),
            ["| Region: Midland | 2022 Dead: 81 | 2022 Hurt: 240 |"],
        ),
        (
            tbl(
                tr("Region", "Year", "Dead"),
                tr(tc("Midland", '<w:vMerge w:val="restart"/>'), "2021", "77"),
                tr(tc("", "<w:vMerge/>"), "2022", "81"),
            ),
            ["| Region: Midland | Year: 2021 | Dead: 77 |", "| Region: Midland | Year: 2022 | Dead: 81 |"],
        ),
        (
            tbl(
                tr(TALL, tc("2022", '<w:gridSpan w:val="2"/>'), properties=HEADER),
                tr(tc("", "<w:vMerge/>"), "Dead", "Hurt"),
                tr("Midland", "81", "240"),
            ),
            ["| Region: Midland | 2022 Dead: 81 | 2022 Hurt: 240 |"],
        ),
        (tbl(tr("Region", "2021", "2022"), tr("81", properties='<w:gridBefore w:val="2"/>')), ["| 2022: 81 |"]),
        (
            tbl(tr("Region", "Fines", "Paid"), tr("Norland", tc(FINES + "<w:p/>"), "all")),
            ["| Region: Norland | Fines: speeding, 3.2 million; drink, 1.1 million | Paid: all |"],
        ),
        (tbl(tr(tc(p(SAID) + p("It closed late.") + PORTS))), [SAID, "It closed late.", "| Port: Alder | 2022: 3 |"]),
        (
            tbl(tr(tc(p("On the left.") + p("It goes on.")), tc("On the right."))),
            ["On the left.", "It goes on.", "On the right."],
        ),
        (
            tbl(tr(tc("", "<w:vMerge/>"), "1"), tr(tc("many", '<w:gridSpan w:val="many"/>'), "2")),
            ["| 1 |", "| many | 2 |"],
        ),
        (CAPTION + TWO, ["Deaths", "| Region: Midland | 2022: 81 |"]),
        (TWO + CAPTION + p(SAID), ["Deaths", "| Region: Midland | 2022: 81 |", SAID]),
        (TWO + CAPTION + PORTS, ["| Region: Midland | 2022: 81 |", "Deaths", "| Port: Alder | 2022: 3 |"]),
    ],
)
def test_tables(table: str, read: Sequence[str]) -> None:
    styles = '<w:style w:styleId="Caption"><w:name w:val="caption"/></w:style>'
    assert lines(table, styles=styles) == read


def test_a_first_row_that_its_style_shows_in_another_way_names_the_columns() -> None:
    styles = '<w:style w:styleId="Grand"><w:name w:val="Grand"/><w:tblStylePr w:type="firstRow"/></w:style>'
    table = tbl(
        tr("Post", "Holder"), tr("Chair", "Ada"), properties='<w:tblStyle w:val="Grand"/><w:tblLook w:firstRow="{}"/>'
    )
    assert lines(table.format(1), styles=styles) == ["| Post: Chair | Holder: Ada |"]
    assert lines(table.format(0), styles=styles) == ["| Post | Holder |", "| Chair | Ada |"]


NUMBERING = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
"""


def listed(text: str, number: int, depth: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def test_lists_are_counted_as_word_counts_them() -> None:
    body = "".join(
        [
            listed(
                "one", 1), listed("two", 1), listed("under", 1, 1), listed("under", 1, 1), listed("deep", 1, 2), listed("three", 1), listed("under", 1, 1),
            listed(
                "point", 2), p("apart"), listed("anew", 3), listed("on", 3), listed("no list", 0), listed("unknown", 9),
        ]
    )  # fmt: skip
    assert lines(body, numbering=NUMBERING) == [
        "1. one", "2. two", "2.a) under", "2.b) under", "III deep", "3. three", "3.a) under", "• point", "apart", "7. anew", "8. on", "no list", "unknown",
    ]  # fmt: skip


def test_headings_are_numbered_by_their_style_and_are_headings() -> None:
    styles = (
        '<w:style w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId '
        'w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="H1"/></w:style>'
        '<w:style w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
    )
    prose = "The board of the harbour met on Tuesday and decided on the fees of the coming year."
    body = (
        p("Fees\t1", '<w:pStyle w:val="T1"/>')
        + p("Fees", '<w:pStyle w:val="H1"/>')
        + p(prose)
        + p("Appeals in four steps", '<w:pStyle w:val="Mine"/>')
        + p(prose)
    )
    data = word_file(body, parts={"styles": styles, "numbering": NUMBERING})
    assert read_docx(data, "a.docx").text == f"1. Fees\n{prose}\n2. Appeals in four steps\n{prose}"


def test_a_numbered_heading_is_a_heading_and_prose_in_such_a_style_is_not(tmp_path: Path) -> None:
    style = '<w:style w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    prose = "The board of the harbour met on Tuesday and decided on the fees of the coming year."
    heading = '<w:pStyle w:val="H1"/>'
    (tmp_path / "a.docx").write_bytes(
        word_file(
            p(prose) + p("Fees", heading) + p(prose) + p(prose, heading) + p(prose),
            parts={"styles": style, "numbering": NUMBERING},
        )
    )
    (article,) = load(tmp_path / "a.docx", "a.docx", {})
    assert [(region.kind, article.text[region.start : region.end]) for region in article.regions] == [
        ("body", prose), ("heading", "1. Fees"), ("body", prose), ("body", f"2. {prose}"), ("body", prose),
    ]  # fmt: skip


def test_page_headers_that_hold_text_come_last_each_once() -> None:
    data = word_file(
        p(SAID),
        parts={
            "header": p("Press release 14 of the Coast Guard")
            + p('<w:fldSimple w:instr="PAGE">' + r("7") + "</w:fldSimple>"),
            "footer": p("Press release 14 of the Coast Guard") + p(SAID),
        },
    )
    assert read_docx(data, "a.docx").text == f"{SAID}\nPress release 14 of the Coast Guard"


def test_strict_office_open_xml() -> None:
    body = (
        p(r("Traffic fell ") + ins(r("sharply.")) + MARK.format(1))
        + tbl(tr("Port", "2022", properties=HEADER), tr("Alder", "3"))
        + listed("one", 1)
    )
    extract = read_docx(
        word_file(body, strict=True, parts={"footnotes": NOTE.format(1, "By half."), "numbering": NUMBERING}), "a.docx"
    )
    assert extract.text.split("\n") == ["Traffic fell sharply.", "By half.", "| Port: Alder | 2022: 3 |", "1. one"]


def test_a_damaged_part_costs_itself_and_what_is_not_read_is_told() -> None:
    data = word_file(
        p(r(SAID) + MARK.format(1)), others={"footnotes": b"<w:footnotes", "chart": b"<c/>", "aFChunk": b"<html/>"}
    )
    extract = read_docx(data, "a.docx")
    assert extract.text == SAID
    assert extract.notes == (
        "holds 1 chart, which is not read",
        "holds 1 embedded document, which is not read",
        "is damaged: footnotes cannot be read",
    )


@pytest.mark.parametrize(
    ("run", "read"),
    [
        ('<w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r>', "≤"),
        ('<w:r><w:sym w:font="Symbol" w:char="F06D"/></w:r>', "μ"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf0b1</w:t></w:r>', "±"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Arial" w:char="20AC"/></w:r>', "€"),
        ('<w:r><w:sym w:font="Webdings" w:char="F021"/></w:r>', "\ufffd"),
        ('<w:r><w:sym w:font="Symbol" w:char="x"/></w:r>', "\ufffd"),
    ],
)
def test_signs_of_fonts_of_signs(run: str, read: str) -> None:
    assert lines(p(r("The load is ") + run + r(" 300."))) == [f"The load is {read} 300."]


@pytest.mark.parametrize("line", ["<w:strike/>", "<w:dstrike/>"])
def test_words_that_are_struck_out_are_not_read_and_told(line: str) -> None:
    extract = read_docx(word_file(p(r("The fee is ") + r("50 ", line) + r("60 euros."))), "a.docx")
    assert extract.text == "The fee is 60 euros."
    assert extract.notes == ("holds words that are struck out, which are not read",)
    switched_off = read_docx(word_file(p(r("The fee is ") + r("50", '<w:strike w:val="0"/>'))), "a.docx")
    assert (switched_off.text, switched_off.notes) == ("The fee is 50", ())


def test_of_two_forms_the_one_with_words_is_read() -> None:
    forms = '<mc:AlternateContent><mc:Choice Requires="cx"><w:drawing/></mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>'
    assert lines(p(f"<w:r>{forms.format('<w:t>Closed for 12 days.</w:t>')}</w:r>")) == ["Closed for 12 days."]


def test_comments_and_embedded_objects_are_told() -> None:
    comments = f'<w:comments xmlns:w="{W}"><w:comment w:id="0"/><w:comment w:id="1"/></w:comments>'.encode()
    others = {"comments": comments, "oleObject": b"PK\x03\x04", "package": b"PK\x03\x04"}
    extract = read_docx(word_file(p(SAID), others=others), "a.docx")
    assert extract.text == SAID
    assert extract.notes == (
        "holds 2 embedded objects, which are not read",
        "holds 2 comments, which are not read",
    )


def test_what_is_no_word_file_is_refused() -> None:
    with pytest.raises(SourceError, match=r"a\.docx is a damaged Word file, or none"):
        read_docx(word_file("").replace(b"word/document.xml", b"word/documenu.xml"), "a.docx")


def test_a_table_of_5_000_rows() -> None:
    rows = "".join(tr(f"Port {number}", str(number)) for number in range(5_000))
    read = lines(tbl(tr("Port", "2022", properties=HEADER), rows))
    assert (len(read), read[-1]) == (5_000, "| Port: Port 4999 | 2022: 4999 |")


def test_the_row_with_81_is_found_with_its_header_and_what_the_table_is_about(tmp_path: Path) -> None:
    document = docx.Document()
    lead = "The table shows how many people died on the roads of three regions of the country."
    document.add_paragraph(lead)
    table = document.add_table(rows=0, cols=4)
    for cells in (("Region", "2021", "2022", "2023"), ("Norland", "41", "38", "29"), ("Midland", "77", "81", "64")):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("The minister spoke of the roads of Midland at length, and of the people who died there.")
    file = io.BytesIO()
    document.save(file)
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "deaths.docx").write_bytes(file.getvalue())
    build(tmp_path / ".qa", [tmp_path / "news"], FakeEmbedder())
    (article,) = load(tmp_path / "news" / "deaths.docx", "deaths.docx", {})
    with Library.open(tmp_path / ".qa") as library:
        hits = search("How many people died on the roads of Midland in 2022?", library, FakeEmbedder(), weight=0.0)
    row = next(hit.passage for hit in hits if "81" in hit.passage.text)
    assert row.text == article.text[row.start : row.end] == "| Region: Midland | 2021: 77 | 2022: 81 | 2023: 64 |"
    assert (row.heading, hits[0].passage.id) == (lead, row.id)
    assert [sentence.text for sentence in row.sentences] == [row.text]


def test_tracked_changes_are_told_by_the_build(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.docx").write_bytes(
        word_file(p(r("The board of the harbour did ") + ins(r("not ")) + r("approve the plan for dredging.")))
    )
    done = build(tmp_path / ".qa", [tmp_path / "news"], FakeEmbedder())
    assert [(each.path.name, each.message) for each in done.flawed] == [
        ("a.docx", "holds tracked changes: what they insert is read, what they delete is not")
    ]
