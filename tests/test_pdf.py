"""A PDF is read as it is printed.

Whole words, columns one after the other, no running heads; offsets are those of the text that is read.
"""

from __future__ import annotations

import io
import re
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pypdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SettingsError, SourceError
from index.ingest import scans
from index.ingest.formats import Extract, read_pdf
from index.ingest.load import load
from index.ingest.pdf import bidi
from index.ingest.pdf.flow import flow
from index.ingest.pdf.layout import Cell, Line
from index.isolated import directly
from index.records import Article
from index.rows import article_row, read_article
from qa.cite import pattern_of, within
from tests.pdf_files import At, made, width

LEFT = [
    "The council of Harrowby met on",
    "Monday and voted to close the",
    "old ferry terminal, which stood",
    "empty for eleven years. Sixty",
    "people had signed the petition.",
]
RIGHT = [
    "Engineers said that the repair",
    "would cost nine million pounds",
    "and last until the spring. The",
    "mayor promised a new landing",
    "stage for the smaller boats.",
]
THIRD = [
    "Fares will rise by a tenth from",
    "April, the company said. Those",
    "who hold a card for the season",
    "pay what they paid. Dogs travel",
    "free, and so do bicycles today.",
]

HARROWBY = (
    "The town council voted on Monday to decommission the magnificent terminal building after considerable "
    "deliberation about refurbishment costs,"
    " which engineers estimated conservatively at seventeen million pounds. The official confirmation of the "
    "classification is expected in"
    " September, according to administrative representatives of the transportation department. The neighbouring "
    "municipality offered financial"
    " participation, but negotiations about responsibilities were discontinued in February."
)


def read(pages: Sequence[Sequence[At]], **how: object) -> Extract:
    return read_pdf(made(pages, **how), "a.pdf")  # type: ignore[arg-type]


def text(*page: At, **how: object) -> str:
    return read([page], **how).text


def column(lines: Sequence[str], *, x: float = 50, y: float = 700) -> list[At]:
    return [At(x, y - 12 * number, line) for number, line in enumerate(lines)]


def article(data: bytes, folder: Path) -> Article:
    (folder / "a.pdf").write_bytes(data)
    (one,) = load(folder / "a.pdf", "a.pdf", {})
    return one


def ink(words: str) -> str:
    """What is seen of them, but for hyphens."""
    return re.sub(r"[\s\u00ad-]", "", words)


# Words


def test_a_word_broken_at_the_end_of_a_line_is_whole_and_can_be_cited(tmp_path: Path) -> None:
    page = "#set page(width: 12cm, height: 10cm, columns: 2)\n#set text(size: 9.5pt)\n#set par(justify: true)\n"
    (tmp_path / "a.typ").write_text(page + HARROWBY, encoding="utf-8")
    printed = typst.compile(str(tmp_path / "a.typ"))
    assert (
        sum(
            line.endswith("\u00ad")
            for line in pypdf.PdfReader(io.BytesIO(printed)).pages[0].extract_text().splitlines()
        )
        >= 5
    )
    one = article(printed, tmp_path)
    assert one.text == HARROWBY
    (found,) = within(pattern_of("engineers estimated conservatively at seventeen million pounds"), one)
    assert (
        one.text[found.start : found.end]
        == found.text
        == "engineers estimated conservatively at seventeen million pounds"
    )


@pytest.mark.parametrize(
    ("lines", "read_as"),
    [
        (["The magnificent terminal build-", "ing was closed."], "The magnificent terminal building was closed."),
        (["The build\u00ad", "ing was closed."], "The building was closed."),
        # written so elsewhere
        (["A well-known man and a well-", "known woman."], "A well-known man and a well-known woman."),
        # both parts are words
        (["They are known well, the well-", "known pair."], "They are known well, the well-known pair."),
        (["An understanding under- "
        "and", "over the under-", "standing."], "An understanding under- and over the understanding."),
        (["Relations of the Anglo-", "Saxon world."], "Relations of the Anglo-Saxon world."),
        (["In the years 2019-", "2020 it grew."], "In the years 2019-2020 it grew."),
        (["He came - and then -", "he left again."], "He came - and then - he left again."),
    ],
)  # fmt: skip
def test_hyphens_at_the_ends_of_lines(lines: list[str], read_as: str) -> None:
    wide = "Nothing else is said on this page, which is as wide as this line."
    assert text(
        *[At(50 + width(wide) - width(line), 700 - 12 * number, line) for number, line in enumerate(lines)],
        At(50, 500, wide),
    ).startswith(read_as)


def test_hyphens_of_a_file_that_breaks_no_words_stay() -> None:
    lines = [f"The {number} boats of the harbour were there." for number in range(250)]
    lines[100:102] = ["It was what one may call a long-", "lasting plan of the harbour."]
    pages = [
        [At(50, 780 - 12 * row, line) for row, line in enumerate(lines[start : start + 50])]
        for start in range(0, 250, 50)
    ]
    assert "a long-lasting plan" in read(pages).text


def test_a_quotation_without_its_hyphen_is_found_with_it_and_the_other_way_round() -> None:
    one = Article("a.pdf", "A wellknown man and a long-term plan.", "binary", None, (), (), (0,), "")  # type: ignore[arg-type]
    assert [
        found.text
        for words in ("a well-known man", "long-term", "longterm")
        for found in within(pattern_of(words.replace("a w", "A w")), one)
    ] == [
        "A wellknown man",
        "long-term",
    ]


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("The oﬃcial ﬂow of ﬁgures", "The official flow of figures"),
        ("ﻣﺮﺣﺒﺎ"[::-1], "مرحبا"),
        ("ﬆar", "star"),
        ("a 𝑥 b", "a 𝑥 b"),
    ],
)
def test_letters_in_place_of_printers_forms(printed: str, read_as: str) -> None:
    assert text(At(50, 700, printed)) == read_as


# Columns


def rows(*columns: Sequence[str], apart: float = 20) -> list[At]:
    """Columns beside each other, drawn line by line across all of them."""
    wide = max(width(line) for lines in columns for line in lines) + apart
    return [
        At(50 + wide * place, 700 - 12 * row, line)
        for row, across in enumerate(zip(*columns, strict=True))
        for place, line in enumerate(across)
    ]


@pytest.mark.parametrize("columns", [(LEFT, RIGHT), (LEFT, RIGHT, THIRD)])
@pytest.mark.parametrize("apart", [10, 30])
def test_columns_drawn_row_by_row(columns: Sequence[Sequence[str]], apart: float) -> None:
    drawn = rows(*columns, apart=apart)
    read_as = "\n\n".join(" ".join(lines) for lines in columns)
    assert text(*drawn, size=(700, 800)) == read_as
    assert text(*sorted(drawn, key=lambda at: (at.x, -at.y)), size=(700, 800)) == read_as
    assert text(*drawn[::-1], size=(700, 800)) == read_as


def test_what_stands_across_the_columns() -> None:
    title, foot = (
        At(50, 740, "Harrowby closes its ferry terminal", 16),
        At(50, 600, "A map of the harbour stands below, drawn for this paper by the office."),
    )
    below = [At(at.x, at.y - 150, at.text) for at in rows(THIRD, [line.upper() for line in LEFT])]
    whole = text(title, *rows(LEFT, RIGHT), foot, *below)
    places = [whole.index(words) for words in (title.text, LEFT[0], RIGHT[0], foot.text, below[0].text, below[1].text)]
    assert places == sorted(places)
    assert " ".join(LEFT) in whole


def test_a_table_is_read_row_by_row_and_each_row_says_its_columns() -> None:
    cells = [("Region", "2021", "2022"), ("Midland", "95", "81"), ("Northern Coast", "40", "44"), ("Islands", "3", "5")]
    drawn = [
        At(50 + 120 * place, 700 - 14 * row, cell)
        for row, across in enumerate(cells)
        for place, cell in enumerate(across)
    ]
    expected = "| Region: Midland | 2021: 95 | 2022: 81 |\n| Region: Northern Coast | 2021: 40 | 2022: 44 |\n| Region: Islands | 2021: 3 | 2022: 5 |"
    assert text(*drawn) == expected
    assert text(*sorted(drawn, key=lambda at: (at.x, -at.y))) == expected  # column by column
    assert (
        text(At(50, 740, "Table 1: People who died on the roads"), *drawn)
        == f"Table 1: People who died on the roads\n\n{expected}"
    )


def test_the_names_of_columns_in_two_rows_and_a_row_across_the_table() -> None:
    cells = [
        ("", "Public", "Private"),
        ("Year", "PK–12", "PK–8"),
        ("Actual", "", ""),
        ("1996", "51,544", "14,062"),
        ("1997", "52,071", "14,275"),
    ]
    drawn = [
        At(50 + 80 * place, 700 - 20 * row, cell)
        for row, across in enumerate(cells)
        for place, cell in enumerate(across)
        if cell
    ]
    assert text(*drawn).splitlines()[-1] == "| Actual | Year: 1997 | Public PK–12: 52,071 | Private PK–8: 14,275 |"
    close = [At(50 + 45 * place, 700 - 12 * row, f"{row + 1}2,00{place}") for row in range(3) for place in range(3)]
    assert text(*close).splitlines()[1] == "| 22,000 | 22,001 | 22,002 |"


def test_columns_below_lines_that_leave_other_strips_free() -> None:
    names = [At(60, 748, "Andreas Gal"), At(170, 748, "Brendan Eich"), At(300, 748, "Mike Shaver")]
    places = [At(60, 736, "Mozilla"), At(170, 736, "Mozilla"), At(300, 736, "Mozilla")]
    whole = text(*names, *places, *rows(["Abstract", *LEFT], [*RIGHT, "Nobody was hurt in the fire at"]))
    assert " ".join(LEFT) in whole
    assert " ".join(RIGHT) in whole


def test_a_cell_that_is_broken_over_lines_is_one_and_a_list_is_no_table() -> None:
    cells = [
        ("Harbour", "Plan", "Cost"),
        ("Westerby", "a new quay and", "12"),
        ("", "two cranes", ""),
        ("Easterby", "nothing", "0"),
        ("Norby", "a light", "3"),
    ]
    drawn = [
        At(50 + 120 * place, 700 - 12 * row, cell)
        for row, across in enumerate(cells)
        for place, cell in enumerate(across)
        if cell
    ]
    assert "| Harbour: Westerby | Plan: a new quay and two cranes | Cost: 12 |" in text(*drawn).splitlines()
    items = ["bread and salt", "oil", "wine of the country"]
    points = [
        at
        for row, item in enumerate(items)
        for at in (At(50, 700 - 12 * row, f"{row + 1}."), At(80, 700 - 12 * row, item))
    ]
    assert text(*points) == "1. bread and salt\n2. oil\n3. wine of the country"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_is_read_as_it_is_turned(tmp_path: Path, rotate: int) -> None:
    plain = made([[*rows(LEFT, RIGHT)]])
    turned = pypdf.PdfWriter(clone_from=io.BytesIO(plain))
    for page in turned.pages:
        page.rotate(rotate)
        page.transfer_rotation_to_content()
        page.rotate(90)  # and what is printed sideways is read, too
    turned.write(tmp_path / "turned.pdf")
    assert read_pdf((tmp_path / "turned.pdf").read_bytes(), "a.pdf").text == read_pdf(plain, "a.pdf").text


# Figures above the line

NOTES = (
    "It carried 450 in 2022#footnote[But for May.] and 310 in 2021,#footnote[As told.] at 10#super[6] pounds and "
    "4 m#super[2], on the 5#super[th] of CO#sub[2], (a)#super[2] and $x^(10)$, 5."
)


@pytest.mark.parametrize("drawn", ["true", "false"])  # by letters of the font for them, or by smaller ones
def test_a_raised_figure_is_no_part_of_the_one_before_it(drawn: str) -> None:
    page = read_pdf(typst.compile(f"#set super(typographic: {drawn})\n{NOTES}".encode()), "a.pdf").text
    said, *notes = page.split("\n\n", 1)
    assert said.startswith(
        "It carried 450 in 2022^1 and 310 in 2021, at 10^6 pounds and 4 m^2, on the 5th of CO2, (a)^2 and "
    )
    assert said.endswith("^10, 5.")
    assert notes[0].split("\n")[-2:] == ["1 But for May.", "2 As told."]


def test_figures_that_only_differ_in_form_are_not_raised() -> None:
    page = typst.compile(b'#set text(number-type: "old-style")\nIn 1967 there were 3,459 of 12,086; 0.25 of all, H7N9.')
    assert read_pdf(page, "a.pdf").text == "In 1967 there were 3,459 of 12,086; 0.25 of all, H7N9."


# Paragraphs


def test_paragraphs_are_lines_and_headings_stand_apart() -> None:
    second = column(["The petition was handed over by", "children of the school. It asks", "for a bus."], y=620)
    page = [At(50, 740, "Ferry", 16), *column(LEFT), *second, *column(["Fares", *THIRD], y=560)]
    assert text(*page) == "\n\n".join(
        [
            "Ferry",
            " ".join(LEFT),
            "The petition was handed over by children of the school. It asks for a bus.",
            f"Fares\n{' '.join(THIRD)}",
        ]
    )


def test_a_paragraph_begins_where_its_first_line_is_set_in() -> None:
    page = [
        *column(LEFT),
        At(65, 640, "Engineers said the repair co"),
        *column(["uld be done in the spring, or in", "any case in the year after next."], y=628),
    ]
    assert text(*page).splitlines()[0] == " ".join(LEFT)


# Pages


def test_a_sentence_goes_on_over_the_page_and_running_heads_are_no_text() -> None:
    def page(number: int, lines: Sequence[str]) -> list[At]:
        head = At(50, 770, "The Harrowby Review" if number % 2 else "Ferries and Harbours")
        return [head, *column(lines), At(300, 30, str(number))]

    read_ = read(
        [
            page(451, LEFT[:3]),
            page(452, LEFT[3:]),
            page(453, RIGHT),
            page(454, THIRD),
            page(455, LEFT),
            page(456, RIGHT),
        ]
    )
    assert read_.text.startswith(" ".join(LEFT) + "\n\n" + " ".join(RIGHT))
    assert not any(words in read_.text for words in ("Harrowby Review", "Harbours", "45"))
    assert [read_.text[start:][:20] for start in read_.page_starts[:3]] == [LEFT[0][:20], LEFT[3][:20], RIGHT[0][:20]]
    assert read_.page_labels == ("451", "452", "453", "454", "455", "456")  # as they are printed


def test_what_is_repeated_in_the_text_or_stands_on_one_page_is_no_running_head() -> None:
    pages = [
        [At(50, 700 - 40 * number, f"Chapter {number} begins here and now"), *column(LEFT, y=400)]
        for number in range(5)
    ]
    assert all(f"Chapter {number} begins" in read(pages).text for number in range(5))
    assert text(At(50, 770, "The Harrowby Review"), *column(LEFT)).startswith("The Harrowby Review\n\n")


def test_what_is_all_the_text_is_no_running_head() -> None:
    assert (
        read([[At(50, 700, f"Notice {number}")] for number in range(1, 5)]).text
        == "Notice 1\n\nNotice 2\n\nNotice 3\n\nNotice 4"
    )


@pytest.mark.parametrize(
    "numbers",
    [
        ["i", "ii", "iii", "iv"],
        ["- 7 -", "- 8 -", "- 9 -", "- 10 -"],
        ["Page 1 of 4", "Page 2 of 4", "Page 3 of 4", "Page 4 of 4"],
    ],
)
def test_page_numbers_are_no_text(numbers: list[str]) -> None:
    pages = [
        [*column(lines), At(300, 30, number)] for number, lines in zip(numbers, (LEFT, RIGHT, THIRD, LEFT), strict=True)
    ]
    assert read(pages).text == "\n\n".join(" ".join(lines) for lines in (LEFT, RIGHT, THIRD, LEFT))


def test_a_number_that_the_file_gives_its_page_is_no_text() -> None:
    pages = [[*column(LEFT), At(300, 30, "xii")], [*column(RIGHT), At(300, 30, "1")]]
    labels = "0 << /S /r /St 12 >> 1 << /S /D >>"
    assert read(pages, labels=labels).text == f"{' '.join(LEFT)}\n\n{' '.join(RIGHT)}"
    assert " xii" in read(pages).text.replace("\n", " ")


def test_a_head_in_two_parts_is_none_on_a_page_without_columns_either() -> None:
    head = [At(50, 770, "Harrowby Review"), At(420, 770, "May 2021")]
    columns = [[*head, *column(LEFT), *column(lines, x=320)] for lines in (RIGHT, THIRD)]
    assert "Harrowby Review" not in read([*columns, [*head, *column(THIRD)]]).text


def test_a_figure_that_does_not_count_pages_is_text() -> None:
    pages = [[*column(lines), At(50, 600, figure)] for figure, lines in (("1840", LEFT), ("95", RIGHT), ("12", THIRD))]
    assert all(figure in read(pages).text for figure in ("1840", "95", "12"))


def test_page_labels_are_those_of_the_file(tmp_path: Path) -> None:
    pages = [column(LEFT), column(RIGHT), column(THIRD), column(LEFT)]
    one = article(made(pages, labels="0 << /S /r /St 2 >> 2 << /S /D /St 452 >> 3 << /S /D /P (A-) >>"), tmp_path)
    assert one.page_labels == ("ii", "iii", "452", "A-1")
    assert [(one.page(start), one.page_label(start)) for start in one.page_starts] == [
        (None, "ii"),
        (None, "iii"),
        (452, "452"),
        (None, "A-1"),
    ]
    row = article_row(one, ())
    assert read_article(row, ()) == one


def test_pages_are_counted_where_nothing_is_printed(tmp_path: Path) -> None:
    one = article(made([column(LEFT), [], column(RIGHT)]), tmp_path)
    assert (one.page_labels, one.page_starts) == ((), (0, one.text.index("Engineers"), one.text.index("Engineers")))
    assert [(one.page(offset), one.page_label(offset)) for offset in (0, one.page_starts[2])] == [(1, "1"), (3, "3")]


# From right to left

HEBREW = ["בשנת 2023 העבירו המעבורות 1,840", "נוסעים (בערך) בין הנמלים של Acme", "Corp 747, כך אמר משרד התחבורה."]
SEEN = ["1,840 תורובעמה וריבעה 2023 תנשב", "Acme לש םילמנה ןיב )ךרעב( םיעסונ", ".הרובחתה דרשמ רמא ךכ ,Corp 747"]


@pytest.mark.parametrize("backwards", [False, True])
def test_what_is_written_from_right_to_left(backwards: bool) -> None:
    page = [At(550 - width(seen), 700 - 14 * row, seen, backwards=backwards) for row, seen in enumerate(SEEN)]
    assert text(*page) == " ".join(HEBREW)


@pytest.mark.parametrize(
    ("seen", "leftward", "read_as"),
    [
        (["one", "two"], False, "one two"),
        (["747", "Boeing", "שלום"], True, "Boeing 747 שלום"),
        (["שלום", "2023", "2024", "עולם"], True, "שלום 2023 2024 עולם"),
        (["בנסעה", "%12.5", ".747"], True, "בנסעה 12.5% 747."),
        (["said", "עולם", "שלום", "twice"], False, "said שלום עולם twice"),
        (["שלום", ")2023(", "עולם"], True, "שלום (2023) עולם"),
        (["שלום", ",(20.9%)", "עולם"], True, "שלום (20.9%), עולם"),
        (["(שלום", ".)%20.9"], True, "(שלום 20.9%)."),
        ([")שלום", ".(20.9%"], True, "(שלום 20.9%)."),
        (["שלום", "3-", "12-14", "5.50$"], True, "שלום -3 12-14 5.50$"),
        (["(1", "שלום", ".747"], True, "1) שלום 747."),
    ],
)
def test_a_line_as_it_is_read(seen: list[str], leftward: bool, read_as: str) -> None:
    assert bidi.line(seen, leftward=leftward) == read_as


def test_columns_of_what_is_written_from_right_to_left_begin_at_the_right() -> None:
    first = ["העיר החליטה לסגור את המסוף הישן", "של המעבורות שעמד ריק שנים רבות", "והתושבים חתמו על עצומה נגד הצעד."]
    second = ["המהנדסים אמרו שהתיקון יעלה סכום", "גדול מאוד ויימשך עד האביב הבא", "וראש העיר הבטיח רציף חדש לסירות"]
    drawn = [
        At(edge - width(lines[row]), 700 - 12 * row, lines[row][::-1])
        for row in range(3)
        for edge, lines in ((550, first), (370, second))
    ]
    assert text(*drawn) == " ".join(first) + "\n\n" + " ".join(second)


def test_writing_without_spaces_is_joined_without_them() -> None:
    lines = [
        "二零二三年渡轮运送了一百八十四万名乘客",
        "交通部表示这一数字比上一年增加了百分之",
        "十二点五并且预计明年还会继续增长。",
    ]
    assert text(*column(lines)) == "".join(lines)


# Files that say little


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_file_that_only_its_owner_may_change_is_read(algorithm: str) -> None:
    for name, password in (("locked.pdf", "secret"), ("open.pdf", "")):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(made([column(LEFT)])))
        saved = io.BytesIO()
        try:
            writer.encrypt(password, "owner", algorithm=algorithm)
            writer.write(saved)
        except pypdf.errors.DependencyError:
            pytest.skip("pypdf writes AES only with the package cryptography")
        if password:
            with pytest.raises(SourceError, match=r"^locked\.pdf is locked with a password$"):
                read_pdf(saved.getvalue(), name)
        else:
            assert read_pdf(saved.getvalue(), name).text == " ".join(LEFT)


def test_pages_without_text_are_told_with_what_reads_them() -> None:
    told = scans.read(made([column(LEFT), [], column(RIGHT), [], []]), "two words.pdf", directly)
    assert told.bare == (2, 4, 5)
    assert told.notes == (
        "pages 2, 4-5 without text, perhaps scanned: qa index --ocr reads such pages, and so does ocrmypdf "
        "--skip-text 'two words.pdf' 'two words.pdf'",
    )
    with pytest.raises(SourceError) as caught:
        scans.read(made([[]]), "scan.pdf", directly)
    command = "ocrmypdf --skip-text scan.pdf scan.pdf"
    assert (
        caught.value.message
        == f"scan.pdf has no text layer, it is only a scan: qa index --ocr reads such pages, and so does {command}"
    )


def test_letters_that_the_file_does_not_name_are_no_text() -> None:
    shifted = ["".join(chr(ord(letter) % 31 + 1) for letter in line) for line in LEFT]
    assert read([column(shifted), column(RIGHT)]).bare == (1,)
    assert read([column([line.replace("r", "\x07") for line in LEFT])]).bare in ((), (1,))


def pictured(data: bytes) -> bytes:
    """The same pages as pictures."""
    import pypdfium2

    out = pypdfium2.PdfDocument.new()
    for page in pypdfium2.PdfDocument(data):
        image = pypdfium2.PdfImage.new(out)
        image.set_bitmap(page.render(scale=200 / 72))
        image.set_matrix(pypdfium2.PdfMatrix().scale(*page.get_size()))
        new = out.new_page(*page.get_size())
        new.insert_obj(image)
        new.gen_content()
    saved = io.BytesIO()
    out.save(saved)
    return saved.getvalue()


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed (apt install tesseract-ocr)")
def test_scanned_pages_are_read_where_it_is_asked_for(tmp_path: Path) -> None:
    page = "#set page(width: 10cm, height: 6cm)\n#set text(size: 12pt)\n"
    words = "The harbour board did not approve the dredging plan, which would have cost seventeen million pounds."
    (tmp_path / "a.typ").write_text(f"{page}{words}\n#pagebreak()\nFerries carried many passengers.", encoding="utf-8")
    scan = pictured(typst.compile(str(tmp_path / "a.typ")))
    told = scans.read(scan, "a.pdf", directly, "eng")
    assert told.text == f"{words}\n\nFerries carried many passengers."
    assert told.notes == ("pages 1-2 read by text recognition, which makes mistakes",)
    assert (told.page_starts, told.bare) == ((0, len(words) + 2), ())
    with pytest.raises(SettingsError, match="does not know the language “xxx”"):
        scans.check("eng+xxx")


def test_ocr_without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SettingsError, match="needs Tesseract"):
        scans.check("eng")


@pytest.mark.parametrize(
    "page",
    [
        lambda count: [At(50 + number % 97, 790 - number * 790 / count, "word", 0.2) for number in range(count)],
        lambda count: [At(50 + 200 * (number % 2), 790 - number * 790 / count, "word", 0.2) for number in range(count)],
        lambda count: [At(number * 590 / count, 790 - number * 790 / count, "word", 0.2) for number in range(count)],
        lambda count: [At(37 * number % 590, 53 * number % 790, "word", 5) for number in range(count)],
    ],
    ids=["rows", "pairs", "slope", "anywhere"],
)
def test_the_time_grows_with_the_page(page: Callable[[int], list[At]]) -> None:
    def seconds(count: int) -> float:
        data = made([page(count)])
        started = time.process_time()
        read_pdf(data, "a.pdf")
        return time.process_time() - started

    assert seconds(8_000) < 12 * seconds(1_000) + 1


# Whatever is printed

WORDS = st.text(st.sampled_from("abcde-.,A1א\u00ad|•"), min_size=1, max_size=8)
LINES = st.builds(
    lambda words, left, y, column, is_row: Line(
        " ".join(words), (Cell(" ".join(words), left, left + 90),), left, y, 10.0, 5.0, 20.0, column, is_row),
    st.lists(WORDS, min_size=1, max_size=5), st.floats(0, 300), st.floats(0, 800), st.integers(0, 2), st.booleans(),
)  # fmt: skip


@given(st.lists(st.lists(LINES, max_size=6), max_size=5))
def test_nothing_but_hyphens_is_lost_and_pages_begin_in_order(pages: list[list[Line]]) -> None:
    flowed = flow(pages)
    assert ink(flowed.text) == ink("".join(line.text for page in pages for line in page))
    assert len(flowed.starts) == len(pages)
    assert list(flowed.starts) == sorted(flowed.starts)
    for number, page in enumerate(pages):
        if page:
            stop = flowed.starts[number + 1] if number + 1 < len(pages) else len(flowed.text)
            assert ink(flowed.text[flowed.starts[number] : stop]) == ink("".join(line.text for line in page))


PLACED = st.lists(
    st.builds(At, st.integers(-50, 650), st.integers(-50, 850), WORDS, st.sampled_from((6.0, 10.0, 30.0)), st.booleans()),
    max_size=40,
)  # fmt: skip


@given(st.lists(PLACED, min_size=1, max_size=3), st.sampled_from((0, 90, 180, 270)))
def test_any_page_is_read(pages: list[list[At]], rotate: int) -> None:
    read_ = read(pages, rotate=rotate)
    assert len(read_.page_starts) == len(pages)
    assert list(read_.page_starts) == sorted(read_.page_starts)
    assert all(0 <= start <= len(read_.text) for start in read_.page_starts)
    assert "\x00" not in read_.text
