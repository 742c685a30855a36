"""Read the figures and times that a text gives in answer to a question, and compare those of two texts. Pure.

Two texts that share a figure other than the one asked for do not agree. Figures are told apart by the words beside them
(`qa.answering.checks.rivals`), times by their unit: a day, a month, a year.
"""

from __future__ import annotations

from collections.abc import Set
from decimal import Decimal

from qa.answering.checks.expected import kind
from qa.answering.checks.facts import facts
from qa.answering.checks.figures import Number, is_year
from qa.answering.checks.rivals import fitting
from qa.answering.checks.tokens import tokens

SAME = Decimal("0.03")  # 68.7 and "almost 70" are one value
_TURN = Number(Decimal(2000), "")  # a count by itself, and beside another figure rather a year


def given(question: str, *claims: str) -> frozenset[Number]:
    """Return the figures that claims give in answer: those beside the words of the question.

    Figures with a unit where there are any; bare ones only where the question asks for a figure.

    Where a figure is asked for, the year that it is of does not count: "174 at the 2011 census" and "9,523 at the 2011
    census" have no value in common.
    """
    if kind(question) == "time":
        return frozenset(time for claim in claims for time in _times(claim)) - _times(question)
    new = {
        number for claim in claims for number in facts(claim).numbers - facts(question).numbers if number.unit != "th"
    }
    counted = {number for number in new if not is_year(number)}
    nearest = fitting(question, claims, counted - {_TURN} or counted or new)
    measured = frozenset(number for number in nearest if number.unit)
    return measured if measured or kind(question) != "figure" else nearest


def _times(claim: str) -> frozenset[Number]:
    """The days, months and years that a claim names, each in a unit of its own, and what else it counts."""
    read = tokens(claim)
    found = set()
    for place, token in enumerate(read):
        if isinstance(token.value, int):
            found.add(Number(Decimal(token.value), "month"))
        elif token.value is not None and token.value.unit in ("", "th"):
            dated = any(
                isinstance(beside.value, int)
                for beside in (*read[max(place - 1, 0) : place], *read[place + 1 : place + 2])
            )
            unit = (
                "year"
                if 1000 <= token.value.value <= 2100
                else "day"
                if dated and token.value.value <= 31
                else token.value.unit
            )
            found.add(Number(token.value.value, unit))
    return frozenset(found)


def meet(question: str, ones: Set[Number], others: Set[Number]) -> bool:
    """Whether two sets of figures roughly have one in common.

    Times agree where nothing that both give (a year, a month, a day) differs.
    """
    if kind(question) != "time":
        return any(_near(one, other) for one in ones for other in others)
    units = {time.unit for time in ones} & {time.unit for time in others}
    return all(not _in(unit, ones).isdisjoint(_in(unit, others)) for unit in units & {"day", "month", "year"} or units)


def _in(unit: str, times: Set[Number]) -> set[Decimal]:
    return {time.value for time in times if time.unit == unit}


def _near(one: Number, other: Number) -> bool:
    """Whether two figures may be one, rounded.

    Amounts have to be within `SAME`; of two counts, one has also to be the other in fewer digits: 180 is not 185.
    """
    apart = abs(one.value - other.value)
    if one.unit != other.unit or apart > SAME * max(abs(one.value), abs(other.value)):
        return False
    counts = (
        one.unit == "" and one.value == one.value.to_integral_value() and other.value == other.value.to_integral_value()
    )
    return not counts or apart < max(_last_digit(one), _last_digit(other)) / 2


def _last_digit(number: Number) -> Decimal:
    """The place value of the last digit that is not zero: 10 in 180."""
    return Decimal(1).scaleb(int(number.value.normalize().as_tuple().exponent))
