"""Formats beyond text, pages, PDF and Word: what is read of each, and a quotation of each found again at its offsets."""

from __future__ import annotations

import io
import json
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from index.build import build
from index.chunk import passages
from index.errors import SourceError
from index.ingest.folder import SUFFIXES
from index.ingest.load import PARSED, load
from index.limits import Limits
from index.records import Article, Metadata
from tests import format_files as files
from tests.fakes import FakeEmbedder
from tests.format_files import FILES, LETTER, MORE, ROW, SAID
from tests.test_cli import Place, place  # noqa: F401 - a fixture

WORKBOOKS = pytest.mark.skipif(find_spec("python_calamine") is None, reason="python-calamine is not installed")


OTHER = "Other words of the council, and a good many more of them than the other part has."


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read(path: Path) -> tuple[tuple[Article, ...], list[str]]:
    notes: list[str] = []
    return load(path, path.name, {}, tell=notes.append), notes


def one(path: Path) -> Article:
    ((article,), _) = read(path)
    return article


def texts(article: Article, kind: str = "body") -> list[str]:
    return [article.text[region.start : region.end] for region in article.regions if region.kind == kind]


def test_every_suffix_has_its_reader() -> None:
    assert set(SUFFIXES) == {*PARSED, ".txt", ".md", ".markdown", ".jsonl"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=WORKBOOKS if name.endswith(("xlsx", "xls", "ods")) else ()) for name in FILES]
)
def test_a_quotation_of_each_format_is_found_again_at_its_offsets(place: Place, name: str) -> None:  # noqa: F811
    (place.folder / "articles").mkdir()
    written(place.folder / "articles", name, FILES[name]())
    code, _, err = place.qa("index", "articles")
    assert code == 0, err
    tabular = name.endswith(("csv", "tsv", "xlsx", "xls", "ods"))
    place.model = type(place.model)(lambda _: "2,450" if tabular else "3 million pounds")
    asked = (
        "How many passengers (thousands) did the ferry carry in 2022?"
        if tabular
        else "For how much did the council sell the ferry?"
    )
    code, out, err = place.qa("ask", asked, "--json")
    answer = json.loads(out)
    quoted = answer["citations"] or answer["nearest"]
    best = next(each for each in quoted if each["quote"] == (ROW if tabular else SAID))
    shown = place.qa("sources", "show", best["source"])[1]
    assert shown[best["start"] : best["end"]] == best["quote"]
    if name.endswith(".markdown"):
        with open(place.folder / "articles" / name, encoding="utf-8", newline="") as file:  # noqa: PTH123 - the promise, word for word
            assert file.read()[best["start"] : best["end"]] == SAID


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=WORKBOOKS if name.endswith(("xlsx", "xls", "ods")) else ()) for name in FILES]
)
def test_a_file_cut_short_costs_no_more_than_itself(tmp_path: Path, name: str) -> None:
    news = tmp_path / "news"
    news.mkdir()
    written(news, "good.txt", SAID)
    data = FILES[name]()
    whole = data.encode() if isinstance(data, str) else data
    suffix = Path(name).suffix
    for number, part in enumerate(
        (
            whole[: len(whole) // 2],
            whole[:20],
            b"%PDF-1.4 a wrong name",
            b"PK\x03\x04 a wrong name",
            bytes(range(256)) * 9,
        )
    ):
        written(news, f"{number}{suffix}", part)
    done = build(tmp_path / ".qa", [news], FakeEmbedder())
    assert done.added >= 1
    assert all("\n" not in each.message and "Traceback" not in each.message for each in done.skipped)
    assert {f"{number}{suffix}" for number in (2, 3, 4)} <= {each.path.name for each in done.skipped}


def test_mail(tmp_path: Path) -> None:
    article = one(written(tmp_path, "a.eml", files.message(LETTER)))
    assert article.metadata == Metadata("The end of the ferry – at last", "Mary Hale", "2024-03-05", language="en")
    assert texts(article) == [SAID, MORE]
    assert texts(article, "credit") == [
        "Subject: The end of the ferry – at last",
        "From: Mary Hale",
        "Date: Tue, 05 Mar 2024 23:30:00 -0500",
    ]
    assert (
        one(written(tmp_path, "b.eml", files.message(LETTER, sender="news@example.org"))).metadata.author
        == "news@example.org"
    )


@pytest.mark.parametrize(
    "below",
    [
        "-- \nMary Hale\nHarbour board, Harrowby\n+44 20 7946 0000\n",
        "On Mon, 4 Mar 2024 at 10:00, Tom Oak\n<tom@example.org> wrote:\n> The ferry was sold for 9 million "
        "pounds.\n>> Was it?\n",
        "Am 4. März 2024 schrieb Tom Oak:\n\n> The ferry was sold for 9 million pounds.\n",
        "-----Original Message-----\nFrom: Tom Oak\nSent: Monday\n\nThe ferry was sold for 9 million pounds.\n",
        "---------- Ursprüngliche Nachricht ----------\nVon: Tom Oak <tom@example.org>\n\nThe ferry was sold for 9 "
        "million pounds.\n",
        "________________________________\nDe : Tom Oak <tom@example.org>\nEnvoyé : lundi 4 mars 2024\nObjet : Le "
        "bac\n\nIt was sold for 9 million pounds.\n",
        "Von: Tom Oak\nGesendet: Montag, 4. März 2024 10:00\nAn: Mary Hale\nBetreff: AW: The end of the ferry – at last"
        "\n\nThe ferry was sold for 9 million pounds.\n",
        "_______________________________________________\nferries mailing list\nhttps://lists.example.org/ferries\n",
        "Sent from my telephone\n",
    ],
)
def test_what_a_message_quotes_and_its_signature_are_masked(tmp_path: Path, below: str) -> None:
    article = one(written(tmp_path, "a.eml", files.message(f"{LETTER}\n{below}")))
    assert texts(article) == [SAID, MORE]
    assert article.text.endswith(below)  # and still there to be looked at
    answered_below = one(
        written(
            tmp_path, "b.eml", files.message(f"Tom Oak wrote on 4 March:\n> For how much?\n> And to whom?\n\n{LETTER}")
        )
    )
    assert texts(answered_below) == [SAID, MORE]


def test_what_outlook_puts_below_a_reply_is_masked_whatever_its_subject(tmp_path: Path) -> None:
    below = (
        "De : Tom Oak\nEnvoyé : lundi 4 mars 2024 10:00\nÀ : Mary Hale\nObjet : Le bac\n\nSold for 9 million pounds.\n"
    )
    data = files.message(f"{LETTER}\n{below}")
    reply = data.replace(b"Subject: ", b"Subject: Re: ")
    assert texts(one(written(tmp_path, "a.eml", reply))) == [SAID, MORE]
    # in a message that answers none it may be what its sender wrote
    assert "Sold for 9 million pounds." in texts(one(written(tmp_path, "b.eml", data)))
    event = "Place: Harrowby\nDay: 5 March 2024, 10:00\nPrice: 4 pounds\n\nThe ferry was sold for 9 million pounds.\n"
    invited = one(written(tmp_path, "c.eml", files.message(f"{LETTER}\n{event}")))
    assert "The ferry was sold for 9 million pounds." in texts(invited)


def test_a_signed_message_is_read_without_its_signature(tmp_path: Path) -> None:
    signature = (
        "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEEabcdefghijklmnop\n=abcd\n-----END PGP SIGNATURE-----\n"
    )
    signed = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{LETTER}\n{signature}"
    assert texts(one(written(tmp_path, "a.eml", files.message(signed)))) == [SAID, MORE]


def test_what_was_forwarded_is_text(tmp_path: Path) -> None:
    below = f"---------- Forwarded message ---------\nFrom: Tom Oak <tom@example.org>\nDate: Mon, 4 Mar 2024\nSubject: The ferry\nTo: Mary\n\n{SAID}\n"
    assert SAID in texts(one(written(tmp_path, "a.eml", files.message(f"For your information.\n\n{below}"))))
    # there is nothing else
    assert texts(one(written(tmp_path, "b.eml", files.message(f"> {SAID}\n")))) == [f"> {SAID}"]


def test_mail_in_html(tmp_path: Path) -> None:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in files.TABLE)
    page = (
        f"<html><head><style>p {{}}</style></head><body><table><tr><td><div>{SAID}</div><div style='display: "
        f"none'>Hidden.</div>"
        f"<table>{cells}</table><p>{MORE}</p></td></tr></table><div class='gmail_quote'>Tom "
        f"wrote:<blockquote>Nine?</blockquote></div></body></html>"
    )
    article = one(written(tmp_path, "a.eml", files.message(page, kind="text/html")))
    assert texts(article) == [
        SAID,
        "| Year: 2021 | Passengers (thousands): 3,100 | Cars: 410 |",
        ROW,
        "| Year: 2023 | Passengers (thousands): 1,840 | Cars: 301 |",
        MORE,
    ]
    assert "Hidden" not in article.text
    both = (
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{LETTER}\n--b\nContent-Type: "
        f"text/html\n\n<p>{OTHER}</p>\n--b\n"
        'Content-Type: application/pdf; name="plan.pdf"\nContent-Disposition: attachment\nContent-Transfer-Encoding: '
        "base64\n\nJVBERi0=\n--b--\n"
    )
    data = files.message(both).replace(
        b"text/plain; charset=utf-8\nContent-Transfer", b'multipart/mixed; boundary="b"\nContent-Transfer', 1
    )
    (mixed,), notes = read(written(tmp_path, "b.eml", data))
    assert notes == ["1 attachment not read: plan.pdf"]
    assert texts(mixed)[:2] == [SAID, MORE]
    (chosen,), _ = read(written(tmp_path, "c.eml", data.replace(b"multipart/mixed", b"multipart/alternative")))
    assert "Other words" not in chosen.text
    (shown,), _ = read(
        written(
            tmp_path,
            "d.eml",
            data.replace(b"multipart/mixed", b"multipart/alternative").replace(LETTER.encode(), b"See it online."),
        )
    )
    assert texts(shown) == [OTHER]


def test_a_mailbox_holds_an_article_a_message_and_a_broken_one_costs_itself(tmp_path: Path) -> None:
    envelope = b"From mary@example.org Tue Mar  5 23:30:00 2024\n"
    quoted = files.message(">From here on the ferry sails.\n>>From above.\n", sender="Tom Oak <tom@example.org>")
    box = b"\n".join(envelope + each for each in (files.message(LETTER), b"no headers\n", quoted, files.message("\n")))
    articles, notes = read(written(tmp_path, "a.mbox", box))
    assert [(each.source, each.metadata.author) for each in articles] == [
        ("a.mbox#1", "Mary Hale"),
        ("a.mbox#3", "Tom Oak"),
    ]
    assert "\nFrom here on the ferry sails.\n>From above.\n" in articles[1].text
    assert notes == [
        "2 messages left out: 2 (is no message: it has neither sender nor subject nor date), 4 (holds no text)"
    ]
    with pytest.raises(SourceError, match=r"^b\.mbox is no mailbox"):
        load(written(tmp_path, "b.mbox", SAID), "b.mbox", {})


def test_a_sentence_that_begins_with_from_begins_no_message(tmp_path: Path) -> None:
    envelope = b"From mary@example.org Tue Mar  5 23:30:00 2024\n"
    attached = (
        b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\nFrom: Tom Oak\n\n--b\n\nSee the plan.\n--b\n'
        b'Content-Type: application/pdf; name="plan.pdf"\nContent-Disposition: attachment\n\nx\n--b--\n'
    )
    box = envelope + files.message(f"{SAID}\n\nFrom June on, the bridge is open.\n") + b"\n" + envelope + attached
    articles, notes = read(written(tmp_path, "a.mbox", box))
    assert [each.source for each in articles] == ["a.mbox#1", "a.mbox#2"]
    assert articles[0].text.endswith("From June on, the bridge is open.\n")
    assert notes == ["1 attachment not read: plan.pdf"]
    encrypted = files.message("x", kind="application/pkcs7-mime; name=smime.p7m")
    with pytest.raises(SourceError, match=r"^b\.eml holds no text, only smime\.p7m$"):
        load(written(tmp_path, "b.eml", encrypted), "b.eml", {})


def test_a_saved_page(tmp_path: Path) -> None:
    article = one(written(tmp_path, "a.mhtml", files.mhtml()))
    assert (article.metadata.title, article.metadata.url) == ("The end of the ferry", "https://example.org/ferry")
    assert texts(article)[:2] == [SAID, MORE]
    assert ROW in texts(article)


def test_xhtml_says_its_encoding_in_its_first_line(tmp_path: Path) -> None:
    page = files.html().replace("<meta charset='utf-8'>", "").replace("Tom Reyes", "Tóm Réyès")
    article = one(
        written(tmp_path, "a.xhtml", ('<?xml version="1.0" encoding="ISO-8859-1"?>\n' + page).encode("latin-1"))
    )
    assert article.encoding == "cp1252"
    assert "Tóm Réyès" in article.text


def test_tables_of_a_page_are_spelled_out(tmp_path: Path) -> None:
    article = one(written(tmp_path, "a.html", files.html()))
    assert [text for text in texts(article) if text.startswith("|")] == [
        "| Year: 2021 | Passengers (thousands): 3,100 | Cars: 410 |", ROW, "| Year: 2023 | Passengers (thousands): 1,840 | Cars: 301 |",
    ]  # fmt: skip
    assert next(each for each in passages(article) if each.text == ROW).heading == "Traffic of the ferry"


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "<table><tr><th rowspan='2'>Region</th><th colspan='2'>Deaths</th></tr><tr><th>2021</th><th>2022</th></tr>"
            "<tr><td>Midland</td><td>95</td><td>81</td></tr></table>",
            ["| Region: Midland | Deaths 2021: 95 | Deaths 2022: 81 |"],
        ),
        (
            "<table><tr><th>County</th><th>Town</th><th>Cars</th></tr><tr><td "
            "rowspan='2'>Midland</td><td>Harrowby</td><td>2<b>,450</b></td></tr>"
            "<tr><td>Westerby</td><td>81<sup>[1]</sup></td></tr></table>",
            ["| County: Midland | Town: Harrowby | Cars: 2,450 |", "| County: Midland | Town: Westerby | Cars: 81 [1] |"],
        ),
        (
            "<table><tr><td>Year</td><td>Cars</td></tr><tr><td>2022</td><td>388</td></tr></table>",
            ["| Year: 2022 | Cars: 388 |"],
        ),
        (f"<table><tr><td>Menu</td><td>{3 * MORE}</td></tr><tr><td>x</td><td>y</td></tr></table>", []),
    ],
)  # fmt: skip
def test_headers_of_two_rows_and_cells_across_rows(tmp_path: Path, table: str, rows: list[str]) -> None:
    page = files.html(more="").replace("</article>", f"{table}<p>{MORE}</p></article>")
    article = one(written(tmp_path, "a.html", page))
    assert [
        text for text in texts(article) if ":" in text and text.startswith("|") and "Passengers" not in text
    ] == rows


def test_a_cell_that_spans_two_billion_columns_costs_nothing(tmp_path: Path) -> None:
    page = files.html().replace("<td>2022</td>", "<td colspan='2000000000' rowspan='2000000000'>2022</td>")
    assert SAID in one(written(tmp_path, "a.html", page)).text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [["Größe", "Fähren", "Fracht"], ["Höhe", "2.450,5", "a"], ["Länge", "1.840,0", "b;c"]]
    article = one(written(tmp_path, "a.csv", files.csv(rows, delimiter=delimiter).encode(encoding)))
    assert texts(article) == [
        "| Größe: Höhe | Fähren: 2.450,5 | Fracht: a |",
        "| Größe: Länge | Fähren: 1.840,0 | Fracht: b;c |",
    ]


def test_the_first_line_that_excel_writes_is_believed_and_no_text(tmp_path: Path) -> None:
    rows = "Year;Share\n2021;4,5\n2022;3,9\n"
    for number, first in enumerate(("sep=;\n", '"sep=;"\r\n', "SEP=;\n")):
        article = one(written(tmp_path, f"{number}.csv", first + rows))
        assert texts(article) == ["| Year | Share |", "| Year: 2021 | Share: 4,5 |", "| Year: 2022 | Share: 3,9 |"]


def test_a_broken_row_of_a_table_costs_that_row(tmp_path: Path) -> None:
    rows = [
        "Ferries of the Sound,,",
        "",
        "Region,2021,2022",
        "Midland,95,81",
        'Westland,60,"62',
        '"Eastland, far",1,2',
        "Southland,1,234,7",
        '"two',
        'lines",3,4',
        "Total,9",
    ]
    data = "\r\n".join(rows).encode() + b"\r\nNorth\xff,5,6\r\nWest\x00,7,8\r\n"
    (article,), notes = read(written(tmp_path, "a.csv", data))
    assert article.text.split("\n") == [
        "Ferries of the Sound", "| Region: Midland | 2021: 95 | 2022: 81 |", "| Region: Westland | 2021: 60 | 2022: 62 |",
        "| Region: Eastland, far | 2021: 1 | 2022: 2 |", "| Region: two lines | 2021: 3 | 2022: 4 |", "| Region: Total | 2021: 9 |",
        "| Region: North\ufffd | 2021: 5 | 2022: 6 |", "| Region: West\ufffd | 2021: 7 | 2022: 8 |",
    ]  # fmt: skip
    assert notes[1:] == ["1 NUL character", "1 row left out: 7 (has 4 cells, most have 3)"]
    (article,), notes = read(
        written(tmp_path, "b.csv", 'Region,2021,2022\nMidland,"95,81\nWestland,60,62\n' + "Eastland,1,2\n" * 99)
    )
    assert notes == ["1 row left out: 2 (has a quotation mark that is not closed)"]
    assert "| Region: Westland | 2021: 60 | 2022: 62 |" in article.text


def test_a_table_of_articles_holds_an_article_a_row(tmp_path: Path) -> None:
    rows = [
        ["url", "Publish date", "Headline", "Body"],
        ["https://x.org/1", "2024-03-05", "One", SAID],
        ["https://x.org/2", "", "Two", ""],
        ["", "", "Three", MORE],
    ]
    articles, notes = read(written(tmp_path, "a.csv", files.csv(rows)))
    assert [(each.source, each.text, each.metadata) for each in articles] == [
        ("a.csv#2", SAID, Metadata("One", None, "2024-03-05", None, "https://x.org/1", language="en")),
        ("a.csv#4", MORE, Metadata("Three", language="en")),
    ]
    assert notes == ['1 row left out: 3 (has no "text")']


@WORKBOOKS
def test_workbooks(tmp_path: Path) -> None:
    sheets = {
        "Ferry": [["Traffic of the ferry"], [], ["Year", "Passengers", "Since", "Share"],
                  ["=2021", "=3100", "@44256", "=0.3"], ["=2022", "=2450", "@44621", "=0.1"],
                  [],
                  ["=2023", "=1840.5", "@44986.5", "=0.30000000000000004"], ["Source: harbour board"]],
        "Notes": [["Secret"]],
        "Roads": [["Region", "Deaths", ""], ["", "=2021", "=2022"], ["Midland", "=95", "=81"]],
    }  # fmt: skip
    (article,), notes = read(written(tmp_path, "a.xlsx", files.xlsx(sheets, hidden=["Notes"], merged="B1:C1")))
    assert notes == ["1 sheet is hidden and was not read"]
    assert article.text.split("\n") == [
        "Ferry", "Traffic of the ferry", "| Year: 2021 | Passengers: 3100 | Since: 2021-03-01 | Share: 0.3 |",
        "| Year: 2022 | Passengers: 2450 | Since: 2022-03-01 | Share: 0.1 |", "| Year: 2023 | Passengers: 1840.5 | Since: 2023-03-01 12:00:00 | Share: 0.3 |",
        "Source: harbour board", "", "Roads", "| Region: Midland | Deaths 2021: 95 | Deaths 2022: 81 |",
    ]  # fmt: skip
    assert texts(article, "heading") == ["Ferry", "Roads"]


@WORKBOOKS
def test_what_a_workbook_hides_or_has_not_computed_is_not_read_and_told(tmp_path: Path) -> None:
    plain = files.xlsx(
        {"Roads": [["Town", "2022", "", "Draft"], ["Midland", "=80", "=1", "=7"], ["Orrin", "=81", "=2", "=8"]]},
        merged="B1:C1",
    )
    formulas = (
        '<c r="E2"><f>B2*2</f></c><c r="F2"><f>B2*2</f><v></v></c><c r="G2" t="str"><f>""</f><v></v></c>'
        '<c r="H2"><f>B2*2</f><v>160</v></c>'
    )

    def changed(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        content = content.replace(b"<sheetData>", b'<cols><col min="4" max="4" hidden="1"/></cols><sheetData>')
        content = content.replace(b'<row r="3">', b'<row r="3" spans="1:4" hidden="1">')
        return content.replace(b"<v>7</v></c>", b"<v>7</v></c>" + formulas.encode())

    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        parts = {name: changed(name, archive.read(name)) for name in archive.namelist()}
    drawing = '<d xmlns:a="x"><sp><txBody><a:t>14 boats.</a:t></txBody></sp><sp><txBody/></sp></d>'
    others = {
        "xl/charts/chart1.xml": "<c/>", "xl/comments1.xml": "<comments><comment/><comment/></comments>", "xl/drawings/drawing1.xml": drawing,
    }  # fmt: skip
    (article,), notes = read(written(tmp_path, "a.xlsx", files.zipped({**parts, **others})))
    assert article.text.split("\n") == ["| Town | 2022 |", "| Midland | 80 | 1 | 160 |"]
    assert notes == [
        "1 row is hidden and was not read", "1 column is hidden and was not read", "2 formulas are not computed yet and were not read",
        "1 chart not read", "1 text box not read", "2 comments not read",
    ]  # fmt: skip


def test_workbooks_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        SourceError,
        match=r"^a\.xlsx (?:is a damaged workbook, or none"
        r"|cannot be read without python-calamine: pip install 'vouch-qa\[docs\]')$",
    ):
        load(written(tmp_path, "a.xlsx", "hello"), "a.xlsx", {})
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    with pytest.raises(SourceError, match=r"^a\.xlsx cannot be read without python-calamine: pip install") as caught:
        load(tmp_path / "a.xlsx", "a.xlsx", {})
    assert caught.value.hint == "pip install 'vouch-qa[docs]'"


def test_slides_are_pages(tmp_path: Path) -> None:
    (article,), notes = read(written(tmp_path, "a.pptx", files.pptx(chart=True)))
    assert article.metadata == Metadata("Traffic on the Sound", "Jonas Berg", language="en")
    assert texts(article, "heading") == ["The end of the ferry", "Traffic of the ferry"]
    assert texts(article) == [
        SAID, MORE, "| Year: 2021 | Passengers (thousands): 3,100 | Cars: 410 |", ROW, "| Year: 2023 | Passengers (thousands): 1,840 | Cars: 301 |",
        "Source: harbour board, 2024.", "The figures for 2024 come in March.",
    ]  # fmt: skip
    assert [article.page(article.text.index(words)) for words in (SAID, ROW)] == [1, 2]
    assert notes == ["1 chart or drawing not read"]


def test_slides_that_are_hidden_or_damaged_cost_themselves_and_nothing_comes_twice(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(files.pptx())) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    second = files.as_bytes(parts["ppt/slides/slide2.xml"])  # the first that is shown
    (hidden,), notes = read(
        written(
            tmp_path,
            "a.pptx",
            files.zipped(parts | {"ppt/slides/slide2.xml": second.replace(b"<p:sld ", b'<p:sld show="0" ')}),
        )
    )
    assert SAID not in hidden.text
    assert ROW in texts(hidden)
    assert (hidden.page(hidden.text.index(ROW)), notes) == (2, ["1 slide is hidden and was not read"])
    (damaged,), notes = read(written(tmp_path, "b.pptx", files.zipped(parts | {"ppt/slides/slide2.xml": b"<p:sld"})))
    assert ROW in texts(damaged)
    assert notes == ["1 slide is damaged and was not read"]
    start, end = second.index(b"<p:spTree>") + 10, second.index(b"</p:spTree>")
    form = second[start:end]
    both = (
        b'<mc:AlternateContent xmlns:mc="m"><mc:Choice>'
        + form
        + b"</mc:Choice><mc:Fallback>"
        + form
        + b"</mc:Fallback></mc:AlternateContent>"
    )
    twice = second[:start] + both + second[end:]
    assert (
        one(written(tmp_path, "c.pptx", files.zipped(parts | {"ppt/slides/slide2.xml": twice}))).text.count(SAID) == 1
    )
    merged = files.as_bytes(parts["ppt/slides/slide1.xml"]).replace(
        b"<a:tc><a:txBody><a:p><a:r><a:t>2022<", b'<a:tc vMerge="1"><a:txBody><a:p><a:r><a:t><'
    )
    comments = files._rels(("notesSlide", "../notesSlides/n1.xml"), ("comments", "../comments/c1.xml"))
    said: dict[str, str | bytes] = {
        "ppt/slides/slide1.xml": merged,
        "ppt/slides/_rels/slide1.xml.rels": comments,
        "ppt/comments/c1.xml": "<l><cm/></l>",
    }
    (article,), notes = read(written(tmp_path, "d.pptx", files.zipped(parts | said)))
    assert "| Year: 2021 | Passengers (thousands): 2,450 | Cars: 388 |" in texts(article)
    assert notes == ["1 comment not read"]


def test_news_in_xml(tmp_path: Path) -> None:
    article = one(written(tmp_path, "a.xml", files.nitf()))
    assert article.metadata == Metadata(
        "The end of the ferry", "Mary Hale", "2024-03-05", "Harrowby Wire", language="en"
    )
    assert texts(article) == [
        SAID,
        MORE,
        "| Year: 2021 | Passengers (thousands): 3,100 | Cars: 410 |",
        ROW,
        "| Year: 2023 | Passengers (thousands): 1,840 | Cars: 301 |",
    ]
    assert "picture" not in article.text
    articles, notes = read(
        written(tmp_path, "b.xml", files.newsml(f"<h2>More</h2><p>{SAID}</p>", "", f"<p>{MORE}</p>"))
    )
    assert [(each.source, each.metadata) for each in articles] == [
        (f"b.xml#{number}", Metadata(f"Item {number}", "Mary Hale", "2024-03-05", "Harrowby Wire", language="en"))
        for number in (1, 3)
    ]
    assert [texts(each) for each in articles] == [[SAID], [MORE]]
    assert notes == ["1 item left out: 2 (holds no text)"]
    with pytest.raises(SourceError, match=r"^c\.xml is XML of a kind that is not read \(<settings>\)$"):
        load(written(tmp_path, "c.xml", "<settings><a/></settings>"), "c.xml", {})


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = (
        '<!DOCTYPE nitf [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
        + files.nitf()[38:].replace("night", "&b;&c;")
    )
    assert one(written(tmp_path, "a.xml", bomb)).metadata.title == "The end of the ferry"


@WORKBOOKS
def test_archives_are_weighed_before_they_are_unpacked(tmp_path: Path) -> None:
    for name, data in (
        ("a.xlsx", files.xlsx({"Ferry": [["x" * 3_000_000]]})),
        ("a.pptx", files.zipped({"ppt/presentation.xml": " " * 3_000_000})),
    ):
        with pytest.raises(SourceError, match=rf"^{name} has 3 MB when it is unpacked; a file may have 1 "):
            load(written(tmp_path, name, data), name, {}, limits=Limits(megabytes=1))


def test_a_row_in_markdown_is_found_with_its_header(tmp_path: Path) -> None:
    text = "# Ferry traffic\n\nPassengers that the ferry carried.\n\n| Year | Passengers (thousands) |\n|---|---|\n| 2021 | 3,100 |\n| 2022 | 2,450 |\n"
    article = one(written(tmp_path, "a.md", text))
    found = {each.text: each.heading for each in passages(article)}
    assert found["| 2022 | 2,450 |"] == "Passengers that the ferry carried. · | Year | Passengers (thousands) |"
