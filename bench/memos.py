"""Measures what a memo costs, one format or four, first or again: `python -m bench.memos`.

A plan of eight questions over the seeds, with the real models, each run a process of its own: four formats from one
run; four runs of one format each with `--fresh`, which is what four runs cost before answers were kept; and the first
command again, whose answers are kept. What a process costs before it has anything to do is told by `qa memo -n`, which
prints the plan. Timed from outside, by the clock and by the processor time of its processes, which other work on the
machine does not lengthen. The files have to be the same bytes each time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.program import QA, ROOT, environment, index_seeds

FORMATS = ("md", "html", "docx", "pdf")
QUESTIONS = 8
DATE = "2025-12-12"


@dataclass(frozen=True, slots=True)
class Run:
    """What was done, and how long it took."""

    name: str
    seconds: float
    processor: float  # seconds, of all cores together


def main() -> None:
    """Write the memo in each way and print how long it took."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--questions", type=int, default=QUESTIONS, metavar="N", help="only so many of the eight")
    count = options.parse_args().questions
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index_seeds(folder)
        plan = _plan(folder, count)
        together = tuple(word for form in FORMATS for word in ("-o", f"memo.{form}"))
        runs = [_timed("four formats from one run", lambda: _memo(folder, plan, *together))]
        first = _written(folder)
        singly = [
            _timed(form, lambda form=form: _memo(folder, plan, "-o", f"memo.{form}", "--fresh"))  # type: ignore[misc]
            for form in FORMATS
        ]
        runs.append(
            Run(
                "four runs with --fresh, a format each",
                sum(run.seconds for run in singly),
                sum(run.processor for run in singly),
            )
        )
        same = _written(folder) == first
        again = _timed("four formats again", lambda: _memo(folder, plan, *together))
        start = _timed("the plan alone (start-up)", lambda: _memo(folder, plan, "-n"))
        runs += [
            again,
            start,
            Run("again, after start-up", again.seconds - start.seconds, again.processor - start.processor),
        ]
        runs += _each_again(folder, plan, start)
        print(table(runs, count, same=same and _written(folder) == first), end="")


def table(runs: list[Run], count: int, *, same: bool) -> str:
    """The runs with their times."""
    lines = [
        f"{count} questions over the seeds, {os.cpu_count()} processors{'':9}{'by the clock':>14}{'computing':>12}"
    ]
    lines += [f"{run.name:44}{run.seconds:14.2f} s{run.processor:10.2f} s" for run in runs]
    return "\n".join([*lines, "the files are the same bytes each time" if same else "THE FILES DIFFER"]) + "\n"


def _each_again(folder: Path, plan: Path, start: Run) -> list[Run]:
    """One format from kept answers, after start-up: what each adds."""
    found = [_timed(form, lambda form=form: _memo(folder, plan, "-o", f"memo.{form}")) for form in FORMATS]  # type: ignore[misc]
    return [
        Run(f"  {run.name} alone, after start-up", run.seconds - start.seconds, run.processor - start.processor)
        for run in found
    ]


def _plan(folder: Path, count: int) -> Path:
    """The plan of docs/examples/summit.md, as far as its first questions."""
    lines, asked = [], 0
    for line in (ROOT / "docs" / "examples" / "summit.md").read_text(encoding="utf-8").splitlines():
        asked += line.startswith("- ")
        if asked <= count:
            lines.append(line)
    plan = folder / "plan.md"
    plan.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return plan


def _written(folder: Path) -> dict[str, bytes]:
    return {form: (folder / f"memo.{form}").read_bytes() for form in FORMATS}


def _memo(folder: Path, plan: Path, *options: str) -> None:
    kept = {name: value for name, value in environment().items() if name != "QA_KEPT_MB"}
    done = subprocess.run(
        [*QA, "memo", plan.name, "--date", DATE, "--force", *options],
        cwd=folder,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"qa memo {' '.join(options)} ended with {done.returncode}: {done.stderr}")


def _timed(name: str, run: Callable[[], None]) -> Run:
    began, before = time.perf_counter(), os.times()
    run()
    seconds, after = time.perf_counter() - began, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(name, seconds, processor)


if __name__ == "__main__":
    main()
