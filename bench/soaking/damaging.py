"""Damage of every file of a library: bits, ends, whole pages, and things that are no file.

A search is right or says what is wrong, and what it says mends it.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bench.soaking.fault import Kind, Outcome, differs, failed, outcome
from bench.soaking.process import Ended, qa
from bench.soaking.shelf import contents, copied, stock, undisturbed

_HINT = re.compile(r"\bhint\b\W{1,4}[^\n]*(qa index(?: --rebuild| FOLDER)*)")
_SEARCHES = (
    ("search", "river Alder kilometres", "--json"),
    ("search", "bridge mayor opened", "--json"),
    ("cite", "The river Alder is 210 kilometres long."),
)


def spoil(file: Path, random: Random) -> str:
    """Damage a file in one of many ways; which."""
    data = bytearray(file.read_bytes())
    how = random.choice(("bit", "bit", "bit", "bits", "cut", "empty", "zeros", "noise", "gone", "folder"))
    at = random.randrange(len(data)) if data else 0
    if how in ("bit", "bits") and data:
        for _ in range(1 if how == "bit" else 20):
            data[at] ^= 1 << random.randrange(8)
            at = random.randrange(len(data))
    elif how == "zeros":
        data[at : at + 4096] = bytes(len(data[at : at + 4096]))
    elif how == "noise":
        data[at : at + 512] = random.randbytes(len(data[at : at + 512]))
    elif how in ("gone", "folder"):
        file.unlink()
        if how == "folder":
            file.mkdir()
        return f"{file.name}: {how}"
    else:
        del data[at if how == "cut" else 0 :]
    file.write_bytes(data)
    return f"{file.name}: {how} at {at} of {len(data)}"


def _prepared(random: Random, prepared: Path) -> None:
    place = prepared / "place"
    place.mkdir()
    stock(place / "articles", random)
    runs = [qa(["index", "articles"], place), *(qa(search, place) for search in _SEARCHES)]
    if any(run.code != 0 for run in runs):
        raise RuntimeError(f"an undisturbed run failed: {[run.err for run in runs]}")
    for number, run in enumerate(runs[1:]):
        (prepared / f"{number}.txt").write_text(run.out, encoding="utf-8")


def _cause(random: Random, prepared: Path, folder: Path) -> Outcome:
    place = copied(prepared / "place", folder / "place")
    expected = undisturbed(prepared / "place/.qa")
    damaged = random.choice(
        sorted(path for path in (place / ".qa").rglob("*") if path.is_file() and path.stat().st_size)
    )
    done = spoil(damaged, random)
    number = random.randrange(len(_SEARCHES))
    searched = qa(_SEARCHES[number], place)
    lost = None
    if searched.code == 0:
        lost = differs(
            searched.out, (prepared / f"{number}.txt").read_text(encoding="utf-8"), "another result in silence"
        )
    runs = [searched]
    if random.random() < 0.25:  # it says what the search does not read, and takes its time
        runs.append(qa(["doctor"], place))
    asked = hint(searched) or hint(runs[-1]) or "qa index --rebuild"
    for _ in range(3):  # one hint may lead to the next
        if contents(place / ".qa") == expected:
            break
        runs.append(qa(shlex.split(asked)[1:], place))
        asked = hint(runs[-1]) or asked
    lost = lost or differs(contents(place / ".qa"), expected, "after what the hints say")
    last = qa(_SEARCHES[number], place)
    lost = (
        lost
        or failed(last, "the search after that")
        or differs(last.out, (prepared / f"{number}.txt").read_text(encoding="utf-8"), "the search after that")
    )
    shutil.rmtree(place, ignore_errors=True)
    return outcome(done, lost, *runs, last)


def hint(run: Ended) -> str | None:
    """The command that a run says would mend what it complains of, as text or as JSON.

    What stands for a folder in it is ours.
    """
    found = _HINT.search(run.err) or _HINT.search(run.out)
    return None if found is None else found[1].replace("FOLDER", "articles")


KINDS: Sequence[Kind] = (Kind("damage", _cause, _prepared, 4),)
