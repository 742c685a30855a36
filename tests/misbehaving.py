"""Functions that do what the parsers of damaged files do, to be called in a process of their own."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from index.errors import SourceError


def doubled(number: int) -> tuple[int, int]:
    """A result, and the process that it comes from."""
    return 2 * number, os.getpid()


def refuses() -> None:
    raise SourceError("a.pdf is only a scan", "ocrmypdf a.pdf")


def raises(name: str) -> None:
    kinds: dict[str, BaseException] = {
        "assertion": AssertionError(), "recursion": RecursionError(), "attribute": AttributeError("x\ny"), "os": OSError(5, "no"), "stop": StopIteration(),
        "exit": SystemExit(3), "interrupt": KeyboardInterrupt(), "memory": MemoryError(), "warning": DeprecationWarning("old"),
    }  # fmt: skip
    raise kinds[name]


def crashes() -> None:
    os.abort()


def hangs(note: Path | None = None) -> None:
    if note is not None:
        note.write_text(str(os.getpid()), encoding="ascii")
    time.sleep(600)


def works_forever() -> None:
    while True:
        pass


def grows() -> int:
    held = []
    while True:
        held.append(bytearray(50_000_000))


def chatters() -> str:
    print("a line that is no reply")
    print("another", file=sys.stderr)
    os.write(1, b"\x80\x04 no pickle either")
    return "done"


def recurses() -> None:
    recurses()


def returns_a_function() -> object:
    return lambda: None
