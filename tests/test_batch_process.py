"""`qa batch` as a process of its own: killed, interrupted, out of room, on a terminal."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.terminal import on_a_terminal
from tests.test_process import environment

DRIVER = """
import os, resource, sys, time
from pathlib import Path
from qa.cli import run
from qa.commands.noise import leave_at_once, silence
from qa.commands.session import Loaders, Session
from tests.fakes import FakeEmbedder, FakeModel

def model(settings):
    def reply(messages):
        time.sleep(float(os.environ.get("WAIT", "0")))
        return "The river Alder is 210 kilometres long."
    def judge(messages):
        return 0.0 if "anthem" in messages[-1].content else 1.0
    Path("loaded").touch()
    return FakeModel(reply, yes=judge)

if "ROOM" in os.environ:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["ROOM"]),) * 2)
silence()
if "PATIENT" not in os.environ:  # on a machine with no time to spare, half a second is not enough to say anything
    leave_at_once()
sys.exit(run(sys.argv[1:], Session(loaders=Loaders(embedder=lambda _: FakeEmbedder(), model=model), user_file=Path("user.toml"))))
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are killed and limited another way there")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", DRIVER, *arguments]


def qa(folder: Path, *arguments: str, **environ: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    done = subprocess.run(
        command(*arguments), cwd=folder, env=environment(**environ), capture_output=True, check=False, timeout=300
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "river.txt").write_text(
        "The river Alder is long. It is 210 kilometres long and carries timber to the port of Brandt.\n",
        encoding="utf-8",
    )
    assert qa(folder, "index", "river.txt")[0] == 0
    return folder / ".qa"


@pytest.fixture
def shelf(tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QA_LIBRARY", str(library))
    (tmp_path / "q.txt").write_text("How long is the Alder?\nWho wrote the anthem?\nWhere does the timber go?\n")
    return tmp_path


def asking(**environ: str) -> dict[str, str]:
    return environment(QA_LIBRARY=os.environ["QA_LIBRARY"], **environ)


def done(output: Path, form: str) -> list[bytes]:
    """The answers that are on disk, whole."""
    record = output if form == "jsonl" else output.with_name(output.name + ".resume")
    content = record.read_bytes() if record.exists() else b""
    return [line for line in content[: content.rfind(b"\n") + 1].splitlines() if line.startswith(b'{"id": ')]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_killed_five_times_and_resumed(shelf: Path, form: str) -> None:
    questions = "".join(f"How long is the river Alder, for the {number}th time?\n" for number in range(100))
    (shelf / "many.txt").write_text(questions)
    output = shelf / f"out.{form}"
    arguments = command("batch", "many.txt", "-o", output.name)
    chance = random.Random(form)
    kept: list[bytes] = []
    for stop in sorted(chance.sample(range(5, 95), 5)):
        with subprocess.Popen(
            arguments, cwd=shelf, env=asking(WAIT="0.01"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            while len(done(output, form)) < stop and process.poll() is None:
                time.sleep(0.005)
            time.sleep(chance.random() / 50)  # anywhere in an answer or in writing it
            process.kill()
        assert process.returncode == -signal.SIGKILL
        held = done(output, form)
        assert held[: len(kept)] == kept  # what is on disk is never asked or written again
        kept = held
    code, _, err = qa(shelf, "batch", "many.txt", "-o", output.name, QA_LIBRARY=os.environ["QA_LIBRARY"])
    assert code == 0
    assert (
        err == f"100 rows: 100 answered, 0 conflicting, 0 refused, 0 failed; {len(kept)} of them from before; written "
        f"to {output.name}\n"
    )
    assert done(output, form)[: len(kept)] == kept
    assert [json.loads(line)["id"] for line in done(output, form)] == list(range(1, 101))
    assert qa(shelf, "batch", "many.txt", "-o", f"unbroken.{form}", QA_LIBRARY=os.environ["QA_LIBRARY"])[0] == 0
    assert timeless(output.read_bytes()) == timeless((shelf / f"unbroken.{form}").read_bytes())
    assert not [file.name for file in shelf.iterdir() if file.name.endswith((".tmp", ".lock"))]


def timeless(content: bytes) -> bytes:
    return re.sub(rb'"timings_ms": \{[^}]*\}', b"", content)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_ctrl_c_leaves_nothing_half_written_and_says_how_to_go_on(shelf: Path, form: str) -> None:
    output = shelf / f"out.{form}"
    with subprocess.Popen(
        command("batch", "q.txt", "-o", output.name),
        cwd=shelf,
        env=asking(WAIT="3", PATIENT="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        while not done(output, form):
            time.sleep(0.02)
        time.sleep(1)  # in the midst of an answer
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    kept = len(done(output, form))
    assert 0 < kept < 3
    assert err.decode() == f"stopped: {kept} of 3 rows are done and kept; the same command goes on from there\n"
    assert output.read_bytes().endswith(b"\n")
    assert b"How long is the Alder?" in output.read_bytes()
    assert sorted(file.name for file in shelf.iterdir()) == sorted(
        ["loaded", "q.txt", output.name] + ([f"{output.name}.resume"] if form != "jsonl" else [])
    )
    code, _, err_text = qa(shelf, "batch", "q.txt", "-o", output.name, QA_LIBRARY=os.environ["QA_LIBRARY"])
    assert (code, err_text) == (
        0,
        f"3 rows: 2 answered, 0 conflicting, 1 refused, 0 failed; {kept} of them from "
        f"before; written to {output.name}\n",
    )


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_full_disk_is_one_line_and_what_was_done_is_kept(shelf: Path, form: str) -> None:
    where = {"QA_LIBRARY": os.environ["QA_LIBRARY"]}
    (shelf / "many.txt").write_text(
        "".join(f"How long is the river Alder, for the {number}th time?\n" for number in range(60))
    )
    code, out, err = qa(shelf, "batch", "many.txt", "-o", f"out.{form}", ROOM="40000", **where)
    held = done(shelf / f"out.{form}", form)
    assert (code, out) == (1, "")
    stopped, error, hint = err.splitlines()
    assert stopped == f"stopped: {len(held)} of 60 rows are done and kept; the same command goes on from there"
    assert re.fullmatch(r"error: .*out\.(jsonl|csv\.resume) cannot be written: File too large", error)
    assert hint == "hint: make room or mend that, and give the same command again: it goes on from there"
    assert 0 < len(held) < 60
    record = shelf / (f"out.{form}" if form == "jsonl" else f"out.{form}.resume")
    assert record.read_bytes().endswith(b"\n")  # no line was left half written
    code, _, err = qa(shelf, "batch", "many.txt", "-o", f"out.{form}", **where)
    assert (code, err) == (
        0,
        f"60 rows: 60 answered, 0 conflicting, 0 refused, 0 failed; {len(held)} of them from before; written to "
        f"out.{form}\n",
    )


def test_the_bar_shows_rows_rate_and_time_left_and_vanishes(shelf: Path) -> None:
    seen, code = on_a_terminal(command("batch", "q.txt", "-o", "out.csv"), shelf, asking(WAIT="0.5", COLUMNS="100"))
    assert code == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen)
    assert "loading" in text
    assert re.search(r"asking .* [12]/3 0:00:0\d \d+\.\d a minute, 0:00:0\d left", text)
    assert (
        text.rstrip()
        .splitlines()[-1]
        .endswith("3 rows: 2 answered, 0 conflicting, 1 refused, 0 failed; written to out.csv")
    )
