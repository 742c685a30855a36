"""Measures both orders of answering on the same replies, phrases first and sentences first: `python -m bench.orders`.

Each question of a desk (`bench/desk.py`; the first weeks, to choose on) is answered by its likeliest sentence and by
its likeliest phrase, whatever their probabilities; then both orders are counted at several thresholds. Chosen by this:
that phrases come first (docs/decisions.md). What the model replies is kept by prompt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from bench import data
from bench.desk import drawn, library
from bench.quiz import is_right
from bench.realtime import Question as Quizzed
from bench.recorded import Recorded
from index.records import Article
from index.search import search
from index.store import Library
from qa.answering.answer import LIKELY, Assistant
from qa.answering.draft import drafted, nearest
from qa.answering.evidence import foremost
from qa.answering.ground import ground
from qa.answering.phrase import name, phrasal
from qa.answering.premise import contradicted, unmentioned
from qa.answering.question import parse
from qa.answering.reading import reading
from qa.answering.retrieve import deeper, sifted
from qa.commands.session import Session
from qa.settings import CAUTION


@dataclass(frozen=True, slots=True)
class Tried:
    """The probabilities of a question's best sentence and phrase, 0 for none, and whether each is right.

    `agree` tells that the sentence says the phrase, `raised` that the question takes something for granted that no
    passage says.
    """

    silent: bool
    sentence: float
    sentence_right: bool
    phrase: float
    phrase_right: bool
    agree: bool
    raised: bool


Rule = Callable[[Tried], bool | None]  # whether what is shown is right, None where nothing is shown


def main() -> None:
    """Ask every question once, both ways, and print the table."""
    options = data.options(__doc__)
    options.add_argument("--answerable", type=int, default=100)
    options.add_argument("--silent", type=int, default=50)
    options.add_argument(
        "--weeks", choices=("first", "last"), default="first", help="the last: look at no question of it"
    )
    given = options.parse_args()
    first = given.weeks == "first"
    desk = drawn(data.folder(given.data), first=first, answerable=given.answerable, silent=given.silent)
    session = Session()
    settings = session.settings()
    embedder = session.loaders.embedder(settings)
    model = Recorded(cache(partial(session.loaders.model, settings)))
    with library(desk, embedder) as held:
        assistant = Assistant(held, embedder, model, settings)
        article = lru_cache(maxsize=None)(held.article)
        rows = [tried(one, assistant, held, article, silent=False) for one in desk.answerable]
        rows += [tried(one, assistant, held, article, silent=True) for one in desk.silent]
    print(f"{'':44}{'answerable: right refused wrong':>34}{'silent: refused shown':>24}")
    for least in (0.6, 0.5, 0.4, 0.3):
        print(line(f"sentences from {CAUTION}, else phrases from {least}", rows, sentences_first(least)))
    for least in (0.6, 0.5, 0.4, 0.3):
        print(line(f"phrases from {least}, else sentences from {LIKELY}", rows, phrases_first(least)))


def tried(
    one: Quizzed, assistant: Assistant, held: Library, article: Callable[[str], Article], *, silent: bool
) -> Tried:
    """The best sentence and the best phrase of a question."""
    question, settings, model = parse(one.text), assistant.settings, assistant.model
    hits = search(question.query, held, assistant.embedder, k=settings.passages)
    evidence = sifted(question.query, hits, assistant.embedder, article).evidence
    raised = bool(contradicted(question.plain, evidence) or unmentioned(question.plain, hits))
    written = drafted(
        question.plain,
        foremost(evidence, limit=settings.evidence),
        evidence,
        model,
        max_tokens=settings.max_tokens,
        near=nearest(question.plain, evidence),
    )
    more = search(question.query, held, assistant.embedder, k=deeper(settings.passages))
    evidence = sifted(question.query, more, assistant.embedder, article).evidence
    named = name(question, reading(evidence, limit=settings.reading), evidence, model)
    said = written.best.text if written.best else ""
    phrase = named.found[0].text if named.found and named.signals and phrasal(question) else ""
    return Tried(
        silent,
        written.probability,
        is_right(said, one.answers),
        named.probability if phrase else 0.0,
        is_right(phrase, one.answers),
        bool(said and named.text) and ground(named.text, said) is not None,
        raised,
    )


def sentences_first(least: float) -> Rule:
    """The order until 2026-11-29: a sentence from the default caution on, else a phrase."""

    def shown(row: Tried) -> bool | None:
        if row.sentence >= _raised(row, CAUTION):
            return row.sentence_right
        return row.phrase_right if row.phrase >= _raised(row, least) else None

    return shown


def phrases_first(least: float) -> Rule:
    """The order of `qa.answering.answer`."""

    def shown(row: Tried) -> bool | None:
        if row.phrase >= _raised(row, least):
            return row.phrase_right
        if row.phrase and not row.agree:
            return None
        return row.sentence_right if row.sentence >= _raised(row, CAUTION if row.agree else LIKELY) else None

    return shown


def line(title: str, rows: Sequence[Tried], rule: Rule) -> str:
    """One row of the table."""
    told = [(row.silent, rule(row)) for row in rows]
    right, refused, wrong = (
        sum(not silent and shown is value for silent, shown in told) for value in (True, None, False)
    )
    silent = sum(silent and shown is None for silent, shown in told)
    return f"{title:44}{right:18}{refused:8}{wrong:8}{silent:16}{sum(row.silent for row in rows) - silent:8}"


def _raised(row: Tried, least: float) -> float:
    return max(least, LIKELY) if row.raised else least


if __name__ == "__main__":
    main()
