"""Does everything to the program that a machine or a person may, a thousand times, and looks for what was lost: `make soak`.

Kills at random moments, damage of every file, hostile files, full and read-only disks, runs at once. What is done is
drawn from `--seed`, and every fault can be made again by its number. Lost is what an undisturbed run has and this one
has not; a traceback is one, or an exit code that means nothing, or a process left behind. The faults of a kind are in
`bench/soaking/`. Exit code 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random

from bench.soaking import damaging, disks, hostile, kills, real, serving, together
from bench.soaking.fault import Kind, Outcome, Unfit
from bench.soaking.forked import warm

KINDS: tuple[Kind, ...] = (
    *kills.KINDS,
    *serving.KINDS,
    *real.KINDS,
    *damaging.KINDS,
    *hostile.KINDS,
    *disks.KINDS,
    *together.KINDS,
)
UNBOUNDED = 10**9


def main() -> None:
    """Soak for as long as was asked for, print the table, and say by the exit code whether anything was lost."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=55.0)
    options.add_argument("--faults", type=int, default=UNBOUNDED, help="how many at most")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=max(1, os.cpu_count() or 1))
    options.add_argument("--kind", action="append", help="only this kind of fault; may be repeated")
    options.add_argument("--fault", type=int, help="make this fault again, and no other")
    given = options.parse_args()
    chosen = [kind for kind in KINDS if not given.kind or kind.name in given.kind]
    if not chosen:
        options.error(f"the kinds are: {', '.join(kind.name for kind in KINDS)}")
    numbers = range(given.fault, given.fault + 1) if given.fault is not None else range(given.faults)
    sys.exit(
        bool(
            soak(
                chosen,
                numbers,
                seed=given.seed,
                seconds=given.minutes * 60,
                jobs=1 if given.fault is not None else given.jobs,
            )
        )
    )


def soak(kinds: Sequence[Kind], numbers: range, *, seed: int, seconds: float, jobs: int) -> int:
    """Make the faults with these numbers, as far as time allows; how many lost something or ended badly.

    Prints each of those, and the table.
    """
    until = time.monotonic() + seconds
    warm()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="vouch-soak-", dir=memory if memory.is_dir() else None, ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        wanted = _drawn(kinds, numbers, seed)
        prepare(
            kinds if len(numbers) > len(kinds) else [kind for kind in kinds if kind in wanted.values()], folder, seed
        )
        for worker in range(jobs):
            if os.fork() == 0:
                _work(kinds, numbers[worker::jobs], folder, seed, until, folder / f"{worker}.jsonl")
        for _ in range(jobs):
            os.wait()
        told = [
            json.loads(line)
            for file in sorted(folder.glob("*.jsonl"))
            for line in file.read_text(encoding="utf-8").splitlines()
        ]
    return table(kinds, told)


def prepare(kinds: Sequence[Kind], folder: Path, seed: int) -> None:
    """Make what the faults of these kinds begin from."""
    for kind in kinds:
        _place(folder, kind).mkdir(parents=True)
        kind.prepared(Random(f"{seed}:{kind.name}"), _place(folder, kind))


def fault(kind: Kind, number: int, folder: Path, seed: int) -> Outcome:
    """Make one fault, from what was prepared in `folder`. Raises `Unfit`."""
    place = folder / f"fault-{number}"
    place.mkdir()
    try:
        return kind.cause(Random(f"{seed}:{number}"), _place(folder, kind), place)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _place(folder: Path, kind: Kind) -> Path:
    return folder / "prepared" / kind.name.replace(" ", "-").replace(",", "")


def drawn(kinds: Sequence[Kind], number: int, seed: int) -> Kind:
    """The kind of the fault with this number."""
    return Random(f"{seed}:{number}:kind").choices(kinds, [kind.weight for kind in kinds])[0]


def _drawn(kinds: Sequence[Kind], numbers: range, seed: int) -> dict[int, Kind]:
    return {number: drawn(kinds, number, seed) for number in numbers[: len(kinds)]}


def _work(kinds: Sequence[Kind], numbers: range, folder: Path, seed: int, until: float, report: Path) -> None:
    """Make these faults in a process of its own, which ends here, and write what came of each."""
    unfit: dict[str, str] = {}
    with report.open("w", encoding="utf-8") as out:
        for number in numbers:
            if time.monotonic() > until:
                break
            kind = drawn(kinds, number, seed)
            if kind.name in unfit:
                continue
            try:
                came = fault(kind, number, folder, seed)
            except Unfit as error:
                unfit[kind.name] = str(error)
                out.write(json.dumps({"kind": kind.name, "unfit": str(error)}) + "\n")
                continue
            except Exception:  # noqa: BLE001 (of this program: no fault may end the others)
                came = Outcome("the soak itself failed", traceback.format_exc()[-2000:])
            if came.lost is not None or came.traceback is not None:
                only = "".join(f" --kind '{each.name}'" for each in kinds) if len(kinds) < len(KINDS) else ""
                said = [
                    f"{kind.name}: {came.done}",
                    *(
                        f"  {what}: {text}"
                        for what, text in (("lost", came.lost), ("traceback", came.traceback))
                        if text
                    ),
                ]
                sys.stdout.write(
                    "\n".join([*said, f"  again: python -m bench.soak --seed {seed} --fault {number}{only}", ""])
                )
                sys.stdout.flush()
            out.write(json.dumps({"kind": kind.name} | asdict(came)) + "\n")
            out.flush()
    os._exit(0)


def table(kinds: Sequence[Kind], told: Sequence[dict[str, str | None]]) -> int:
    """Print what came of every kind; how many faults lost something or ended badly."""
    print(f"\n{'fault kind':<20}{'tried':>7}{'lost':>7}{'traceback':>11}")
    tried_all = lost_all = traced_all = bad = 0
    for kind in kinds:
        of_kind = [each for each in told if each["kind"] == kind.name]
        tried = [each for each in of_kind if "unfit" not in each]
        lost, traced = (sum(each[what] is not None for each in tried) for what in ("lost", "traceback"))
        why = next((f"   skipped: {each['unfit']}" for each in of_kind if "unfit" in each), "")
        print(f"{kind.name:<20}{len(tried):>7}{lost:>7}{traced:>11}{why}")
        tried_all, lost_all, traced_all = tried_all + len(tried), lost_all + lost, traced_all + traced
        bad += sum(each["lost"] is not None or each["traceback"] is not None for each in tried)
    print(f"{'in all':<20}{tried_all:>7}{lost_all:>7}{traced_all:>11}")
    return bad


if __name__ == "__main__":
    main()
