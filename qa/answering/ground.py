"""Locate a phrase in a text: its exact span in code points. Pure; linear in the length of the text.

Forms of one value match: case, typography, articles, genitives, inflection, the order of words in a name, "four" and 4,
"$68.7 billion" and "68.7 billion dollars", "5 May 2024" and "May 5". Unit and scale must agree: "5 million" does not
hold "5", nor "5 euros" "$5".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from qa.answering.checks.words import has_word
from qa.answering.pieces import Piece, pieces
from qa.answering.valued import Value, margins, value, valued

BETWEEN = 2  # function words that may stand between two words of a phrase that the phrase lacks
UNORDERED = 8  # words: in a longer phrase they stand in its order
MOST = 500  # places of each kind: enough to choose from, also in a text that says one thing over and over
LONGEST = 60  # words: what is longer is no phrase


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a text, half-open, in code points: `text[start:end]`."""

    start: int
    end: int


def ground(phrase: str, text: str) -> Span | None:
    """Return the first place where `text` says `phrase`, one written alike before any other; None if none does."""
    return next(iter(places(phrase, text)), None)


def places(phrase: str, text: str) -> tuple[Span, ...]:
    """Every place where `text` says `phrase`: those written as the phrase is, then its other forms, each in order.

    A last name alone where no more is.
    """
    asked = _without_articles(pieces(phrase))
    if not asked or len(asked) > LONGEST:
        return ()
    read = _read(text)
    meant = value(phrase)
    ordered = list(islice(_in_order(asked, read, phrase, text, meant), MOST))
    valued_so = (Span(*place) for place in valued(meant, read.pieces, text))
    forms = [
        *(span for exact, span in ordered if not exact),
        *islice(_inflected(asked, read, text, meant), MOST),
        *islice(valued_so, MOST),
    ]
    spans = _apart([span for exact, span in ordered if exact], forms) or tuple(_surname(asked, phrase, read, text))
    genitive = _GENITIVE.search(phrase.rstrip())
    return tuple(_closed(_with_genitive(span, text) if genitive else span, text) for span in spans)


def _with_genitive(span: Span, text: str) -> Span:
    """Extend a span by a genitive 's, for a phrase that has one too: "Wendy's" is a name."""
    mark = _GENITIVE_BEHIND.match(text, span.end)
    return Span(span.start, mark.end()) if mark else span


def _closed(span: Span, text: str) -> Span:
    """A span with the bracket behind it, for one that opens a bracket and does not close it: "Logistics Support (RELOS)"."""
    said = text[span.start : span.end]
    return (
        Span(span.start, span.end + 1)
        if said.count("(") > said.count(")") and text[span.end : span.end + 1] == ")"
        else span
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in pieces, and the places of each word: as it is written, or of one value; and by its stem."""

    pieces: tuple[Piece, ...]
    same: dict[str, list[int]]
    stems: dict[str, list[int]]


@lru_cache(maxsize=32)
def _read(text: str) -> _Text:
    found = _Text(tuple(pieces(text)), {}, {})
    for place, piece in enumerate(found.pieces):
        found.same.setdefault(piece.same, []).append(place)
        if piece.key:
            found.stems.setdefault(piece.key, []).append(place)
    return found


def _in_order(asked: Sequence[Piece], read: _Text, phrase: str, text: str, meant: Value) -> Iterator[tuple[bool, Span]]:
    """Yield where the words of the phrase follow one another, and whether they are written alike.

    A figure may be in words or in digits.
    """
    size = len(asked)
    rarest = min(range(size), key=lambda place: len(read.same.get(asked[place].same, ())))
    for at in read.same.get(asked[rarest].same, ()):
        window = read.pieces[max(at - rarest, 0) : at - rarest + size]
        if (
            at >= rarest
            and [piece.same for piece in window] == [piece.same for piece in asked]
            and _joined(window, text, asked, phrase)
        ):
            exact = [piece.lower for piece in window] == [piece.lower for piece in asked]
            yield from ((exact, span) for span in _held(window, text, meant))


def _inflected(asked: Sequence[Piece], read: _Text, text: str, meant: Value) -> Iterator[Span]:
    """Yield where the content words of the phrase stand side by side by their stems.

    First in the order of the phrase, then in any: "Putin, Vladimir".
    """
    wanted = [piece.key for piece in asked if piece.key]
    if not wanted:
        return
    forms = {piece.key: _forms(piece, read) for piece in asked if piece.key}
    rarest = min(range(len(wanted)), key=lambda place: sum(len(read.stems[form]) for form in forms[wanted[place]]))
    for form in sorted(forms[wanted[rarest]]):
        for at in read.stems[form]:
            others = (place for place in range(len(wanted)) if place != rarest) if len(wanted) <= UNORDERED else ()
            for before in (rarest, *others):
                window = _side_by_side(read.pieces, at, before, len(wanted), text)
                if window and _same(wanted, [piece.key for piece in window if piece.key], forms):
                    yield from _held(window, text, meant)
                    break


def _forms(piece: Piece, read: _Text) -> frozenset[str]:
    """The stems of the text that are forms of a word: its own, or a country and its adjective.

    A figure is no form of a word: "seconds", "second".
    """
    key = piece.key
    found = (other for other in read.stems if other == key or (other[:3] == key[:3] and has_word(key, {other})))
    return frozenset(other for other in found if read.pieces[read.stems[other][0]].figure == piece.figure)


def _same(wanted: Sequence[str], found: Sequence[str], forms: dict[str, frozenset[str]]) -> bool:
    """Whether the words found are those wanted, each once, in any order."""
    left = list(found)
    for key in wanted:
        match = next((other for other in left if other in forms[key]), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _side_by_side(read: Sequence[Piece], at: int, before: int, size: int, text: str) -> Sequence[Piece]:
    """Return the pieces of `size` content words around place `at`, `before` of them ahead of it.

    Nothing where a gap has more than `BETWEEN` function words.
    """
    start, left = at, before
    while left:
        previous = _step(read, start, -1, text)
        if previous is None:
            return ()
        start, left = previous, left - 1
    end, left = at, size - before - 1
    while left:
        following = _step(read, end, 1, text)
        if following is None:
            return ()
        end, left = following, left - 1
    return read[start : end + 1]


def _step(read: Sequence[Piece], at: int, way: int, text: str) -> int | None:
    """The next content word in either direction, within the sentence."""
    for reach in range(1, BETWEEN + 2):
        place = at + way * reach
        if not 0 <= place < len(read) or _ends_sentence(
            text, read[min(place, place - way)], read[max(place, place - way)]
        ):
            return None
        if read[place].key:
            return place
    return None


def _held(window: Sequence[Piece], text: str, meant: Value) -> Iterator[Span]:
    """The span of a window with the marks that belong to its figures, where these are the figures meant."""
    start, end = margins(window[0], window[-1], text)
    if not meant.figures or meant.held_by(window, text):
        yield Span(start, end)


def _joined(window: Sequence[Piece], text: str, asked: Sequence[Piece], phrase: str) -> bool:
    """Whether no sentence ends within the window, unless it does so in the phrase."""
    return not any(
        _ends_sentence(text, window[place], window[place + 1])
        and not _ends_sentence(phrase, asked[place], asked[place + 1])
        for place in range(len(window) - 1)
    )


def _ends_sentence(text: str, before: Piece, after: Piece) -> bool:
    gap = text[before.end : after.start]
    return (
        len(gap) > 1
        and _SENTENCE_END.search(gap) is not None
        and not ("\n" not in gap and len(before.lower) <= _ABBREVIATED and "." in gap)
    )


def _without_articles(asked: list[Piece]) -> list[Piece]:
    """A phrase without the article that opens it."""
    return asked[1:] if len(asked) > 1 and asked[0].lower in _ARTICLES else asked


def _apart(*groups: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans of each group in order, without overlaps.

    A span is dropped where it overlaps one of an earlier group, or one before it in its own.
    """
    kept: list[Span] = []
    for group in groups:
        earlier = sorted(kept)
        last = -1
        for span in sorted(set(group), key=lambda span: (span.start, span.end)):
            place = bisect_left(earlier, span)
            beside = earlier[max(place - 1, 0) : place + 1]
            if span.start >= last and not any(span.start < other.end and other.start < span.end for other in beside):
                kept.append(span)
                last = span.end
    return tuple(kept)


def _surname(asked: Sequence[Piece], phrase: str, read: _Text, text: str) -> Iterator[Span]:
    """Yield where the last word of a person's name stands by itself.

    Only in a text that never has it in lower case or with another name before it.
    """
    if (
        not 2 <= len(asked) <= _NAME_WORDS
        or asked[0].lower in _NO_FIRST_NAME
        or not all(piece.named and piece.key and not piece.figure for piece in asked)
    ):
        return
    if any(phrase[one.end : other.start].strip(".-") != " " for one, other in pairwise(asked)):  # "Alice, Bob"
        return
    at = read.same.get(asked[-1].same, [])
    given = {piece.lower for piece in asked[:-1]}
    if any(not read.pieces[place].named for place in at):
        return
    if all(_alone(read.pieces, place, given | _TITLES, text) for place in at):
        yield from (Span(read.pieces[place].start, read.pieces[place].end) for place in at)


def _alone(read: Sequence[Piece], place: int, given: Set[str], text: str) -> bool:
    """Whether a name has no other name beside it but those `given`."""
    before, after = read[max(place - 1, 0) : place], read[place + 1 : place + 2]
    other = any(
        piece.named and piece.lower not in given and text[piece.end : read[place].start] == " " for piece in before
    )
    return not other and not any(piece.named and text[read[place].end : piece.start] == " " for piece in after)


_GENITIVE = re.compile(r"\w['’]s?$")
_GENITIVE_BEHIND = re.compile(r"['’]s\b|['’](?!\w)")
_ARTICLES = frozenset({"a", "an", "the"})
_ABBREVIATED = 2  # letters: "St. Louis", "No. 10"
_NAME_WORDS = 4
_SENTENCE_END = re.compile(r"[.!?;]['\"”’)\]]*\s|\n\s*\n")
_NO_FIRST_NAME = frozenset(
    "north south east west new san santa los las saint st united great mount lake fort port el la le the of".split()
)
_TITLES = frozenset(
    "mr mrs ms dr sir dame lord lady president minister prime premier chancellor senator sen rep gov governor king "
    "queen prince princess pope mayor judge"
    " justice general gen col captain capt professor prof secretary chairman ceo".split()
)
