"""`qa serve` as the processes it is made of.

One that serves, others that ask, and what a kill, a stop or a second server does to them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest

from qa.models.served import published, read
from qa.models.wire import knock

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its signals are Unix's")

PROGRAM = """
import os, sys, time
from pathlib import Path
from qa.cli import run
from qa.commands import session as sessions
from qa.commands.noise import leave_at_once, silence
from qa.models import engines, served
from tests.fakes import FakeEmbedder, FakeModel

class Slow(FakeModel):
    def generate(self, messages, *, max_tokens, on_text=None):
        if "SLOW" in messages[-1].content:
            print("at work", flush=True)
            for _ in range(600):
                time.sleep(0.1)
                if on_text is not None and on_text("word "):
                    break
        return super().generate(messages, max_tokens=max_tokens, on_text=on_text)

def load(here, engine):
    print("loading", flush=True)
    time.sleep(float(os.environ.get("LOADING", 0)))
    return Slow(lambda _: "The river Alder is 210 kilometres long.", yes=0.99)

engines.load = load
served.PATIENCE = 2.0
served.SILENCE = 3.0
silence()
leave_at_once()
loaders = sessions.Loaders(lambda _: FakeEmbedder(), sessions.loaders(sessions._to_stderr).model)
sys.exit(run(sys.argv[1:], sessions.Session(loaders=loaders, user_file=Path("user.toml"))))
"""
ASK = ("ask", "How long is the river Alder?")
READY = "fake-model is ready for your other commands; it ends with Ctrl-C, or after 10m without a question"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a library, a model that resolves, and nobody who serves."""
    (tmp_path / "river.txt").write_text(
        "The river Alder is long. The river Alder is 210 kilometres long.\n", encoding="utf-8"
    )
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    (tmp_path / "model" / "model.safetensors").write_bytes(b"weights")
    assert qa(tmp_path, "index", "river.txt").returncode == 0
    return tmp_path


def command(folder: Path, *arguments: str, **environ: str) -> tuple[list[str], dict[str, str]]:
    repository = Path(__file__).parent.parent
    more = {
        "PYTHONPATH": str(repository),
        "QA_STATE": str(folder / "state"),
        "QA_KEPT_MB": "0",  # every question is asked of the server
        "QA_MODEL": str(folder / "model"),
        "QA_MODELS": str(folder / "models"),
    }
    return [sys.executable, "-c", PROGRAM, *arguments], {**os.environ, **more, **environ}


def qa(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    line, env = command(folder, *arguments, **environ)
    return subprocess.run(line, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def started(folder: Path, *arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    line, env = command(folder, *arguments, **environ)
    with subprocess.Popen(
        line, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()


@contextmanager
def serving(folder: Path, *arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    with started(folder, "serve", *arguments, **environ) as process:
        assert lines(process.stderr, 2) == ["loading the model ...", READY]
        assert lines(process.stdout, 1) == ["loading"]
        yield process


def lines(stream: IO[str] | None, count: int) -> Sequence[str]:
    assert stream is not None
    return [stream.readline().rstrip("\n") for _ in range(count)]


def record(folder: Path) -> Path:
    (found,) = (folder / "state" / "served").glob("*.json")
    return found


def loaded_here(done: subprocess.CompletedProcess[str]) -> bool:
    assert done.returncode == 0, done.stderr
    assert "The river Alder is 210 kilometres long. [1]" in done.stdout
    return done.stdout.startswith("loading\n")


def test_what_is_asked_is_answered_by_the_one_that_serves(place: Path) -> None:
    with serving(place) as server:
        done = qa(place, *ASK)
        assert not loaded_here(done)
        assert done.stderr == ""
        assert qa(place, "serve", "--stop").stderr == "fake-model is no longer served\n"
        assert (server.wait(10), lines(server.stderr, 1)) == (0, ["no longer serving"])
    assert loaded_here(qa(place, *ASK))
    assert [file.suffix for file in (place / "state" / "served").iterdir()] == [".lock"]


def test_a_second_server_is_refused_and_told_which_is_the_first(place: Path) -> None:
    with serving(place) as server:
        done = qa(place, "serve")
        taken = f"error: fake-model is being served already, by process {server.pid}\nhint: use it, or end it with: qa serve --stop\n"
        assert (done.returncode, done.stderr) == (1, taken)
        for lock in (place / "state" / "served").glob("*.lock"):
            lock.unlink()
        assert qa(place, "serve").stderr == taken
        assert not loaded_here(qa(place, *ASK))


def test_a_second_server_is_refused_also_while_the_first_is_loading(place: Path) -> None:
    with started(place, "serve", LOADING="30") as server:
        assert lines(server.stdout, 1) == ["loading"]
        done = qa(place, "serve")
        assert (done.returncode, done.stderr.splitlines()[0]) == (
            1,
            f"error: model is being served already, by process {server.pid}",
        )
        assert loaded_here(qa(place, *ASK))  # which is not kept waiting
        done = qa(place, "serve", "--stop")
        told = f"error: process {server.pid}, which serves model, is still loading the model\nhint: end it with: kill -9 {server.pid}\n"
        assert (done.returncode, done.stderr) == (1, told)


def test_of_several_that_start_at_once_one_serves(place: Path) -> None:
    line, env = command(place, "serve", LOADING="1")
    many = [
        subprocess.Popen(line, cwd=place, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    until = time.monotonic() + 30
    while sum(each.poll() is None for each in many) > 1 and time.monotonic() < until:
        time.sleep(0.05)
    (server,) = [each for each in many if each.poll() is None]
    lines(server.stderr, 2)
    assert not loaded_here(qa(place, *ASK))
    assert qa(place, "serve", "--stop").returncode == 0
    for each in many:
        each.communicate(timeout=10)
    assert sorted(each.returncode for each in many) == [0, 1, 1, 1]


@pytest.mark.parametrize("loading", ["0", "30"])
def test_what_a_killed_server_left_behind_is_taken_over(place: Path, loading: str) -> None:
    with started(place, "serve", LOADING=loading) as server:
        lines(server.stderr, 2 if loading == "0" else 1)
        lines(server.stdout, 1)
        held = read(record(place))
        assert held is not None
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
    assert loaded_here(qa(place, *ASK))
    with serving(place) as server:
        assert not loaded_here(qa(place, *ASK))
    assert not held.address or not Path(held.address).parent.exists()


def test_a_server_that_hangs_costs_a_limit_and_a_note(place: Path) -> None:
    with serving(place) as server:
        os.kill(server.pid, signal.SIGSTOP)
        done = qa(place, *ASK)
        assert loaded_here(done)
        assert done.stderr == f"note: qa serve, process {server.pid}, does not answer: the model is loaded here\n"
        done = qa(place, "serve", "--stop")
        told = f"error: process {server.pid}, which serves fake-model, does not answer\nhint: end it with: kill -9 {server.pid}\n"
        assert (done.returncode, done.stderr) == (1, told)
        assert qa(place, "serve").returncode == 1  # it may come back
        os.kill(server.pid, signal.SIGCONT)
        assert not loaded_here(qa(place, *ASK))


def test_a_server_that_hangs_in_the_middle_is_given_up(place: Path) -> None:
    with serving(place) as server, started(place, "ask", "How long is the SLOW river Alder?") as asking:
        assert lines(server.stdout, 1) == ["at work"]
        os.kill(server.pid, signal.SIGSTOP)
        assert lines(asking.stdout, 2) == ["loading", "at work"]


def test_a_client_that_is_killed_frees_the_server(place: Path) -> None:
    with serving(place) as server:
        with started(place, "ask", "How long is the SLOW river Alder?") as asking:
            assert lines(server.stdout, 1) == ["at work"]  # for a minute
            os.kill(asking.pid, signal.SIGKILL)
        began = time.monotonic()
        assert not loaded_here(qa(place, *ASK))
        assert time.monotonic() - began < 30


def test_a_client_that_is_suspended_keeps_nobody_waiting(place: Path) -> None:
    with serving(place):
        held = read(record(place))
        assert held is not None
        silent = [knock(held.address, 5) for _ in range(30)]
        assert not loaded_here(qa(place, *ASK))
        for each in silent:
            each._socket.close()


def test_a_server_of_another_version_is_named_and_not_used(place: Path) -> None:
    with serving(place) as server:
        there = record(place)
        there.write_text(json.dumps(json.loads(there.read_text()) | {"version": "0.0.1"}))
        done = qa(place, *ASK)
        assert loaded_here(done)
        assert done.stderr.startswith(f"note: qa serve, process {server.pid}, is version 0.0.1 and not ")
        assert qa(place, "serve").stderr.startswith(
            f"error: fake-model is being served already, by process {server.pid} of version 0.0.1\n"
        )


def test_a_server_that_nobody_can_find_any_more_ends(place: Path) -> None:
    with serving(place) as server:
        record(place).unlink()
        assert server.wait(30) == 0


@pytest.mark.parametrize("state", ["file", "file/below", "/proc/none"])
def test_a_state_folder_that_cannot_be_written_is_one_line(place: Path, state: str) -> None:
    (place / "file").write_text("")
    done = qa(place, "serve", QA_STATE=str(place / state))
    assert done.returncode == 1
    problem, hint = done.stderr.splitlines()
    assert problem.startswith(f"error: nothing can be kept in {place / state / 'served'}: ")
    assert (hint, done.stdout) == ("hint: set QA_STATE to a folder that can be written", "")
    assert qa(place, "serve", "--stop", QA_STATE=str(place / state)).stderr == "nothing is being served\n"
    assert loaded_here(qa(place, *ASK, QA_STATE=str(place / state)))


def test_a_temporary_folder_whose_name_is_too_long_for_a_socket_is_two_lines(place: Path) -> None:
    folder = place / ("long" * 30)
    folder.mkdir()
    done = qa(place, "serve", TMPDIR=str(folder))
    assert (done.returncode, done.stderr.splitlines()[1:]) == (
        1,
        [
            "error: no socket can be made: AF_UNIX path too long",
            "hint: set TMPDIR to a folder with a short name that can be written",
        ],
    )
    assert list(folder.iterdir()) == []


def test_a_signal_ends_it_and_takes_its_record_away(place: Path) -> None:
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 0)):
        with serving(place) as server:
            held = read(record(place))
            server.send_signal(number)
            assert server.wait(10) == code
        assert held is not None
        assert not Path(held.address).parent.exists()
        assert list((place / "state" / "served").glob("*.json")) == []
        assert published(place / "none") is None
