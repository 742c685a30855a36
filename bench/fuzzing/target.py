"""What is fuzzed: a kind of input and what must hold of it. Knows nothing of how often, or of who drives it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True)
class Target:
    """`check` raises where an input breaks a promise; an error of the family in `index/errors.py` is an answer, not a failure.

    `weight` is the share of the inputs that it gets beside the others: what is cheap takes the bulk.
    """

    name: str
    inputs: SearchStrategy[Any]
    check: Callable[[Any], None]
    weight: float = 1.0


def held(holds: bool, promise: str) -> None:
    """Raise `AssertionError`, naming the promise, unless it holds."""
    if not holds:
        raise AssertionError(promise)


@cache
def scratch() -> Path:
    """A folder of this process's own for inputs that must be files: in memory where the system has such a place."""
    memory = Path("/dev/shm")
    folder = tempfile.TemporaryDirectory(prefix="vouch-fuzz-", dir=memory if memory.is_dir() else None)
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []  # removed when the process ends
