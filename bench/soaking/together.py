"""Two runs at once, begun a moment apart.

Both end well or say that the other is at work, and what is left is what one alone leaves.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bench.soaking.fault import Kind, Outcome, differs, failed, outcome
from bench.soaking.process import ended, start_qa
from bench.soaking.shelf import QUESTIONS, change, contents, copied, stock, undisturbed, written

_COMMANDS = (
    ("index",),
    ("index", "--rebuild"),
    ("index", "articles"),
    ("search", "river Alder"),
    ("ask", QUESTIONS[0], "--json"),
    ("batch", "questions.txt", "-o", "out.jsonl"),
    ("batch", "questions.txt", "-o", "out.md"),
    ("sources", "list"),
)


def _prepared(random: Random, prepared: Path) -> None:
    place = prepared / "place"
    place.mkdir()
    stock(place / "articles", random)
    (place / "questions.txt").write_text("".join(f"{question}\n" for question in QUESTIONS[:3]), encoding="utf-8")
    _alone(["index", "articles"], place)
    change(place / "articles", random)
    for command in _COMMANDS:
        whole = copied(place, prepared / _name(command))
        _alone(["index"], whole)
        _alone(command, whole)


def _name(command: Sequence[str]) -> str:
    return " ".join(command).replace("/", "-")


def _alone(command: Sequence[str], place: Path) -> None:
    run = ended(start_qa(command, place))
    if run.code != 0:
        raise RuntimeError(f"an undisturbed run failed: {run.err}")


def _cause(random: Random, prepared: Path, folder: Path) -> Outcome:
    place = copied(prepared / "place", folder / "place")
    commands = [random.choice(_COMMANDS) for _ in range(random.choice((2, 2, 3)))]
    started = []
    for command in commands:
        started.append(start_qa(command, place))
        time.sleep(random.choice((0.0, 0.0, random.uniform(0, 0.3))))
    runs = [ended(each) for each in started]
    done = f"at once: {' | '.join(map(_name, commands))}"
    lost = next(
        (
            f"{_name(command)} ended with {run.code}: {run.err[-300:]}"
            for command, run in zip(commands, runs, strict=True)
            if run.code not in (0, 1)
        ),
        None,
    )
    for command, run in zip(commands, runs, strict=True):
        if run.code == 1 and "hint: " not in run.err:
            lost = lost or f"{_name(command)} said no hint: {run.err[-300:]}"
    index = ended(start_qa(["index"], place))
    lost = lost or failed(index, "the index after both")
    lost = lost or differs(contents(place / ".qa"), undisturbed(prepared / "index" / ".qa"), "the library after both")
    after = []
    for command in dict.fromkeys(commands):
        if command[0] == "batch":
            after.append(ended(start_qa(command, place)))
            name = command[-1]
            expected = written(prepared / _name(command))
            lost = (
                lost
                or failed(after[-1], "the batch after both")
                or differs(written(place).get(name), expected[name], f"{name} after both")
            )
    return outcome(done, lost, *runs, index, *after)


KINDS: Sequence[Kind] = (Kind("two at once", _cause, _prepared, 4),)
