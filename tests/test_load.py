"""Files of every kind become articles, and every kind of bad file is refused by name with what to do."""

from __future__ import annotations

import codecs
import hashlib
import io
import json
import logging
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdf
import pytest

from index.errors import SourceError
from index.ingest.encoding import decode
from index.ingest.load import load
from index.records import Article, Metadata
from tests.format_files import TABLE, xlsx, zipped
from tests.word_files import p, word_file

SEEDS = Path(__file__).parent.parent / "seeds"
PROSE = "Russia and India agreed on Friday to expand their trade to $100 billion by 2030, both governments said."
NOTHING = "holds no sentence to quote: all of it reads as titles, bylines or what stands around articles"
MORE = "Exports to Russia remain modest, although the two leaders spoke about them for an hour in Delhi."


def one(path: Path, overrides: dict[str, Metadata] | None = None) -> Article:
    (article,) = load(path, path.name, overrides or {})
    return article


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return path


def opened(path: Path, encoding: str) -> str:
    with open(path, encoding=encoding, newline="") as file:  # noqa: PTH123 - the promise, word for word
        return file.read()


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(SourceError) as caught:
        load(path, path.name, {})
    assert "\n" not in caught.value.message + caught.value.hint
    return caught.value.message, caught.value.hint


def bodies(article: Article) -> list[str]:
    return [article.text[region.start : region.end] for region in article.regions if region.kind == "body"]


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_seeds_are_their_files(path: Path) -> None:
    article = one(path)
    assert article.text == opened(path, article.encoding)
    assert article.encoding == "utf-8"
    assert article.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert article.page_starts == ()
    assert article.page(0) is None


RUSSIAN = "Президент России прибыл в Индию с государственным визитом. Переговоры прошли в Дели, стороны договорились о торговле.\r\n"
JAPANESE = "ロシアのプーチン大統領はインドを公式訪問し、首脳会談を行った。両国は貿易を拡大することで合意した。\n"
CHINESE = "俄罗斯总统普京对印度进行国事访问,两国领导人在新德里举行会谈。双方同意扩大贸易。\n"
GREEK = "Ο πρόεδρος της Ρωσίας έφτασε στην Ινδία για επίσημη επίσκεψη. Οι συνομιλίες έγιναν στο Δελχί.\n"
POLISH = "Prezydent Rosji przybył do Indii z wizytą państwową. Rozmowy odbyły się w Delhi, gdzie podpisano umowę. Żółć, gęś i źrebię.\n"
CZECH = "Ruský prezident přijel do Indie na státní návštěvu. Jednání proběhla v Dillí, kde byla podepsána dohoda. Životní prostředí šetří.\n"
FRENCH = "Le président russe est arrivé en Inde pour une visite d'État. Les négociations ont eu lieu à Delhi, où un accord a été signé.\n"
ENGLISH = "The minister said “we don’t know” — and left the café in Zürich.\n"


@pytest.mark.parametrize(
    ("written_in", "text", "read_as"),
    [
        ("utf-8", RUSSIAN, "utf-8"),
        ("utf-8-sig", RUSSIAN, "utf-8-sig"),
        ("utf-16", RUSSIAN, "utf-16"),
        ("utf-32", RUSSIAN, "utf-32"),
        ("cp1252", ENGLISH, "cp1252"),
        ("cp1252", FRENCH, "cp1252"),
        ("iso8859-1", FRENCH, "cp1252"),
        ("mac_roman", ENGLISH, "mac_roman"),
        ("cp850", FRENCH, "cp850"),
        ("cp1250", POLISH, "cp1250"),
        ("iso8859-2", POLISH, "iso8859_2"),
        ("cp1250", CZECH, "cp1250"),
        ("koi8-r", RUSSIAN, "koi8_r"),
        ("cp1251", RUSSIAN, "cp1251"),
        ("cp1253", GREEK, "cp1253"),
        ("shift_jis", JAPANESE, "cp932"),
        ("gb18030", CHINESE, "gb18030"),
    ],
)
def test_encodings(tmp_path: Path, written_in: str, text: str, read_as: str) -> None:
    path = written(tmp_path, "a.txt", (text * 3).encode(written_in))
    article = one(path)
    assert (article.text, article.encoding) == (text * 3, read_as)
    assert article.text == opened(path, read_as)
    assert one(path) == article


def test_big_endian_and_mixed_newlines_are_kept(tmp_path: Path) -> None:
    text = "Одна строка\r\nдругая\rтретья\nконец"
    article = one(written(tmp_path, "a.md", codecs.BOM_UTF16_BE + text.encode("utf-16-be")))
    assert (article.text, article.encoding) == (text, "utf-16")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "a.txt is empty"),
        ("a.txt", b" \n\t\r\n", "a.txt is empty"),
        ("a.txt", "\ufeff\u200b\n".encode(), "a.txt is empty"),
        ("a.md", b"", "a.md is empty"),
        ("a.pdf", b"", "a.pdf is empty"),
        ("a.jsonl", b"\n\n", "a.jsonl is empty"),
        ("a.txt", b"text\x00\x01\x02and more text", "a.txt is not text: it holds binary data"),
        ("a.txt", bytes(range(1, 256)) * 20, "a.txt is not text: it holds binary data"),
        ("a.txt", b"\x01\x02\x03" * 50 + b"some words", "a.txt is not text: it holds binary data"),
        ("a.txt", b"%PDF-1.7 and so on", "a.txt is not text: it begins like a .pdf file"),
        ("a.txt", codecs.BOM_UTF16_LE + b"a", "a.txt says that it is UTF-16, but is not"),
        ("a.html", b"<html><body></body></html>", "a.html holds no article that can be told from the rest of the page"),
        ("a.html", b"<html>\x00\x01\x02</html>", "a.html is not text: it holds binary data"),
        ("a.pdf", b"hello", "a.pdf is a damaged PDF, or none"),
        ("a.pdf", b"%PDF-1.4\njunk\n%%EOF", "a.pdf is a damaged PDF, or none"),
        ("a.docx", b"hello", "a.docx is a damaged Word file, or none"),
        ("a.docx", b"PK\x03\x04hello", "a.docx is a damaged Word file, or none"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a.docx is locked with a password, or in the format of Word before 2007",
        ),
        ("a.jsonl", b'\n{"text": ', "row 2 of a.jsonl is not JSON"),
        ("a.jsonl", b'["One."]\n\n["Two."]', "row 1 of a.jsonl is not a JSON object"),
        ("a.jsonl", b'{"title": "One"}', 'row 1 of a.jsonl has no "text"'),
        ("a.jsonl", b'{"text": " "}', 'row 1 of a.jsonl has no "text"'),
        ("a.jsonl", b"[" * 100_000, "row 1 of a.jsonl is not JSON"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    found, hint = refused(written(tmp_path, name, data))
    assert found == message
    assert hint


def test_a_damaged_word_file(tmp_path: Path) -> None:
    whole = word(tmp_path / "whole.docx", [PROSE]).read_bytes()
    parts = zipfile.ZipFile(io.BytesIO(whole))
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as broken:
        for name in parts.namelist():
            broken.writestr(name, b"<broken" if name == "word/document.xml" else parts.read(name))
    assert refused(tmp_path / "a.docx")[0] == "a.docx is a damaged Word file, or none"
    assert refused(written(tmp_path, "b.docx", whole[: len(whole) // 2]))[0] == "b.docx is a damaged Word file, or none"


def test_a_pdf_that_is_only_a_scan(tmp_path: Path) -> None:
    message, hint = refused(pdf(tmp_path / "scan.pdf", [[]]))
    assert (
        message
        == "scan.pdf has no text layer, it is only a scan: qa index --ocr reads such pages, and so does ocrmypdf "
        "--skip-text scan.pdf scan.pdf"
    )
    assert hint == "qa index --ocr"


def test_a_locked_pdf_and_one_that_only_forbids_printing(tmp_path: Path) -> None:
    plain = pdf(tmp_path / "plain.pdf", [[PROSE]])
    for name, password in (("locked.pdf", "secret"), ("open.pdf", "")):
        writer = pypdf.PdfWriter(clone_from=plain)
        writer.encrypt(password, "owner", algorithm="RC4-128")
        writer.write(tmp_path / name)
    assert refused(tmp_path / "locked.pdf")[0] == "locked.pdf is locked with a password"
    assert one(tmp_path / "open.pdf").text == PROSE


@pytest.fixture
def nobody() -> Iterator[None]:
    """Runs as a user who may not read what the tests write."""
    if sys.platform == "win32":
        pytest.skip("Windows has other permissions")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_no_permission(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = written(tmp_path, "a.txt", PROSE)
    path.chmod(0)
    request.getfixturevalue("nobody")
    assert refused(path) == ("no permission to read a.txt", f"allow it: chmod u+r {path}")


def test_a_folder_named_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    assert refused(tmp_path / "a.txt")[0] == "a.txt is no ordinary file, but a folder"


def test_jsonl(tmp_path: Path) -> None:
    rows = [
        {
            "text": PROSE,
            "title": "One",
            "author": ["Jane Doe", "John Smith"],
            "date": "Dec. 4, 2025",
            "publisher": None,
            "id": 7,
        },
        {
            "text": f"The second of two titles\n\nBy Jane Doe\n\n{MORE} \ud800",
            "date": 2025,
            "url": "https://example.org",
        },
        {"text": "A\u2028B.", "date": "yesterday"},
    ]
    path = written(
        tmp_path,
        "a.jsonl",
        "\r\n".join(json.dumps(row, ensure_ascii=number != 2) for number, row in enumerate(rows)) + "\n",
    )
    overrides = {"a.jsonl": Metadata(publisher="Daily Planet", title="All"), "a.jsonl#1": Metadata(title="First")}
    articles = load(path, "a.jsonl", overrides)
    assert [article.source for article in articles] == ["a.jsonl#1", "a.jsonl#2", "a.jsonl#3"]
    assert articles[0].metadata == Metadata(
        "First", "Jane Doe, John Smith", "2025-12-04", "Daily Planet", language="en"
    )
    assert articles[1].metadata == Metadata(
        "All", "Jane Doe", "2025", "Daily Planet", "https://example.org", language="en"
    )
    assert articles[1].text.endswith("Delhi. \ufffd")
    assert (articles[2].text, articles[2].metadata.date) == ("A\u2028B.", None)


def test_overrides_win_and_their_credits_go(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", f"A title of some words\n\nBy Jane Doe\n\n{PROSE}")
    article = one(path, {"a.txt": Metadata(author="John Smith", date="2025-12")})
    assert article.metadata == Metadata("A title of some words", "John Smith", "2025-12", language="en")
    assert [credit.field for credit in article.credits] == ["title"]
    assert [region.kind for region in article.regions] == ["credit", "credit", "body"]  # the byline is still no body


PAGE = f"""<!DOCTYPE html><html><head><meta charset="windows-1252"><title>The summit – Daily Planet</title>
<meta property="og:title" content="The summit"><meta property="og:site_name" content="Daily Planet"><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2025-12-04T10:00:00Z"><link rel="canonical" href="https://example.org/summit"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav><article><h1>The summit</h1>
<p>{PROSE} “Yes,” he said.</p><h2>What it means</h2><p>{MORE}</p>
<table><tr><th>Country</th><th>Trade</th></tr><tr><td>India</td><td>68.7</td></tr></table></article>
<div id="comments"><h3>2 Comments</h3><p>I disagree with this article, says a reader whose comment is long enough.</p></div>
<footer>© 2025 Daily Planet</footer></body></html>"""


def test_html(tmp_path: Path) -> None:
    article = one(written(tmp_path, "a.html", PAGE.encode("cp1252")))
    assert article.metadata == Metadata(
        "The summit", "Jane Doe", "2025-12-04", "Daily Planet", "https://example.org/summit", language="en"
    )
    assert article.encoding == "cp1252"
    assert bodies(article) == [f"{PROSE} “Yes,” he said.", MORE, "| Country: India | Trade: 68.7 |"]
    assert [article.text[region.start : region.end] for region in article.regions if region.kind == "heading"] == [
        "What it means"
    ]
    assert "disagree" not in article.text


def test_html_that_states_nothing(tmp_path: Path) -> None:
    page = f"<html><body><p>On December 4, 2025 the leaders met. {PROSE}</p><p>{MORE}</p></body></html>"
    assert one(written(tmp_path, "a.HTM", page)).metadata == Metadata(language="en")


def pdf(path: Path, pages: list[list[str]], **properties: str) -> Path:
    """A PDF of lines of ASCII, written by hand."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 50 750 Td {shown} ET" if lines else "0 0 10 10 re f"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 800] /Contents {5 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        objects += [page, f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream"]
    objects.append("<< " + " ".join(f"/{key} ({value})" for key, value in properties.items()) + " >>")
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\n".encode()
    path.write_bytes(data + f"startxref\n{start}\n%%EOF\n".encode())
    return path


def test_pdf(tmp_path: Path) -> None:
    pages = [
        ["Daily Planet 2025, 1", "The summit that was not", PROSE],
        ["Daily Planet 2025, 2", MORE],
        ["Daily Planet 2025, 3", PROSE],
    ]
    article = one(
        pdf(tmp_path / "a.pdf", pages, Title="The summit that was not", Author="Jane Doe", CreationDate="D:20251210")
    )
    assert article.text == f"The summit that was not\n{PROSE}\n\n{MORE}\n\n{PROSE}"
    assert article.page_starts == (0, article.text.index(MORE), article.text.rindex(PROSE))
    assert [article.page(article.text.index(words)) for words in (PROSE, MORE)] == [1, 2]
    # and no date: that of the file says nothing
    assert article.metadata == Metadata("The summit that was not", "Jane Doe", language="en")
    assert bodies(article) == [PROSE, MORE, PROSE]
    assert article.encoding == "binary"


@pytest.mark.parametrize(
    ("title", "author"),
    [("Microsoft Word - draft.docx", "Windows User"), ("summit_final", "jdoe"), ("untitled", "Administrator")],
)
def test_noise_in_the_properties_of_a_pdf(tmp_path: Path, title: str, author: str) -> None:
    assert one(pdf(tmp_path / "a.pdf", [[PROSE]], Title=title, Author=author)).metadata == Metadata(language="en")


def word(path: Path, paragraphs: list[str]) -> Path:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


def test_docx(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "The summit"
    document.core_properties.author = "Jane Doe"
    document.add_paragraph(PROSE)
    document.add_heading("What it means", 1)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "India", "68.7"
    document.add_paragraph(MORE)
    document.save(str(tmp_path / "a.docx"))
    article = one(tmp_path / "a.docx")
    assert article.text == f"{PROSE}\nWhat it means\n| India | 68.7 |\n{MORE}"
    assert article.metadata == Metadata("The summit", "Jane Doe", language="en")
    assert bodies(article) == [PROSE, "| India | 68.7 |", MORE]


def test_the_makers_of_a_word_file_are_not_its_author(tmp_path: Path) -> None:
    # python-docx says that it is the author
    assert one(word(tmp_path / "a.docx", [PROSE])).metadata == Metadata(language="en")


def test_the_libraries_are_silent_and_left_as_they_were(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    levels = [logging.getLogger(name).level for name in ("docx", "trafilatura")]
    refused(written(tmp_path, "a.pdf", b"%PDF-1.4\njunk"))
    refused(written(tmp_path, "a.html", b"<html><body></body></html>"))
    assert capfd.readouterr() == ("", "")
    assert [logging.getLogger(name).level for name in ("docx", "trafilatura")] == levels


def test_a_long_legacy_text_is_told_from_a_sample() -> None:
    text = FRENCH * 40_000  # 5 MB
    assert decode(text.encode("cp1252"), "a.txt").text == text
    # one line, longer than the sample
    assert decode((JAPANESE.strip() * 10_000).encode("shift_jis"), "a.txt").encoding == "cp932"


def test_a_text_of_50_megabytes_is_no_article(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_bytes(b"A sentence of exactly fifty characters, with a dot.\n" * 1_000_000)
    with pytest.raises(
        SourceError,
        match=r"^big\.txt has 52,000,000 "
        r"characters; an article may have 10,000,000$",
    ) as caught:
        load(path, "big.txt", {})
    assert caught.value.hint == "split it into articles, one a file or one a row of a .jsonl file"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.pdf", word_file(p("The ferry was sold.")), "a.pdf is a Word file, not a .pdf file"),
        ("a.odt", word_file(p("The ferry was sold.")), "a.odt is a Word file, not a .odt file"),
        ("a.csv", xlsx({"A": TABLE}), "a.csv is a workbook, not a .csv file"),
        ("a.docx", b"<!DOCTYPE html><html><body><p>The ferry was sold.</p></body></html>", "a.docx is a web page, not a .docx file"),
        ("a.docx", b"{\\rtf1 The ferry was sold.}", "a.docx is a Rich Text file, not a .docx file"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a.pdf is a picture, not a .pdf file"),
        ("a.txt", zipped({"b.txt": "The ferry was sold."}), "a.txt is an archive, not a .txt file"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_than_its_name_says(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    assert refused(written(tmp_path, name, data))[0] == message


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"\n<html><body><p>The ferry was sold.</p></body></html>", "is a web page by its first words; as .html its marks would be no text"),
        (b"{\\rtf1 The ferry was sold.}", "is a Rich Text file by its first words; as .rtf its marks would be no text"),
    ],
)  # fmt: skip
def test_a_text_that_is_marked_up_is_read_as_it_is_and_told(tmp_path: Path, data: bytes, note: str) -> None:
    told: list[str] = []
    (article,) = load(written(tmp_path, "a.txt", data), "a.txt", {}, tell=told.append)
    assert (article.text, told) == (data.decode(), [note])


@pytest.mark.parametrize(
    ("name", "data", "notes"),
    [
        ("a.txt", "By Mary Hale\n", [NOTHING]),
        ("a.txt", f"By Mary Hale\n\n{PROSE}\n", []),
        ("a.jsonl", f'{{"text": "{PROSE}"}}\n{{"text": "By Mary Hale"}}\n', [f"{NOTHING}: 1 of 2, the first 2"]),
        ("a.md", "![A picture](a.png)\n\nShare\n", [NOTHING]),
    ],
)
def test_a_file_of_which_nothing_can_be_quoted_is_told(tmp_path: Path, name: str, data: str, notes: list[str]) -> None:
    told: list[str] = []
    load(written(tmp_path, name, data), name, {}, tell=told.append)
    assert told == notes
