"""Bound the share of shown answers that are wrong, and find the caution that keeps it under a given risk.

Takes what was measured: for the model that ships `qa/answering/guarantee.toml`, else the figures of its calibration.
Returns bounds, cautions, and the sentence that says so. The bound of each row holds with 95 % confidence by itself, for
questions like those that were asked. Knows nothing of the question at hand. Pure.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SettingsError
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.answering.decide import Decision

TABLE = Path(__file__).parent / "guarantee.toml"
CONFIDENCE = 0.95
# what else decides which answers are shown: of other values nothing was measured
AS_MEASURED = ("embedder", "reranker", "passages", "reading", "evidence", "max_tokens", "length")
_YOUR_OWN = "measure it on your own questions: qa eval FILE --calibrate"


@dataclass(frozen=True, slots=True)
class Row:
    """How many answers were shown at one caution, None for the default, and how many of them were wrong."""

    caution: float | None
    shown: int
    wrong: int

    @property
    def bound(self) -> float:
        """The share of such answers that is wrong at most, with 95 % confidence."""
        return at_most(self.wrong, self.shown)

    @property
    def place(self) -> str:
        """The caution in words."""
        return "at the default caution" if self.caution is None else f"at a caution of {self.caution:.2f}"


@dataclass(frozen=True, slots=True)
class Measured:
    """Rows by rising caution, the default first; `asked` says what was asked of what."""

    asked: str
    rows: tuple[Row, ...]


def at_most(wrong: int, shown: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided upper bound of Clopper and Pearson ("The use of confidence or fiducial limits", 1934) on the share that is wrong."""
    if wrong >= shown:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(50):  # the chance of so few wrong ones falls as the share rises
        share = (low + high) / 2
        chance = sum(math.comb(shown, k) * share**k * (1 - share) ** (shown - k) for k in range(wrong + 1))
        low, high = (share, high) if chance > 1 - confidence else (low, share)
    return high


def promised(caution: float | None, measured: Measured) -> Row | None:
    """The row of a caution, of the nearest measured one below it, or of the default for None; None where there is none."""
    if caution is None:
        return next((row for row in measured.rows if row.caution is None), None)
    below = [row for row in measured.rows if row.caution is not None and row.caution <= caution]
    return below[-1] if below else None


def caution_for(risk: float, measured: Measured) -> float | None:
    """The least caution, None for the default, at which at most the share `risk` of what is shown is wrong.

    Raises SettingsError where none that was measured keeps to it.
    """
    for row in measured.rows:
        if row.bound <= risk:
            return row.caution
    least = min(measured.rows, key=lambda row: row.bound)
    raise SettingsError(
        f"no caution keeps the share of wrong answers to {_percent(risk)}: "
        f"the least bound that was measured is {_rounded_up(least.bound)}, {least.place}",
        f"name a larger risk, or {_YOUR_OWN}",
    )


def settled(settings: Settings, decision: Decision, digest: str) -> Settings:
    """The settings with the caution that their risk stands for, with the model `digest`; unchanged where they name none.

    Raises SettingsError where no caution keeps to it, or nothing was measured with this model or these settings.
    """
    if settings.risk is None:
        return settings
    measured = _measured(decision, digest)
    if measured is None:
        raise SettingsError(
            f"no caution is known that keeps the share of wrong answers to {_percent(settings.risk)}: nothing was measured with this model",
            f"name a caution instead, or {_YOUR_OWN}",
        )
    if decision.measured is None and (other := otherwise(settings)):
        raise SettingsError(
            f"no caution is known that keeps the share of wrong answers to {_percent(settings.risk)}: nothing was measured with {' and '.join(other)}",
            f"leave that at its default, name a caution instead, or {_YOUR_OWN}",
        )
    return replace(settings, risk=None, caution=caution_for(settings.risk, measured))


def promising(decision: Decision, settings: Settings, digest: str) -> Decision:
    """The decision with a note of how often what is shown by these settings is wrong, where that was measured."""
    measured = _measured(decision, digest)
    if measured is None or (decision.measured is None and otherwise(settings)):
        return decision
    row = promised(settings.caution, measured)
    if row is None or row.shown == 0:
        return decision
    return replace(decision, note="; ".join(filter(None, (decision.note, told(row, measured)))))


def told(row: Row, measured: Measured) -> str:
    """A row in a sentence."""
    wrong = "1 was" if row.wrong == 1 else f"{row.wrong or 'none'} were"
    return (
        f"of {row.shown} answers shown {row.place} to {measured.asked}, {wrong} wrong: "
        f"at most {_rounded_up(row.bound)} with {_percent(CONFIDENCE)} confidence"
    )


def written(measured: Measured, digest: str) -> str:
    """The text of `guarantee.toml` for the model `digest`, under the comment that it begins with."""
    head = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    rows = [
        "\n[[rows]]\n"
        + ("" if row.caution is None else f"caution = {row.caution}\n")
        + f"shown = {row.shown}\nwrong = {row.wrong}"
        for row in measured.rows
    ]
    return "\n".join([*head, f'model = "{digest}"', f'asked = "{measured.asked}"', *rows]) + "\n"


def otherwise(settings: Settings) -> list[str]:
    """The settings under which nothing was measured, with their values."""
    usual = {field.name: field.default for field in fields(Settings)}
    return [f"{name} = {value}" for name in AS_MEASURED if (value := getattr(settings, name)) != usual[name]]


@cache
def shipped() -> Mapping[str, Measured]:
    """What was measured with the model that ships, by its digest."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    rows = tuple(Row(row.get("caution"), row["shown"], row["wrong"]) for row in table["rows"])
    return {table["model"]: Measured(table["asked"], rows)}


def _measured(decision: Decision, digest: str) -> Measured | None:
    """What was measured with a model as it is decided: by its own calibration, else by what ships."""
    return decision.measured or shipped().get(digest)


def _percent(share: float) -> str:
    return f"{share * 100:g} %"


def _rounded_up(share: float) -> str:
    """In whole per cent, never less than it is."""
    return f"{math.ceil(share * 100 - 1e-9)} %"
