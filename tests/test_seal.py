"""The seal of a library: what is damaged is refused before it is believed, what is whole is never refused, and the hint mends."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.damage import followed, over, table
from bench.places import Place, block_files, cells_from, library_files, small_library
from index.build import add_articles, build
from index.change import changing
from index.errors import LibraryError, SourceError
from index.health import check
from index.seal import BROKEN, SEAL, checksum, read, seal, unseal, verify
from index.store import Library
from tests.fakes import FakeEmbedder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked and killed")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return small_library(tmp_path / "project", articles=6, paragraphs=2)


def kill_a_writer(folder: Path) -> None:
    """What a writer leaves that is killed between two commits: a broken seal and a log."""
    child = os.fork()
    if child == 0:
        try:
            unseal(folder)
            Library.open(folder).connection.execute("INSERT OR REPLACE INTO meta VALUES ('killed', hex(randomblob(8)))")
        finally:
            os._exit(9)
    os.waitpid(child, 0)
    assert (folder / "library.sqlite-wal").stat().st_size


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_changes_in_silence_nothing_ends_in_a_traceback_and_every_hint_mends(place: Place, seed: int) -> None:
    outcomes = list(over(place, lambda: library_files(place), random.Random(seed), 30))
    assert [one for one in outcomes if one.search in ("changed", "traceback") or one.unseen or one.failed] == [], table(
        outcomes
    )
    assert sum(one.search == "told" for one in outcomes) >= 15


def test_one_bit_anywhere_in_the_file_is_found(place: Place) -> None:
    file = place.library / "library.sqlite"
    sound, draw = file.read_bytes(), random.Random(4)
    for _ in range(200):
        broken = bytearray(sound)
        broken[draw.randrange(len(sound))] ^= 1 << draw.randrange(8)
        file.write_bytes(broken)
        with pytest.raises(LibraryError, match="it is not what was written") as damaged:
            Library.open(place.library)
        assert damaged.value.hint == "qa index --rebuild"


@pytest.mark.parametrize(
    ("spoil", "hint"),
    [
        (lambda folder: (folder / "library.sqlite").unlink(), "qa index --rebuild"),
        (
            lambda folder: ((folder / "library.sqlite").unlink(), (folder / "library.sqlite").mkdir()),
            "qa index --rebuild",
        ),
        (lambda folder: (folder / "library.sqlite").write_bytes(b""), "qa index --rebuild"),
        (lambda folder: (folder / SEAL).write_bytes(b""), "qa index --rebuild"),
        (lambda folder: (folder / SEAL).write_bytes(b"[]"), "qa index --rebuild"),
        (lambda folder: ((folder / SEAL).unlink(), (folder / SEAL).mkdir()), "qa index --rebuild"),
        (
            lambda folder: (
                (folder / SEAL).unlink(),
                (folder / "library.sqlite-shm").mkdir(),
                (folder / "library.sqlite-wal").write_bytes(b"x"),
            ),
            "qa index",
        ),
        (lambda folder: (folder / SEAL).unlink(), "qa index"),
        (kill_a_writer, "qa index"),
    ],
)
def test_what_doctor_says_mends(place: Place, spoil: Callable[[Path], object], hint: str) -> None:
    expected = place.hits()
    spoil(place.library)
    findings = place.findings()
    assert not isinstance(findings, str), findings
    assert {finding.hint for finding in findings} - {None} == {hint}
    assert followed(place, hint) == ""
    assert place.hits() == expected
    assert [finding.hint for finding in place.findings() if not isinstance(finding, str)] == [None, None]


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_a_folder_where_sqlite_keeps_its_notes_stops_neither_readers_nor_writers(place: Place, suffix: str) -> None:
    expected = place.hits()
    (place.library / f"library.sqlite{suffix}").mkdir()
    assert place.hits() == expected
    assert place.qa("index")[0] == 0
    assert place.hits() == expected
    assert verify(place.library)


def test_the_roots_are_known_however_the_library_is_damaged(place: Place) -> None:
    for content in (b"", b"nonsense" * 4000, (place.library / "library.sqlite").read_bytes()[:9000]):
        (place.library / "library.sqlite").write_bytes(content)
        assert place.qa("index", "--rebuild")[0] == 0
        with Library.open(place.library) as library:
            assert [root.path for root in library.roots()] == [place.folder / "news"]


def test_what_is_damaged_is_never_sealed(place: Place) -> None:
    file = place.library / "library.sqlite"
    broken = bytearray(file.read_bytes())
    broken[-3000] ^= 1
    file.write_bytes(broken)
    with pytest.raises(LibraryError, match="is damaged"):
        build(place.library, [], FakeEmbedder())
    with pytest.raises(SourceError):
        build(place.library, [place.folder / "not there"], FakeEmbedder(), rebuild=True)
    with pytest.raises(LibraryError, match="is damaged"):
        verify(place.library)


def test_a_library_without_a_seal_is_looked_through_before_it_gets_one(place: Place) -> None:
    kill_a_writer(place.library)
    assert not verify(place.library)
    assert place.qa("index")[0] == 0
    assert verify(place.library)
    kill_a_writer(place.library)
    connection = sqlite3.connect(place.library / "library.sqlite")
    with connection:
        connection.execute("DELETE FROM words WHERE term = 'trade'")
    connection.close()
    code, _, err = place.qa("index")
    assert (code, err.splitlines()[1]) == (1, "hint: qa index --rebuild")
    assert "the words that are searched are not those of the passages" in err
    assert place.qa("index", "--rebuild")[0] == 0
    assert verify(place.library)


def test_a_change_that_does_not_come_about_leaves_the_seal(place: Place) -> None:
    sealed = read(place.library / SEAL)
    with pytest.raises(SourceError):
        build(place.library, [place.folder / "not there"], FakeEmbedder())
    with pytest.raises(LibraryError, match="embedder"):
        build(place.library, [], FakeEmbedder(dimension=8))
    with pytest.raises(LibraryError, match="nothing came of it"), changing(place.library):
        raise LibraryError("nothing came of it", "")
    now = read(place.library / SEAL)
    assert now is not None
    assert sealed is not None
    assert (now.crc32, now.roots) == (sealed.crc32, sealed.roots)
    assert not (place.library / BROKEN).exists()


def test_an_interrupted_change_is_sealed_as_far_as_it_came(place: Place) -> None:
    def interrupted() -> None:
        with changing(place.library), Library.open(place.library) as library:
            library.connection.execute("INSERT INTO meta VALUES ('more', 'yes')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert verify(place.library)


def test_a_reader_of_an_older_moment_leaves_the_library_unsealed_until_the_next_change(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.seal._PATIENCE", 1)
    with Library.open(place.library) as reader, reader.snapshot():
        reader.summary()
        (place.folder / "news" / "more.txt").write_text("More\n\nThe ferry carried forty passengers over the river.\n")
        build(place.library, [], FakeEmbedder())
    assert not verify(place.library)
    assert (place.library / BROKEN).exists()
    build(place.library, [], FakeEmbedder())
    assert verify(place.library)
    assert not (place.library / BROKEN).exists()


def test_while_a_library_is_written_its_readers_are_not_told_that_it_is_damaged(place: Place) -> None:
    with changing(place.library):
        with Library.open(place.library) as library:
            library.connection.execute("INSERT INTO meta VALUES ('more', 'yes')")
            library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert not verify(place.library)
        assert place.hits()[0][0] == 0
    assert verify(place.library)


def test_a_large_library_is_read_in_full_only_where_its_time_is_another(place: Place) -> None:
    file = place.library / "library.sqlite"
    status, broken = file.stat(), bytearray(file.read_bytes())
    broken[-3000] ^= 1
    file.write_bytes(broken)
    with pytest.raises(LibraryError):
        verify(place.library, in_full=1000)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert verify(place.library, in_full=1000)
    with pytest.raises(LibraryError):
        verify(place.library)


def test_a_copied_library_is_whole(place: Place, tmp_path: Path) -> None:
    shutil.copytree(place.library, tmp_path / "copy")
    assert verify(tmp_path / "copy")


def test_a_library_of_before_is_sealed_by_the_next_index(place: Place) -> None:
    (place.library / SEAL).unlink()
    with Library.open(place.library) as library:
        assert check(library) == ()
    assert place.qa("index")[0] == 0
    assert verify(place.library)


def test_the_checksum_is_that_of_zlib(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"123456789")
    assert checksum(tmp_path / "a") == 0xCBF43926
    seal(tmp_path)  # no library: nothing to seal
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_hints_name_the_library_that_a_flag_named(place: Place, tmp_path: Path) -> None:
    other = tmp_path / "other lib"
    assert place.qa("index", str(place.folder / "news"), "--library", str(other))[0] == 0
    (other / "library.sqlite").write_bytes(b"")
    code, _, err = place.qa("search", "trade", "--library", str(other))
    assert (code, err.splitlines()[1]) == (1, f"hint: qa index --library '{other}' --rebuild")
    assert followed(place, err.splitlines()[1].removeprefix("hint: ")) == ""
    assert place.qa("search", "trade", "--library", str(other))[0] == 0


def test_blocks_of_a_large_library_are_mended_by_indexing(tmp_path: Path) -> None:
    with cells_from(20):
        place = small_library(tmp_path / "project", articles=30)
        assert len(block_files(place)) == 1
        outcomes = list(
            over(
                place,
                lambda: block_files(place),
                random.Random(6),
                25,
                kinds=("flip", "burst", "cut", "empty", "folder"),
            )
        )
    assert [one for one in outcomes if one.search != "same" or one.failed] == [], table(outcomes)
    # the others are mended by the search that meets them
    assert all(one.found for one in outcomes if one.kind == "folder")


def test_add_articles_leaves_a_sealed_library(tmp_path: Path) -> None:
    with Library.create(tmp_path, FakeEmbedder()) as library:
        add_articles(library, [], FakeEmbedder())
    assert verify(tmp_path)
