"""Kill -9 with the real embedder, which computes in threads of its own: a share of the kills, for each takes seconds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random

from bench.soaking.fault import Kind, Outcome, Unfit, differs, failed, outcome
from bench.soaking.forked import command
from bench.soaking.process import Ended, Kill, ended, start
from bench.soaking.shelf import contents, copied, stock, undisturbed
from qa.commands.session import Session
from qa.models.catalog import DEFAULT_EMBEDDER
from qa.models.install import sound
from qa.paths import models_folder

# of the user who soaks: no run has a home of its own yet
_MODELS = Path(os.environ.get("QA_MODELS") or models_folder())


def _run(place: Path, kill: Kill | None = None) -> Ended:
    return ended(
        start(partial(command, ["index", "articles"], Session), place, kill=kill, environ={"QA_MODELS": str(_MODELS)}),
        kill,
    )


def _prepared(random: Random, prepared: Path) -> None:
    stock(prepared / "place/articles", random, articles=40)
    if sound(DEFAULT_EMBEDDER, _MODELS) is None:
        return
    whole = copied(prepared / "place", prepared / "whole")
    run = _run(whole)
    if run.code != 0:
        raise RuntimeError(f"an undisturbed run failed: {run.err}")
    (prepared / "seconds").write_text(str(run.seconds), encoding="utf-8")


def _cause(random: Random, prepared: Path, folder: Path) -> Outcome:
    if not (prepared / "seconds").exists():
        raise Unfit("the embedder is not on this machine: qa models fetch")
    place = copied(prepared / "place", folder / "place")
    kills = [
        Kill(after=random.uniform(0.1, 1.1) * float((prepared / "seconds").read_text()))
        for _ in range(random.choice((1, 2)))
    ]
    runs = [_run(place, kill) for kill in kills]
    runs.append(_run(place))
    lost = failed(runs[-1], "the next run") or differs(
        contents(place / ".qa"), undisturbed(prepared / "whole/.qa"), "after the next run"
    )
    return outcome(f"index with the real embedder, {', '.join(map(str, kills))}", lost, *runs)


KINDS: Sequence[Kind] = (Kind("kill, real models", _cause, _prepared, 0.5),)
