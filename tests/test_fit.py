from __future__ import annotations

import random
import tomllib
from base64 import b64encode

import numpy as np
import pytest

from bench.decision import _calibration, _probe
from bench.fit import Fit, fitted
from bench.kept import Row
from qa.answering import probe
from qa.answering.decide import feature
from qa.answering.probe import Probe, probed

SIZE = 12


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Questions whose answers the model's words hardly tell and its state does."""
    chance, rng = random.Random(0), np.random.default_rng(0)
    made = []
    for number in range(200):
        answerable = number % 2 == 0
        candidates = []
        for right in (answerable, False):
            state = rng.normal(3.0, 2.0, SIZE) + (np.arange(SIZE) < 3) * (4.0 if right else 0.0)
            signals = {
                name: min(0.99, max(0.01, chance.gauss(0.55 if right else 0.5, 0.2)))
                for name in ("answerable", "confirmed", "coverage")
            }
            encoded = b64encode(state.astype(np.float16).tobytes()).decode()
            candidates.append({"right": right, "signals": signals, "state": encoded, "kind": "draft", "text": ""})
        name = ("SQuAD 2, open", "CLAP NQ")[number % 4 // 2]
        made.append(
            {"set": name, "question": str(number), "answerable": answerable, "candidates": candidates, "strange": False}
        )
    return made


@pytest.fixture(scope="module")
def fit(rows: list[Row]) -> Fit:
    return fitted(rows)


def area(line: str) -> float:
    return float(line.rsplit(" ", 1)[-1])


def test_what_the_state_tells_is_found_on_folds_that_were_not_fitted_on(fit: Fit) -> None:
    head, *_, beside = fit.report[:5]
    assert head.startswith("candidates 400, of which right 100; area under the curve ")
    assert area(head) > 0.97
    assert area(beside) < 0.75  # all but the probe


def test_the_files_hold_what_was_fitted(fit: Fit, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = tomllib.loads(_calibration(fit, 100, 0, 50))
    assert {kind: set(table) for kind, table in tables.items()} == {
        "probed": {"intercept", "answerable", "coverage", "probed"},
        "unprobed": {"intercept", "answerable", "confirmed", "coverage"},
    }
    file = tomllib.loads(_probe(fit, "abc"))
    monkeypatch.setattr(probe, "_probe", lambda: Probe(file["model"], file["intercept"], tuple(file["weights"])))
    state = np.linspace(0.0, 6.0, SIZE)
    expected = fit.probe.predict_proba(state[None])[0, 1]
    assert probed(state.tolist(), "abc") == pytest.approx(expected, abs=0.02)  # weights are written with three digits
    assert feature("probed", 0.5) == 0.0
