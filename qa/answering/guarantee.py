"""How often what is shown is wrong: bounds measured on news questions that nothing was fitted on.

A bound is the upper one of Clopper and Pearson ("The use of confidence or fiducial limits", 1934) at 95 % confidence: of the answers that are shown and are
at least as sure as a caution, at most such a share is wrong, as far as one's questions are like those measured. They are the default model's, written by
`python -m bench.quiz --write`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.errors import SettingsError

GUARANTEE = Path(__file__).parent / "guarantee.toml"


@dataclass(frozen=True, slots=True)
class Bound:
    """Of `shown` answers at `caution`, `wrong` were wrong; `at_most` is the share that bounds, in [0, 1]."""

    caution: float
    shown: int
    wrong: int
    at_most: float


def bound(caution: float) -> Bound | None:
    """The bound that holds at `caution`: of the highest measured caution that is not above it."""
    return next((one for one in reversed(bounds()) if one.caution <= caution), None)


def caution_for(risk: str) -> float:
    """The lowest measured caution whose bound keeps to `risk`, written as "10%" or 0.1. Raises SettingsError where there is none, or no such share."""
    share = _share(risk)
    found = next((one for one in bounds() if one.at_most <= share), None)
    if found is None:
        least = min((one.at_most for one in bounds()), default=1.0)
        raise SettingsError(f"no caution keeps to a risk of {share:.1%} (measured: {least:.1%} at best)", "allow a higher risk, or set --caution by hand")
    return found.caution


@cache
def bounds() -> tuple[Bound, ...]:
    """What was measured, by rising caution."""
    table = tomllib.loads(GUARANTEE.read_text(encoding="utf-8"))
    return tuple(Bound(*row) for row in table["bounds"])


def _share(risk: str) -> float:
    text = risk.strip()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 < share < 1:
        raise SettingsError(f"“{risk}” is no risk", "write it as 10% or 0.1")
    return share
