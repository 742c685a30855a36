"""Measures orders of answering on the same replies of the model, on any of four sets: `python -m bench.orders`.

Each question is answered by its likeliest sentence and by its likeliest phrase, whatever their probabilities; then
several orders are counted at several thresholds, that of the program among them: what it answers, but for values that
other articles give. The sets are those of `bench/cases.py`. What the model replies is kept by prompt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from bench import data
from bench.cases import SETS, Case
from bench.recorded import Recorded
from index.records import Article
from index.search import search
from qa.answering.answer import LIKELY, Assistant
from qa.answering.candidate import Candidate
from qa.answering.draft import drafted, nearest
from qa.answering.evidence import foremost
from qa.answering.phrase import name, phrasal
from qa.answering.premise import contradicted, unmentioned
from qa.answering.question import parse
from qa.answering.reading import reading
from qa.answering.retrieve import deeper, sifted
from qa.answering.tell import saying
from qa.commands.session import Session
from qa.settings import CAUTION


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
        _best(case, saying(weighed.text, written).kept if weighed else ()),
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
    for least in (0.6, 0.5, 0.4, 0.35, 0.3):
        yield f"caution {least}, as one sets it", phrases_first(least, unnamed=least, sentences=least)


def sentences_first(least: float) -> Rule:
    """The order until 2026-11-29: a sentence from the default caution on, else a phrase."""

    def shown(row: Tried) -> bool | None:
        return _from(row, row.sentence, CAUTION, _from(row, row.phrase, least))

    return shown


def phrases_first(least: float, *, other: float = 2, unnamed: float = LIKELY, sentences: float = CAUTION) -> Rule:
    """The order of `qa.answering.answer`, by the least probability of each that is shown.

    `least` is that of a phrase, `sentences` of one that says it and where no phrase can answer, `unnamed` where none is
    named, and `other` of one that says something else than the phrase.
    """

    def shown(row: Tried) -> bool | None:
        if not row.phrasal:
            return _from(row, row.sentence, sentences)
        if row.phrase is None:
            return _from(row, row.sentence, unnamed)
        return _from(row, row.phrase, least, _from(row, row.saying, sentences, _from(row, row.sentence, other)))

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
