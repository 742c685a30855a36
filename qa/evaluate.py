"""Grade answers by what an honest assistant would have said.

Takes questions with expectations, and a way to ask; returns one outcome per question, and a table by kind. The way to ask
gets the question and which articles to ask: nothing of what is expected can reach it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Literal

from index.records import Article, Filter
from qa.expectations import Expectation
from qa.records import Answer, Citation
from qa.render.check import Articles, is_verbatim

Grade = Literal["right", "wrong", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went.

    `refused` is an unanswered question that has an answer; `furniture` counts quotes of text that is no article.
    """

    expectation: Expectation
    answer: Answer
    grade: Grade
    quotes: int
    valid: int
    furniture: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """One kind of question, summed up; `seconds` is the median."""

    kind: str
    n: int
    right: int
    wrong: int
    refused: int
    quotes: int
    valid: int
    furniture: int
    seconds: float


def evaluate(
    expectations: Iterable[Expectation],
    ask: Callable[[str, Filter], Answer],
    library: Articles,
    *,
    clock: Callable[[], float] = perf_counter,
) -> Iterator[Outcome]:
    """Ask each question and score what comes back, one at a time."""
    for expectation in expectations:
        began = clock()
        answer = ask(expectation.question, expectation.within)
        seconds = clock() - began
        shown = (*answer.citations, *answer.nearest)
        yield Outcome(
            expectation=expectation,
            answer=answer,
            grade=grade(expectation, answer),
            quotes=len(shown),
            valid=sum(is_verbatim(citation, library) for citation in shown),
            furniture=sum(is_furniture(citation, library.article(citation.source)) for citation in shown),
            seconds=seconds,
        )


def grade(expectation: Expectation, answer: Answer) -> Grade:
    """Right: the expected status, every group of `must` met, every value named, and one of the sources cited."""
    if answer.status == "unanswered":
        return "right" if expectation.status == "unanswered" else "refused"
    if answer.status != expectation.status:
        return "wrong"
    said = "\n".join([answer.answer, *(claim.value for conflict in answer.conflicts for claim in conflict.claims)])
    met = contains(expectation, said)
    named = all(_found(pattern, said) for pattern in expectation.values)
    cited = not expectation.sources or any(
        citation.source.startswith(expectation.sources) for citation in answer.citations
    )
    return "right" if met and named and cited else "wrong"


def contains(expectation: Expectation, said: str) -> bool:
    """Whether a text holds one pattern of each group of `must`."""
    return all(any(_found(pattern, said) for pattern in group) for group in expectation.must)


def is_furniture(citation: Citation, article: Article) -> bool:
    """Whether any letter of the quote lies outside the regions of the article that may be quoted."""
    inside = [region for region in article.regions if region.start < citation.end and citation.start < region.end]
    return any(
        not article.text[place].isspace() and not any(region.start <= place < region.end for region in inside)
        for place in range(citation.start, min(citation.end, len(article.text)))
    )


def by_kind(outcomes: Sequence[Outcome]) -> tuple[Score, ...]:
    """One score a kind, in order of appearance, and one for all."""
    kinds = list(dict.fromkeys(outcome.expectation.kind for outcome in outcomes))
    return tuple(
        _score(kind, [outcome for outcome in outcomes if outcome.expectation.kind == kind]) for kind in kinds
    ) + ((_score("all", outcomes),) if outcomes else ())


def table(scores: Sequence[Score]) -> str:
    """The scores in columns, for a person."""
    head = ("kind", "n", "right", "wrong", "refused", "quotes valid", "furniture", "seconds")
    rows = [
        (one.kind, str(one.n), f"{one.right} ({one.right / one.n:.0%})", str(one.wrong), str(one.refused), f"{one.valid}/{one.quotes}",
         str(one.furniture), f"{one.seconds:.1f}")
        for one in scores
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return "".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        + "\n"
        for row in (head, *rows)
    )


def _score(kind: str, outcomes: Sequence[Outcome]) -> Score:
    def count(wanted: Grade) -> int:
        return sum(outcome.grade == wanted for outcome in outcomes)

    return Score(
        kind=kind,
        n=len(outcomes),
        right=count("right"),
        wrong=count("wrong"),
        refused=count("refused"),
        quotes=sum(outcome.quotes for outcome in outcomes),
        valid=sum(outcome.valid for outcome in outcomes),
        furniture=sum(outcome.furniture for outcome in outcomes),
        seconds=median(outcome.seconds for outcome in outcomes),
    )


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
