"""Weigh quotes beside a sentence of a draft: how near they are, and which of its figures, dates and names they lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.ingest.months import ENGLISH
from qa.answering.checks.facts import facts
from qa.answering.checks.figures import Number, is_year, of_a_kind
from qa.answering.checks.hedges import unhedged
from qa.answering.checks.relations import turned
from qa.answering.checks.tokens import tokens
from qa.answering.evidence import Evidence
from qa.citing.agree import agreement, overlooking, probability
from qa.citing.counts import miscounted
from qa.citing.gather import Gathered, gathered
from qa.citing.meanings import Meanings

_LONGEST = 5  # words of a figure
APART = 1.0  # what names count for that a quote has only from its neighbours, beside a probability
# no hedges by themselves, though their stems are those of some
_SURE = frozenset("like report reports reported appear appears appeared".split())


@dataclass(frozen=True, slots=True)
class Weighed:
    """A set of quotes beside a claim.

    `sure` is the probability that it says the claim, by their words alone; `but_for` the same as if it held every
    figure and name. `lacking` are the figures, months and names that it does not hold, as the claim writes them, and
    `rival` tells that it gives another figure of the kind instead; `turned` says what the claim turns
    round of it, if anything. `apart` is the share of the claim's names that its
    main quote does not hold by itself. `hedge` is a word of doubt that the claim leaves out.
    """

    gathered: Gathered
    sure: float
    but_for: float
    lacking: tuple[str, ...]
    rival: bool
    turned: str | None
    apart: float
    hedge: str | None

    @property
    def near(self) -> float:
        """How surely it speaks of what the claim speaks of, and of whom."""
        return round(self.but_for - APART * self.apart, 2)

    @property
    def quotes(self) -> tuple[Evidence, ...]:
        """The main quote, and what stands beside it."""
        return self.gathered.quotes


def weighed(claim: str, evidence: Sequence[Evidence], meanings: Meanings) -> tuple[Weighed, ...]:
    """The sets of quotes that come nearest to a claim; none without evidence."""
    return tuple(_weighed(claim, one, meanings) for one in gathered(claim, evidence, meanings))


def _weighed(claim: str, found: Gathered, meanings: Meanings) -> Weighed:
    seen = agreement(claim, found.texts, meanings, known=found.known, dated=found.dated)
    lacking = _lacking(claim, found)
    rival = bool(lacking) and (_rival(claim, found.texts[0]) or bool(miscounted(claim, found.texts)))
    return Weighed(
        found,
        probability(seen),
        probability(overlooking(seen)),
        lacking,
        rival,
        turned(claim, found.texts),
        found.apart(claim),
        _hedge(claim, found.texts[0]),
    )


def _hedge(claim: str, quote: str) -> str | None:
    """The hedge that the claim leaves out. Who appears in court does not seem to."""
    hedge = unhedged(claim, quote)
    return None if hedge is not None and hedge.casefold() in _SURE and f"{hedge} to " not in quote else hedge


def _rival(claim: str, quote: str) -> bool:
    """Whether the quote gives another figure of the kind that the claim gives and it lacks.

    Then it speaks of the same thing, and says otherwise.
    """
    said, told = facts(claim), facts(quote)
    lacking = [number for number in said.numbers if not any(number.agrees_with(other) for other in told.numbers)]
    offered = [number for number in told.numbers if not any(other.agrees_with(number) for other in said.numbers)]
    if any(_comparable(number, other) for number in lacking for other in offered):
        return True
    return bool(said.months - told.months and told.months - said.months)


def _comparable(one: Number, other: Number) -> bool:
    return of_a_kind(one, other) and (bool(one.unit) or is_year(one) == is_year(other))


def _lacking(claim: str, found: Gathered) -> tuple[str, ...]:
    """The figures, months and names of the claim that its quotes do not hold, as they are shown.

    Names as the claim writes them.
    """
    said, held = facts(claim), [facts(text) for text in (*found.texts, *found.dated)]
    numbers = [number for one in held for number in one.numbers]
    months = {month for one in held for month in one.months}
    written = {token.key: token.written for token in tokens(claim) if token.named}
    names = [written.get(name, name) for name in said.names if name in found.lacking]
    otherwise = miscounted(claim, found.texts)
    figures = [
        number
        for number in said.numbers
        if number in otherwise or not any(_vouches(other, number) for other in numbers)
    ]
    shown = [_as_written(number, claim) for number in sorted(figures)]
    return tuple(
        dict.fromkeys([*sorted(names), *shown, *(ENGLISH[month - 1] for month in sorted(said.months - months))])
    )


def _vouches(quoted: Number, number: Number) -> bool:
    """Whether a figure of a quote is that of the claim: the 116th Congress is no 116 of anything."""
    return number.agrees_with(quoted) and (quoted.unit != "th" or number.unit == "th")


def _as_written(number: Number, claim: str) -> str:
    """A figure in the fewest words of the claim that give it: "$86.7 billion"."""
    written = claim.split()
    for size in range(1, _LONGEST + 1):
        for start in range(len(written) - size + 1):
            words = " ".join(written[start : start + size])
            if number in facts(words).numbers:
                return words.strip(".,;:()[]“”\"'")
    return str(number)
