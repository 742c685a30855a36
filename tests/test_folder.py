"""Which files of a folder are articles: links, names of every kind, things that are no files, folders that are closed."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import SourceError
from index.ingest.contents import read
from index.ingest.folder import SUFFIXES, find
from index.limits import Limits

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")


def names(root: Path, *, follow_links: bool = False) -> list[str]:
    return [path.relative_to(root).as_posix() for path in find(root, follow_links=follow_links).files]


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x", encoding="utf-8")


@contextmanager
def as_nobody() -> Iterator[Path]:
    """A folder that belongs to a person without rights, who then is at work."""
    if os.geteuid() != 0:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            os.seteuid(0)


def test_articles_are_told_by_their_suffix(tmp_path: Path) -> None:
    put(
        tmp_path,
        "b.txt",
        "a.MD",
        "sub/c.jsonl",
        "sub/.hidden.txt",
        ".qa/d.txt",
        "sub/.git/e.md",
        "sources.toml",
        "f.doc",
        "a/z.txt",
        "g.txt/inside.txt",
    )
    assert names(tmp_path) == ["a.MD", "a/z.txt", "b.txt", "g.txt/inside.txt", "sub/c.jsonl"]
    assert find(tmp_path / "b.txt").files == (tmp_path / "b.txt",)


def test_links_within_the_folder_are_followed_once(tmp_path: Path) -> None:
    put(tmp_path, "real/a.txt")
    (tmp_path / "real" / "round").symlink_to(tmp_path)
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    (tmp_path / "a-link.txt").symlink_to(tmp_path / "real" / "a.txt")
    below = find(tmp_path)
    assert (below.files, below.outside) == ((tmp_path / "real" / "a.txt",), ())


def test_links_that_lead_out_are_followed_only_where_asked_for(tmp_path: Path) -> None:
    put(tmp_path, "in/a.txt", "out/b.txt", "out/deep/c.md", "out/d.doc", "inner/e.txt")
    root = tmp_path / "in"
    (root / "file.txt").symlink_to(tmp_path / "out" / "b.txt")
    (root / "folder").symlink_to(tmp_path / "out")
    (root / "no article.doc").symlink_to(tmp_path / "out" / "d.doc")
    (root / "beside").symlink_to("../inner")  # its path begins like that of the root
    assert names(root) == ["a.txt"]
    assert [path.name for path in find(root).outside] == ["beside", "file.txt", "folder"]
    assert names(root, follow_links=True) == ["a.txt", "beside/e.txt", "folder/b.txt", "folder/deep/c.md"]
    assert find(root, follow_links=True).outside == ()
    (root / "a.txt").unlink()
    with pytest.raises(SourceError, match="holds no article, only links that lead out of it") as caught:
        find(root)
    assert caught.value.hint == f"qa index --follow-links {root}"


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_no_link_leads_into_the_system(tmp_path: Path) -> None:
    put(tmp_path, "a.txt")
    for name, target in (("b.txt", "/proc/self/environ"), ("c", "/proc"), ("d", "/sys"), ("e.txt", "/proc/kcore")):
        (tmp_path / name).symlink_to(target)
    for follow_links in (False, True):
        below = find(tmp_path, follow_links=follow_links)
        assert (below.files, len(below.outside)) == ((tmp_path / "a.txt",), 4)


@POSIX
def test_what_is_no_ordinary_file_is_listed_and_never_opened(tmp_path: Path) -> None:
    import socket

    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "device.txt").symlink_to("/dev/zero")
    (tmp_path / "nowhere.txt").symlink_to(tmp_path / "gone")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.txt"))
        assert names(tmp_path, follow_links=True) == ["device.txt", "nowhere.txt", "pipe.txt", "socket.txt"]
        for name, told in (
            ("pipe.txt", "pipe.txt is no ordinary file, but a pipe"),
            ("device.txt", "device.txt is no ordinary file, but a device"),
            ("socket.txt", "socket.txt is no ordinary file, but a socket"),
            ("nowhere.txt", "nowhere.txt cannot be read: No such file or directory"),
            ("", f"{tmp_path.name} is no ordinary file, but a folder"),
        ):
            with pytest.raises(SourceError) as caught:
                read(tmp_path / name, Limits())
            assert caught.value.message == told


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "sparse.txt").open("wb") as file:
        file.truncate(5_000_000_000)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(SourceError) as caught:
        read(tmp_path / "sparse.txt", Limits())
    assert caught.value.message == "sparse.txt has 5,000 MB; a file may have 100 (the setting max_file_mb)"


def test_a_file_that_grows_while_it_is_read_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"x" * 1_000_000)
    assert len(read(path, Limits(megabytes=1))) == 1_000_000
    small = os.stat_result((0o100644, 0, 0, 1, 0, 0, 5, 0, 0, 0))
    path.write_bytes(b"x" * 1_000_001)
    monkeypatch.setattr(Path, "stat", lambda _: small)
    monkeypatch.setattr(os, "fstat", lambda _: small)
    with pytest.raises(SourceError, match=r"^log\.txt has 1 MB; a file may have 1 "):
        read(path, Limits(megabytes=1))


@POSIX
def test_a_closed_folder_costs_itself() -> None:
    with as_nobody() as root:
        put(root, "a.txt", "closed/b.txt", "unlisted/c.txt", "unentered/d.txt", "open/e.txt")
        for name, mode in (("closed", 0o000), ("unlisted", 0o300), ("unentered", 0o600)):
            (root / name).chmod(mode)
        try:
            below = find(root)
            assert names(root) == ["a.txt", "open/e.txt"]
            assert [(each.path.name, each.message) for each in below.closed] == [
                (name, f"no permission to read {name}") for name in ("closed", "unentered", "unlisted")
            ]
            with pytest.raises(SourceError, match="no permission to read closed"):
                find(root / "closed")
        finally:
            for name in ("closed", "unlisted", "unentered"):
                (root / name).chmod(0o700)


def test_find_refuses(tmp_path: Path) -> None:
    put(tmp_path, "a.doc")
    kinds = "articles are " + ", ".join(SUFFIXES[:-1]) + " or .jsonl"
    for path, message, hint in (
        (
            tmp_path / "none",
            f"there is no file or folder {tmp_path / 'none'}",
            "check the path, or pass the folder that holds your articles",
        ),
        (tmp_path, f"{tmp_path} holds no article, only 1 .doc (a.doc)", kinds),
        (tmp_path / "a.doc", "a.doc is of no kind that can be read", kinds),
    ):
        with pytest.raises(SourceError) as caught:
            find(path)
        assert (caught.value.message, caught.value.hint) == (message, hint)
