"""Keep the judgements on an unfinished draft beside its output, so that an interruption loses none.

One a line, with a digest of everything it depends on: the sentence, the library, the embedder, the way of judging and
the filter. A line that was cut short is ignored.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qa.citing.records import Judged, Otherwise, Said
from qa.memo.errors import MemoError
from qa.memo.journal import append
from qa.records import Quote


def beside(output: Path) -> Path:
    """The journal of the draft that is to become `output`."""
    return output.with_name(f".{output.name}.cited.jsonl")


def judged(
    said: Sequence[Said],
    judge: Callable[[Said], Judged],
    journal: Path | None,
    *,
    provenance: str,
    report: Callable[[int], None],
) -> tuple[tuple[Judged, ...], int]:
    """A judgement of each sentence: the journal's where it has one, else a new one, on the disk before the next.

    And how many were the journal's.

    `provenance` names whatever else a judgement depends on. `report` gets how many are done. Raises MemoError where the
    journal cannot be read or written.
    """
    held = {} if journal is None else _kept(journal)
    known = len(held)
    found: dict[str, Judged] = {}
    made, used = [], 0
    for done, one in enumerate(said):
        report(done)
        key = hashlib.sha256(json.dumps([provenance, asdict(one)]).encode()).hexdigest()
        if key in held:
            used += key not in found and known > 0
            found[key] = held[key]
        elif key not in found:
            found[key] = judge(one)
            if journal is not None:
                append(journal, {"key": key, **to_object(found[key])})
        made.append(found[key])
    report(len(said))
    return tuple(made), used


def to_object(one: Judged) -> dict[str, Any]:
    """A judgement as JSON holds it."""
    return asdict(one)


def _from_object(held: dict[str, Any]) -> Judged:
    return Judged(
        held["verdict"],
        tuple(Quote(**quote) for quote in held["quotes"]),
        float(held["support"]),
        tuple(map(str, held["lacking"])),
        tuple(Otherwise(Quote(**other["quote"]), other["age"]) for other in held["otherwise"]),
        held["remark"],
    )


def _kept(journal: Path) -> dict[str, Judged]:
    try:
        lines = journal.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise MemoError(
            f"{journal} cannot be read: {error.strerror or error}", "move it away, or name another file with -o"
        ) from error
    found = {}
    for line in lines:
        try:
            held = json.loads(line)
            found[str(held["key"])] = _from_object(held)
        except (ValueError, KeyError, TypeError, RecursionError):
            continue  # cut short, or somebody else's
    return found
