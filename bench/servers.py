"""Measures answers through servers.

Real ones, started here or named, and a scripted one for faults and for `qa batch --jobs`: `python -m bench.servers`.

Without arguments: each fault of the scripted server, with the line that a person gets, and 100 questions with a fixed
wait for each reply at `--jobs 1` and 4. `--run llama.cpp` starts the server of llama.cpp with the weights of `--model`,
a model of this disk, `--run transformers` that of transformers; `--engine ADDRESS --model NAME` takes one that is
running (Ollama, vLLM …). Either is asked the questions with known answers of `--file` over the seeds; printed are what is
right, refused and wrong, and the seconds, beside the same model of this disk (`--beside NAME`), and every answer that
differs. `--jobs` asks a batch one by one and four at once; `--kill` kills the server in mid-answer.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.beside import asked, differences
from bench.program import ASKED, QA, SEEDS, environment, index_seeds
from bench.scripted import MODEL, Fault, scripted
from bench.serving import PACKAGES, Running, running
from qa.commands.session import Session
from qa.models.resolve import resolve

ROOT = Path(__file__).resolve().parent.parent
KILLED = 3  # requests that it has begun when it is killed: the first only asks whether it tells probabilities
NAME = re.compile(r"(?:[A-Z][a-z]+ ){1,3}[A-Z][a-z]+")
SHOWN = ("status", "answer", "citations")
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
    options.add_argument("--run", choices=list(PACKAGES), help="start this server, with a model of this disk")
    options.add_argument("--engine", help="the address of a running server")
    options.add_argument("--model", help="what it calls the model; with --run a model of this disk, else the default")
    options.add_argument(
        "--file",
        type=Path,
        default=ROOT.parent / "shared" / "eval" / "seed_questions.jsonl",
        help="questions with expected answers",
    )
    options.add_argument("--threads", type=int, default=os.cpu_count(), help="of the server that --run starts")
    options.add_argument("--questions", type=int, help="so many of them, evenly spaced")
    options.add_argument("--beside", metavar="NAME", help="a model of this disk whose answers are compared")
    options.add_argument("--kill", action="store_true", help="with --run llama.cpp: kill it in mid-answer, and no more")
    options.add_argument("--jobs", action="store_true", help="only a batch, one by one and four at once")
    options.add_argument("--batch", type=int, default=100, help="questions of the batch; 0: none")
    options.add_argument("--wait", type=float, default=WAIT, help="seconds before each of its replies")
    options.add_argument(
        "--faults", nargs="*", choices=[name for name, *_ in FAULTS], default=[name for name, *_ in FAULTS]
    )
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        index_seeds(folder)
        if given.run:
            _run(folder, given)
            return
        if given.engine:
            _real(folder, given.engine, given.model, given)
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


def _asked(folder: Path, address: str, model: str = MODEL) -> str:
    """What a person is told, the exit code, and how long it took."""
    began = time.perf_counter()
    done = subprocess.run(
        [*QA, "ask", ASKED, "--engine", address, "--model", model],
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
    told = [
        f"{len(questions)} questions: --jobs 1 {seconds[1]:.1f} s, --jobs 4 {seconds[4]:.1f} s, "
        f"ratio {seconds[1] / seconds[4]:.2f}; {_compared(answers[1], answers[4])}"
    ]
    for one, other in zip(answers[1], answers[4], strict=True):
        if differing := sorted(field for field in one if one[field] != other.get(field)):
            told.append(f"  {one.get('question')}: other {', '.join(differing)}")
    return "\n".join(told)


def _compared(ones: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]) -> str:
    """How many answers are the same to the byte, and how many at least in what is shown of them."""
    pairs = list(zip(ones, others, strict=True))
    shown = sum(all(one.get(field) == other.get(field) for field in SHOWN) for one, other in pairs)
    same = sum(one == other for one, other in pairs)
    return f"{same} of {len(pairs)} answers are the same, {shown} in status, words and quotes"


def _run(folder: Path, given: argparse.Namespace) -> None:
    """A server of others with a model of this disk, asked while it runs."""
    settings = Session(cwd=folder).settings(model=given.model)
    here = resolve(settings.model, "answer", settings.models)
    with running(given.run, here, folder, threads=given.threads, slots=4 if given.jobs else 1) as server:
        if given.kill:
            print(f"{given.run} killed in mid-answer: {_killed(folder, server)}")
            return
        given.beside = here.name
        _real(folder, server.address, server.model, given)


def _killed(folder: Path, server: Running) -> str:
    """What a person is told whose server is killed while it works."""
    with ThreadPoolExecutor(1) as asking:
        told = asking.submit(_asked, folder, server.address, server.model)
        while not told.done() and server.log.read_bytes().count(b"processing task") < KILLED:
            time.sleep(0.05)
        server.kill()
        return told.result()


def _real(folder: Path, address: str, name: str, given: argparse.Namespace) -> None:
    """The questions of a file through a server, and beside it through the model of this disk; or a batch."""
    lines = [line for line in given.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    if given.jobs:
        print(_batches(folder, _many(lines, given.batch), "--engine", address, "--model", name))
        return
    count = min(given.questions or len(lines), len(lines))
    file = folder / "expected.jsonl"
    file.write_text("".join(f"{lines[place * len(lines) // count]}\n" for place in range(count)), encoding="utf-8")
    session = Session(cwd=folder)
    settings = session.settings(model=name, engine=address)
    embedder, model = session.loaders.embedder(settings), session.loaders.model(settings)
    served = asked(file, settings, embedder, model, model.name)
    print(served.summary(), flush=True)
    if given.beside:
        settings = session.settings(model=given.beside)
        model = session.loaders.model(settings)
        for called, blind in ((f"{model.name}, told as little", True), (model.name, False)):
            own = asked(file, settings, embedder, model, called, blind=blind)
            print(own.summary(), *differences(served, own), sep="\n", flush=True)


def _many(lines: Sequence[str], count: int) -> list[str]:
    """So many questions over the seeds: those of the file, then what is said of each name, the most frequent first."""
    own = [json.loads(line)["question"] for line in lines]
    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted(SEEDS.glob("*.txt")))
    return [*own, *(f"What is said of {name}?" for name, _ in Counter(NAME.findall(text)).most_common())][:count]


def _timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in answer.items() if field != "timings_ms"}


if __name__ == "__main__":
    main()
