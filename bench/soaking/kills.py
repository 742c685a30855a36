"""Kill -9 at a random moment of a command.

The next run must complete, and what it leaves be what an undisturbed run leaves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bench.soaking.fault import Kind, Outcome, differs, failed, outcome
from bench.soaking.process import Ended, moment, qa
from bench.soaking.shelf import QUESTIONS, change, contents, copied, stock, undisturbed, written

_LIBRARY = ".qa"
_INDEXINGS = {
    "a new library": ("index", "articles"),
    "a changed folder": ("index",),
    "a rebuild": ("index", "--rebuild"),
}
_BATCHES = ("out.jsonl", "out.csv", "out.md")
_MEMO = ("memo", "plan.md", "-o", "memo.md", "-o", "memo.html", "--bibliography", "refs.json", "--date", "2025-12-10")
_PLAN = "# A memo\n\n## What is known\n\n" + "".join(f"- {question}\n" for question in QUESTIONS[:3])


def _shelved(random: Random, place: Path) -> None:
    """Articles and their library."""
    stock(place / "articles", random)
    _must(qa(["index", "articles"], place))


def _must(run: Ended) -> Ended:
    """A run that no fault disturbs must succeed, or nothing can be compared with it."""
    if run.code != 0:
        raise RuntimeError(f"an undisturbed run failed with {run.code}: {run.err}")
    return run


def _indexes(random: Random, prepared: Path) -> None:
    for name in _INDEXINGS:
        place = prepared / name
        place.mkdir()
        begun = Random(random.random())
        stock(place / "articles", begun)
        if name != "a new library":
            _must(qa(["index", "articles"], place))
        if name == "a changed folder":
            change(place / "articles", begun)
        whole = copied(place, prepared / f"{name}, whole")
        ended = _must(qa(_INDEXINGS[name], whole))
        (prepared / f"{name}.json").write_text(json.dumps([ended.seconds, ended.events]), encoding="utf-8")


def _whole(prepared: Path, name: str) -> Ended:
    seconds, events = json.loads((prepared / f"{name}.json").read_text(encoding="utf-8"))
    return Ended(0, "", "", seconds, events, ())


def _kill_index(random: Random, prepared: Path, folder: Path) -> Outcome:
    name = random.choice(list(_INDEXINGS))
    place, whole = copied(prepared / name, folder / "place"), prepared / f"{name}, whole"
    expected, before = undisturbed(whole / _LIBRARY), contents(place / _LIBRARY)
    kill = moment(random, _whole(prepared, name))
    killed = qa(_INDEXINGS[name], place, kill=kill)
    between = contents(place / _LIBRARY)
    lost = None
    # readable at any moment, as it was or as it is to be
    if name != "a new library" and between not in (before, expected):
        lost = differs(between, before, f"{name}, {kill}: right after the kill")
    again = qa(_INDEXINGS[name], place)
    lost = (
        lost
        or failed(again, "the next run")
        or differs(contents(place / _LIBRARY), expected, "after the next run")
        or _leftover(place / _LIBRARY, whole / _LIBRARY)
    )
    once_more = qa(["index"], place)
    if " 0 added, 0 changed," not in once_more.err or ", 0 embedded" not in once_more.err:
        lost = lost or failed(once_more, "a run with nothing to do") or f"indexing twice did something: {once_more.err}"
    return outcome(f"index of {name}, {kill}", lost, killed, again, once_more)


def _leftover(folder: Path, undisturbed: Path) -> str | None:
    names = {path.name for path in folder.iterdir()} - {path.name for path in undisturbed.iterdir()}
    left = [name for name in names if not name.endswith(("-wal", "-shm"))]
    return f"left behind in the library: {', '.join(sorted(left))}" if left else None


def _batches(random: Random, prepared: Path) -> None:
    place = prepared / "place"
    place.mkdir()
    _shelved(random, place)
    (place / "questions.txt").write_text("".join(f"{question}\n" for question in QUESTIONS), encoding="utf-8")
    for output in _BATCHES:
        whole = copied(place, prepared / output)
        ended = _must(qa(["batch", "questions.txt", "-o", output], whole))
        (prepared / f"{output}.json").write_text(json.dumps([ended.seconds, ended.events]), encoding="utf-8")


def _kill_batch(random: Random, prepared: Path, folder: Path) -> Outcome:
    output = random.choice(_BATCHES)
    place = copied(prepared / "place", folder / "place")
    runs: list[Ended] = []
    command = ["batch", "questions.txt", "-o", output]
    kills = [moment(random, _whole(prepared, output)) for _ in range(random.choice((1, 1, 2)))]
    runs += [qa(command, place, kill=kill) for kill in kills]
    runs.append(qa(command, place))
    lost = failed(runs[-1], "the next run") or differs(written(place), written(prepared / output), "after the next run")
    return outcome(f"batch to {output}, {', '.join(map(str, kills))}", lost, *runs)


def _memos(random: Random, prepared: Path) -> None:
    place = prepared / "place"
    place.mkdir()
    _shelved(random, place)
    (place / "plan.md").write_text(_PLAN, encoding="utf-8")
    whole = copied(place, prepared / "memo")
    ended = _must(qa(_MEMO, whole))
    (prepared / "memo.json").write_text(json.dumps([ended.seconds, ended.events]), encoding="utf-8")


def _kill_memo(random: Random, prepared: Path, folder: Path) -> Outcome:
    place = copied(prepared / "place", folder / "place")
    kill = moment(random, _whole(prepared, "memo"))
    killed = qa(_MEMO, place, kill=kill)
    whole = written(prepared / "memo")
    if written(place) == whole:  # it had ended before it was killed: a second run refuses to write over what is done
        return outcome(f"memo, {kill}", None, killed)
    again = qa(_MEMO, place)
    lost = failed(again, "the next run") or differs(written(place), whole, "after the next run")
    return outcome(f"memo, {kill}", lost, killed, again)


KINDS: Sequence[Kind] = (
    Kind("kill index", _kill_index, _indexes, 6),
    Kind("kill batch", _kill_batch, _batches, 4),
    Kind("kill memo", _kill_memo, _memos, 2),
)
