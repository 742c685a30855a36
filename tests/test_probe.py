from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pytest

from qa.answering import probe
from qa.answering.probe import PROBE, Probe, probed
from qa.models.catalog import DEFAULT_MODEL, find


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_probe", lambda: Probe("abc", -1.0, (2.0, 0.5)))


@pytest.mark.usefixtures("small")
def test_the_probe_is_a_logistic_regression_over_the_state() -> None:
    assert probed((1.0, -2.0), "abc") == 0.5
    assert probed((0.0, 0.0), "abc") == pytest.approx(1 / (1 + math.e))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("state", "digest"), [((1.0, -2.0), "abd"), ((), "abc"), ((1.0,), "abc"), ((1.0, -2.0, 0.0), "abc")]
)
def test_another_models_state_is_not_read(state: tuple[float, ...], digest: str) -> None:
    assert probed(state, digest) is None


def test_the_file_is_the_default_models() -> None:
    table = tomllib.loads(PROBE.read_text(encoding="utf-8"))
    default = find(DEFAULT_MODEL)
    assert default is not None
    assert default.files[0].sha256.startswith(table["model"])
    assert len(table["weights"]) == 1536
    along = [1.0 if weight > 0 else -1.0 for weight in table["weights"]]  # a state that every weight speaks for
    worst, neutral, best = (probed([scale * one for one in along], table["model"]) or 0.0 for scale in (-0.1, 0.0, 0.1))
    assert 0.0 < worst < neutral < 0.5 < best < 1.0


def test_the_file_lies_in_the_package() -> None:
    assert Path(probe.__file__).parent == PROBE.parent
