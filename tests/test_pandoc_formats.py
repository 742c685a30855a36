"""What Pandoc reads becomes text.

OpenDocument, Rich Text, books, LaTeX, Org and reStructuredText, with what Pandoc by itself would lose or falsify.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import pytest

from index.errors import SourceError
from index.ingest.formats import Extract, read_pandoc
from index.ingest.load import load
from index.limits import Limits
from index.pandoc import program

MARKDOWN = """---
title: Ferry traffic in the Sound
author: Jonas Berg
date: 2024-05-09
---
# Numbers

Passenger numbers on the *Sound* ferries fell sharply.[^1] They carry 10^6^ tons.

[^1]: The ferries carried 1.84 million in 2023.

| Region  | 2021 | 2022 |
|---------|-----:|-----:|
| Norland |   41 |   38 |
| Midland |   77 |   81 |

3. Three
4. Four

   - "under" it
"""
HEAD = [
    "Numbers",
    "Passenger numbers on the Sound ferries fell sharply. They carry 10^6 tons.",
    "The ferries carried 1.84 million in 2023.",
]
ROWS = ["| Region: Norland | 2021: 41 | 2022: 38 |", "| Region: Midland | 2021: 77 | 2022: 81 |"]
LIST = ["3. Three", "4. Four", "• “under” it"]
TITLE = ["Ferry traffic in the Sound", "Jonas Berg", "2024-05-09"]
KINDS = {".odt": "odt", ".rtf": "rtf", ".epub": "epub", ".tex": "latex", ".org": "org", ".rst": "rst"}


@cache
def converted(markdown: str, suffix: str) -> bytes:
    command = [str(program()), "--standalone", "--from=markdown-smart", f"--to={KINDS[suffix]}", "--output=-"]
    return subprocess.run(command, input=markdown.encode(), capture_output=True, check=True).stdout


def written(suffix: str) -> bytes:
    return converted(MARKDOWN, suffix)


def read(data: bytes, suffix: str) -> Extract:
    return read_pandoc(data, f"a{suffix}", suffix=suffix)


def lines(data: bytes, suffix: str) -> list[str]:
    return read(data, suffix).text.split("\n")


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".odt", [*TITLE, *HEAD, *ROWS, *LIST]),
        (".rtf", [*TITLE, *HEAD, *ROWS, "3. Three", "4. Four", '– "under" it']),
        (".epub", [*HEAD, *ROWS, "3. Three", "4. Four", '• "under" it']),
        (".tex", [*HEAD, *ROWS, "1. Three", "2. Four", '• "under" it']),  # Pandoc reads no counters
        (".org", [*HEAD, *ROWS, "3. Three", "4. Four", '• "under" it']),
        (".rst", [*HEAD, *ROWS, "3. Three", "4. Four", '• "under" it']),
    ],
)
def test_each_format(tmp_path: Path, suffix: str, text: list[str]) -> None:
    file = tmp_path / f"a{suffix}"
    file.write_bytes(written(suffix))
    (article,) = load(file, file.name, {})
    assert article.text.replace("“under”", '"under"').split("\n") == [
        line.replace("“under”", '"under"') for line in text
    ]
    assert (article.metadata.title, article.metadata.date) == ("Ferry traffic in the Sound", "2024-05-09")
    # Pandoc's own Rich Text says it in the text alone
    assert article.metadata.author == (None if suffix == ".rtf" else "Jonas Berg")
    regions = [
        (region.kind, article.text[region.start : region.end]) for region in article.regions if region.kind != "credit"
    ]
    assert regions[:5] == [("heading", HEAD[0]), *(("body", line) for line in (*HEAD[1:], *ROWS))]


RTF = rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Times;}{\f1\fcharset204 Arial;}{\f2\fcharset128 Gothic;}}"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"costs \u8364?5000 today", "costs €5000 today"),
        (rb"\u1055?\u1088?\u1080? 12", "При 12"),
        (rb"{\uc0\u8364 5000} and \uc2\u8364 ??50", "€5000 and €50"),
        (rb"\u8364\'80" + b"7 euros", "€7 euros"),
        (rb"{\f1 \'cf\'f0\'e8 5} caf\'e9", "При 5 café"),
        (rb"{\f2 \'93\'fa\'96\'7b} 3", "日本 3"),
        (rb"smile \u-10179?\u-8704? 9", "smile \U0001f600 9"),
        (rb"the fee is {\deleted 30}{\revised 45} euros", "the fee is 45 euros"),
        (rb"the fee is \deleted 30\deleted0 45 euros", "the fee is 45 euros"),
        (rb"no {\v hidden }word", "no word"),
        (rb"an {\strike old }word", "an word"),
        (rb"it fell.{\*\footnote\pard 1.84 million.}", "it fell.\n1.84 million."),
        (rb"it fell.{\footnote\pard 1.84 million.}", "it fell.\n1.84 million."),
        (rb"{\listtext\pard 1.\tab}\ls1 First\par{\listtext\pard 2.\tab}\ls1 Second", "1. First\n2. Second"),
        (rb"{\pict\pngblip\bin4 {\}x}seen", "seen"),
        (rb"a \{b\} \\ c", "a {b} \\ c"),
        (rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}} text", "link text"),
        (rb"{\shp{\*\shpinst{\shptxt \pard 62 turbines.\par}}}\pard End", "62 turbines.\nEnd"),
        (rb"open {\b bold", "open bold"),
        (rb"a \' stray sign \: of no\|thing }", "a stray sign of nothing"),
    ],
)
def test_rich_text(body: bytes, text: str) -> None:
    assert "\n".join(" ".join(line.split()) for line in lines(RTF + body + rb"\par", ".rtf")) == text


def test_what_rich_text_does_not_show_is_told() -> None:
    tracked, hidden = (
        "holds tracked changes: what they insert is read, what they delete is not",
        "holds hidden text, which is not read",
    )
    assert read(RTF + rb"a {\deleted b}c{\v d}\par}", ".rtf").notes == (hidden, tracked)
    assert read(RTF + rb"a {\revised b}\par}", ".rtf").notes == (tracked,)
    assert read(RTF + rb"a\par}", ".rtf").notes == ()


_NAMES = ("office", "text", "table", "style")
_OASIS = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _NAMES)
_OASIS += ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def tag(name: str, content: str, attributes: str = "") -> str:
    return f"<{name} {attributes}>{content}</{name}>"


def odt(body: str, *, header: str = "", styles: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        text = tag("office:body", tag("office:text", body))
        archive.writestr(
            "content.xml", tag("office:document-content", f"{tag('office:automatic-styles', styles)}{text}", _OASIS)
        )
        master = f'<office:master-styles><style:master-page style:name="S"><style:header>{header}</style:header></style:master-page></office:master-styles>'
        archive.writestr(
            "styles.xml", f"<office:document-styles {_OASIS}><office:styles/>{master}</office:document-styles>"
        )
    return file.getvalue()


def cells(*texts: str) -> str:
    return (
        "<table:table-row>"
        + "".join(text if text.startswith("<") else f"<table:table-cell>{p(text)}</table:table-cell>" for text in texts)
        + "</table:table-row>"
    )


def wider(text: str, how: str, count: int) -> str:
    """A cell that stands for several."""
    return tag("table:table-cell", p(text), f'table:number-{how}="{count}"')


def p(text: str) -> str:
    return tag("text:p", text)


def sheet(*rows: str) -> str:
    return f'<table:table><table:table-column table:number-columns-repeated="3"/>{"".join(rows)}</table:table>'


CHANGES = (
    "<text:tracked-changes><text:changed-region "
    'text:id="c1"><text:deletion><office:change-info/>' + p("really ") + "</text:deletion></text:changed-region>"
    "<text:changed-region "
    'text:id="c2"><text:insertion><office:change-info/></text:insertion></text:changed-region></text:tracked-changes>'
)
COVERED = "<table:covered-table-cell/>"
EDITED = 'They did <text:change-start text:change-id="c2"/>not <text:change-end text:change-id="c2"/><text:change text:change-id="c1"/>agree.'
FOOTNOTE = (
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
    + p("By half.")
    + "</text:note-body></text:note>"
)
BOX = tag("draw:frame", tag("draw:text-box", p("62 turbines.")))
NAMES = cells("", wider("2022", "columns-spanned", 2), COVERED) + cells("Region", "Dead", "Hurt")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (CHANGES + p(EDITED), "They did not agree."),
        (p(f"It fell.{FOOTNOTE}"), "It fell.\nBy half."),
        (p(f"Before {BOX}after.") + p("End."), "Before after.\n62 turbines.\nEnd."),
        (BOX + p("End."), "62 turbines.\nEnd."),
        (p("Seen." + tag("office:annotation", p("A comment."))), "Seen."),
        (sheet(NAMES, cells("Midland", "81", "240")), "| Region: Midland | 2022 Dead: 81 | 2022 Hurt: 240 |"),
        (
            sheet(tag("table:table-header-rows", NAMES), cells("Midland", "81", "240")),
            "| Region: Midland | 2022 Dead: 81 | 2022 Hurt: 240 |",
        ),
        (
            sheet(
                cells("Region", "Year", "Dead"),
                cells(wider("Midland", "rows-spanned", 2), "2021", "77"),
                cells(COVERED, "2022", "81"),
            ),
            "| Region: Midland | Year: 2021 | Dead: 77 |\n| Region: Midland | Year: 2022 | Dead: 81 |",
        ),
        (
            sheet(
                cells("Region", "2021", "2022"),
                cells("Midland", wider("81", "columns-repeated", 2)),
                cells("Norland", "3", wider("", "columns-repeated", 16_000)),
            ),
            "| Region: Midland | 2021: 81 | 2022: 81 |\n| Region: Norland | 2021: 3 |",
        ),
    ],
)
def test_opendocument(body: str, text: str) -> None:
    extract = read(odt(body), ".odt")
    assert "\n".join(" ".join(line.split()) for line in extract.text.split("\n")) == text
    told = {
        "tracked": "holds tracked changes: what they insert is read, what they delete is not",
        "annotation": "holds 1 comment, which is not read",
    }
    assert extract.notes == tuple(note for name, note in told.items() if name in body)


def test_words_that_opendocument_hides_are_not_read_and_told() -> None:
    hidden = (
        '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    body = p("It costs ") + p('It costs <text:span text:style-name="T1">30</text:span> 40 pounds.')
    extract = read(odt(body, styles=hidden), ".odt")
    assert [" ".join(line.split()) for line in extract.text.split("\n")] == ["It costs", "It costs 40 pounds."]
    assert extract.notes == ("holds hidden text, which is not read",)


def test_page_headers_of_opendocument_come_last() -> None:
    assert lines(
        odt(p("The board met."), header=p("Press release 14") + p("<text:page-number>7</text:page-number>")), ".odt"
    ) == [
        "The board met.",
        "Press release 14",
    ]


@pytest.mark.parametrize(
    ("suffix", "data", "text"),
    [
        (
            ".org", b"Some /words/ here.\n\n#+BEGIN_SRC sh\nls\n#+END_SRC\n\n- term :: meaning\n", "Some words here.\n```\nls\n\n```\nterm: meaning"),
        (".rst", b"A [1]_ word.\n\n.. [1] By half.\n", "A word.\nBy half."),
        (".rst", b".. include:: /etc/passwd\n\nSeen.\n", "Seen."),
        (
            ".tex", rb"\begin{document}A\footnote{By half.} word of \emph{weight}, $x^2$.\input{/etc/passwd}\end{document}",
            "A word of weight, x^2.\nBy half."),
        (
            ".tex", rb"\begin{document}\begin{abstract}It fell.\end{abstract}\section{One}It rose.\end{document}", "It fell.\nOne\nIt rose."),
        (".org", b"* TODO Roads :draft:\nIt was +not+ closed.\n", "Roads\nIt was  closed."),
        (".rst", b"Roads\n=====\n:Abstract: It fell.\n\nIt rose.\n", "It fell.\nIt rose."),
        (
            ".tex", "\\begin{document}Caf\\'e, na\\\"ive, „so“ -- \\textsc{Nato}\\end{document}".encode(), "Café, naïve, „so“ – Nato"),
    ],
)  # fmt: skip
def test_texts_with_marks(suffix: str, data: bytes, text: str) -> None:
    assert read(data, suffix).text == text


@pytest.mark.parametrize(
    ("suffix", "data", "named"),
    [
        (
            ".tex",
            b"\\begin{document}It fell. \\input{one}\n% \\input{none}\n\\include{ch/two}\\end{document}",
            "one, ch/two",
        ),
        (".org", b'It fell.\n#+INCLUDE: "one.org" :lines 5\n', "one.org"),
        (".rst", b"It fell.\n\n.. include:: one.rst\n", "one.rst"),
    ],
)
def test_files_that_a_text_includes_are_told(suffix: str, data: bytes, named: str) -> None:
    extract = read(data, suffix)
    assert extract.text == "It fell."
    assert extract.notes == (f"refers to other files for text, which is not read here: {named}",)


def test_a_date_of_org_is_read() -> None:
    assert read(b"#+TITLE: The old ferry\n#+DATE: <2024-03-05 Tue>\n\nIt fell.\n", ".org").metadata.date == "2024-03-05"


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def book(body: str, **others: bytes) -> bytes:
    """The book that Pandoc wrote, with another body."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written(".epub"))) as held, zipfile.ZipFile(file, "w") as made:
        for name in held.namelist():
            is_text = name.endswith("ch001.xhtml")
            made.writestr(
                name,
                f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
                if is_text
                else held.read(name),
            )
        for name, content in others.items():
            made.writestr(name, content)
    return file.getvalue()


def test_a_book() -> None:
    row = "<tr><td rowspan='2'>Midland</td><td>2021</td><td>77</td></tr><tr><td>2022</td><td>81</td></tr>"
    table = f"<table><tr><th>Region</th><th>Year</th><th>Dead</th></tr>{row}</table>"
    assert lines(book(f"<h1>Roads</h1><p>It <b>fell</b>.</p>{table}<script>no()</script>"), ".epub") == [
        "Roads", "It fell.", "| Region: Midland | Year: 2021 | Dead: 77 |", "| Region: Midland | Year: 2022 | Dead: 81 |",
    ]  # fmt: skip


LOCKED = b'<encryption><CipherReference URI="EPUB/text/ch001.xhtml"/></encryption>'
FONTS = b'<encryption><CipherReference URI="EPUB/fonts/a.otf"/></encryption>'


@pytest.mark.parametrize(
    ("suffix", "data", "message"),
    [
        (".epub", b"no archive", "a.epub is damaged, or not what its name says"),
        (".epub", zipped(a=b"x"), "a.epub is damaged, or not what its name says"),
        (
            ".epub", zipped(a=bytes(3_000_000)), "a.epub has 3 MB when it is unpacked; a file may have 2 (the setting max_file_mb)"),
        (".epub", book("<p>x</p>", **{"META-INF/encryption.xml": LOCKED}), "a.epub is locked by its publisher"),
        (".odt", zipped(a=b"x"), "a.odt is damaged, or not what its name says"),
        (".odt", zipped(**{"content.xml": b"<a"}), "a.odt is damaged, or not what its name says"),
        (
            ".odt", odt(sheet(cells("a", wider("x", "columns-repeated", 2_000_000_000)))), "a.odt has a table of 2,000,000,001 columns; it may have 1,000"),
        (".rtf", b"Hello, I am a text.", "a.rtf is no Rich Text"),
    ],
)  # fmt: skip
def test_bad_files(suffix: str, data: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_pandoc(data, f"a{suffix}", Limits(megabytes=2), suffix=suffix)
    assert caught.value.message == message


def test_a_book_whose_fonts_are_encrypted_is_read() -> None:
    assert lines(book("<p>It fell.</p>", **{"META-INF/encryption.xml": FONTS}), ".epub") == ["It fell."]


def test_where_pandoc_is_missing_the_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.ingest.pandoc.read.program", lambda: None)
    with pytest.raises(SourceError) as caught:
        read(b"Seen.", ".org")
    assert (caught.value.message, caught.value.hint) == (
        "a.org is read by Pandoc, which is not installed: pip install 'vouch-qa[docs]'",
        "pip install 'vouch-qa[docs]'",
    )
