from __future__ import annotations

import math
from pathlib import Path

import pytest

from qa.answering.checks.logistic import coefficients, log_odds, sigmoid


@pytest.mark.parametrize(
    ("odds", "probability"), [(0.0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25), (math.log(99), 0.99)]
)
def test_log_odds_and_probability_are_inverse(odds: float, probability: float) -> None:
    assert sigmoid(odds) == pytest.approx(probability)
    assert log_odds(probability) == pytest.approx(odds)


def test_a_model_is_never_surer_than_one_in_a_hundred() -> None:
    assert log_odds(1.0) == log_odds(0.99)
    assert log_odds(0.0) == log_odds(0.01) == pytest.approx(-math.log(99))


def test_coefficients_are_numbers_by_table_and_name(tmp_path: Path) -> None:
    file = tmp_path / "weights.toml"
    file.write_text("# fitted\n[words]\nintercept = -1\nheld = 2.5\n", encoding="utf-8")
    assert coefficients(file) == {"words": {"intercept": -1.0, "held": 2.5}}
