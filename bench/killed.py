"""Measures that a batch survives being killed: `python -m bench.killed`.

A hundred questions over the seeds, with the real models: those of the seed file, the rest of SQuAD 2, which the seeds
do not answer. Once without a break; once killed five times (SIGKILL, at random moments) and started again with the same
command. Every question has to be answered, none put twice, and the output to be the same to the byte, timings aside.
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import data
from bench.program import QA, environment, index_seeds

ASKED = "questions.txt"


def main() -> None:
    """Run both and compare."""
    options = data.options(__doc__)
    options.add_argument("--questions", type=int, default=100)
    options.add_argument("--kills", type=int, default=5)
    given = options.parse_args()
    questions = _questions(data.folder(given.data), given.questions)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / ASKED).write_text("".join(f"{question}\n" for question in questions), encoding="utf-8")
        index_seeds(folder)
        began = time.perf_counter()
        said = _finish(folder, "whole.jsonl")
        seconds = time.perf_counter() - began
        print(f"{len(questions)} questions without a break: {seconds:.0f} s; {said}", flush=True)
        kept = _killed(folder, "killed.jsonl", given.kills, seconds)
        print(
            f"killed {given.kills} times, after {', '.join(map(str, kept))} answers; "
            f"then: {_finish(folder, 'killed.jsonl')}"
        )
        whole, killed = (_timeless(folder / name) for name in ("whole.jsonl", "killed.jsonl"))
    identifiers = [json.loads(line)["id"] for line in killed]
    print(
        f"answers {len(killed)}, different "
        f"rows {len(set(identifiers))}; {'the same bytes' if whole == killed else 'THEY DIFFER'}, timings aside"
    )


def _questions(folder: Path, count: int) -> list[str]:
    seeds = [
        json.loads(line)["question"]
        for line in (folder.parent / "eval" / "seed_questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    others = [asked.question for asked in data.squad(folder, count, seed=1)[1]]
    chosen = list(dict.fromkeys([*seeds, *(question for question in others if "\n" not in question)]))[:count]
    random.Random(1).shuffle(chosen)
    return chosen


def _killed(folder: Path, output: str, kills: int, seconds: float) -> list[int]:
    """Start the batch and kill it, again and again; the answers that were on disk at each kill."""
    moments = random.Random(2)
    kept = []
    for _ in range(kills):
        with subprocess.Popen(
            [*QA, "batch", ASKED, "-o", output], cwd=folder, env=environment(), stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(moments.uniform(0.05, 0.25) * seconds)
            process.kill()
        kept.append(len((folder / output).read_bytes().splitlines()) if (folder / output).exists() else 0)
    return kept


def _finish(folder: Path, output: str) -> str:
    done = subprocess.run(
        [*QA, "batch", ASKED, "-o", output], cwd=folder, env=environment(), capture_output=True, text=True, check=True
    )
    return done.stderr.strip().splitlines()[-1]


def _timeless(file: Path) -> Sequence[str]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [json.dumps({key: value for key, value in row.items() if key != "timings_ms"}) for row in rows]


if __name__ == "__main__":
    main()
