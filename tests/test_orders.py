"""The orders that `bench.orders` counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.orders import Tried, Weighed, line, phrases_first, sentences_first

SURE, UNSURE, WRONG = Weighed(0.6, True), Weighed(0.3, True), Weighed(0.9, False)
NOTHING = Tried(silent=False, phrasal=True, raised=False, phrase=None, saying=None, sentence=None)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (replace(NOTHING, phrase=SURE, sentence=WRONG), True),
        (replace(NOTHING, phrase=UNSURE, saying=UNSURE, sentence=WRONG), True),
        (replace(NOTHING, phrase=UNSURE, sentence=WRONG), None),
        (replace(NOTHING, phrase=UNSURE, saying=UNSURE, sentence=WRONG, raised=True), None),
        (replace(NOTHING, sentence=WRONG), False),
        (replace(NOTHING, sentence=UNSURE), None),
        (replace(NOTHING, sentence=UNSURE, phrasal=False), True),
        (NOTHING, None),
    ],
)
def test_the_order_of_the_program(row: Tried, shown: bool | None) -> None:
    assert phrases_first(0.5)(row) is shown


def test_the_other_orders() -> None:
    unsure = replace(NOTHING, phrase=UNSURE, sentence=WRONG)
    assert phrases_first(0.5, other=0.5)(unsure) is False
    assert phrases_first(0.5, unnamed=0.15)(replace(NOTHING, sentence=UNSURE)) is True
    assert phrases_first(0.5, unnamed=2)(replace(NOTHING, sentence=WRONG)) is None
    assert sentences_first(0.5)(replace(NOTHING, phrase=SURE, sentence=WRONG)) is False
    assert sentences_first(0.5)(replace(NOTHING, phrase=SURE)) is True


def test_a_row_counts_the_answerable_and_the_silent_apart() -> None:
    rows = [
        replace(NOTHING, phrase=SURE),
        replace(NOTHING, sentence=WRONG),
        NOTHING,
        replace(NOTHING, silent=True),
        replace(NOTHING, silent=True, sentence=WRONG),
    ]
    assert line("phrases", rows, phrases_first(0.5)).split() == ["phrases", "1", "1", "1", "1", "1"]
