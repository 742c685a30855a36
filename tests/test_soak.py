"""A short `make soak`: a few faults of every kind, always the same ones.

And that the soak sees what it is there to see.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from bench import soak
from bench.soaking.fault import Kind, Outcome, Unfit, differs
from bench.soaking.process import Ended, Kill, moment
from bench.soaking.shelf import contents, stock
from index.build import build
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).parent.parent
QUICK = ("kill index", "kill batch", "kill fetch", "kill serve", "two at once", "full disk", "read-only", "damage")
SEED = 5

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked, and looked up in /proc")


def test_some_faults_of_every_quick_kind_lose_nothing() -> None:
    """In a process of its own: the soak forks, and must have no threads."""
    kinds = [argument for kind in QUICK for argument in ("--kind", kind)]
    arguments = [
        sys.executable,
        "-m",
        "bench.soak",
        *kinds,
        "--faults",
        "30",
        "--jobs",
        "2",
        "--minutes",
        "5",
        "--seed",
        str(SEED),
    ]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {line[:20].strip(): line[20:].split() for line in done.stdout.partition("fault kind")[2].splitlines()[1:]}
    assert [*rows] == [kind.name for kind in soak.KINDS if kind.name in QUICK] + ["in all"]
    assert all((row[0] == "0") == ("skipped:" in row) for row in rows.values())
    assert all(row[1:3] == ["0", "0"] for row in rows.values())


def _nothing(random: Random, prepared: Path) -> None:
    """Prepares nothing."""


def kind(name: str, came: Outcome | Unfit | Exception) -> Kind:
    def cause(random: Random, prepared: Path, folder: Path) -> Outcome:
        assert prepared.is_dir()
        assert folder.is_dir()
        random.random()
        if isinstance(came, Exception):
            raise came
        return came

    return Kind(name, cause, _nothing)


def test_the_table_counts_what_was_tried_lost_and_ended_badly(capfd: pytest.CaptureFixture[str]) -> None:
    told: list[dict[str, str | None]] = [
        {"kind": "one", "done": "a", "lost": None, "traceback": None},
        {"kind": "one", "done": "b", "lost": "an article", "traceback": "code 70"},
        {"kind": "one", "done": "c", "lost": None, "traceback": "code 70"},
        {"kind": "two", "unfit": "needs root"},
    ]
    assert soak.table([kind("one", Unfit()), kind("two", Unfit())], told) == 2
    rows = [line.split() for line in capfd.readouterr().out.splitlines() if line]
    assert rows == [
        ["fault", "kind", "tried", "lost", "traceback"],
        ["one", "3", "1", "2"],
        ["two", "0", "0", "0", "skipped:", "needs", "root"],
        ["in", "all", "3", "1", "2"],
    ]


def test_a_fault_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    drawn: list[float] = []

    def cause(random: Random, prepared: Path, folder: Path) -> Outcome:  # noqa: ARG001 (a kind's signature)
        drawn.append(random.random())
        return Outcome("drawn")

    kinds = [Kind(name, cause, _nothing) for name in ("a", "b", "c")]
    soak.prepare(kinds, tmp_path, 7)
    for _ in range(2):
        for number in (3, 11):
            soak.fault(soak.drawn(kinds, number, 7), number, tmp_path, 7)
    assert drawn[:2] == drawn[2:]
    assert drawn[0] != drawn[1]
    assert [soak.drawn(kinds, number, 7).name for number in range(50)] != [
        soak.drawn(kinds, number, 8).name for number in range(50)
    ]


def test_a_run_that_is_not_clean_is_seen() -> None:
    assert Ended(0, "", "", 1.0, 0, ()).clean
    assert Ended(-9, "", "killed", 1.0, 0, ()).clean
    assert not Ended(70, "", "", 1.0, 0, ()).clean
    assert not Ended(-11, "", "", 1.0, 0, ()).clean
    assert not Ended(None, "", "", 1.0, 0, ()).clean
    assert not Ended(1, "", "Traceback (most recent call last):", 1.0, 0, ()).clean
    assert not Ended(0, "", "", 1.0, 0, ("sleep 60",)).clean


def test_moments_are_by_the_clock_and_by_what_is_done_to_files() -> None:
    random, whole = Random(1), Ended(0, "", "", 2.0, 40, ())
    kills = [moment(random, whole) for _ in range(200)]
    assert all((kill.after is None) != (kill.event is None) for kill in kills)
    assert 0.0 <= min(kill.after for kill in kills if kill.after is not None) < 0.2
    assert {kill.event for kill in kills if kill.event is not None} <= set(range(1, 41))
    assert str(Kill(event=3)) == "killed before event 3"


def test_two_libraries_differ_where_a_search_could_tell(tmp_path: Path) -> None:
    for name in ("one", "two"):
        stock(tmp_path / name / "articles", Random(1), articles=2)
        build(tmp_path / name / ".qa", [tmp_path / name / "articles"], FakeEmbedder())
    assert differs(contents(tmp_path / "one/.qa"), contents(tmp_path / "two/.qa"), "libraries") is None
    (tmp_path / "two/articles/alder.txt").write_text("The river Alder is 211 kilometres long.\n", encoding="utf-8")
    build(tmp_path / "two/.qa", [], FakeEmbedder())
    said = differs(contents(tmp_path / "one/.qa"), contents(tmp_path / "two/.qa"), "libraries")
    assert said is not None
    assert said.startswith("libraries: ")
    with (tmp_path / "one/.qa/library.sqlite").open("r+b") as file:
        file.truncate(100)
    assert contents(tmp_path / "one/.qa")[0] in ("unreadable", "unsound")


def test_what_a_fault_finds_is_printed_with_the_command_that_repeats_it() -> None:
    code = (
        "import sys; from bench import soak; from bench.soaking.fault import Kind, Outcome\n"
        "bad = Kind('bad', lambda random, prepared, folder: Outcome('done', 'an article'), lambda random, prepared: "
        "None)\n"
        "sys.exit(soak.soak([bad], range(4, 5), seed=9, seconds=60, jobs=1))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 1
    assert "  again: python -m bench.soak --seed 9 --fault 4 --kind 'bad'\n" in done.stdout
    assert "bad                       1      1          0\n" in done.stdout
