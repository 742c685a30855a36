"""The measured bounds on how often what is shown is wrong, and the caution that keeps to a risk."""

from __future__ import annotations

import pytest

from bench.quiz import at_most
from index.errors import SettingsError
from qa.answering.guarantee import bound, bounds, caution_for


def test_the_bounds_are_those_of_clopper_and_pearson_of_their_counts() -> None:
    assert bounds()
    for one in bounds():
        assert one.at_most == pytest.approx(at_most(one.wrong, one.shown), abs=0.0006)
    assert [one.caution for one in bounds()] == sorted({one.caution for one in bounds()})


def test_a_bound_of_clopper_and_pearson_is_the_textbook_one() -> None:
    assert at_most(0, 10) == pytest.approx(1 - 0.05 ** (1 / 10))  # the rule of three, exactly
    assert at_most(10, 10) == 1.0


def test_the_bound_that_holds_is_that_of_the_highest_measured_caution_below() -> None:
    one, two = bounds()[:2]
    assert bound((one.caution + two.caution) / 2) == one
    assert bound(two.caution) == two
    assert bound(one.caution / 2) is None


def test_a_risk_is_kept_to_by_the_lowest_caution_whose_bound_does() -> None:
    worst = max(one.at_most for one in bounds())
    assert caution_for(f"{100 * worst + 0.1:.1f}%") == bounds()[0].caution
    assert caution_for(str(worst + 0.001)) == bounds()[0].caution


@pytest.mark.parametrize("risk", ["0.0001%", "1e-9"])
def test_a_risk_that_nothing_keeps_to_is_told(risk: str) -> None:
    with pytest.raises(SettingsError) as caught:
        caution_for(risk)
    assert caught.value.hint == "allow a higher risk, or set --caution by hand"


@pytest.mark.parametrize("risk", ["", "ten", "0", "100%", "-5%", "nan"])
def test_what_is_no_risk_is_told(risk: str) -> None:
    with pytest.raises(SettingsError) as caught:
        caution_for(risk)
    assert caught.value.message == f"“{risk}” is no risk"
