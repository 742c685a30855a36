"""What the pipeline weighed for a question with a known answer, and which of it was right.

Takes an outcome of `qa.evaluate`; returns a `Weighing`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.answering.decide import table_of
from qa.answering.ground import ground
from qa.answering.phrase import phrasal
from qa.answering.question import parse
from qa.calibration.fit import Tried, Weighing
from qa.evaluate import Outcome, contains
from qa.expectations import Expectation
from qa.records import Weighed


def weighing(outcome: Outcome) -> Weighing:
    """What was weighed over all articles together.

    The parts of a full answer, which have one set of signals, are weighed as one.
    """
    groups: dict[tuple[tuple[str, float], ...], list[Weighed]] = {}
    for one in outcome.answer.explanation.weighed:
        if one.signals and one.asked is None:
            groups.setdefault(tuple(one.signals.items()), []).append(one)
    expected = outcome.expectation
    named = [one.text for one in outcome.answer.explanation.weighed if one.origin == "phrase" and one.asked is None]
    by_phrase = phrasal(parse(expected.question))
    return Weighing(
        expected.status != "unanswered",
        tuple(
            Tried(
                table_of(dict(signals)),
                dict(signals),
                _is_right(expected, parts),
                by_phrase and not any(ground(phrase, part.text) for phrase in named for part in parts),
            )
            for signals, parts in groups.items()
        ),
    )


def _is_right(expected: Expectation, parts: Iterable[Weighed]) -> bool:
    """Whether it says what is expected, from one of the sources.

    Where several values are expected, one is enough: the others are in other sentences.
    """
    parts = tuple(parts)
    said = "\n".join(part.text for part in parts)
    sources = [quote.source for part in parts for quote in part.quotes]
    return (
        expected.status != "unanswered"
        and contains(expected, said)
        and (not expected.values or any(re.search(value, said, re.IGNORECASE) for value in expected.values))
        and (not expected.sources or any(source.startswith(expected.sources) for source in sources))
    )
