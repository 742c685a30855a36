"""Functions in a process of their own: what they do there is told in a line, and harms nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from index.errors import SourceError
from index.isolated import Isolated, directly
from index.limits import Limits
from tests import misbehaving


@pytest.fixture(scope="module")
def isolated() -> Iterator[Isolated]:
    with Isolated(Limits()) as process:
        yield process


def failed(process: Isolated, function: Callable[..., object], *arguments: object) -> str:
    """The message; after it the process works as before."""
    with pytest.raises(SourceError) as caught:
        process.call("a.pdf", function, *arguments)
    assert "\n" not in caught.value.message
    assert process.call("b.pdf", misbehaving.doubled, 4)[0] == 8
    return caught.value.message


def test_one_process_serves_many_calls(isolated: Isolated) -> None:
    (first, process), (second, same) = (isolated.call("a", misbehaving.doubled, number) for number in (1, 2))
    assert (first, second) == (2, 4)
    assert process == same != os.getpid()
    assert directly("a", misbehaving.doubled, 3) == (6, os.getpid())


def test_it_is_not_started_before_it_is_needed_and_ends_with_its_owner() -> None:
    me = psutil.Process()
    before = set(me.children())
    with Isolated(Limits()) as process:
        assert set(me.children()) == before
        _, pid = process.call("a", misbehaving.doubled, 1)
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


def test_a_refusal_is_passed_on(isolated: Isolated) -> None:
    _, process = isolated.call("a", misbehaving.doubled, 1)
    with pytest.raises(SourceError) as caught:
        isolated.call("a.pdf", misbehaving.refuses)
    assert (caught.value.message, caught.value.hint) == ("a.pdf is only a scan", "ocrmypdf a.pdf")
    assert isolated.call("a", misbehaving.doubled, 1) == (2, process)  # it did as it should: the process is kept


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("assertion", "a.pdf is damaged, or not what its name says (AssertionError)"),
        ("recursion", "a.pdf is damaged, or not what its name says (RecursionError)"),
        ("attribute", "a.pdf is damaged, or not what its name says (AttributeError)"),
        ("os", "a.pdf is damaged, or not what its name says (OSError)"),
        ("stop", "a.pdf is damaged, or not what its name says (StopIteration)"),
        ("warning", "a.pdf is damaged, or not what its name says (DeprecationWarning)"),
        ("memory", "a.pdf needs more memory to read than it may take"),
        ("exit", "a.pdf cannot be read: its reader ended (exit code 3)"),
    ],
)
def test_whatever_is_raised_is_one_line(isolated: Isolated, kind: str, told: str) -> None:
    assert failed(isolated, misbehaving.raises, kind) == told


def test_endless_recursion_is_one_line(isolated: Isolated) -> None:
    assert failed(isolated, misbehaving.recurses) == "a.pdf is damaged, or not what its name says (RecursionError)"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_crash_is_one_line(isolated: Isolated) -> None:
    assert failed(isolated, misbehaving.crashes) == "a.pdf cannot be read: its reader ended (SIGABRT)"


def test_what_it_prints_is_no_reply_and_reaches_nobody(isolated: Isolated, capfd: pytest.CaptureFixture[str]) -> None:
    assert isolated.call("a", misbehaving.chatters) == "done"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("function", [misbehaving.hangs, misbehaving.works_forever])
def test_what_takes_too_long_is_ended(function: Callable[..., object]) -> None:
    with Isolated(Limits(seconds=2)) as process:
        with pytest.raises(SourceError, match=r"^a\.pdf takes more than 2 s to read \(the setting max_file_seconds\)$"):
            process.call("a.pdf", function)
        assert process._process is None


def test_what_needs_too_much_memory_is_ended() -> None:
    with Isolated(Limits(megabytes=1)) as process:
        assert "memory" in failed(process, misbehaving.grows)


def test_a_result_that_is_no_plain_data_is_one_line(isolated: Isolated) -> None:
    assert failed(isolated, misbehaving.returns_a_function).startswith("a.pdf ")


def test_a_process_that_somebody_ended_is_started_anew(isolated: Isolated) -> None:
    _, pid = isolated.call("a", misbehaving.doubled, 1)
    psutil.Process(pid).kill()
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=5)
    assert isolated.call("a", misbehaving.doubled, 5)[0] == 10


_OWNER = """
import sys
from pathlib import Path
from index.isolated import Isolated
from index.limits import Limits
from tests import misbehaving
with Isolated(Limits()) as process:
    process.call("a.pdf", misbehaving.hangs, Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_it_never_outlives_its_owner(tmp_path: Path, how: signal.Signals) -> None:
    note = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", _OWNER, str(note)], stderr=subprocess.DEVNULL) as owner:
        deadline = time.monotonic() + 60
        while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        pid = int(note.read_text())
        owner.send_signal(how)
        owner.wait(timeout=30)
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(pid)
