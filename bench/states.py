"""The states of a model (`qa.models.engine.Opinion`): kept as text, and read by a linear probe. Pure."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def packed(state: Sequence[float]) -> str:
    """A state as text, in 16 bits a number: so many does the model compute with."""
    return b64encode(np.array(state, dtype=np.float16).tobytes()).decode()


def unpacked(text: str) -> Any:  # (hidden size,) float64
    """What was `packed`."""
    return np.frombuffer(b64decode(text), dtype=np.float16).astype(np.float64)


def fitted_probe(states: Any, y: Any, shares: Any, strength: float) -> Any:
    """A ridge logistic regression over `states`, (rows, hidden size), each number brought to one scale; `strength` is the inverse of its penalty."""
    scaled = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=1000))
    return scaled.fit(states, y, logisticregression__sample_weight=shares)
