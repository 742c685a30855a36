"""Some hundred inputs for every target of `make fuzz`, always the same ones."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzzing.run import Meter, by_hypothesis
from bench.fuzzing.target import Target, held
from bench.fuzzing.targets import TARGETS
from index.errors import QuestionError

COSTLY = 0.1  # of this weight and below: such a target starts a program for every input


@pytest.mark.filterwarnings("ignore")  # of the libraries that read what is broken; the program silences them
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_nothing_breaks(target: Target) -> None:
    meter = Meter(target)
    tried = settings(
        max_examples=8 if target.weight <= COSTLY else 60 if target.weight <= 1 else 200,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    def put(value: object) -> None:
        meter(value)

    tried(given(target.inputs)(put))()


def toy(check: object) -> Target:
    return Target("toy", st.integers(0, 10_000), check)  # type: ignore[arg-type]


def test_what_breaks_is_counted_once_for_each_kind_with_the_smallest_input() -> None:
    def check(number: int) -> None:
        held(number < 700, "small")
        if number % 10 == 3:
            raise KeyError(number)

    found = by_hypothesis(toy(check), inputs=2_000, until=float("inf"), first_seed=1)
    assert {value for value, _ in found.failures.values()} == {"700", "3"}
    assert {kind.split()[0] for kind in found.failures} == {"AssertionError", "KeyError"}
    assert found.inputs >= 2_000


def test_an_error_with_a_hint_is_an_answer_and_one_over_two_lines_is_not() -> None:
    def refuse(number: int) -> None:
        raise QuestionError("no" if number < 5 else "two\nlines", "ask")

    found = by_hypothesis(toy(refuse), inputs=500, until=float("inf"), first_seed=1)
    assert [(kind, value) for kind, (value, _) in found.failures.items()] == [("message", "5")]
    assert found.refused == found.inputs


def test_what_takes_over_two_seconds_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**9, 3))
    monkeypatch.setattr("bench.fuzzing.run.cpu", lambda: float(next(clock)))
    found = by_hypothesis(toy(lambda _: None), inputs=50, until=float("inf"), first_seed=1)
    assert [(kind, value) for kind, (value, _) in found.failures.items()] == [("slow", "0")]
    assert found.slowest == 3.0


def test_time_bounds_a_target() -> None:
    assert by_hypothesis(toy(lambda _: None), inputs=10**9, until=0.0, first_seed=1).inputs == 0


def test_every_group_of_targets_is_in_the_table() -> None:
    folder = Path(__file__).parent.parent / "bench/fuzzing"
    groups = [
        file.stem
        for file in sorted(folder.glob("*.py"))
        if any(
            isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "TARGETS"
            for node in ast.parse(file.read_text(encoding="utf-8")).body
        )
    ]
    assert groups == ["asking", "checking", "fetching", "reading", "showing", "targets", "verifying"]
    assert len({target.name for target in TARGETS}) == len(TARGETS) >= 30
