"""Tries every reader, check and renderer on inputs that nobody would write: `make fuzz`.

Texts and files are put together by hypothesis from telling pieces, and bent after that; with `--engine atheris`, where
that is installed, the search is guided by what each input reaches. What must hold is in `bench/fuzzing/`: offsets,
order, idempotence, nothing hidden shown, no exception but those with a hint, and none over 2 s. Every target runs in a
process of its own. Each failure is shrunk, saved and printed; exit code 1 if there was one.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory

UNBOUNDED = 10**12


def main() -> None:
    """Share the inputs or the minutes out among the targets, run them, and print what came of each."""
    given = _options().parse_args()
    if given.one:
        _one(given)
        return
    from bench.fuzzing.targets import TARGETS

    chosen = [target for target in TARGETS if not given.targets or any(name in target.name for name in given.targets)]
    whole = sum(target.weight for target in chosen)
    given.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="vouch-fuzz-") as folder, ThreadPoolExecutor(given.jobs) as pool:
        # seconds: every target gets the same time, and its share of the inputs within that
        each = given.minutes * 60 * given.jobs / len(chosen)
        runs = [
            pool.submit(
                _process,
                given,
                target.name,
                Path(folder, str(number)),
                each,
                max(1, round(given.inputs * target.weight / whole)),
            )
            for number, target in enumerate(chosen)
        ]
        failed = [run.result() for run in runs]
    print(
        f"\ninputs in all: {sum(count for count, _ in failed):,}; targets: {len(chosen)}; seed {given.seed}; "
        f"failures: {sum(count for _, count in failed)}"
    )
    sys.exit(any(count for _, count in failed))


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("targets", nargs="*", help="parts of the names of targets (default: all)")
    options.add_argument("--minutes", type=float, default=20.0, help="of the clock, for all targets together")
    options.add_argument(
        "--inputs",
        type=int,
        default=UNBOUNDED,
        help="for all targets together, by their weights (default: as many as the minutes allow)",
    )
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 1)))
    options.add_argument("--engine", choices=("hypothesis", "atheris"), default="hypothesis")
    options.add_argument(
        "--out", type=Path, default=Path("build/fuzz"), help="where failures and what atheris has learnt are kept"
    )
    options.add_argument("--one", help=argparse.SUPPRESS)
    options.add_argument("--report", type=Path, help=argparse.SUPPRESS)
    return options


def _process(given: argparse.Namespace, name: str, report: Path, seconds: float, inputs: int) -> tuple[int, int]:
    """Run one target in a process; how many inputs it had and how many failures.

    A process that dies is a failure of its own.
    """
    arguments = [
        "--one",
        name,
        "--report",
        str(report),
        "--minutes",
        str(seconds / 60),
        "--inputs",
        str(inputs),
        "--seed",
        str(given.seed),
    ]
    arguments += ["--engine", given.engine, "--out", str(given.out)]
    with (
        (report.with_suffix(".err")).open("wb") as noise,
        Popen([sys.executable, "-m", "bench.fuzz", *arguments], stdout=noise, stderr=noise) as process,
    ):
        code = process.wait()
    try:
        told = json.loads(report.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        print(
            f"{name}: its process ended "
            f"with {code}: {report.with_suffix('.err').read_text(encoding='utf-8', errors='replace')[-2000:]}",
            flush=True,
        )
        return 0, 1
    died = code < 0 or (code != 0 and given.engine == "hypothesis")
    line = f"{name:<18} {told['inputs']:>11,} inputs {told['refused']:>10,} refused {len(told['failures']):>3} failures"
    print(
        f"{line}   slowest {told['slowest']:.2f} "
        f"s: {told['slowest_input'][:60]}{f'   ENDED WITH {code}' if died else ''}",
        flush=True,
    )
    for number, (kind, (value, stack)) in enumerate(told["failures"].items(), start=1):
        kept = given.out / f"{name.replace(' ', '-')}-{number}.txt"
        kept.write_text(f"{kind}\n\n{value}\n\n{stack}", encoding="utf-8", errors="backslashreplace")
        print(
            f"  {kind}\n    input {value[:300]}\n    {kept}; again: python -m bench.fuzz '{name}' "
            f"--seed {given.seed} --engine {given.engine}",
            flush=True,
        )
    return told["inputs"], len(told["failures"]) + died


def _one(given: argparse.Namespace) -> None:
    """Run one target in this process, and write what came of it."""
    until = time.monotonic() + given.minutes * 60
    if given.engine == "atheris":
        atheris = importlib.import_module("atheris")
        with atheris.instrument_imports(include=["qa", "index"], enable_loader_override=False):
            targets = importlib.import_module("bench.fuzzing.targets")
    else:
        targets = importlib.import_module("bench.fuzzing.targets")
    from bench.fuzzing.run import Tally, by_atheris, by_hypothesis

    def told(tally: Tally) -> None:
        new = given.report.with_suffix(".new")
        new.write_text(json.dumps(asdict(tally)), encoding="utf-8")
        new.replace(given.report)

    target = next(target for target in targets.TARGETS if target.name == given.one)
    if given.engine == "atheris":
        corpus = given.out / "corpus" / target.name.replace(" ", "-")
        corpus.mkdir(parents=True, exist_ok=True)
        by_atheris(target, until=until, first_seed=given.seed, corpus=corpus, told=told)
    else:
        told(by_hypothesis(target, inputs=given.inputs, until=until, first_seed=given.seed * 1_000_003, told=told))


if __name__ == "__main__":
    main()
