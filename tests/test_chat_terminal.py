"""`qa chat` on a terminal, as a process of its own.

The banner, keys, Ctrl-C in the middle of an answer, the plain mode.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from tests.chat_place import ARTICLES
from tests.test_process import command, environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")

PROGRAM = """
import sys, threading
from pathlib import Path
from qa.cli import run
from qa.commands.noise import leave_at_once, silence
from qa.commands.session import Loaders, Session
from tests.chat_place import reply
from tests.fakes import FakeEmbedder, FakeModel

def slow(messages):
    if "bridge" in messages[-1].content.rpartition("Question: ")[2]:
        print("<thinking>", flush=True)
        threading.Event().wait(600)
    return reply(messages)

silence()
leave_at_once()
sys.exit(run(sys.argv[1:], Session(loaders=Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: FakeModel(slow)), user_file=Path("user.toml"))))
"""
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[=>]|\][^\x07]*\x07)")
PATIENCE = 60.0  # seconds; a busy machine is slow, a hang is for ever


class Terminal:
    """The program on a terminal of 100 columns. `seen` is what it wrote, without the sequences that move and colour."""

    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        import pty

        self._ours, theirs = pty.openpty()
        environ = {"COLUMNS": "100", "QA_STATE": str(folder / "state"), "PROMPT_TOOLKIT_NO_CPR": "1", **environ}
        self.process = subprocess.Popen(
            command(PROGRAM, *arguments), cwd=folder, env=environment(**environ), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=_controlling,
        )  # fmt: skip
        os.close(theirs)
        os.set_blocking(self._ours, False)
        self.raw = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    @property
    def seen(self) -> str:
        return ESCAPES.sub("", self.raw).replace("\r", "")

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def wait_for(self, text: str, *, after: int = 0) -> int:
        """Wait until `text` is on the terminal, from place `after` of what was seen; the place behind it."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen[after:]:
            assert time.monotonic() < end, f"never saw {text!r} in {self.seen[after:]!r}"
            self._read()
        return self.seen.index(text, after) + len(text)

    def wait_until_it_leaves(self) -> int:
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, self.seen
            self._read()
        self._read()
        return self.process.returncode

    def _read(self) -> None:
        try:
            self.raw += os.read(self._ours, 65536).decode("utf-8", "replace")
        except BlockingIOError:
            time.sleep(0.02)
        except OSError:  # Linux says so when the other end is closed
            time.sleep(0.02)


def _controlling() -> None:
    """Make the terminal that of the new session, so that Ctrl-C reaches it as a signal."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        command(PROGRAM, "index", "articles"), cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_a_conversation_from_banner_to_ctrl_d(folder: Path) -> None:
    with Terminal(folder) as terminal:  # plain `qa`
        place = terminal.wait_for("Ctrl-D leaves.")
        assert "3 articles, 3 passages, dated 2024-05-01, 2 undated" in terminal.seen
        terminal.wait_for("\n>", after=place)
        terminal.type("How long is the river Alder?\r")
        place = terminal.wait_for("The river Alder is 210 kilometres long. [1]", after=place)
        assert terminal.seen.index("reading 3 passages of 3 articles (/read lists them)") < place
        terminal.wait_for("\n>", after=terminal.wait_for("carries no date", after=place))
        terminal.type("where does it rise?\r")
        place = terminal.wait_for("asking: Where does the river Alder rise?", after=place)
        place = terminal.wait_for("\n>", after=terminal.wait_for("carries no date", after=place))
        terminal.type("\x04")
        assert terminal.wait_until_it_leaves() == 0


def test_ctrl_c_stops_the_answer_at_once_and_keeps_the_session(folder: Path) -> None:
    with Terminal(folder, "chat") as terminal:
        terminal.wait_for("\n>", after=terminal.wait_for("Ctrl-D leaves."))
        terminal.type("What did the bridge cost?\r")
        place = terminal.wait_for("<thinking>")
        terminal.type("\x03")
        place = terminal.wait_for("stopped; /retry asks again", after=place)  # long before the answer would have come
        terminal.wait_for("\n>", after=place)
        time.sleep(1.0)  # longer than it takes to end the program where Ctrl-C does
        terminal.type("How long is the river Alder?\r")
        place = terminal.wait_for("The river Alder is 210 kilometres long. [1]", after=place)
        terminal.wait_for("\n>", after=terminal.wait_for("carries no date", after=place))
        terminal.type("\x03")
        place = terminal.wait_for("Ctrl-D leaves, /help says what there is", after=place)
        terminal.wait_for("\n>", after=place)
        terminal.type("\x04")
        assert terminal.wait_until_it_leaves() == 0


def test_plain_mode_says_each_thing_once_and_moves_nothing(folder: Path) -> None:
    with Terminal(folder, "chat", "--plain") as terminal:
        terminal.wait_for("\n>", after=terminal.wait_for("Ctrl-D leaves."))
        terminal.type("How long is the river Alder?\n")
        terminal.wait_for("\n> ", after=terminal.wait_for("carries no date"))
        terminal.type("\x04")
        assert terminal.wait_until_it_leaves() == 0
    # readline asks for pasted text to be marked
    assert "\x1b" not in terminal.raw.replace("\x1b[?2004h", "").replace("\x1b[?2004l", "")
    assert terminal.seen.partition("Ctrl-D leaves.\n")[2] == (
        "> How long is the river Alder?\n"
        "reading 3 passages of 3 articles (/read lists them)\n"
        "The river Alder is 210 kilometres long. [1]\n"
        "\n"
        "[1] “The river Alder rises in the northern hills…”, undated  river.txt:45-125\n"
        "    “The river Alder is 210 kilometres long and carries timber to the port of Brandt.”\n"
        "\n"
        "note: source “The river Alder rises in the northern hills…” carries no date\n"
        "\n"
        "> "
    )


def test_nothing_waits_for_a_model_that_is_not_needed(folder: Path) -> None:
    program = (
        "import time\nfrom qa.cli import main\nfrom qa.models.late import late\nlate(lambda: time.sleep(120))\nmain()\n"
    )
    began = time.monotonic()
    done = subprocess.run(
        command(program, "chat", "--list"),
        cwd=folder,
        env=environment(QA_STATE=str(folder)),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"no conversation has been kept yet\n")
    assert time.monotonic() - began < 100
