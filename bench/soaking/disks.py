"""A full disk and a read-only one, mounted where nobody else sees them.

What can be done is done, what cannot is said in a line, and made up for later.

Needs root and mount namespaces (Linux): the process that comes here gets a view of the file system of its own, which
ends with it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

from bench.soaking.fault import Kind, Outcome, Unfit, differs, failed, outcome
from bench.soaking.process import Ended, qa
from bench.soaking.shelf import QUESTIONS, change, contents, copied, stock, undisturbed

_NEW_VIEW, _PRIVATE, _READ_ONLY, _REMOUNT, _BIND = 0x00020000, 0x44000, 1, 32, 4096
_MB = 1 << 20
_SIZE = 12  # megabytes of the small disk
_READING = (
    ("search", "river Alder"),
    ("ask", QUESTIONS[0], "--json"),
    ("cite", "The river Alder is 210 kilometres long."),
    ("sources", "list"),
)
_WRITING = (
    ("index",),
    ("index", "--rebuild"),
    ("batch", "questions.txt", "-o", "out.jsonl"),
    ("batch", "questions.txt", "-o", "out.csv"),
)


@cache
def _own_view() -> None:
    """Give this process a view of mounts of its own. Raises `Unfit` where that may not be."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise Unfit("needs root on Linux")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_VIEW) != 0 or libc.mount(b"none", b"/", None, _PRIVATE, None) != 0:
        raise Unfit(f"no mount namespace: {os.strerror(ctypes.get_errno())}")


def _mounted(kind: bytes, place: Path, flags: int, data: bytes | None = None) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(os.fsencode(place) if flags else kind, os.fsencode(place), kind, flags, data) != 0:
        raise Unfit(f"no mount: {os.strerror(ctypes.get_errno())}")


def _unmounted(place: Path) -> None:
    ctypes.CDLL(None).umount2(os.fsencode(place), 2)  # lazily: nothing of it is needed any more


def _prepared(random: Random, prepared: Path) -> None:
    place = prepared / "place"
    place.mkdir()
    stock(place / "articles", random, articles=5)
    (place / "questions.txt").write_text("".join(f"{question}\n" for question in QUESTIONS[:3]), encoding="utf-8")
    if qa(["index", "articles"], place).code != 0:
        raise RuntimeError("an undisturbed run failed")
    whole = copied(place, prepared / "whole")
    change(whole / "articles", Random(0))
    if qa(["index"], whole).code != 0:
        raise RuntimeError("an undisturbed run failed")


def _full(random: Random, prepared: Path, folder: Path) -> Outcome:
    """A command that writes, on a disk that runs full under it; then room is made and it is given again."""
    _own_view()
    disk = folder / "disk"
    disk.mkdir()
    _mounted(b"tmpfs", disk, 0, f"size={_SIZE}m".encode())
    try:
        place = copied(prepared / "place", disk / "place")
        if random.random() < 0.7:
            change(place / "articles", Random(0))
        changed = (place / "articles/new.txt").exists()
        free = os.statvfs(disk)
        filler = disk / "filler"
        filler.write_bytes(
            b"x" * max(0, free.f_bavail * free.f_frsize - random.choice((0, 4096, 16_384, 65_536, 300_000, 600_000)))
        )
        command = random.choice(_WRITING)
        tried = qa(command, place, streams=folder)
        reading = random.choice(_READING)
        read = qa(reading, place, streams=folder)
        before, after = (
            undisturbed(prepared / "place/.qa"),
            contents((prepared / ("whole" if changed else "place")) / ".qa"),
        )
        lost = failed(read, f"on the full disk, {reading[0]}") or _told(tried)
        held = contents(place / ".qa")
        if held not in (before, after):
            lost = lost or differs(held, before, "on the full disk, the library")
        filler.unlink()
        again = qa(command, place, streams=folder)
        index = qa(["index"], place, streams=folder)
        lost = (
            lost
            or failed(again, "with room again")
            or failed(index, "the index after that")
            or differs(contents(place / ".qa"), after, "with room again")
        )
        return outcome(f"{' '.join(command)} on a full disk", lost, tried, read, again, index)
    finally:
        _unmounted(disk)


def _told(run: Ended) -> str | None:
    """None where a run succeeded, or said in two lines why not."""
    lines = run.err.strip().splitlines()
    said = bool(lines) and lines[-1].startswith("hint: ") and any(line.startswith("error: ") for line in lines)
    return None if run.code == 0 or (run.code == 1 and said) else f"ended with {run.code} and no hint: {run.err[-400:]}"


def _closed(random: Random, prepared: Path, folder: Path) -> Outcome:
    """A command on a disk that may only be read.

    What reads gives what it gives elsewhere, what writes says in a line that it cannot.
    """
    _own_view()
    place = copied(prepared / "place", folder / "place")
    _mounted(b"", place, _BIND)
    try:
        _mounted(b"", place, _BIND | _REMOUNT | _READ_ONLY)
        if random.random() < 0.7:
            command: Sequence[str] = random.choice(_READING)
            found, expected = qa(command, place, streams=folder), qa(command, prepared / "place")
            lost = failed(found, "on the closed disk") or differs(
                _timeless(found.out), _timeless(expected.out), "on the closed disk"
            )
            return outcome(f"{command[0]} on a read-only disk", lost, found, expected)
        command = random.choice(_WRITING)
        tried = qa(command, place, streams=folder)
        lost = _told(tried) or differs(
            contents(place / ".qa"), undisturbed(prepared / "place/.qa"), "on the closed disk"
        )
        return outcome(f"{' '.join(command)} on a read-only disk", lost, tried)
    finally:
        _unmounted(place)


def _timeless(out: str) -> str:
    return out.partition('"timings_ms"')[0]


KINDS: Sequence[Kind] = (Kind("full disk", _full, _prepared, 2), Kind("read-only", _closed, _prepared, 2))
