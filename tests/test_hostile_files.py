"""One file costs one file: whatever is wrong with it, it is left out with one line, and the articles beside it are indexed."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from index.build import build
from index.errors import SourceError
from index.health import check
from index.limits import Limits
from index.listing import Root
from index.naming import located, readable, storable
from index.store import Library
from qa.memo.errors import MemoError
from qa.verify.read import read
from tests.fakes import FakeEmbedder
from tests.hostile_files import HOSTILE, word
from tests.test_cli import Place, place, shelf  # noqa: F401 - fixtures
from tests.test_folder import POSIX, as_nobody

GOOD = (
    "The river Alder rises in the northern hills. It is 210 kilometres long and carries timber to the port of Brandt.\n"
)
LIMITS = Limits(megabytes=2, seconds=60)
# without harm: what they quote is then asked
READ_BY_VERIFY = ("columns.docx", "wide.docx", "hung.docx", "minus.docx", "deep.html", "signs.html")
BYTES = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of bytes that are no text")


def test_each_is_left_out_with_a_line_and_the_rest_is_indexed(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "good.txt").write_text(GOOD, encoding="utf-8")
    (news / "word.docx").write_bytes(word())
    for name, (made, _) in HOSTILE.items():
        (news / name).write_bytes(made())
    done = build(tmp_path / ".qa", [news], FakeEmbedder(), limits=LIMITS)
    assert {each.path.name: each.message for each in done.skipped}.keys() == HOSTILE.keys()
    for each in done.skipped:
        assert HOSTILE[each.path.name][1] in each.message
        assert each.message.startswith(("row 1 of ", each.path.name))
        assert "\n" not in each.message
    with Library.open(tmp_path / ".qa") as library:
        assert [info.source for info in library.sources()] == ["good.txt", "word.docx"]
        assert check(library) == ()
    again = build(tmp_path / ".qa", [], FakeEmbedder(), limits=LIMITS)
    assert (again.unchanged, again.skipped) == (2, done.skipped)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.endswith((".docx", ".pdf", ".html", ".jsonl"))])
def test_each_is_one_error_to_verify(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name][0]())
    if name in READ_BY_VERIFY:
        assert read(tmp_path / name, LIMITS).footnotes == ()
        return
    with pytest.raises(MemoError) as caught:
        read(tmp_path / name, LIMITS)
    assert "\n" not in caught.value.message


def test_verify_ends_with_one_line_and_exit_code_1(shelf: Place) -> None:  # noqa: F811 - a fixture
    (shelf.folder / "memo.docx").write_bytes(HOSTILE["encrypted.docx"][0]())
    assert shelf.qa("verify", "memo.docx") == (
        1, "", "error: memo.docx is locked with a password\nhint: save it as .docx without a password\n"
    )  # fmt: skip


def test_a_parser_that_takes_too_long_costs_its_file(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.html").write_text(
        "<article>" + "".join(f"<p>The ferry number {number} sails at noon.</p>" for number in range(100_000)),
        encoding="utf-8",
    )
    (news / "b.txt").write_text(GOOD, encoding="utf-8")
    done = build(tmp_path / ".qa", [news], FakeEmbedder(), limits=Limits(seconds=1))
    assert (done.added, [each.message for each in done.skipped]) == (
        1,
        ["a.html takes more than 1 s to read (the setting max_file_seconds)"],
    )


def test_where_nothing_else_is_there_it_is_said_why(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_bytes(HOSTILE["large.txt"][0]())
    with pytest.raises(SourceError, match=r"^nothing could be read: .*large\.txt has 3 MB"):
        build(tmp_path / ".qa", [tmp_path], FakeEmbedder(), limits=LIMITS)


NAMES = {  # and how they are shown
    "Screenshot at 10.24\u202fAM.txt": "Screenshot at 10.24 AM.txt",
    "no\u00a0break.txt": "no break.txt",
    "family \U0001f468\u200d\U0001f469.txt": "family \U0001f468\u200d\U0001f469.txt",
    "bidi \u202etxt.txt": "bidi ‹U+202E›txt.txt",
    "tag \U000e0041.txt": "tag ‹U+E0041›.txt",
    "escape \x1b[31m.txt": "escape ‹U+001B›[31m.txt",
    "two\nlines.txt": "two lines.txt",
    "[bold]markup.txt": "[bold]markup.txt",
}


@POSIX
def test_any_name_is_read_and_shown_harmlessly(place: Place) -> None:  # noqa: F811 - a fixture
    news = place.folder / "news"
    news.mkdir()
    for name in NAMES:
        (news / name).write_text(GOOD + name, encoding="utf-8")
        (news / f"empty {name}").touch()
    code, out, err = place.qa("index", "news")
    assert (code, out) == (0, "")
    assert err.splitlines()[-1].startswith(
        f"articles: {len(NAMES)} added, 0 changed, 0 unchanged, 0 removed, {len(NAMES)} skipped; "
    )
    assert sorted(err.splitlines()[:-1]) == sorted(
        f"skipped: {news}/empty {shown}: empty {shown} is empty" for shown in NAMES.values()
    )
    code, out, _ = place.qa("sources", "list")
    assert (code, sorted(line.partition("  ")[0].rstrip() for line in out.splitlines())) == (0, sorted(NAMES.values()))
    for name in NAMES:
        assert place.qa("sources", "show", name)[:2] == (0, GOOD + name)
        assert (
            f'"source": {json.dumps(name, ensure_ascii=False)}'
            in place.qa("search", f"Alder {name}", "-k", "100", "--json")[1]
        )
    assert place.qa("sources", "check")[0] == 0


@BYTES
def test_bytes_that_are_no_text_have_a_name_that_can_be_typed(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"Gesch\xe4ft")
    (root / os.fsdecode(b"M\xfcller")).mkdir(parents=True)
    for name in (b"caf\xe9.txt", b"M\xfcller/\xff.txt", b"plain.txt", b"empty \xe9.txt"):
        Path(os.fsdecode(os.fsencode(root) + b"/" + name)).write_text(
            "" if b"empty" in name else GOOD + repr(name), encoding="utf-8"
        )
    (root / "sources.toml").write_text('["caf%E9.txt"]\ntitle = "The café"\n', encoding="utf-8")
    done = build(tmp_path / ".qa", [root], FakeEmbedder())
    assert (done.added, [(each.path, each.message) for each in done.skipped]) == (
        3,
        [(root / os.fsdecode(b"empty \xe9.txt"), "empty %E9.txt is empty")],
    )
    with Library.open(tmp_path / ".qa") as library:
        assert [(info.source, info.file) for info in library.sources()] == [
            ("M%FCller/%FF.txt", root / os.fsdecode(b"M\xfcller") / os.fsdecode(b"\xff.txt")),
            ("caf%E9.txt", root / os.fsdecode(b"caf\xe9.txt")),
            ("plain.txt", root / "plain.txt"),
        ]
        assert library.article("caf%E9.txt").metadata.title == "The café"
        assert (library.roots(), library.skipped()) == ((Root(root, None),), done.skipped)
    assert build(tmp_path / ".qa", [], FakeEmbedder()).unchanged == 3
    assert build(tmp_path / ".qa", [], FakeEmbedder(), rebuild=True).added == 3


@BYTES
def test_a_name_that_looks_like_another_costs_itself(tmp_path: Path) -> None:
    for name in (b"caf%E9.txt", b"caf\xe9.txt", b"other.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(GOOD + repr(name), encoding="utf-8")
    done = build(tmp_path / ".qa", [tmp_path], FakeEmbedder())
    assert (done.added, [each.message for each in done.skipped]) == (
        2,
        ["would be called “caf%E9.txt”, as another file beside it is"],
    )


def test_names_as_text() -> None:
    for name in ("caf\udce9", "half \ud83d pair", "plain %E9", "\udcff\udc80"):
        assert str(located(Path(), storable(name))) == name
        storable(name).encode("utf-8")
        readable(name).encode("utf-8")
    assert [readable(name) for name in ("caf\udce9", "half \ud83d pair", "plain %E9", "naïve")] == [
        "caf%E9",
        "half %ED%A0%BD pair",
        "plain %E9",
        "naïve",
    ]


@POSIX
def test_a_closed_folder_is_told_and_comes_back() -> None:
    with as_nobody() as root:
        for name in ("a.txt", "closed/b.txt", "closed/deep/c.txt"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(GOOD + name, encoding="utf-8")
        (root / "closed").chmod(0o000)
        library = root / ".qa"
        try:
            done = build(library, [root], FakeEmbedder())
            assert (done.added, [(each.path, each.message) for each in done.skipped]) == (
                1,
                [(root / "closed", "no permission to read closed")],
            )
        finally:
            (root / "closed").chmod(0o700)
        again = build(library, [], FakeEmbedder())
        assert (again.added, again.unchanged, again.skipped) == (2, 1, ())


def test_links_out_of_the_folder_are_counted_once_and_followed_on_request(place: Place) -> None:  # noqa: F811 - a fixture
    out, news = place.folder / "out", place.folder / "news"
    for folder in (out, news):
        folder.mkdir()
        (folder / "a.txt").write_text(GOOD + folder.name, encoding="utf-8")
    (news / "one.txt").symlink_to(out / "a.txt")
    (news / "two").symlink_to(out)
    code, _, err = place.qa("index", "news")
    assert (code, err.splitlines()[0]) == (
        0,
        "not followed: 2 links lead out of the folder; to read what is there: qa index --follow-links",
    )
    assert "articles: 1 added" in err
    code, out_, _ = place.qa("index", "--json")
    assert '"not_followed": 2' in out_
    code, _, err = place.qa("index", "--follow-links")
    assert err.startswith("articles: 1 added, 0 changed, 1 unchanged")
    place.environ["QA_FOLLOW_LINKS"] = "true"
    assert place.qa("index")[2].startswith("articles: 0 added, 0 changed, 2 unchanged")
