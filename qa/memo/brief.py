"""A memo as one would send it: what matters first, then paragraphs, a section each.

In: a plan and its answers. Out: the bottom line and the sections.

Every sentence is a verified one of an answer, or an article's own; what is added says only who says it and that they
differ, what is left out are words that join a sentence to one that is not here ("However", "also"). So nothing is
claimed that no quote vouches for. Knows nothing of formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qa.memo.dated import has_time
from qa.memo.differs import by_date, difference, others, whole
from qa.memo.footnotes import Footnotes
from qa.memo.plan import Part, Plan
from qa.memo.records import BOTTOM_LINE, Paragraph, Piece, Section
from qa.memo.said import refused, same
from qa.memo.sentence import SPACE, cited_by, sentence, words
from qa.records import Answer, Claim
from qa.render.harmless import one_line

FIRST = 3  # sentences of the bottom line, at most
LONG = 40  # words: a sentence of more is left to its section
ENOUGH = 4  # sentences of a paragraph, after which another begins
DIFFER = "On this the articles differ."
OLDER = "Older articles say otherwise."


@dataclass(frozen=True, slots=True)
class Brief:
    """What a brief says first, and its sections."""

    bottom_line: Paragraph
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """What the articles say to one question: the sentences that stand nowhere before, and the answer that they are of."""

    answer: Answer
    claims: tuple[Claim, ...]

    @property
    def alone(self) -> bool:
        """Whether it is one sentence, and no difference."""
        return len(self.claims) == 1 and not self.answer.conflicts


@dataclass(slots=True)
class Told:
    """What has been said so far: sentences, and the quotes that a sentence rested on."""

    texts: set[str] = field(default_factory=set)
    quotes: set[tuple[tuple[str, int, int], ...]] = field(default_factory=set)

    def again(self, claim: Claim, answer: Answer) -> bool:
        """Whether a sentence was said before, or one that rests on the same words of the same articles.

        It is said from now on.
        """
        text, quotes = (
            same(claim.text),
            tuple(sorted((one.source, one.start, one.end) for one in cited_by(answer, claim.citations))),
        )
        known = text in self.texts or quotes in self.quotes
        self.texts.add(text)
        self.quotes.add(quotes)
        return known


def brief(plan: Plan, answers: Mapping[str, Answer], footnotes: Footnotes) -> Brief:
    """The brief of a plan; footnotes are numbered in its order."""
    told = Told()
    points = [_points(part, answers, told) for part in plan.parts]
    first = _foremost(points)
    bottom_line = _bottom_line([point for group in points for point in group if point in first], footnotes)
    sections = []
    for part, group in zip(plan.parts, points, strict=True):
        # said above, and not again, where something else is said here
        stays = [point for point in group if not (point in first and point.alone)] or group
        sections.append(Section(one_line(part.heading), paragraphs=_paragraphs(stays, footnotes)))
    return Brief(bottom_line, tuple(sections))


def _points(part: Part, answers: Mapping[str, Answer], told: Told) -> list[Point]:
    """The points of a section.

    One of which everything was said before stands only where the section would have none.
    """
    found: list[Point] = []
    before: list[Point] = []
    for question in dict.fromkeys(part.questions):
        answer = answers[question]
        if refused(answer):
            continue
        cited = tuple(claim for claim in answer.sentences if claim.citations)
        fresh = tuple(claim for claim in cited if not told.again(claim, answer))
        (found if fresh else before).append(Point(answer, fresh or cited))
    return found or before[:1]


def _foremost(points: Sequence[Sequence[Point]]) -> list[Point]:
    """The points of the bottom line: the first of each section, then the second, as many as half of all.

    The plan says what comes first. A long sentence comes there only where all are long.

    One whose section would have nothing else to say stands there only where a memo of some length would else begin with
    less than two sentences.
    """
    deepest = max(map(len, points), default=0)
    everything = [(group[depth], group) for depth in range(deepest) for group in points if depth < len(group)]
    ranked = [one for one in everything if len(words(_first(one[0])[0], one[0].answer).split()) <= LONG] or everything
    wanted = min(FIRST, (len(everything) + 1) // 2)
    chosen: list[Point] = []
    for point, group in ranked:
        if len(chosen) < wanted and (
            point.answer.conflicts or any(other is not point and other not in chosen for other in group)
        ):
            chosen.append(point)
    least = 2 if len(everything) >= ENOUGH else 1
    for point, _ in ranked:
        if len(chosen) < min(least, wanted) and point not in chosen:
            chosen.append(point)
    return chosen


def _bottom_line(points: Sequence[Point], footnotes: Footnotes) -> Paragraph:
    if not points:
        return ()
    pieces = [Piece(BOTTOM_LINE, bold=True)]
    for point in points:
        claim, older = _first(point)
        when = older and not has_time(
            words(claim, point.answer)
        )  # "older" than what; a sentence with a time says so itself
        pieces += [SPACE, *sentence(claim, point.answer, footnotes, alone=True, told=when)]
        pieces += [Piece(f" {OLDER if older else DIFFER}")] if point.answer.conflicts else []
    return tuple(pieces)


def _first(point: Point) -> tuple[Claim, bool]:
    """What a point says first, and whether that is the newest of several values: where not, the best supported one."""
    for conflict in point.answer.conflicts[:1]:
        values, newest = by_date(conflict, point.answer)
        for claim in point.answer.sentences:
            if newest and same(claim.text) == same(values[0].value):
                return claim, True
    return point.claims[0], False


def _paragraphs(points: Sequence[Point], footnotes: Footnotes) -> tuple[Paragraph, ...]:
    """The points one after the other; another paragraph begins after enough sentences, and after a difference."""
    made: list[Paragraph] = []
    sentences: list[Paragraph] = []
    for point in points:
        sentences += _said(point, footnotes)
        if len(sentences) >= ENOUGH or point.answer.conflicts:
            made.append(_joined(sentences))
            sentences = []
    return (*made, _joined(sentences)) if sentences else tuple(made)


def _joined(sentences: Sequence[Paragraph]) -> Paragraph:
    return tuple(
        piece for place, sentence in enumerate(sentences) for piece in ((SPACE, *sentence) if place else sentence)
    )


def _said(point: Point, footnotes: Footnotes) -> Iterator[Paragraph]:
    """The sentences of a point; where articles differ, who says what, then what else is said.

    A value alone does not say of what it is one: it follows the sentence that gives the newest, or best supported, one.
    """
    answer = point.answer
    told = {same(value.value) for conflict in answer.conflicts for value in conflict.claims}
    for conflict in answer.conflicts:
        if whole(conflict):
            yield difference(conflict, answer, footnotes)
            continue
        values, newest = by_date(conflict, answer)
        first = next((claim for claim in answer.sentences if same(claim.text) == same(values[0].value)), None)
        if first is None:
            first, newest = point.claims[0], False
            told.add(same(first.text))
        yield sentence(first, answer, footnotes, alone=True, told=True, bold=True)
        rest = tuple(value for value in values if same(value.value) != same(first.text))
        yield others(rest, answer, footnotes, older=newest)
    for place, claim in enumerate(claim for claim in point.claims if same(claim.text) not in told):
        yield sentence(claim, answer, footnotes, alone=place == 0)
