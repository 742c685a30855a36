"""Questions of four sets, each with the library that it is asked of and what tells whether an answer is right.

A desk (`bench/desk.py`; the first weeks, to choose on), the 120 of Wikinews (`bench/news.py`) but those on which
articles differ, SQuAD 2 over all its paragraphs, and CLAP NQ, passage given.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import data, decision, desk, news, quiz
from bench.libraries import passing
from index.embed import Embedder
from index.records import Filter
from index.store import Library
from qa.answering.evidence import Evidence
from qa.evaluate import contains
from qa.expectations import Expectation

SEED = 3  # of the questions drawn from SQuAD 2 and CLAP NQ


@dataclass(frozen=True, slots=True)
class Case:
    """A question, whether the articles are `silent` on it, and what tells from a text and its quotes whether it is right."""

    text: str
    silent: bool
    is_right: Callable[[str, Sequence[Evidence]], bool]
    within: Filter = Filter()  # noqa: RUF009  # frozen


@contextmanager
def of_a_desk(folder: Path, embedder: Embedder, given: Namespace) -> Iterator[tuple[Library, list[Case]]]:
    drawn = desk.drawn(folder, first=given.weeks == "first", answerable=given.answerable, silent=given.silent)
    with desk.library(drawn, embedder) as library:
        yield (
            library,
            [
                Case(one.text, silent, partial(_quizzed, one.answers))
                for silent, asked in ((False, drawn.answerable), (True, drawn.silent))
                for one in asked
            ],
        )


@contextmanager
def of_news(folder: Path, embedder: Embedder, _: Namespace) -> Iterator[tuple[Library, list[Case]]]:
    with news.library(folder, embedder) as library:
        yield (
            library,
            [
                Case(one.question, one.status == "unanswered", partial(_expected, one))
                for one in news.questions()
                if one.status != "conflicting"
            ],
        )


@contextmanager
def of_squad(folder: Path, embedder: Embedder, given: Namespace) -> Iterator[tuple[Library, list[Case]]]:
    articles, asked = data.squad(folder, given.public, seed=SEED)
    with passing(articles, embedder) as library:
        yield library, [Case(one.question, not one.answerable, partial(_told, one)) for one in asked]


@contextmanager
def of_clapnq(folder: Path, embedder: Embedder, given: Namespace) -> Iterator[tuple[Library, list[Case]]]:
    pairs = data.clapnq(folder, given.public, seed=SEED)
    with passing(dict.fromkeys(article for article, _ in pairs), embedder) as library:
        yield (
            library,
            [
                Case(one.question, not one.answerable, partial(_told, one), Filter(sources=(article.source,)))
                for article, one in pairs
            ],
        )


SETS = {"desk": of_a_desk, "news": of_news, "squad": of_squad, "clapnq": of_clapnq}


def _quizzed(answers: Sequence[str], said: str, _: Sequence[Evidence]) -> bool:
    return quiz.is_right(said, answers)


def _expected(one: Expectation, said: str, _: Sequence[Evidence]) -> bool:
    return bool(one.must) and contains(one, said)


def _told(asked: data.Asked, said: str, quotes: Sequence[Evidence]) -> bool:
    return asked.answerable and decision.is_right(asked, said, quotes)
