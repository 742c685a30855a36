"""`qa index --watch` as a process of its own.

A line for each change, the library in step with the folders, and Ctrl-C loses nothing.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from index.errors import SourceError
from index.health import check
from index.store import Library
from index.watch import moments
from index.write import writing
from tests.test_process import WITH_FAKES, environment

TEXT = (
    "The mill of {} burned down in 1904. It was rebuilt in brick a year later, and stands to this day by the river.\n"
)
PATIENCE = 60.0  # seconds for a line to come, on a machine that is busy

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent as a signal")


class Watching:
    """The program at work, and the lines that it says."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", WITH_FAKES.format(hang=""), "index", *arguments, "--watch"],
            cwd=folder, env=environment(PYTHONUNBUFFERED=
                "1"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        )  # fmt: skip
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._listener.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self) -> str:
        return self._lines.get(timeout=PATIENCE)

    def begun(self) -> None:
        """Waits until the folders are followed, and were looked at once more."""
        while not self.line().startswith("following "):
            pass

    def interrupted(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def silent(self, seconds: float) -> bool:
        try:
            self._lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT.format("Brandt"), encoding="utf-8")
    return folder


@pytest.fixture
def watching(news: Path) -> Iterator[Watching]:
    with Watching(news.parent, "news") as begun:
        begun.begun()
        yield begun


def sources(folder: Path) -> tuple[str, ...]:
    with Library.open(folder / ".qa") as library:
        assert check(library) == ()
        return tuple(info.source for info in library.sources())


def test_each_change_is_a_line_and_ctrl_c_ends_it_well(watching: Watching, news: Path) -> None:
    (news / "b.txt").write_text(TEXT.format("Haar"), encoding="utf-8")
    assert watching.line() == "added: b.txt"
    (news / "a.txt").write_text(TEXT.format("Alder"), encoding="utf-8")
    assert watching.line() == "changed: a.txt"
    (news / "sub").mkdir()
    (news / "sub" / "c.md").write_text(TEXT.format("Timber"), encoding="utf-8")
    assert watching.line() == "added: sub/c.md"
    (news / "b.txt").unlink()
    assert watching.line() == "removed: b.txt"
    (news / "sub").rename(news / "moved")
    assert [watching.line(), watching.line()] == ["added: moved/c.md", "removed: sub/c.md"]
    assert sources(news.parent) == ("a.txt", "moved/c.md")
    assert watching.interrupted() == 0
    assert sources(news.parent) == ("a.txt", "moved/c.md")


def test_what_lies_beside_articles_is_followed_too(watching: Watching, news: Path) -> None:
    (news / "sources.toml").write_text('["a.txt"]\ntitle = "The Mill"\n', encoding="utf-8")
    assert watching.line() == "changed: a.txt"
    (news / "refs.bib").write_text(
        "@article{a, author = {Doe, Jane}}\n\n@article{b, title = {never closed}\n", encoding="utf-8"
    )
    assert sorted([watching.line(), watching.line()]) == [
        "changed: a.txt",
        f"flawed: {news / 'refs.bib'}: 1 of 2 entries left out: b",
    ]


def test_a_file_that_is_half_written_is_read_again_when_it_is_complete(watching: Watching, news: Path) -> None:
    text = "".join(TEXT.format(f"town {number}") for number in range(400))
    half = len(text) // 2
    with (news / "long.txt").open("w", encoding="utf-8") as file:
        file.write(text[:half])
        file.flush()
        assert watching.line() == "added: long.txt"
        file.write(text[half:])
    assert watching.line() == "changed: long.txt"
    with Library.open(news.parent / ".qa") as library:
        assert library.article("long.txt").text == text


def test_a_burst_is_read_at_once(watching: Watching, news: Path) -> None:
    for number in range(30):
        (news / f"n{number:02}.txt").write_text(TEXT.format(f"town {number}"), encoding="utf-8")
    assert [watching.line() for _ in range(30)] == [f"added: n{number:02}.txt" for number in range(30)]


def test_what_is_no_article_of_ours_says_nothing(watching: Watching, news: Path) -> None:
    (news / ".hidden.txt").write_text(TEXT, encoding="utf-8")
    (news.parent / "elsewhere.txt").write_text(TEXT, encoding="utf-8")
    (news / "a.txt").touch()
    assert watching.silent(4)
    (news / "picture.png").write_bytes(b"\x89PNG")
    assert watching.line() == "not read: 1 .png (picture.png)"


def test_what_goes_wrong_is_said_once_and_mended_when_it_can_be(watching: Watching, news: Path) -> None:
    news.rename(news.parent / "away")
    assert watching.line() == f"error: {news} does not exist"
    assert watching.silent(3)
    (news.parent / "away" / "b.txt").write_text(TEXT.format("Haar"), encoding="utf-8")
    (news.parent / "away").rename(news)
    assert watching.line() == "added: b.txt"
    (news / "c.txt").write_text(TEXT.format("Alder"), encoding="utf-8")
    assert watching.line() == "added: c.txt"


def test_another_run_is_waited_for(watching: Watching, news: Path) -> None:
    with writing(news.parent / ".qa"):
        (news / "b.txt").write_text(TEXT.format("Haar"), encoding="utf-8")
        assert watching.line().startswith("error: another qa index is running on ")
    assert watching.line() == "added: b.txt"


def test_a_single_file_that_is_replaced_as_editors_do_it(news: Path) -> None:
    with Watching(news.parent, "news/a.txt") as watching:
        watching.begun()
        for round_ in ("Haar", "Alder"):
            (news / "draft").write_text(TEXT.format(round_), encoding="utf-8")
            (news / "draft").replace(news / "a.txt")
            assert watching.line() == "changed: a.txt"
        assert watching.interrupted() == 0


def test_programs_read_a_change_a_line(news: Path) -> None:
    with Watching(news.parent, "news", "--json") as watching:
        assert json.loads(watching.line())["added"] == 1
        time.sleep(2)
        (news / "b.txt").write_text(TEXT.format("Haar"), encoding="utf-8")
        assert json.loads(watching.line()) == {"change": "added", "source": "b.txt"}
        assert watching.interrupted() == 0


def test_ctrl_c_in_the_middle_of_an_embedding_ends_it_well_and_at_once(news: Path) -> None:
    """The second text that is embedded takes a minute; what was there before is whole, and the next run reads the rest."""
    slow = WITH_FAKES.format(hang="").replace("silence()\n", SLOW_EMBEDDER + "silence()\n", 1)
    process = subprocess.Popen(
        [sys.executable, "-c", slow, "index", "news", "--watch"],
        cwd=news.parent,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while not process.stderr.readline().startswith("following "):
        pass
    (news / "b.txt").write_text(TEXT.format("Haar"), encoding="utf-8")
    deadline = time.monotonic() + PATIENCE
    while not (news.parent / "embedding").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert time.monotonic() - begun < 5
    process.stderr.close()
    assert sources(news.parent) == ("a.txt",)
    done = subprocess.run(
        [sys.executable, "-c", WITH_FAKES.format(hang=""), "index"],
        cwd=news.parent,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "articles: 1 added, 0 changed, 1 unchanged" in done.stderr


def test_folders_that_cannot_be_followed_are_told_with_what_mends_it(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> Iterator[set[object]]:
        raise OSError("OS file watch limit reached.")
        yield set()

    monkeypatch.setattr("watchfiles.watch", refused)
    with pytest.raises(SourceError) as caught:
        next(moments([news], news.parent / ".qa"))
    assert caught.value.message == "the system does not let these folders be followed: OS file watch limit reached."
    assert "max_user_watches" in caught.value.hint


SLOW_EMBEDDER = """
def slowly(self, texts, quickly=FakeEmbedder.encode_passages):
    if any("Haar" in text for text in texts):
        Path("embedding").touch()
        from hashlib import pbkdf2_hmac
        pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)
    return quickly(self, texts)

FakeEmbedder.encode_passages = slowly
"""
