"""What is fuzzed: a kind of input and what must hold of it. Knows nothing of how often, or of who drives it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from hypothesis.strategies import SearchStrategy

from index.errors import SourceError
from index.isolated import Isolated
from index.limits import Limits
from index.records import Metadata

T = TypeVar("T")
LIMITS = Limits(seconds=30)
ELSEWHERE = [0.0]  # seconds of processor time that processes other than this one have taken for inputs


@dataclass(frozen=True, slots=True)
class Target:
    """`check` raises where an input breaks a promise.

    An error of the family in `index/errors.py` is an answer, not a failure.

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


def one_line(metadata: Metadata) -> None:
    """Raise `AssertionError` unless every value that is known is one line of text, without white space around it."""
    for field in fields(metadata):
        value = getattr(metadata, field.name)
        held(
            value is None or (value == " ".join(value.split()) and value != ""),
            f"{field.name} is one line that says something",
        )


@cache
def scratch() -> Path:
    """A folder of this process's own for inputs that must be files: in memory where the system has such a place."""
    memory = Path("/dev/shm")
    folder = tempfile.TemporaryDirectory(prefix="vouch-fuzz-", dir=memory if memory.is_dir() else None)
    _KEPT.append(folder)
    return Path(folder.name)


def apart(name: str, function: Callable[..., T], *arguments: object) -> T:
    """`function(*arguments)` in the process in which the program reads what may be hostile.

    Its time counts as this input's.
    """
    try:
        result, seconds = _isolated().call(name, _timed, function, *arguments)
    except SourceError as error:
        held("takes more than" not in error.message and "needs more than" not in error.message, error.message)
        raise
    ELSEWHERE[0] += seconds
    return cast(T, result)


def _timed(function: Callable[..., object], *arguments: object) -> tuple[object, float]:
    began = time.process_time()
    return function(*arguments), time.process_time() - began


@cache
def _isolated() -> Isolated:
    return Isolated(LIMITS)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []  # removed when the process ends
