"""The program as a process of its own.

Quick to start, quiet, gone at once on Ctrl-C, and plain or coloured as the terminal wants it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import on_a_terminal

REPOSITORY = Path(__file__).parent.parent
MAIN = "from qa.cli import main; main()"
WITH_FAKES = """
import os, sys, time
from pathlib import Path
from qa.cli import run
from qa.commands.noise import leave_at_once, silence
from qa.commands.session import Loaders, Session
from tests.fakes import FakeEmbedder, FakeModel

def model(settings):
    if "HANG" in os.environ:
        print("hanging", flush=True)
        {hang}
    return FakeModel(lambda _: "The river Alder is 210 kilometres long.")

silence()
leave_at_once()
sys.exit(run(sys.argv[1:], Session(loaders=Loaders(embedder=lambda _: FakeEmbedder(), model=model), user_file=Path("user.toml"))))
"""
# a library that computes for minutes and lets nobody interrupt
DEAF = 'from hashlib import pbkdf2_hmac; pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)'
SLEEP = "time.sleep(60)"
HEAVY = (
    "numpy",
    "torch",
    "openvino",
    "openvino_genai",
    "transformers",
    "sentence_transformers",
    "faiss",
    "tokenizers",
    "rich.console",
    "sqlite3",
)


def command(program: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", program, *arguments]


def environment(**environ: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("QA_") and name not in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS")
    }
    return kept | {"PYTHONPATH": str(REPOSITORY), "TERM": "xterm-256color"} | environ


def start(folder: Path, program: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(program, *arguments),
        cwd=folder,
        env=environment(**environ),
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with a library of one article whose words are in no legacy encoding."""
    (tmp_path / "river.txt").write_text(
        "The river Alder is long. It is 210 kilometres long — “very” long.\n", encoding="utf-8"
    )
    assert start(tmp_path, WITH_FAKES.format(hang=""), "index", "river.txt").returncode == 0
    return tmp_path


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["ask", "--help"], ["index", "-h"]])
def test_nothing_heavy_is_imported_to_explain_oneself(tmp_path: Path, arguments: list[str]) -> None:
    report = f"import sys, atexit; atexit.register(lambda: print(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)); {MAIN}"
    done = start(tmp_path, report, *arguments)
    assert (done.returncode, done.stderr.split()) == (0, [])
    assert done.stdout


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_the_program_explains_itself_without_its_commands(tmp_path: Path, option: str) -> None:
    done = start(
        tmp_path,
        f"import sys, atexit; atexit.register(lambda: print('qa.commands.ask' in sys.modules, "
        f"file=sys.stderr)); {MAIN}",
        option,
    )
    assert (done.returncode, done.stderr.split()) == (0, [b"False"])


def test_no_traceback_for_a_mistake(tmp_path: Path) -> None:
    done = start(tmp_path, MAIN, "ask", "x")
    assert (done.returncode, done.stdout) == (1, b"")
    assert (
        done.stderr.decode().replace("\r\n", "\n")
        == f"error: there is no library in {tmp_path / '.qa'}\nhint: qa index FOLDER\n"
    )


def test_a_terminal_without_our_letters_gets_what_it_can_show(shelf: Path) -> None:
    plain = start(shelf, WITH_FAKES.format(hang=""), "search", "river", "--json", PYTHONIOENCODING="latin-1")
    assert (
        json.loads(plain.stdout.decode("ascii"))["hits"][0]["text"]
        == "The river Alder is long. It is 210 kilometres long — “very” long."
    )
    shown = start(shelf, MAIN, "sources", "list", PYTHONIOENCODING="ascii")
    assert shown.returncode == 0


def test_a_reader_that_leaves_early_is_no_error(shelf: Path) -> None:
    with subprocess.Popen(
        command(MAIN, "sources", "show", "river.txt"),
        cwd=shelf,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_full_disk_is_said_in_a_line(shelf: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command(MAIN, "sources", "list", "--json"),
            cwd=shelf,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert (
        done.stderr.decode()
        == "error: the output cannot be written: No space left on device\nhint: free some space on the disk\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent another way there")
@pytest.mark.parametrize("hang", [SLEEP, DEAF], ids=["while Python waits", "while a library computes"])
def test_ctrl_c_leaves_at_once_without_a_traceback(shelf: Path, hang: str) -> None:
    arguments = command(WITH_FAKES.format(hang=hang), "ask", "How long is the river?")
    with subprocess.Popen(
        arguments, cwd=shelf, env=environment(HANG="1"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"hanging\n"
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=30)  # it would hang for longer
        assert (code, process.stdout.read(), process.stderr.read()) == (130, b"", b"")


def seen_by(folder: Path, *arguments: str, **environ: str) -> tuple[str, int]:
    """What appears on a terminal of 80 columns, and the exit code."""
    program = command(WITH_FAKES.format(hang=""), *arguments)
    seen, code = on_a_terminal(program, folder, environment(COLUMNS="80", **environ))
    return seen.replace("\r\n", "\n"), code


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
class TestTerminal:
    """The same answer on a terminal: what is read at once, colour if it is wanted."""

    def test_what_is_read_comes_first_and_each_sentence_once(self, shelf: Path) -> None:
        seen, code = seen_by(shelf, "ask", "How long is the river Alder?", NO_COLOR="1")
        assert code == 0
        assert re.search(
            r"reading \d+ passages? of \d+ "
            r"articles?\n",
            seen[: seen.index("The river Alder is 210 kilometres long. [1]")],
        )
        assert seen.count("The river Alder is 210 kilometres long.") == 1
        assert seen.index("The river Alder is 210 kilometres long. [1]") < seen.index("[1] “The river Alder is long")

    def test_colour_is_there_unless_it_is_not_wanted(self, shelf: Path) -> None:
        assert "\x1b[36m[1]\x1b[0m" in seen_by(shelf, "search", "river")[0]
        for arguments, environ in ((["--no-color"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})):
            seen, code = seen_by(shelf, *arguments, "search", "river", **environ)
            assert code == 0
            assert seen.startswith("[1] “The river Alder is long")
            assert "\x1b" not in seen

    def test_an_index_shows_a_bar_that_vanishes(self, shelf: Path) -> None:
        (shelf / "more.txt").write_text("The mayor opened the bridge on Monday.\n")
        seen, code = seen_by(shelf, "index", "more.txt")
        assert code == 0
        assert "/1" in seen[: seen.index("articles: ")]
        assert seen.rstrip().splitlines()[-1].endswith(" s")
        assert "\x1b" not in seen_by(shelf, "index", TERM="dumb")[0]
