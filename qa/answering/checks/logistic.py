"""Logistic regression: log-odds to a probability and back, and fitted coefficients from a file."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


def sigmoid(value: float) -> float:
    """Return the probability, in (0, 1), that log-odds stand for."""
    return 1.0 / (1.0 + math.exp(-value))


def log_odds(probability: float) -> float:
    """Return the log-odds of a probability bounded to [0.01, 0.99]: a small model is never surer than that."""
    bounded = min(max(probability, 0.01), 0.99)
    return math.log(bounded / (1 - bounded))


@cache
def coefficients(path: Path) -> Mapping[str, Mapping[str, float]]:
    """Read the weights of each table of a TOML file, by name. The file is read once."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {table: {name: float(value) for name, value in weights.items()} for table, weights in tables.items()}
