"""What a person and a program are told of a calibration. Takes a `Kept`; returns lines, or an object for JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from qa.calibration.keep import Kept
from qa.calibration.measure import GUESSWORK


def lines(kept: Kept) -> Iterator[str]:
    """What was fitted, how well it does, where it is, and how it is undone."""
    made = kept.calibrated
    yield f"calibrated {kept.name}: {summary(kept)}"
    if not made.coefficients:
        yield "the coefficients that ship do as well on these questions and are kept"
    if made.caution is not None:
        yield f"caution {made.caution}, where the settings name none"
    if made.figures.is_guesswork:
        yield f"with fewer than {GUESSWORK} questions this is guesswork: add more, and calibrate again"
    yield f"used for this model from now on; kept in {kept.file}; undone by: qa eval --forget-calibration"


def summary(kept: Kept) -> str:
    """The figures in a line."""
    figures = kept.calibrated.figures
    guesswork = f", guesswork under {GUESSWORK}" if figures.is_guesswork else ""
    return (
        f"{kept.date}, {figures.n} questions ({figures.answerable} answerable{guesswork}), each by a fit on "
        f"others: {figures.right} right,"
        f" {figures.refused} wrongly refused, {figures.wrong} of {figures.shown} shown wrong (at "
        f"most {figures.at_most:.2f} with 95 % confidence),"
        f" calibration error {figures.error:.3f} (as shipped {figures.error_before:.3f})"
    )


def to_object(kept: Kept) -> dict[str, object]:
    """All of it, as JSON has it."""
    made = kept.calibrated
    return {
        "model": kept.name,
        "date": kept.date,
        "file": str(kept.file),
        "coefficients": {table: dict(weights) for table, weights in made.coefficients.items()},
        "caution": made.caution,
        "guesswork": made.figures.is_guesswork,
        "figures": asdict(made.figures),
    }
