"""Where calibrations are kept: one TOML file a model, `calibrations/DIGEST.toml` beside the user's settings, with what it was made of and how well it does.

Takes the folder and a model's digest; returns what the pipeline decides that model by. A file of another version is named and not used; so is a damaged one.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from index.errors import SettingsError
from qa.answering.decide import SHIPPED, Coefficients, Decision, shipped
from qa.answering.guarantee import Measured, Row
from qa.calibration.measure import Calibrated, Figures

AGAIN = "qa eval FILE --calibrate"


@dataclass(frozen=True, slots=True)
class Kept:
    """A calibration on the disk: of the model `name`, made on the day `date`."""

    file: Path
    name: str
    date: str
    calibrated: Calibrated

    @property
    def note(self) -> str:
        """What an answer says of it: its identity, its day, its size."""
        figures = self.calibrated.figures
        made = json.dumps([self.calibrated.coefficients, self.calibrated.caution], sort_keys=True)
        return f"calibrated {hashlib.sha256(made.encode()).hexdigest()[:8]} on {figures.n} questions, {self.date}"

    @property
    def measured(self) -> Measured:
        """How often what it shows is wrong, where the settings name no caution."""
        figures = self.calibrated.figures
        return Measured(f"{figures.n} questions of your own", (Row(None, figures.shown, figures.wrong),))


def decisions(folder: Path) -> Callable[[str], Decision]:
    """What a model is decided by, by its digest; what ships where nothing is kept for it."""

    @cache  # an answer and its provenance are of one calibration, whatever is written meanwhile
    def decision(digest: str) -> Decision:
        try:
            kept = read(folder, digest)
        except SettingsError as error:
            return Decision(note=f"not calibrated: {error.message}")
        if kept is None:
            return SHIPPED
        return Decision(kept.calibrated.coefficients, kept.calibrated.caution, kept.note, kept.measured)

    return decision


def read(folder: Path, digest: str) -> Kept | None:
    """The calibration of a model, None where there is none. Raises `SettingsError` where it cannot be used."""
    file = place(folder, digest)
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(
            f"{file} cannot be read: {' '.join(str(error).split())}", f"remove it, or make it again: {AGAIN}"
        ) from error
    try:
        coefficients = {
            table: {name: float(weight) for name, weight in weights.items()}
            for table, weights in told["coefficients"].items()
        }
        caution = None if told.get("caution") is None else float(told["caution"])
        kept = Kept(
            file, str(told["name"]), str(told["date"]), Calibrated(coefficients, caution, Figures(**told["figures"]))
        )
        whole = (
            told["model"] == digest
            and (caution is None or 0 <= caution <= 1)
            and all(_is_number(value) for value in told["figures"].values())
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SettingsError(f"{file} is not a calibration", f"remove it, or make it again: {AGAIN}") from error
    if not whole:
        raise SettingsError(f"{file} is not a calibration of this model", f"remove it, or make it again: {AGAIN}")
    if any(set(weights) != set(shipped().get(table, ())) for table, weights in coefficients.items()):
        raise SettingsError(f"{file} was made by another version, which weighed other things", AGAIN)
    return kept


def write(folder: Path, digest: str, name: str, date: str, made: Calibrated) -> Kept:
    """Keep a calibration in place of an older one of the same model.

    Raises `SettingsError` where it cannot be written.
    """
    file = place(folder, digest)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(_toml(digest, name, date, made), encoding="utf-8")
        new.replace(file)
    except OSError as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise SettingsError(
            f"the calibration cannot be kept in {file.parent}: {error.strerror or error}",
            "make that folder writable, and calibrate again",
        ) from error
    kept = read(folder, digest)
    assert kept is not None, "it was written just now"
    return kept


def forget(folder: Path, digest: str) -> Path | None:
    """Remove the calibration of a model; its file, None where there was none.

    Raises `SettingsError` where it cannot be removed.
    """
    file = place(folder, digest)
    try:
        file.unlink()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"{file} cannot be removed: {error.strerror or error}", "remove it yourself") from error
    return file


def place(folder: Path, digest: str) -> Path:
    """The file of a model's calibration; `folder` is that of the user's settings."""
    return folder / "calibrations" / f"{digest}.toml"


def _toml(digest: str, name: str, date: str, made: Calibrated) -> str:
    head = [
        f"# Made by `{AGAIN}`. Remove this file, or run `qa eval --forget-calibration`, to decide by what ships again."
    ]
    head += [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in (("model", digest), ("name", name), ("date", date))
    ]
    head += [] if made.caution is None else [f"caution = {made.caution}"]
    figures = [f"{key} = {round(value, 4)}" for key, value in asdict(made.figures).items()]
    tables = [
        line
        for table, weights in made.coefficients.items()
        for line in (f"\n[coefficients.{table}]", *_weights(weights))
    ]
    return "\n".join([*head, "\n[figures]", *figures, *(tables or ["\n[coefficients]"])]) + "\n"


def _weights(weights: Coefficients | Any) -> list[str]:
    return [f"{name} = {weight:.4f}" for name, weight in weights.items()]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
