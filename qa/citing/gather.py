"""Gather the quotes nearest to a sentence of a draft: sets of quotes, nearest first, as few as will do.

One quote carries the sentence. A second is added only where the first speaks of "he" or "the two countries" and the
second says who they are, or where it holds a figure that the first lacks and stands beside it. Sentences picked from
all over an article would carry anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.records import Sentence
from qa.answering.checks.days import days
from qa.answering.checks.facts import Facts, facts
from qa.answering.checks.support import lacking_figures
from qa.answering.checks.tokens import Token, tokens
from qa.answering.checks.words import has_word
from qa.answering.evidence import Evidence
from qa.citing.agree import agreement, has_name, overlooking, probability
from qa.citing.meanings import Meanings

LOOKED = 12  # the sentences nearest to it
MAINS = 6  # of them, those that are tried as the main quote
QUOTES = 3  # at most
AROUND = 3  # sentences beside a quote that may hold a figure which it lacks


@dataclass(frozen=True, slots=True)
class Gathered:
    """Quotes for a sentence, the main one first.

    `known` tells who speaks of whom without being quoted: title, author and publisher of the article, and the heading
    above. `lacking` are the names of the sentence, as stems, that neither holds.
    """

    quotes: tuple[Evidence, ...]
    known: str
    lacking: frozenset[str]

    def apart(self, claim: str) -> float:
        """The share of the claim's names that the main quote and what is known do not hold, in [0, 1]."""
        said = facts(claim)
        return len(_lacking_names(said, self.quotes[:1], self.known)) / len(said.names) if said.names else 0.0

    @property
    def texts(self) -> tuple[str, ...]:
        """The quotes' words."""
        return tuple(quote.sentence.text for quote in self.quotes)

    @property
    def dated(self) -> tuple[str, ...]:
        """The days that the quotes mean by "on Friday" or "yesterday"."""
        return tuple(day for quote in self.quotes for day in _dated(quote))


def gathered(claim: str, evidence: Sequence[Evidence], meanings: Meanings) -> tuple[Gathered, ...]:
    """At most `MAINS` sets of quotes for the claim, each around another main quote, the most telling first.

    None without evidence.
    """
    looked = sorted(evidence, key=lambda item: -item.score)[:LOOKED]
    scored = sorted(
        looked,
        key=lambda item: (
            -probability(overlooking(agreement(claim, [item.sentence.text], meanings, known=_known(item))))
        ),
    )
    return tuple(_around(claim, main, evidence) for main in scored[:MAINS])


def _around(claim: str, main: Evidence, evidence: Sequence[Evidence]) -> Gathered:
    said, known = facts(claim), _known(main)
    quotes = [main]
    if may_refer(claim, main.sentence.text):
        for near in _before(main, evidence):
            gained = _lacking_names(said, quotes, known) - _lacking_names(said, [*quotes, near], known)
            if gained and len(quotes) < QUOTES and may_refer(claim, near.sentence.text):
                quotes.append(near)
    for near in _beside(main):
        held = [facts(text) for quote in quotes for text in (quote.sentence.text, *_dated(quote))]
        gained_figures = lacking_figures(said, [*held, facts(near.sentence.text)]) < lacking_figures(said, held)
        if gained_figures and len(quotes) < QUOTES and near not in quotes and may_refer(claim, near.sentence.text):
            quotes.append(near)
    return Gathered(tuple(quotes), known, frozenset(_lacking_names(said, quotes, known)))


def may_refer(claim: str, quote: str) -> bool:
    """Whether a quote may speak of whom the claim names.

    It does not where it names another doer, and the claim's own doer is nowhere in it.
    """
    ours, theirs = _opening_names(tokens(claim)), _opening_names(tokens(quote))
    own, quoted = set(facts(claim).stems), set(facts(quote).stems)
    return not (
        ours
        and theirs
        and not any(has_word(name, quoted) for name in ours)
        and not any(has_word(name, own) for name in theirs)
    )


def _known(item: Evidence) -> str:
    known = item.passage.metadata
    return "\n".join(filter(None, (known.title, known.author, known.publisher, item.passage.heading)))


def _dated(item: Evidence) -> tuple[str, ...]:
    return days(item.sentence.text, item.passage.metadata.date)


def _before(main: Evidence, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences before the main quote in its article, as far as they were found, the nearest first."""
    own = [_at(main, sentence) for sentence in main.passage.sentences]
    found = {item.sentence.start: item for item in (*evidence, *own) if item.passage.source == main.passage.source}
    return [found[start] for start in sorted(found, reverse=True) if start < main.sentence.start]


def _beside(main: Evidence) -> list[Evidence]:
    """The sentences on either side of the main quote in its passage, the nearest first."""
    others = [sentence for sentence in main.passage.sentences if sentence.start != main.sentence.start]
    others.sort(key=lambda sentence: abs(sentence.start - main.sentence.start))
    return [_at(main, sentence) for sentence in others[:AROUND]]


def _at(main: Evidence, sentence: Sentence) -> Evidence:
    return replace(main, sentence=Sentence(sentence.start, sentence.end, sentence.text))


def _opening_names(read: Sequence[Token]) -> frozenset[str]:
    """The first names of a text: who does what it says, as English has it."""
    start = next((place for place, token in enumerate(read) if token.named), len(read))
    found = []
    for token in read[start:]:
        if not token.named:
            break
        found.append(token.key)
    return frozenset(found)


def _lacking_names(said: Facts, quotes: Sequence[Evidence], known: str) -> set[str]:
    held = {stem for quote in quotes for stem in facts(quote.sentence.text).stems} | set(facts(known).stems)
    return {name for name in said.names if not has_name(name, held)}
