"""Measures orders of answering on the same replies of the model, on any of four sets: `python -m bench.orders`.

Each question is answered by its likeliest sentence and by its likeliest phrase, whatever their probabilities; then
several orders are counted at several thresholds, that of the program among them: what it answers, but for values that
other articles give. The sets: a desk (`bench/desk.py`; the first weeks, to choose on), the 120 of Wikinews
(`bench/news.py`) but those on which articles differ, SQuAD 2 over all its paragraphs, and CLAP NQ, passage given. What
the model replies is kept by prompt.
"""

from __future__ import annotations

import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path

from bench import data, decision, desk, news, quiz
from bench.recorded import Recorded
from index.build import add_articles
from index.embed import Embedder
from index.records import Article, Filter
from index.search import search
from index.store import Library
from qa.answering.answer import LIKELY, Assistant
from qa.answering.candidate import Candidate
from qa.answering.draft import drafted, nearest
from qa.answering.evidence import Evidence, foremost
from qa.answering.ground import ground
from qa.answering.phrase import name, phrasal
from qa.answering.premise import contradicted, unmentioned
from qa.answering.question import parse
from qa.answering.reading import reading
from qa.answering.retrieve import deeper, sifted
from qa.commands.session import Session
from qa.evaluate import contains
from qa.expectations import Expectation
from qa.settings import CAUTION

SEED = 3  # of the questions drawn from SQuAD 2 and CLAP NQ


@dataclass(frozen=True, slots=True)
class Case:
    """A question, whether the articles are `silent` on it, and what tells from a text and its quotes whether it is right."""

    text: str
    silent: bool
    is_right: Callable[[str, Sequence[Evidence]], bool]
    within: Filter = Filter()  # noqa: RUF009  # frozen


@dataclass(frozen=True, slots=True)
class Weighed:
    """How probable a phrase or sentence is, and whether it is right."""

    probability: float
    right: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A question's best phrase, its best sentence, and its best that says the phrase.

    `phrasal` tells whether a phrase may answer at all, `raised` that the question takes something for granted that no
    passage says.
    """

    silent: bool
    phrasal: bool
    raised: bool
    phrase: Weighed | None
    saying: Weighed | None
    sentence: Weighed | None


Rule = Callable[[Tried], bool | None]  # whether what is shown is right, None where nothing is shown


def main() -> None:
    """Ask every question once, both ways, and print a table for each set."""
    options = data.options(__doc__)
    options.add_argument("--set", choices=SETS, action="append", help="which to measure; may be repeated (all of them)")
    options.add_argument("--answerable", type=int, default=100, help="of a desk")
    options.add_argument("--silent", type=int, default=50, help="of a desk")
    options.add_argument(
        "--weeks", choices=("first", "last"), default="first", help="of a desk; the last: look at no question of it"
    )
    options.add_argument("--public", type=int, default=60, help="of SQuAD 2 and CLAP NQ, answerable and as many not")
    given = options.parse_args()
    folder = data.folder(given.data)
    session = Session()
    settings = session.settings()
    embedder = session.loaders.embedder(settings)
    model = Recorded(cache(partial(session.loaders.model, settings)))
    for one in given.set or SETS:
        with SETS[one](folder, embedder, given) as (library, cases):
            rows = rows_of(cases, Assistant(library, embedder, model, settings))
        print(
            f"\n{f'{one}: {len(rows)} questions':44}{'answerable: right refused wrong':>34}{'silent: refused shown':>24}"
        )
        for title, rule in rules():
            print(line(title, rows, rule))


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
    with _library(articles, embedder) as library:
        yield library, [Case(one.question, not one.answerable, partial(_told, one)) for one in asked]


@contextmanager
def of_clapnq(folder: Path, embedder: Embedder, given: Namespace) -> Iterator[tuple[Library, list[Case]]]:
    pairs = data.clapnq(folder, given.public, seed=SEED)
    with _library(dict.fromkeys(article for article, _ in pairs), embedder) as library:
        yield (
            library,
            [
                Case(one.question, not one.answerable, partial(_told, one), Filter(sources=(article.source,)))
                for article, one in pairs
            ],
        )


SETS = {"desk": of_a_desk, "news": of_news, "squad": of_squad, "clapnq": of_clapnq}


@contextmanager
def _library(articles: Iterable[Article], embedder: Embedder) -> Iterator[Library]:
    with tempfile.TemporaryDirectory() as scratch, Library.create(Path(scratch) / "library", embedder) as library:
        add_articles(library, list(articles), embedder)
        yield library


def _quizzed(answers: Sequence[str], said: str, _: Sequence[Evidence]) -> bool:
    return quiz.is_right(said, answers)


def _expected(one: Expectation, said: str, _: Sequence[Evidence]) -> bool:
    return bool(one.must) and contains(one, said)


def _told(asked: data.Asked, said: str, quotes: Sequence[Evidence]) -> bool:
    return asked.answerable and decision.is_right(asked, said, quotes)


def rows_of(cases: Sequence[Case], assistant: Assistant) -> list[Tried]:
    """What was tried for each question of which the search finds anything."""
    article = lru_cache(maxsize=None)(assistant.library.article)
    rows = (tried(case, assistant, article) for case in cases)
    return [row for row in rows if row is not None]


def tried(case: Case, assistant: Assistant, article: Callable[[str], Article]) -> Tried | None:
    """The best phrase and the best sentences for a question; None where nothing is found to read."""
    question, settings, model = parse(case.text), assistant.settings, assistant.model
    found = partial(search, question.query, assistant.library, assistant.embedder, within=case.within)
    hits = found(k=settings.passages)
    evidence = sifted(question.query, hits, assistant.embedder, article).evidence
    if not evidence:
        return None
    full = question.several
    written = drafted(
        question.plain,
        foremost(evidence, limit=settings.evidence * (2 if full else 1)),
        evidence,
        model,
        max_tokens=settings.max_tokens * (2 if full else 1),
        near=nearest(question.plain, evidence),
        full=full,
    )
    more = sifted(question.query, found(k=deeper(settings.passages)), assistant.embedder, article).evidence
    answers = phrasal(question)
    named = name(question, reading(more, limit=settings.reading), more, model) if answers else None
    weighed = named if named and named.signals else None
    return Tried(
        case.silent,
        answers,
        bool(contradicted(question.plain, evidence) or unmentioned(question.plain, hits)),
        Weighed(weighed.probability, case.is_right(weighed.found[0].text, (weighed.found[0].item,)))
        if weighed
        else None,
        _best(case, [one for one in written.kept if weighed and ground(weighed.text, one.text) is not None]),
        _best(case, written.kept),
    )


def _best(case: Case, kept: Sequence[Candidate]) -> Weighed | None:
    """How probable the likeliest of the sentences is, and whether they are right together."""
    if not kept:
        return None
    quotes = [quote for one in kept for quote in one.attribution.quotes]
    return Weighed(max(one.probability for one in kept), case.is_right(" ".join(one.text for one in kept), quotes))


def rules() -> Iterator[tuple[str, Rule]]:
    """Each order that is counted, with its title."""
    for least in (0.6, 0.5, 0.4, 0.3):
        yield f"sentences from {CAUTION}, else phrases from {least}", sentences_first(least)
    for least in (0.6, 0.5, 0.4, 0.3):
        yield f"phrases from {least}, else what says them", phrases_first(least)
    yield f"  the same from {LIKELY}, or sentences from {LIKELY}", phrases_first(LIKELY, other=LIKELY)
    yield f"  the same from {LIKELY}; none named: from {CAUTION}", phrases_first(LIKELY, unnamed=CAUTION)
    yield f"  the same from {LIKELY}; none named: refused", phrases_first(LIKELY, unnamed=2)


def sentences_first(least: float) -> Rule:
    """The order until 2026-11-29: a sentence from the default caution on, else a phrase."""

    def shown(row: Tried) -> bool | None:
        return _from(row, row.sentence, CAUTION, _from(row, row.phrase, least))

    return shown


def phrases_first(least: float, *, other: float = 2, unnamed: float = LIKELY) -> Rule:
    """The order of `qa.answering.answer`; `other` is the least of a sentence that says something else than the phrase."""

    def shown(row: Tried) -> bool | None:
        if not row.phrasal:
            return _from(row, row.sentence, CAUTION)
        if row.phrase is None:
            return _from(row, row.sentence, unnamed)
        return _from(row, row.phrase, least, _from(row, row.saying, CAUTION, _from(row, row.sentence, other)))

    return shown


def _from(row: Tried, one: Weighed | None, least: float, otherwise: bool | None = None) -> bool | None:
    """Whether `one` is right if it is at least so probable, else `otherwise`."""
    least = max(least, LIKELY) if row.raised else least
    return one.right if one and one.probability >= least else otherwise


def line(title: str, rows: Sequence[Tried], rule: Rule) -> str:
    """One row of the table."""
    told = [(row.silent, rule(row)) for row in rows]
    right, refused, wrong = (
        sum(not silent and shown is value for silent, shown in told) for value in (True, None, False)
    )
    silent = sum(silent and shown is None for silent, shown in told)
    return f"{title:44}{right:18}{refused:8}{wrong:8}{silent:16}{sum(row.silent for row in rows) - silent:8}"


if __name__ == "__main__":
    main()
