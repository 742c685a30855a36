"""`sources.toml`: what it says, what it may not say, and that writing it keeps what a person wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from index.errors import SettingsError, SourceError
from index.ingest.sidecar import overrides, read, write
from index.records import Field, Metadata

EXAMPLE = """# what we know
["a.txt"]
title = "One"  # as printed
author = "Jane Doe"
date = 2025-12-10

["sub/rows.jsonl#3"]
date = "2025-12"
publisher = "Daily Planet"
url = "https://example.org"
"""


def sidecar(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "sources.toml"
    path.write_bytes(text.encode("utf-8"))
    return path


def test_read(tmp_path: Path) -> None:
    assert read(sidecar(tmp_path, EXAMPLE)) == {
        "a.txt": Metadata("One", "Jane Doe", "2025-12-10"),
        "sub/rows.jsonl#3": Metadata(None, None, "2025-12", "Daily Planet", "https://example.org"),
    }


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2025", "2025"),
        ('"2025"', "2025"),
        ("2025-12-10T10:00:00Z", "2025-12-10"),
        ("2025-12-10", "2025-12-10"),
        ('"2025-12"', "2025-12"),
    ],
)
def test_dates_as_toml_has_them(tmp_path: Path, value: str, date: str) -> None:
    assert read(sidecar(tmp_path, f'["a.txt"]\ndate = {value}\n')) == {"a.txt": Metadata(date=date)}


def test_paths_are_made_alike(tmp_path: Path) -> None:
    assert list(read(sidecar(tmp_path, '["./sub/a.txt"]\ntitle = "A"\n["sub\\\\b.txt"]\ntitle = "B"\n'))) == [
        "sub/a.txt",
        "sub/b.txt",
    ]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            '["a.txt"]\nauthr = "x"',
            "unknown key 'authr' below 'a.txt'",
            "the keys are title, author, date, publisher, url, language",
        ),
        ('["a.txt"]\ndate = "10 December 2025"', "not a date: '10 December 2025' below 'a.txt'", "write 2025-12-10"),
        (
            '["a.txt"]\ndate = "2025-02-30"',
            "not a date: '2025-02-30' below 'a.txt'",
            "write 2025-12-10, 2025-12 or 2025",
        ),
        ('["a.txt"]\ntitle = 3', "title below 'a.txt' is not text", 'write title = "..."'),
        ('["a.txt"]\ntitle = " "', "title below 'a.txt' is not text", 'write title = "..."'),
        (
            '[a.txt]\ntitle = "x"',
            "unknown key 'txt' below 'a'",
            'put the name of the article in quotation marks: ["a.txt"]',
        ),
        (
            'title = "x"',
            "'title' stands outside of any table",
            'put it below the name of an article: ["article.txt"] with title, author, date, publisher, url or '
            "language below it",
        ),
        (
            '["../a.txt"]\ntitle = "x"',
            "'../a.txt' is not a path below the folder of sources.toml",
            "describe it in a sources.toml beside it",
        ),
    ],
)
def test_what_it_may_not_say(tmp_path: Path, text: str, message: str, hint: str) -> None:
    path = sidecar(tmp_path, text)
    with pytest.raises(SourceError) as caught:
        read(path)
    assert (caught.value.message, caught.value.hint) == (f"{path}: {message}", hint)


def test_what_is_no_toml(tmp_path: Path) -> None:
    path = sidecar(tmp_path, '["a.txt"\ntitle = "x"')
    with pytest.raises(SourceError, match="is not TOML: "):
        read(path)
    path.write_bytes(b'["a.txt"]\ntitle = "\xff"')
    with pytest.raises(SourceError, match="is not TOML: "):
        overrides(tmp_path)


def test_overrides_of_a_folder_are_those_of_all_folders_in_it_the_nearer_first(tmp_path: Path) -> None:
    sidecar(tmp_path, '["a.txt"]\ntitle = "A"\n["sub/b.txt"]\ntitle = "far"\nauthor = "Jane Doe"\n')
    sidecar(tmp_path / "sub", '["b.txt"]\ntitle = "near"\n')
    sidecar(tmp_path / ".hidden", '["c.txt"]\ntitle = "C"\n')
    assert overrides(tmp_path) == {"a.txt": Metadata("A"), "sub/b.txt": Metadata("near", "Jane Doe")}


def test_overrides_of_a_file_are_those_beside_it(tmp_path: Path) -> None:
    sidecar(tmp_path, '["a.jsonl"]\ntitle = "A"\n["a.jsonl#2"]\ntitle = "A2"\n["b.txt"]\ntitle = "B"\n')
    assert overrides(tmp_path / "a.jsonl") == {"a.jsonl": Metadata("A"), "a.jsonl#2": Metadata("A2")}
    assert overrides(tmp_path / "none" / "a.txt") == {}


def test_write_makes_the_file(tmp_path: Path) -> None:
    write(tmp_path, "sub/a b.txt", {"title": 'The "summit"', "date": "2025-12"})
    assert (tmp_path / "sources.toml").read_text(
        encoding="utf-8"
    ) == '["sub/a b.txt"]\ntitle = "The \\"summit\\""\ndate = "2025-12"\n'
    assert [path.name for path in tmp_path.iterdir()] == ["sources.toml"]


def test_write_keeps_comments_and_all_else(tmp_path: Path) -> None:
    path = sidecar(tmp_path, EXAMPLE)
    path.chmod(0o640)
    write(tmp_path, "a.txt", {"date": "2025", "author": None, "url": None})
    assert path.read_text(encoding="utf-8") == EXAMPLE.replace('author = "Jane Doe"\n', "").replace(
        "date = 2025-12-10", 'date = "2025"'
    )
    assert path.stat().st_mode & 0o777 == 0o640


def test_write_adds_an_article_and_drops_one_of_which_nothing_is_left(tmp_path: Path) -> None:
    path = sidecar(tmp_path, '["a.txt"]\ntitle = "One"\n')
    write(tmp_path, "b.txt", {"title": "Two"})
    assert read(path) == {"a.txt": Metadata("One"), "b.txt": Metadata("Two")}
    write(tmp_path, "a.txt", {"title": None})
    assert read(path) == {"b.txt": Metadata("Two")}


@pytest.mark.parametrize("changes", [{"date": "soon"}, {"date": "2025-02-30"}])
def test_write_refuses_a_bad_date_and_changes_nothing(tmp_path: Path, changes: Mapping[Field, str]) -> None:
    path = sidecar(tmp_path, EXAMPLE)
    with pytest.raises(SettingsError, match="not a date: "):
        write(tmp_path, "a.txt", changes)
    assert path.read_text(encoding="utf-8") == EXAMPLE


def test_write_refuses_to_touch_a_damaged_file(tmp_path: Path) -> None:
    path = sidecar(tmp_path, "[broken")
    with pytest.raises(SourceError, match="is not TOML: "):
        write(tmp_path, "a.txt", {"title": "x"})
    assert path.read_text(encoding="utf-8") == "[broken"


def test_write_into_no_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"sources\.toml cannot be written: No such file or directory"):
        write(tmp_path / "none", "a.txt", {"title": "x"})


def test_what_was_written_through_a_link_is_behind_it(tmp_path: Path) -> None:
    real = sidecar(tmp_path / "real", EXAMPLE)
    (tmp_path / "sources.toml").symlink_to(real)
    write(tmp_path, "b.txt", {"title": "Two"})
    assert (tmp_path / "sources.toml").is_symlink()
    assert read(real)["b.txt"] == Metadata("Two")
