"""One flaw costs one flaw: a byte that is no text, a NUL, a broken row are told, and the rest of the file is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.build import build
from index.errors import SourceError
from index.ingest.encoding import decode
from index.ingest.load import load
from index.records import Article
from index.store import Library
from tests.fakes import FakeEmbedder
from tests.test_cli import Place, place  # noqa: F401 - a fixture

NEWS = "The town council of Harrowby voted on Monday to close the old ferry terminal, after a debate of four hours. “It was built in 1931,” Tom Reyes said.\n"
PAGE = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Harrowby</title></head><body><article><p>{NEWS}</p><p>{NEWS}</p></article></body></html>"


def read(path: Path) -> tuple[tuple[Article, ...], list[str]]:
    notes: list[str] = []
    return load(path, path.name, {}, tell=notes.append), notes


def flawed(lost: str, at: int, encoding: str = "UTF-8") -> str:
    return f'{lost} not {encoding}, the first at byte {at}: read as U+FFFD, like errors="replace" in Python'


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize(
    ("data", "encoding", "notes"),
    [
        (NEWS.encode() + b"\xff and so on.", "utf-8", [flawed("1 byte is", 152)]),
        (b"The council \xff of Harrowby voted on Monday.", "utf-8", [flawed("1 byte is", 12)]),
        (b"The council of Harrowby\x81 voted on Monday.", "utf-8", [flawed("1 byte is", 23)]),
        ("Die Fähre „Höhe“ fährt über den "
        "Fluß.".encode()[:-3] + b"\xe2\x80 Ende", "utf-8", [flawed("2 bytes are", 43)]),
        (NEWS.encode("utf-16-le"), "utf-16-le", []),
        ("Совет города проголосовал в понедельник, а потом ушёл.".encode("utf-16-be"), "utf-16-be", []),
        ("市議会は月曜日に、古いフェリーターミナルを閉鎖することを決めた。".encode("utf-16-le"), "utf-16-le", []),
        ("The council voted.".encode("utf-32-be"), "utf-32-be", []),
        (("\ufeff" + NEWS).encode("utf-16-le") + b"a", "utf-16", [flawed("1 place is", 2 * len(NEWS) + 2, "UTF-16")]),
        (b"The council\x00 of Harrowby voted on Monday.", "utf-8", ["1 NUL character"]),
        (NEWS.encode() + b"\x00" * 4096, "utf-8", ["4,096 NUL characters"]),
        ("Der Rat tagte in Köln; die Fähre fährt.".encode("cp1252"), "cp1252", []),
    ],
)  # fmt: skip
def test_a_text_is_what_open_gives(tmp_path: Path, suffix: str, data: bytes, encoding: str, notes: list[str]) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    (article,), told = read(path)
    assert (article.encoding, told) == (encoding, notes)
    with open(path, encoding=article.encoding, errors="replace", newline="") as file:  # noqa: PTH123 - the promise, word for word
        assert article.text == file.read()


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"\x00\x01\x02\x03" * 500,
        b"\xff\xfea",
        "Hi".encode("utf-16-le") + bytes(range(128, 256)) * 9,
    ],
)
def test_what_is_no_text_is_still_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        decode(data, "a.txt")


@pytest.mark.parametrize(
    ("data", "encoding", "notes"),
    [
        (PAGE.replace("four", "four\udcff").encode("utf-8", "surrogateescape"), "utf-8", 1),
        (PAGE.replace("four", "four\0").encode(), "utf-8", 1),
        (
            PAGE.replace("charset='utf-8'", "charset='gb18030'")
            .replace("four", "四" * 20 + "\udcff")
            .encode("gb18030", "surrogateescape"),
            "gb18030",
            1,
        ),
        (PAGE.encode(), "utf-8", 0),
    ],
)
def test_a_page_with_a_bad_byte_is_read(tmp_path: Path, data: bytes, encoding: str, notes: int) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(data)
    (article,), told = read(path)
    assert (article.encoding, len(told)) == (encoding, notes)
    assert "voted on Monday to close the old ferry terminal" in article.text
    assert "“It was built in 1931,” Tom Reyes said." in article.text


def test_a_broken_row_costs_that_row(tmp_path: Path) -> None:
    rows = [
        json.dumps({"text": NEWS, "title": "a", "author": "Mary Hale", "date": "2024-03-05"}),
        json.dumps({"content": NEWS, "headline": "b", "byline": "Mary Hale", "published": "2024-03-05T10:00:00Z"}),
        json.dumps({"body": NEWS, "authors": ["Mary Hale", {"name": "Tom Oak"}], "publish_date": "March 5, 2024"}),
        json.dumps({"maintext": NEWS, "title": 3, "date_publish": 1709632353}),
        '{"text": "cut short',
        "",
        '["a list"]',
        json.dumps({"text": "", "title": "g"}),
        '{"text": "The ferry\x00 sails at noon."}',
    ]
    path = tmp_path / "rows.jsonl"
    path.write_bytes("\n".join(rows).encode() + b'\n{"text": "Caf\xff opens \xe2\x80\x9csoon\xe2\x80\x9d."}')
    articles, notes = read(path)
    assert [article.source for article in articles] == [f"rows.jsonl#{number}" for number in (1, 2, 3, 4, 9, 10)]
    assert [(article.metadata.author, article.metadata.date) for article in articles[:4]] == [
        (
            "Mary Hale", "2024-03-05"), ("Mary Hale", "2024-03-05"), ("Mary Hale, Tom Oak", "2024-03-05"), (None, "2024-03-05"),
    ]  # fmt: skip
    assert [article.text for article in articles[4:]] == ["The ferry\ufffd sails at noon.", "Caf\ufffd opens “soon”."]
    assert notes[1:] == [
        "1 NUL character",
        '3 rows left out: 5 (is not JSON), 7 (is not a JSON object), 8 (has no "text")',
        'left out, for it is no text: "title" of row 4',
    ]


def test_flaws_are_remembered_until_the_file_changes(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "good.txt").write_text(NEWS, encoding="utf-8")
    (news / "bad.txt").write_bytes(NEWS.encode() + b"\xff")
    (news / "nul.txt").write_bytes(NEWS.encode() + b"It is closed\x00 now.")
    embedder = FakeEmbedder()
    done = build(tmp_path / ".qa", [news], embedder)
    note = flawed("1 byte is", 152)
    assert [(each.path.name, each.message) for each in done.flawed] == [
        ("bad.txt", note),
        ("nul.txt", "1 NUL character"),
    ]
    with Library.open(tmp_path / ".qa") as library:
        assert library.flawed() == done.flawed
        assert [(info.source, info.note) for info in library.sources()] == [
            ("bad.txt", note),
            ("good.txt", None),
            ("nul.txt", "1 NUL character"),
        ]
        assert library.article("nul.txt").text == NEWS + "It is closed\x00 now."
        (passage,) = library.passages([library.lexical("closed now", 1)[0][0]])
        assert passage.source == "nul.txt"
    (news / "bad.txt").touch()  # another time, the same bytes
    again = build(tmp_path / ".qa", [], embedder)
    assert (again.unchanged, again.flawed) == (3, ())
    with Library.open(tmp_path / ".qa") as library:
        assert library.flawed() == done.flawed
    (news / "bad.txt").write_text(NEWS + "!", encoding="utf-8")
    build(tmp_path / ".qa", [], embedder)
    with Library.open(tmp_path / ".qa") as library:
        assert [each.path.name for each in library.flawed()] == ["nul.txt"]


def test_what_is_not_read_is_told_by_name_and_count(place: Place) -> None:  # noqa: F811
    articles = place.folder / "articles"
    (articles / "sub").mkdir(parents=True)
    (articles / "news.txt").write_text(NEWS, encoding="utf-8")
    (articles / "bad.txt").write_bytes(NEWS.encode() + b"\xff")
    for name in ("a.doc", "sub/b.MSG", "1.png", "2.png", "3.PNG", "sub/4.png", "README", ".hidden.png", "sources.toml"):
        (articles / name).write_text("", encoding="utf-8")
    unread = "4 .png (1.png, 2.png, 3.PNG, …), 1 without a suffix (README), 1 .doc (a.doc), 1 .msg (b.MSG)"
    code, _, err = place.qa("index", "articles")
    note = flawed("1 byte is", 152)
    assert (code, err.splitlines()[:-1]) == (0, [f"flawed: {articles / 'bad.txt'}: {note}", f"not read: {unread}"])
    assert err.splitlines()[-1].startswith(
        "articles: 2 added, 0 changed, 0 unchanged, 0 removed, 0 skipped, 7 not read; "
    )
    code, out, _ = place.qa("sources", "check")
    assert (code, out.splitlines()[-2:]) == (0, [f"{articles / 'bad.txt'}: {note}", f"not read: {unread}"])
    report = json.loads(place.qa("sources", "check", "--json")[1])
    assert report["flawed"] == [{"path": str(articles / "bad.txt"), "message": note}]
    assert report["unread"][0] == {"suffix": ".png", "count": 4, "names": ["1.png", "2.png", "3.PNG"]}
    shown = json.loads(place.qa("sources", "show", "bad.txt", "--json")[1])
    assert (shown["encoding"], shown["note"], shown["text"]) == ("utf-8", note, NEWS + "\ufffd")
    assert f"note: {note}" in place.qa("sources", "show", "bad.txt")[2]
    assert json.loads(place.qa("index", "--json")[1])["unread"] == report["unread"]


def test_a_folder_of_nothing_that_is_read_says_what_it_holds(place: Place) -> None:  # noqa: F811
    (place.folder / "scans").mkdir()
    (place.folder / "scans" / "a.tiff").write_bytes(b"II*\0")
    code, _, err = place.qa("index", "scans")
    assert (code, err.splitlines()[0]) == (
        1,
        f"error: {place.folder / 'scans'} holds no article, only 1 .tiff (a.tiff)",
    )
