"""Reading needs no writing: the same answers on a read-only medium, without permission to write, and on a full disk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.places import QUERIES, cells_from, small_library
from index.health import check
from index.seal import SEAL, unseal, verify
from index.store import Library

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts and users of Linux")

# what reads, in a process of its own: the folder that holds the library, and where the tree of this program is
_READER = """
import contextlib, io, json, os, re, sys
from pathlib import Path
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[2])
from qa import doctor
from qa.cli import run
from qa.commands.session import Loaders, Session
from tests.fakes import FakeEmbedder, FakeModel
folder = Path(sys.argv[1])
loaders = Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: FakeModel(lambda _: "$100 billion by 2030"))
environ = {"QA_LIBRARY": str(folder / ".qa"), "QA_MODELS": str(folder / "models"), "QA_STATE": str(folder / "state"), "QA_KEPT_MB": "0"}
commands = json.loads(sys.stdin.read())

def look():
    said = []
    for words in commands:
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words, Session(loaders=loaders, environ=environ, cwd=folder, user_file=folder / "no.toml"))
        said.append([code, re.sub('"timings_ms": {[^}]*}', "", out.buffer.getvalue().decode()), err.getvalue()])
    return [*said, [[each.what, each.state, each.hint] for each in doctor.library(folder / ".qa")]]

said = look()
if len(sys.argv) > 3:  # everything is imported: where Python lies may be closed to others
    os.setgid(65534), os.setuid(65534)
    said = look()
print(json.dumps(said))
"""
COMMANDS = [
    *(["search", query, "--json"] for query in QUERIES),
    ["ask", "What trade target was set by 2030?", "--json"],
    ["cite", "bilateral trade"],
    ["verify", "answers.jsonl"],
    ["sources", "list"],
    ["sources", "show", "000.txt"],
    ["sources", "check"],
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A library with its articles, and an answer to verify, where another user may look: pytest closes its own folders."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        place = small_library(Path(name) / "project", articles=6)
        code, out, err = place.qa("ask", "What trade target was set by 2030?", "--json")
        assert code in (0, 3), err
        (place.folder / "answers.jsonl").write_text(out, encoding="utf-8")
        yield place.folder


def read(folder: Path, *more: str, before: str = "") -> list[list[object]]:
    """What the commands say, in a mount namespace of their own after the shell commands of `before`."""
    program = [sys.executable, "-c", _READER, str(folder), str(Path(__file__).parents[1]), *more]
    if before:
        program = ["unshare", "-m", "sh", "-ec", f'{before}; exec "$@"', "sh", *program]
    done = subprocess.run(program, input=json.dumps(COMMANDS), capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    said: list[list[object]] = json.loads(done.stdout)
    return said


def mounts() -> None:
    """Skips a test where this user cannot mount."""
    if (
        shutil.which("unshare") is None
        or subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode != 0
    ):
        pytest.skip("only root can mount")


def ro(folder: Path) -> str:
    return (
        f"mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}' && ! touch '{folder}/x' 2>/dev/null"
    )


def test_on_a_read_only_medium_everything_is_as_it_was(folder: Path) -> None:
    mounts()
    expected = read(folder)
    assert [said[0] for said in expected[: len(QUERIES)]] == [0] * len(QUERIES)
    before = sorted(path.name for path in (folder / ".qa").iterdir())
    assert read(folder, before=ro(folder)) == expected
    assert sorted(path.name for path in (folder / ".qa").iterdir()) == before


def test_without_permission_to_write_everything_is_as_it_was(folder: Path) -> None:
    if os.geteuid() == 0:
        expected = read(folder)
        assert read(folder, "as nobody") == expected
        return
    expected = read(folder)
    (folder / ".qa").chmod(0o555)
    for file in (folder / ".qa").iterdir():
        file.chmod(0o444)
    try:
        assert read(folder) == expected
    finally:
        (folder / ".qa").chmod(0o755)


def test_on_a_full_disk_everything_is_as_it_was(folder: Path, tmp_path: Path) -> None:
    mounts()
    expected = read(folder)
    kept = tmp_path / "kept"
    folder.rename(kept)
    folder.mkdir()
    full = (
        f"mount -t tmpfs -o size=4m tmpfs '{folder}' && cp -a '{kept}/.' '{folder}'; cat /dev/zero > "
        f"'{folder}/filler' 2>/dev/null || true;"
        f" ! head -c 1 /dev/zero >> '{folder}/filler' 2>/dev/null"
    )
    assert read(folder, before=full) == expected


def test_the_index_of_a_large_library_is_built_in_memory_where_it_cannot_be_saved(tmp_path: Path) -> None:
    mounts()
    with cells_from(20):
        folder = small_library(tmp_path / "project", articles=12).folder
    (folder / "answers.jsonl").write_text("", encoding="utf-8")
    expected = read(folder)
    (folder / ".qa" / "vectors-0000.faiss").unlink()
    there = read(folder, before=ro(folder))
    assert there[:-1] == expected[:-1]
    assert not (folder / ".qa" / "vectors-0000.faiss").exists()


def test_a_log_that_a_killed_writer_left_on_a_read_only_medium_is_told_with_a_hint(folder: Path) -> None:
    mounts()
    expected = read(folder)
    child = os.fork()
    if child == 0:
        try:
            unseal(folder / ".qa")
            Library.open(folder / ".qa").connection.execute("INSERT INTO meta VALUES ('killed', 'yes')")
        finally:
            os._exit(9)
    os.waitpid(child, 0)
    (folder / ".qa" / "library.sqlite-shm").unlink()
    said = read(folder, before=ro(folder))
    file = folder / ".qa" / "library.sqlite"
    message = f"{file} was being written when its writer was stopped, and cannot be put in order where it is"
    hint = f"run qa index where {folder / '.qa'} can be written to, or copy that folder to such a place"
    assert said[0][:2] == [1, json.dumps({"error": {"message": message, "hint": hint}}) + "\n"]
    assert said[-1] == [["library", message, hint]]
    shutil.copytree(folder / ".qa", folder / "copy")
    with Library.open(folder / "copy") as copied:
        assert check(copied) == ()
    assert read(folder)[: len(QUERIES)] == expected[: len(QUERIES)]


def test_an_unsealed_library_without_a_log_is_read_where_nothing_can_be_written(folder: Path) -> None:
    mounts()
    expected = read(folder)
    (folder / ".qa" / SEAL).unlink()
    assert not verify(folder / ".qa")
    assert read(folder, before=ro(folder))[:-1] == expected[:-1]


def test_one_that_may_not_be_read_is_told_with_the_command_that_mends(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    (folder / ".qa" / "library.sqlite").chmod(0o600)
    said = read(folder, "as nobody")
    assert (
        json.loads(str(said[0][1]))["error"]["hint"]
        == f"ask the owner of {folder / '.qa'} for access to it, or set QA_LIBRARY to a library of your own"
    )
    os.chown(folder / ".qa", 65534, 65534)
    for file in (folder / ".qa").iterdir():
        os.chown(file, 65534, 65534)
    (folder / ".qa" / "library.sqlite").chmod(0o000)
    said = read(folder, "as nobody")
    hint = json.loads(str(said[0][1]))["error"]["hint"]
    assert hint == f"chmod u+rw {folder / '.qa'}/*"
    subprocess.run(hint, shell=True, check=True, user=65534)
    assert read(folder, "as nobody")[0][0] == 0


def test_a_reader_without_notes_sees_what_another_user_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a read-only mount of a disk that is written elsewhere."""
    import sqlite3

    from index import schema

    opened = schema._connected

    def unwritable(file: Path, how: str) -> sqlite3.Connection:
        if how == "mode=rw":
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        return opened(file, how)

    monkeypatch.setattr(schema, "_connected", unwritable)
    with Library.open(folder / ".qa") as reader:
        monkeypatch.undo()
        with reader.snapshot():
            before = reader.summary().articles
        (folder / "news" / "more.txt").write_text("More\n\nThe ferry carried forty passengers over the river.\n")
        assert small(folder) == 0
        with reader.snapshot():
            assert reader.summary().articles == before + 1


def small(folder: Path) -> int:
    """Indexes what is new in a folder."""
    from index.build import build
    from tests.fakes import FakeEmbedder

    return build(folder / ".qa", [], FakeEmbedder()).changed
