"""Compare what neither a bag of words nor a small model sees: who does what, which figure belongs to what. Pure.

Whether what is denied is affirmed, or the opposite said, a model reads better (`python -m bench.entailment`); given
"7.0 by the USGS and 6.6 by AFAD", it takes either figure for either's.

Read from the order of words, without a grammar: a claim is reported only where a quote says the opposite in so many
words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.answering.checks.figures import Number, of_a_kind
from qa.answering.checks.tokens import JOINING, Token, tokens
from qa.answering.checks.words import has_word


@dataclass(frozen=True, slots=True)
class Relations:
    """`doers`: an act and the name that stands before it or after its "by".

    `beside`: a figure with a unit, and a word or date next to it.

    `owned`: a figure, a name in its clause, and whether that comes before it.
    """

    stems: frozenset[str]
    doers: frozenset[tuple[str, str]]
    beside: frozenset[tuple[Number, str]]
    owned: frozenset[tuple[Number, str, bool]]


def turned(claim: str, quotes: Sequence[str]) -> str | None:
    """Describe a relation of `claim` that one of `quotes` has the other way round; `None` if there is none."""
    said, held = relations(claim), [relations(quote) for quote in quotes]
    if any(_other_doer(said, quote) for quote in held):
        return "it turns round who does what"
    if any(_other_figure(said, quote) or _other_owner(said, quote) for quote in held):
        return "its quote says that of another figure"
    return None


@lru_cache(maxsize=4096)
def relations(text: str) -> Relations:
    """Extract the relations of `text`. Pure, so the cache cannot change an answer."""
    read = tokens(text)
    stems = frozenset(token.key for token in read if token.key)
    return Relations(stems, frozenset(_doers(read)), frozenset(_beside(read)), frozenset(_owned(read)))


def _other_doer(said: Relations, quote: Relations) -> bool:
    """Whether the claim gives an act to one of its names that the quote gives to another of them."""
    for act in {act for act, _ in said.doers} - _MUTUAL:
        claimed, quoted = _doing(act, [said]), _doing(act, [quote])
        if not any(has_word(name, quoted) for name in claimed) and _any_of(claimed, quote) and _any_of(quoted, said):
            return True
    return False


def _other_figure(said: Relations, quote: Relations) -> bool:
    """Whether a word beside a figure in the claim is beside another figure of that unit in the quote only."""
    for number, near in said.beside:
        owners = {other for other, word in quote.beside if word == near and other.unit == number.unit}
        present = any(number == other for other, _ in quote.beside)
        if present and owners and number not in owners and not any((other, near) in said.beside for other in owners):
            return True
    return False


def _other_owner(said: Relations, quote: Relations) -> bool:
    """Whether a name of the claim stands, in the quote, in one clause with another figure of the kind, and the claim's figure with a name of its own.

    "Phivolcs reported a magnitude of 5.5; the USGS reported 5.8" does not carry "The USGS reported 5.5". Both names have to stand on the same side of their
    figures: "India imported $63bn and sold $5bn to Russia" has one doer.
    """
    for number, name, before in quote.owned:
        if has_word(name, said.stems) or not any(number == other for other, *_ in said.owned):
            continue  # the claim's own figure, with a name that the claim does not have
        names = {owner for other, owner, _ in said.owned if other == number} - {
            owner for other, owner, _ in quote.owned if other == number
        }
        others = {
            owner
            for other, owner, side in quote.owned
            if side == before and other != number and of_a_kind(other, number)
        }
        elsewhere = {owner for other, owner, _ in said.owned if other != number}
        if any(has_word(owner, others) for owner in names - elsewhere):
            return True
    return False


def _doing(act: str, among: Iterable[Relations]) -> set[str]:
    return {name for one in among for other, name in one.doers if other == act}


def _any_of(names: set[str], text: Relations) -> bool:
    return any(has_word(name, text.stems) for name in names)


def _doers(read: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for start, end in _runs(read):
        before = read[start - 1].lower if start and not _STOP.search(read[start].gap) else ""
        if before == "by":
            act = next(
                (token.key for token in reversed(read[max(0, start - 5) : start - 1]) if token.key and not token.named),
                None,
            )
        else:
            # "with India hoping": the name after a preposition does something after all
            gerund = end < len(read) and read[end].lower.endswith("ing")
            act = _act_after(read, end) if gerund or before not in _PREPOSITIONS else None
        if act:
            yield from ((act, token.key) for token in read[start:end] if token.named)


def _runs(read: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Stretches of names: "Russian President Vladimir Putin", "India and Russia"."""
    start = 0
    while start < len(read):
        end = start
        while end < len(read) and read[end].named and (end == start or not _STOP.search(read[end].gap)):
            end += 2 if end + 2 < len(read) and read[end + 1].lower == "and" and read[end + 2].named else 1
        if end > start:
            yield start, end
        start = max(end, start + 1)


def _act_after(read: Sequence[Token], end: int) -> str | None:
    """Return the verb or noun that follows a name.

    None where something comes between, or where the name is the object.
    """
    passive = False
    for place, token in enumerate(read[end : end + 5], end):
        if (
            _STOP.search(token.gap)
            or token.value is not None
            or token.named
            or not (token.key or token.lower in _AUXILIARIES)
        ):
            return None
        if token.key and not token.lower.endswith("ly"):
            by = any(other.lower == "by" for other in read[place + 1 : place + 4])
            return None if by or (passive and not token.lower.endswith("ing")) else token.key
        passive = passive or token.lower in _BE
    return None


def _beside(read: Sequence[Token]) -> Iterator[tuple[Number, str]]:
    for place, token in enumerate(read):
        if isinstance(token.value, Number) and _measured(token):
            after, before = read[place + 1 :], read[:place][::-1]
            for near in (
                *_next_content(after, [item.gap for item in after]),
                *_next_content(before, [token.gap, *(item.gap for item in before)]),
            ):
                yield token.value, near


def _owned(read: Sequence[Token]) -> Iterator[tuple[Number, str, bool]]:
    """Every figure with each name of its clause."""
    clause: list[Token] = []
    for token in (*read, None):
        if token is None or _CLAUSE.search(token.gap) or token.lower in JOINING:
            for place, figure in enumerate(clause):
                if isinstance(figure.value, Number) and figure.value.unit != "th":
                    yield from ((figure.value, near.key, at < place) for at, near in enumerate(clause) if near.named)
            clause = []
        if token is not None:
            clause.append(token)


def _next_content(side: Sequence[Token], gaps: Sequence[str]) -> list[str]:
    """The first word of content on one side of a figure, or the whole date if one comes first."""
    found: list[str] = []
    for token, gap in zip(side, gaps, strict=False):
        dated = token.value is not None and not _measured(token)
        if _STOP.search(gap) or token.lower in _TURNS or _measured(token) or (found and not dated):
            break
        if token.key and token.lower not in _ROUGHLY:
            found.append(token.key)
            if not dated:
                break
    return found


def _measured(token: Token) -> bool:
    return isinstance(token.value, Number) and token.value.unit not in ("", "th")


_STOP = re.compile(r"[,;:()]| - ")
_CLAUSE = re.compile(r"[;:,]| - |–|—")
# whoever meets is met
_MUTUAL = frozenset("meet talk agre sign discuss relat tie trade share hold summit cooper".split())
_PREPOSITIONS = frozenset(
    "to of in with from for between against at on over into toward towards under about than as among".split()
)
_BE = frozenset("is are was were be been being".split())
_AUXILIARIES = _BE | frozenset(
    "has have had do does did will would can could may might shall should must also just still once both themselves "
    "itself not to".split()
)
_TURNS = frozenset("to from and or while but than".split())  # where one figure ends and the next begins
_ROUGHLY = frozenset("almost nearly approximately roughly around worth some".split())
