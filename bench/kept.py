"""Results that took a model's time, kept in bench/results/ until what made them changes.

Takes what a result depends on, and how to make it; returns the result.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
# and the files of qa/ itself: the rest shows answers, and makes none
ANSWERING = ("index", "qa/answering", "qa/models")
WRITTEN = "guarantee.toml"  # by a bench, of results: it gives no answer, and would have to be made again by itself

Row = dict[str, Any]


class Kept:
    """The results of one file."""

    def __init__(self, name: str) -> None:
        self._file = RESULTS / f"{name}.jsonl"
        lines = self._file.read_text(encoding="utf-8").splitlines() if self._file.exists() else []
        self._rows: dict[str, Row] = {row["key"]: row for row in map(json.loads, filter(str.strip, lines))}

    def once(self, identity: object, make: Callable[[], Row]) -> Row:
        """The result for `identity`, anything that JSON can write, made now if it is not there."""
        key = hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:24]
        if key not in self._rows:
            self._rows[key] = {"key": key} | make()
            self._file.parent.mkdir(exist_ok=True)
            with self._file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(self._rows[key], ensure_ascii=False) + "\n")
            print(f"\r{len(self._rows)} results kept", end="", file=sys.stderr, flush=True)
        return self._rows[key]


def code() -> str:
    """The program that answers, as one hash."""
    files = [*(ROOT / "qa").glob("*"), *(file for folder in ANSWERING for file in (ROOT / folder).rglob("*"))]
    digest = hashlib.sha256()
    for file in sorted(files):
        if file.suffix in (".py", ".toml") and file.name != WRITTEN:
            digest.update(file.read_bytes())
    return digest.hexdigest()
