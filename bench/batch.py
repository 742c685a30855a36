"""Measures what a batch gains over asking one by one: `python -m bench.batch`.

The same questions over the seeds, with the real models, three ways: a process of `qa ask` each; one program that is
warm, one call each; `qa batch`. Each way starts cold, with its own process where it needs one, and is timed from
outside: by the clock, and by the processor time of its processes, which other work on the machine does not lengthen.
Answers are compared: all three have to be the same.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.program import QA, environment, index_seeds

QUESTIONS = (
    "What trade target did India and Russia set, and by when?",
    "Which plant is the model for additional nuclear power plants in India?",
    "What is the Northern Sea Route expected to do for trade?",
    "Who won the football world cup in 1998?",
    "What law threatens sanctions on buyers of Russian weapons?",
    "How much Russian oil does India import?",
    "Which free trade agreement is being negotiated?",
    "What did the two leaders say about Ukraine?",
)
WARM = """
import json, sys
from qa.answering.answer import answer
from qa.commands.asking import opened
from qa.commands.session import Session
from qa.render.json import to_object
session = Session()
settings = session.settings()
with opened(settings) as library:
    assistant = session.assistant(settings, library)
    for question in json.load(sys.stdin):
        print(json.dumps(to_object(answer(question, assistant))), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask: its answers without what may differ, and how long it took."""

    name: str
    answers: tuple[str, ...]
    seconds: float
    processor: float  # seconds, of all cores together


def main() -> None:
    """Ask in each way and print how long it took."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--questions",
        type=int,
        default=4,
        metavar="N",
        help="how many questions; more than there are, and they come again with a number",
    )
    count = options.parse_args().questions
    questions = [
        QUESTIONS[n % len(QUESTIONS)] + (f" ({n // len(QUESTIONS) + 1})" if n >= len(QUESTIONS) else "")
        for n in range(count)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index_seeds(folder)
        ways = [
            _timed(
                "qa ask, a process each",
                lambda: [_run(folder, *QA, "ask", question, "--json") for question in questions],
            ),
            _timed(
                "one by one, warm",
                lambda: _run(folder, sys.executable, "-c", WARM, stdin=json.dumps(questions)).splitlines(),
            ),
            _timed("qa batch", lambda: _batch(folder, questions)),
        ]
    print(table(ways, count), end="")


def table(ways: Sequence[Way], count: int) -> str:
    """The ways with their times; the last is the one that the others are compared with."""
    batch = ways[-1]
    lines = [f"{count} questions over the seeds, {os.cpu_count()} processors"]
    lines += [
        f"{way.name:24}{way.seconds:8.1f} s ({way.seconds / batch.seconds:.2f} × the batch), of "
        f"processors {way.processor:.1f} s"
        f" ({way.processor / batch.processor:.2f} ×)"
        for way in ways
    ]
    same = all(way.answers == batch.answers for way in ways)
    return "\n".join([*lines, "the answers are the same" if same else "THE ANSWERS DIFFER"]) + "\n"


def _batch(folder: Path, questions: Sequence[str]) -> list[str]:
    (folder / "questions.txt").write_text("".join(f"{question}\n" for question in questions), encoding="utf-8")
    _run(folder, *QA, "batch", "questions.txt", "-o", "answers.jsonl")
    return (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()


def _timed(name: str, ask: Callable[[], Sequence[str]]) -> Way:
    began, before = time.perf_counter(), os.times()
    found = ask()
    seconds, after = time.perf_counter() - began, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Way(name, tuple(_timeless(json.loads(line)) for line in found), seconds, processor)


def _timeless(answer: dict[str, Any]) -> str:
    return json.dumps(
        {key: value for key, value in answer.items() if key not in ("timings_ms", "id", "row")}, sort_keys=True
    )


def _run(folder: Path, *command: str, stdin: str = "") -> str:
    """What a command prints; exit code 3 means that the articles do not answer, which is an answer too."""
    done = subprocess.run(
        command, cwd=folder, env=environment(), input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command[:4])} ended with {done.returncode}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
