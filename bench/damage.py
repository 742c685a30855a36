"""Measures what damage to a library and to a model does: `python -m bench.damage`.

One file of a library, or of a model, is damaged: a bit flipped (its time kept, as when a disk rots), a run of bytes
overwritten, cut off, emptied, a folder put in its place, a log left beside it. Then a search must give the same hits or
one clear error, `qa doctor` must find what changed anything, every hint that either prints is run, and after it the
hits must be the old ones and doctor content.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from bench.places import Place, Said, block_files, cells_from, library_files, model_files, real_embedder, small_library

Kind = Literal["flip", "burst", "cut", "empty", "folder", "log"]
KINDS: tuple[Kind, ...] = ("flip", "flip", "flip", "flip", "burst", "cut", "empty", "folder", "log")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one damaged file.

    `search` is what searching did, `found` whether doctor had a hint; `failed` names the hints that did not mend, with
    what was wrong after them.
    """

    file: str
    kind: Kind
    place: int
    search: Literal["same", "told", "changed", "traceback"]
    found: bool
    traceback: str = ""
    failed: tuple[str, ...] = ()

    @property
    def unseen(self) -> bool:
        """Whether doctor missed what searching felt."""
        return self.search != "same" and not self.found


def damaged(file: Path, kind: Kind, draw: random.Random) -> int:
    """Damages a file and returns where. A flip keeps the file's times."""
    if kind == "log":
        file.with_name(file.name + "-wal").write_bytes(draw.randbytes(50_000))
        file.with_name(file.name + "-shm").write_bytes(draw.randbytes(32_768))
        return 0
    status = file.stat()
    place = draw.randrange(max(status.st_size, 1))
    if kind == "folder":
        file.unlink()
        file.mkdir()
        (file / "something").write_text("in the way")
        return 0
    with file.open("r+b") as opened:
        if kind in ("flip", "burst"):
            opened.seek(place)
            was = opened.read(16)
            opened.seek(place)
            opened.write(
                bytes([was[0] ^ 1 << draw.randrange(8)]) if kind == "flip" and was else draw.randbytes(len(was))
            )
        else:
            opened.truncate(0 if kind == "empty" else place)
    if kind == "flip":
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    return place


def tried(
    place: Place, file: Path, kind: Kind, draw: random.Random, expected: tuple[Said, ...], *, hints: bool = True
) -> Outcome:
    """Damages a file of a sound place, looks, follows every hint, and says what became of it.

    The place is left mended, or not.
    """
    at = damaged(file, kind, draw)
    said = place.hits()
    found = place.findings()
    raised = next((err for code, _, err in said if code == -1), found if isinstance(found, str) else "")
    told = any(
        (code == 1 and err.startswith("error: ") and len(err.splitlines()) == 2) or '"error"' in out
        for code, out, err in said
    )
    search: Literal["same", "told", "changed", "traceback"] = (
        "traceback" if raised else "same" if _equal(said, expected) else "told" if told else "changed"
    )
    wanted = [finding.hint for finding in found if finding.hint is not None] if not isinstance(found, str) else []
    outcome = Outcome(file.name, kind, at, search, bool(wanted), raised)
    if not hints:
        return outcome
    wanted += [json.loads(out)["error"]["hint"] for code, out, _ in said if code == 1 and out.startswith("{")]
    failed = [f"{hint}: {problem}" for hint in dict.fromkeys(wanted) if (problem := followed(place, hint))]
    if not failed and wanted:
        after = place.findings()
        if isinstance(after, str) or any(finding.hint for finding in after):
            failed.append(f"after {', '.join(dict.fromkeys(wanted))}, doctor says: {after}")
        if not _equal(place.hits(), expected):
            failed.append(f"after {', '.join(dict.fromkeys(wanted))}, searching gives: {place.hits()[0]}")
    return replace(outcome, failed=tuple(failed))


def followed(place: Place, hint: str) -> str:
    """Does what a hint says; what went wrong, or an empty string."""
    words = shlex.split(hint)
    if words[0] == "chmod":
        return subprocess.run(hint, shell=True, capture_output=True, text=True, check=False).stderr
    if words[0] != "qa":
        return "this is no command"
    code, _, err = place.qa(*words[1:])
    return "" if code == 0 else f"exit code {code}: {err.strip()}"


def over(
    place: Place, files: Callable[[], Sequence[Path]], draw: random.Random, count: int, *, kinds: Sequence[Kind] = KINDS
) -> Iterator[Outcome]:
    """Damages one file after the other, each in turn, restoring the place between."""
    expected = place.hits()
    assert all(code == 0 for code, _, _ in expected), expected
    with tempfile.TemporaryDirectory() as name:
        sound = Path(name) / "sound"
        shutil.copytree(place.folder, sound)
        for number in range(count):
            there = files()
            file, kind = there[number % len(there)], draw.choice(kinds)
            if kind == "log" and file.suffix != ".sqlite":
                kind = "flip"
            yield tried(place, file, kind, draw, expected)
            shutil.rmtree(place.folder)
            shutil.copytree(sound, place.folder, copy_function=shutil.copy2)


def table(outcomes: Iterable[Outcome]) -> str:
    """Markdown: a row for each file."""
    rows: dict[str, Counter[str]] = {}
    for one in outcomes:
        for name in (one.file, "**all**"):
            row = rows.setdefault(name, Counter())
            row.update({"tried": 1, one.search: 1, "unseen": int(one.unseen), "failed": int(bool(one.failed))})
    heads = ("tried", "changed", "traceback", "unseen", "failed")
    lines = [
        "| file | tried | silent change | traceback | felt, not found by doctor | a hint failed |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    names = sorted(rows, key=lambda name: (name == "**all**", name))
    return "\n".join(
        [*lines, *(f"| {name} | {' | '.join(str(rows[name][head]) for head in heads)} |" for name in names)]
    )


def main() -> None:
    """Damage what was asked for, and print the table and every failure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--library", type=int, default=400, help="faults in a small library")
    options.add_argument(
        "--cells", type=int, default=100, help="faults in the block file of a library that is searched by cells"
    )
    options.add_argument("--embedder", type=int, default=28, help="faults in a copy of the real embedder")
    options.add_argument("--models", type=Path, help="the folder of the real models (default: the usual one)")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    draw, began, outcomes = random.Random(given.seed), time.perf_counter(), list[Outcome]()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if given.library:
            place = small_library(work / "small")
            outcomes += _told(over(place, lambda: library_files(place), draw, given.library))
        if given.cells:
            with cells_from(20):
                celled = small_library(work / "celled")
                outcomes += _told(
                    over(
                        celled,
                        lambda: block_files(celled),
                        draw,
                        given.cells,
                        kinds=("flip", "flip", "burst", "cut", "empty", "folder"),
                    )
                )
        if given.embedder:
            from qa.paths import models_folder

            real = real_embedder(work / "real", given.models or models_folder())
            outcomes += _told(
                over(
                    real,
                    lambda: model_files(real),
                    draw,
                    given.embedder,
                    kinds=("flip", "flip", "flip", "burst", "cut", "empty", "folder"),
                )
            )
    print(table(outcomes))
    print(
        f"\nin {time.perf_counter() - began:.0f} s; harmless (same hits, doctor "
        f"content): {sum(one.search == 'same' and not one.found for one in outcomes)}"
    )


def _told(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    for one in outcomes:
        if one.search in ("changed", "traceback") or one.unseen or one.failed:
            last = one.traceback.strip().splitlines()[-1:] if one.traceback else ""
            print(
                f"{one.file} {one.kind} at {one.place}: {one.search}, "
                f"found {one.found} {last} {' / '.join(one.failed)}"[:600],
                file=sys.stderr,
                flush=True,
            )
        yield one


def _equal(said: tuple[Said, ...], expected: tuple[Said, ...]) -> bool:
    return [one[:2] for one in said] == [one[:2] for one in expected]


if __name__ == "__main__":
    main()
