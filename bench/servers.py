"""Measures answers through servers.

Real ones that are named, and a scripted one for faults and for `qa batch --jobs`: `python -m bench.servers`.

Without arguments: each fault of the scripted server, with the line that a person gets, and 100 questions with a fixed
wait for each reply at `--jobs 1` and 4. `--engine ADDRESS --model NAME` asks a server that is running (llama-server,
`transformers serve`, Ollama …) the questions with known answers of `--file` over the seeds, and prints what is right,
refused and wrong, and the seconds; `--beside NAME` asks the same of a model of this disk, and says which answers
differ; `--jobs` asks them as a batch, one by one and four at once.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.program import ASKED, QA, environment, index_seeds
from bench.scripted import MODEL, Fault, scripted

ROOT = Path(__file__).resolve().parent.parent
WAIT = 0.2  # seconds before each reply of the scripted server: about what a small model takes for a Yes or No
# after so many requests that go well: the first only says whether the server tells probabilities
FAULTS: tuple[tuple[Fault, str, int], ...] = (
    ("killed", "killed in mid-answer", 2),
    ("nonsense", "answers nonsense", 1),
    ("short context", "context runs out", 1),
    ("busy", "stays busy", 1),
    ("hung", "hangs", 2),
)


def main() -> None:
    """Run what was asked for and print it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--engine", help="the address of a running server")
    options.add_argument("--model", help="what it calls the model")
    options.add_argument(
        "--file",
        type=Path,
        default=ROOT.parent / "shared" / "eval" / "seed_questions.jsonl",
        help="questions with expected answers",
    )
    options.add_argument("--questions", type=int, help="so many of them, evenly spaced")
    options.add_argument("--beside", metavar="NAME", help="a model of this disk whose answers are compared")
    options.add_argument("--jobs", action="store_true", help="also as a batch, one by one and four at once")
    options.add_argument(
        "--batch", type=int, default=100, help="questions of the batch against the scripted server; 0: none"
    )
    options.add_argument("--wait", type=float, default=WAIT, help="seconds before each of its replies")
    options.add_argument(
        "--faults", nargs="*", choices=[name for name, *_ in FAULTS], default=[name for name, *_ in FAULTS]
    )
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        index_seeds(folder)
        if given.engine:
            _real(folder, given)
            return
        for fault, what, well in FAULTS:
            if fault in given.faults:
                with scripted(wait=0.0, fault=fault, well=well) as server:
                    print(f"{what}: {_asked(folder, server.address)}", flush=True)
        if given.batch:
            numbered = [f"{ASKED} ({number})" for number in range(1, given.batch + 1)]
            with scripted(wait=given.wait) as server:
                print(f"scripted server, {given.wait} s before each reply")
                print(_batches(folder, numbered, "--engine", server.address, "--model", MODEL))
                print(f"{server.asked} requests, at most {server.at_once} at once")


def _asked(folder: Path, address: str) -> str:
    """What a person is told, the exit code, and how long it took."""
    began = time.perf_counter()
    done = subprocess.run(
        [*QA, "ask", ASKED, "--engine", address, "--model", MODEL],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    said = " | ".join(line.strip() for line in done.stderr.splitlines()).replace(address, "ADDRESS")
    return (
        f"exit code {done.returncode} after {time.perf_counter() - began:.1f} s: {said or done.stdout.splitlines()[0]}"
    )


def _batches(folder: Path, questions: Sequence[str], *flags: str) -> str:
    """The same questions one by one and four at once: the times, their ratio, and whether the answers are the same."""
    (folder / "questions.txt").write_text("".join(f"{question}\n" for question in questions), encoding="utf-8")
    seconds, answers = {}, {}
    for jobs in (1, 4):
        out = folder / f"jobs{jobs}.jsonl"
        began = time.perf_counter()
        done = subprocess.run(
            [*QA, "batch", "questions.txt", "-o", out.name, "--jobs", str(jobs), *flags],
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        seconds[jobs] = time.perf_counter() - began
        if done.returncode != 0:
            raise SystemExit(f"qa batch ended with {done.returncode}: {done.stderr}")
        answers[jobs] = [_timeless(json.loads(line)) for line in out.read_text(encoding="utf-8").splitlines()]
    same = sum(one == other for one, other in zip(answers[1], answers[4], strict=True))
    return (
        f"{len(questions)} questions: --jobs 1 {seconds[1]:.1f} s, --jobs 4 {seconds[4]:.1f} s, "
        f"ratio {seconds[1] / seconds[4]:.2f};"
        f" {same} of {len(questions)} answers are the same"
    )


def _real(folder: Path, given: argparse.Namespace) -> None:
    lines = [line for line in given.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    count = min(given.questions or len(lines), len(lines))
    chosen = [lines[place * len(lines) // count] for place in range(count)]
    (folder / "expected.jsonl").write_text("\n".join(chosen) + "\n", encoding="utf-8")
    flags = ("--engine", given.engine, "--model", given.model)
    rows = _scored(folder, given.model, *flags)
    if given.beside:
        own = _scored(folder, f"{given.beside}, of this disk", "--model", given.beside)
        same = [one["answer"]["answer"] == other["answer"]["answer"] for one, other in zip(rows, own, strict=True)]
        print(f"{sum(same)} of {len(same)} answers are the same, letter for letter")
        for one, other in [
            pair for pair, is_same in zip(zip(rows, own, strict=True), same, strict=True) if not is_same
        ]:
            print(f"  {one['answer']['question']}\n    {one['answer']['answer']}\n    {other['answer']['answer']}")
    if given.jobs:
        print(_batches(folder, [json.loads(line)["question"] for line in chosen], *flags))


def _scored(folder: Path, name: str, *flags: str) -> list[dict[str, Any]]:
    """The rows of `qa eval`, their figures printed."""
    done = subprocess.run(
        [*QA, "eval", "expected.jsonl", "--json", *flags],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"qa eval ended with {done.returncode}: {done.stdout}{done.stderr}")
    rows: list[dict[str, Any]] = json.loads(done.stdout)["questions"]
    counts = ", ".join(
        f"{verdict} {sum(row['verdict'] == verdict for row in rows)}" for verdict in ("right", "refused", "wrong")
    )
    told = rows[0]["answer"]["provenance"]["model"]
    print(
        f"{name} ({told}): {len(rows)} questions, {counts}; "
        f"median {statistics.median(row['seconds'] for row in rows):.1f} s",
        flush=True,
    )
    return rows


def _timeless(answer: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in answer.items() if key != "timings_ms"}, sort_keys=True)


if __name__ == "__main__":
    main()
