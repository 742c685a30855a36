"""Decide what a build has to do: compare the files found with those the library knows. Reads sizes, times and bytes.

A file's digest covers its bytes and what the sidecar says of it, so an edited sidecar changes the files that it
describes.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from index.errors import SourceError
from index.ingest import contents
from index.limits import Limits
from index.records import Metadata
from index.scan import Found
from index.write import FileState

# a file written to more recently may change again within the same tick of its clock: its time is not trusted
_SETTLED_NS = 2_000_000_000

Known = Mapping[tuple[str, str], FileState]  # by root and path, as recorded
Overrides = Mapping[str, Metadata]  # what the sidecars say, by source


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read, and what will be recorded of it; `state.problem` is set where it cannot even be opened."""

    file: Found
    state: FileState


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build has to do.

    `tasks` are read anew; `touched` have another time but the same bytes; `gone` (root, path) are to be forgotten,
    tasks' old versions too.
    """

    tasks: tuple[Task, ...]
    touched: tuple[FileState, ...]
    gone: tuple[tuple[str, str], ...]


def compared(
    found: Iterable[Found],
    known: Known,
    overrides: Overrides,
    *,
    again: Set[Path],
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    beside: Callable[[str], list[str]] = lambda _: [],
) -> Plan:
    """Make the plan for the files `found`.

    Files and roots in `again`, and files that had a problem, are read in any case; those beyond the limits are not even
    opened.

    `beside` is what else lies beside a source and speaks of it.
    """
    tasks: list[Task] = []
    touched: list[FileState] = []
    gone = dict(known)
    said = _said(overrides)
    for file in found:
        before = gone.get((file.home, file.relative))
        forced = before is None or before.problem is not None or file.path in again or file.root in again
        note = _note([*said.get(file.source, []), *beside(file.source)])
        state = _state(file, note, None if forced else before, limits)
        if forced or before is None or state.digest != before.digest:
            tasks.append(Task(file, state))
            continue
        del gone[file.home, file.relative]
        if state != before:
            touched.append(state)
    return Plan(tuple(tasks), tuple(touched), tuple(gone))


def _state(file: Found, note: str, before: FileState | None, limits: Limits) -> FileState:
    """The file as it is now; its bytes are not read where size and time say that they are those of `before`."""
    if file.problem is not None:
        return FileState(file.home, file.relative, 0, 0, "", file.problem)
    try:
        stat = contents.status(file.path, limits)
        mtime_ns = stat.st_mtime_ns if time.time_ns() - stat.st_mtime_ns > _SETTLED_NS else 0
        if (
            before is not None
            and (before.size, before.mtime_ns) == (stat.st_size, stat.st_mtime_ns)
            and before.digest.endswith(f":{note}")
        ):
            return before
        digest = hashlib.sha256(contents.read(file.path, limits)).hexdigest()
    except SourceError as error:
        return FileState(file.home, file.relative, 0, 0, "", error.message)
    return FileState(
        file.home,
        file.relative,
        stat.st_size,
        mtime_ns,
        f"{digest}:{note}",
        note=before.note if before is not None else None,
    )


def _said(overrides: Overrides) -> dict[str, list[str]]:
    """Return what the sidecars say, by the source of the file.

    Of the file itself, or of the articles in it, whose sources go on with `#`.
    """
    said = defaultdict(list)
    for key in sorted(overrides):
        for source in {key, key.rpartition("#")[0]} - {""}:
            said[source].append(f"{key}: {overrides[key]}")
    return said


def _note(said: list[str]) -> str:
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
