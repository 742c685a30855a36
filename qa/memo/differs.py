"""What a brief says where articles differ: each value, with those who give it.

Takes conflicts and the answers they are of; returns pieces with their footnotes.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.kinds import Kind
from qa.answering.question import parse
from qa.memo.attributed import attributed, capital, who
from qa.memo.footnotes import Footnotes
from qa.memo.records import Paragraph, Piece
from qa.memo.sentence import SPACE, by_itself, cited_by, ended, in_its_words, points_back
from qa.records import Answer, Conflict, Value
from qa.render.harmless import one_line
from qa.render.phrases import shown_value

_EVENTS: tuple[Kind, ...] = ("time", "place", "duration", "why", "how")


def difference(conflict: Conflict, answer: Answer, footnotes: Footnotes) -> Paragraph:
    """Each value, where one of them is a sentence, as a sentence of its own that says who gives it."""
    values, newest = by_date(conflict, answer)
    pieces = [Piece("The articles differ, the newest first: " if newest else "The articles differ: ")]
    for place, value in enumerate(values):
        said, cited = in_its_words(value.value, value.phrase, cited_by(answer, value.citations))
        if points_back(said) and not points_back(by_itself(cited[0].quote)):
            said = one_line(cited[0].quote)
        note = footnotes.add(answer, [one.number for one in cited], value.phrase)
        told = attributed(ended(said), cited)
        pieces += [SPACE, Piece(capital(told), note=note)] if place else [Piece(told, note=note)]
    return tuple(pieces)


def others(values: Sequence[Value], answer: Answer, footnotes: Footnotes, *, older: bool) -> Paragraph:
    """The values that differ from what was said before, in one sentence: each is a phrase."""
    one = len({each.source for value in values for each in cited_by(answer, value.citations)}) == 1
    if one:
        opening = "An older article says otherwise: " if older else "Another article says otherwise: "
    else:
        opening = "Older articles say otherwise: " if older else "Other articles say otherwise: "
    pieces = [Piece(opening)]
    for place, value in enumerate(values):
        said_by = who(cited_by(answer, value.citations))
        gives = f"{'; ' if place else ''}{said_by} {'give' if ' and ' in said_by else 'gives'} "
        note = footnotes.add(answer, value.citations, value.phrase)
        pieces += [Piece(gives), Piece(shown_value(value), bold=True, note=note)]
    return (*pieces, Piece("."))


def whole(conflict: Conflict) -> bool:
    """Whether a value of it is a sentence."""
    return any(value.phrase is None for value in conflict.claims)


def by_date(conflict: Conflict, answer: Answer) -> tuple[tuple[Value, ...], bool]:
    """The values, and whether they are told the newest first, as what was counted later counts.

    So they are where each is dated, and one is the newest. When, where or why something happened does not change: there
    the newest is no truer.
    """
    if parse(answer.question).kind in _EVENTS:
        return conflict.claims, False
    dates = [
        max((one.date or "" for one in cited_by(answer, value.citations)), default="") for value in conflict.claims
    ]
    if not all(dates) or dates.count(max(dates)) > 1:
        return conflict.claims, False
    ranked = sorted(zip(dates, conflict.claims, strict=True), key=lambda one: one[0], reverse=True)
    return tuple(value for _, value in ranked), True
