"""One fault: what is done to the program, and what came of it. Knows nothing of how many there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.soaking.process import Ended


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a fault: `lost` says what an undisturbed run has and this one has not, `traceback` how a run ended as none should; `None` for neither."""

    done: str
    lost: str | None = None
    traceback: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault.

    `prepared` makes what all its faults begin from, in a folder of its own; `cause` makes one fault in another.

    `weight` is its share of the faults. `cause` raises `Unfit` where the machine cannot do this.
    """

    name: str
    cause: Callable[[Random, Path, Path], Outcome]  # randomness, what was prepared, an empty folder
    prepared: Callable[[Random, Path], None]
    weight: float = 1.0


class Unfit(Exception):  # noqa: N818 (no error: this machine cannot be asked)
    """The machine cannot do that to the program; the message says why."""


def outcome(done: str, lost: str | None, *runs: Ended) -> Outcome:
    """The outcome of a fault after which these runs ended."""
    bad = next((run for run in runs if not run.clean), None)
    said = (
        None
        if bad is None
        else f"code {bad.code}, left behind: {', '.join(bad.orphans) or 'nothing'}; {bad.err[-1500:]}"
    )
    return Outcome(done, lost, said)


def differs(found: object, expected: object, what: str) -> str | None:
    """None where both are equal, else how they differ, in few words."""
    if found == expected:
        return None
    if isinstance(found, dict) and isinstance(expected, dict):
        names = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
        told = [f"{name}: {str(found.get(name))[:150]} for {str(expected.get(name))[:150]}" for name in names[:2]]
        return f"{what}: {'; '.join(told)}"
    return f"{what}: {str(found)[:200]} for {str(expected)[:200]}"


def failed(run: Ended, what: str) -> str | None:
    """None where a run that should have succeeded did."""
    return None if run.code == 0 else f"{what} ended with {run.code}: {run.err.strip()[-400:]}"
