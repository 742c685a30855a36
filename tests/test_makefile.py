"""`make ask`: the question reaches the program as it was typed, whatever it holds.

Runs the real Makefile with a stand-in for `qa`.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parent.parent / "Makefile"
STAND_IN = """#!/bin/sh
echo "$*" >> calls
[ "$1" = ask ] || exit 0
cat > asked
exit "${CODE:-0}"
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the Makefile is for systems with a POSIX shell")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks set up: make must find nothing to do before it asks."""
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    program = tmp_path / ".venv" / "bin" / "qa"
    program.parent.mkdir(parents=True)
    program.write_text(STAND_IN)
    program.chmod(0o755)
    (tmp_path / ".venv" / ".installed").touch()
    return tmp_path


def make(checkout: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    outer = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "MFLAGS", "Q")) and name != "CODE"
    }
    return subprocess.run(
        ["make", "-f", str(MAKEFILE), *arguments],
        cwd=checkout,
        env=outer | environ,
        capture_output=True,
        text=True,
        check=False,
    )


HOSTILE = [
    "What trade target did India and Russia set, and by when?",
    "It's $100, isn't it? $$ $(PATH) ${HOME} $1 $@",
    'He said "yes" and `touch harmed`; $(touch harmed) && touch harmed | tee harmed',
    "$(shell touch harmed)$(error no)$(eval X:=y)",
    "100 % # not a comment \\ \\n \\$ ~ * ? [a] {b} !",
    "two\nlines\n\tand a tab",
    "- --help -n",
    "भारत और रूस? 日本 “quoted” — naïve 🤝",
    "trailing backslash \\",
    "x" * 20_000,
]


@pytest.mark.parametrize("question", HOSTILE)
def test_the_question_arrives_as_it_was_typed(checkout: Path, question: str) -> None:
    done = make(checkout, "ask", f"Q={question}")
    assert (done.returncode, done.stderr) == (0, "")
    assert (checkout / "asked").read_text(encoding="utf-8") == question
    assert not (checkout / "harmed").exists()


@pytest.mark.parametrize("question", HOSTILE)
def test_it_may_come_from_the_environment(checkout: Path, question: str) -> None:
    assert make(checkout, "ask", Q=question).returncode == 0
    assert (checkout / "asked").read_text(encoding="utf-8") == question
    assert not (checkout / "harmed").exists()


def test_models_and_library_come_first(checkout: Path) -> None:
    make(checkout, "ask", "Q=x")
    assert (checkout / "calls").read_text().splitlines() == ["models fetch --quiet", "index --quiet", "ask -"]


def test_without_a_question_it_says_how(checkout: Path) -> None:
    done = make(checkout, "ask")
    assert 'usage: make ask Q="your question"' in done.stderr
    assert done.returncode == 2
    assert not (checkout / "asked").exists()


@pytest.mark.parametrize(("code", "made"), [("0", 0), ("3", 0), ("1", 2), ("130", 2)])
def test_unanswered_is_no_failure_of_make_and_errors_are(checkout: Path, code: str, made: int) -> None:
    assert make(checkout, "ask", "Q=x", CODE=code).returncode == made


def test_no_python_is_said_plainly(checkout: Path) -> None:
    (checkout / ".venv" / ".installed").unlink()
    shell = checkout / "bin"
    shell.mkdir()
    for tool in ("sh", "make"):
        where = next(folder for folder in os.environ["PATH"].split(os.pathsep) if (Path(folder) / tool).exists())
        (shell / tool).symlink_to(Path(where) / tool)
    done = make(checkout, "setup", PATH=str(shell))
    assert "error: no Python 3.11 or newer was found" in done.stderr
    assert "hint: install one, or name it: make PYTHON=/path/to/python3 ..." in done.stderr
    assert done.returncode == 2


def test_help_names_every_target(checkout: Path) -> None:
    listed = [line.split()[:3] for line in make(checkout).stdout.splitlines()]
    everyday = [name for make_, name, *_ in listed if make_ == "make"]
    assert everyday == [
        "help",
        "setup",
        "ask",
        "chat",
        "index",
        "test",
        "check",
        "package",
        "bench",
        "soak",
        "fuzz",
        "lock",
        "sbom",
        "licences",
        "clean",
    ]
    benches = [name for name, *_ in listed if name.startswith("bench-")]
    programs = [
        file.stem
        for file in sorted((MAKEFILE.parent / "bench").glob("*.py"))
        if f"`python -m bench.{file.stem}`" in file.read_text(encoding="utf-8")
    ]
    assert sorted(benches) == [f"bench-{name}" for name in programs]
    assert {words[1] for words in listed if words[0].startswith("bench-")} == {"Measures", "Fits"}
