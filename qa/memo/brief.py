"""A memo as one would send it: what matters first, then paragraphs, a section each.

In: a plan and its answers. Out: the bottom line and the sections.

Every sentence is a verified one of an answer, or an article's own; what is added says only who says it and that they
differ, what is left out are words that join a sentence to one that is not here ("However", "also"). So nothing is
claimed that no quote vouches for. Knows nothing of formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from index.ingest.months import ENGLISH
from qa.answering.checks.relative import relative
from qa.answering.checks.tokens import tokens
from qa.memo.dates import long_date
from qa.memo.footnotes import Footnotes
from qa.memo.plan import Part, Plan
from qa.memo.records import BOTTOM_LINE, Paragraph, Piece, Section
from qa.memo.said import refused, same
from qa.records import Answer, Citation, Claim, Conflict, Value
from qa.render.harmless import one_line
from qa.render.naming import LONGEST, name
from qa.render.phrases import apart, is_phrase, of_claim, shown_value

FIRST = 3  # sentences of the bottom line, at most
ENOUGH = 4  # sentences of a paragraph, after which another begins
NAMED = 2  # who says something, in a sentence; the footnote names all
SPACE = Piece(" ")
DIFFER = "On this the articles differ."
OLDER = "Older articles say otherwise."
# a time that only the article's date can tell
_WHEN = re.compile(rf"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!,? (?:\d|{'|'.join(ENGLISH)}))|ago\b)")
# a beginning that speaks of something said before
_BACK = re.compile(r"(?:it|they|he|she|this|these|those|its|their|his|her|such|both|the two)\b", re.IGNORECASE)
_JOINS = re.compile(
    r"^(?:(?:but|and)\s+|(?:however|moreover|furthermore|additionally|in addition|meanwhile|also|besides|nevertheless"
    r"|nonetheless|yet|still|thus|hence"
    r"|therefore|consequently|as a result|for example|for instance|(?:beyond|besides|apart from"
    r"|in addition to)\s[^,.]{1,40}),\s+)(?=\w)",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"^((?:[\w’'-]+\s+){1,4}?(?:has|have|had|is|are|was|were|will|would|can|could|may|might|must|should"
    r"|do|does|did)\s+)also\s+"
)
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?:\s+(?:[A-Z0-9][\w’'-]*))*")


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
            tuple(sorted((one.source, one.start, one.end) for one in _cited(answer, claim.citations))),
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

    The plan says what comes first.

    One whose section would have nothing else to say stands there only where a memo of some length would else begin with
    less than two sentences.
    """
    deepest = max(map(len, points), default=0)
    ranked = [(group[depth], group) for depth in range(deepest) for group in points if depth < len(group)]
    wanted = min(FIRST, (len(ranked) + 1) // 2)
    chosen: list[Point] = []
    for point, group in ranked:
        if len(chosen) < wanted and (
            point.answer.conflicts or any(other is not point and other not in chosen for other in group)
        ):
            chosen.append(point)
    least = 2 if len(ranked) >= ENOUGH else 1
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
        pieces += [SPACE, *_sentence(claim, point.answer, footnotes, alone=True, told=older)]
        pieces += [Piece(f" {OLDER if older else DIFFER}")] if point.answer.conflicts else []
    return tuple(pieces)


def _first(point: Point) -> tuple[Claim, bool]:
    """What a point says first, and whether that is the newest of several values: where not, the best supported one."""
    for conflict in point.answer.conflicts[:1]:
        values, newest = _by_date(conflict, point.answer)
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
    """The sentences of a point; where articles differ, the best supported one, the difference, and what else is said."""
    answer = point.answer
    values = {same(value.value) for conflict in answer.conflicts for value in conflict.claims}
    first, _ = _first(point)
    # a value alone does not say of what it is one
    lead = [] if not answer.conflicts or any(map(_whole, answer.conflicts)) else [first]
    for claim in lead:
        yield _sentence(claim, answer, footnotes, alone=True)
    for conflict in answer.conflicts:
        yield _difference(conflict, answer, footnotes)
    for place, claim in enumerate(
        claim for claim in point.claims if same(claim.text) not in values and claim not in lead
    ):
        yield _sentence(claim, answer, footnotes, alone=place == 0)


def _sentence(claim: Claim, answer: Answer, footnotes: Footnotes, *, alone: bool, told: bool = False) -> Paragraph:
    """A sentence with its footnote.

    `alone`: nothing before it says what its "it" is, so that is said first. `told`: who says it, and when, is said.
    """
    cited = _cited(answer, claim.citations)
    if is_phrase(claim):
        return _quoted(claim, cited[0], footnotes.add(answer, claim.citations, claim.phrase))
    text = _by_itself(one_line(claim.text)) if alone else one_line(claim.text)
    before: Paragraph = ()
    if alone and _BACK.match(text):
        if (source := _antecedent(cited)) is not None:
            before = (Piece(_ended(one_line(source.quote)), note=footnotes.add(answer, [source.number], None)), SPACE)
        elif not _BACK.match(_by_itself(cited[0].quote)):
            text = _ended(one_line(cited[0].quote))
        elif named := _NAME.findall(answer.question.partition(" ")[2]):
            text = f"On {' and '.join(dict.fromkeys(named))}: {_lowered(text)}"
    if told or ((relative(text, None) or _WHEN.search(text)) and not before):  # whose "this month"
        text = _capital(_attributed(_lowered(text), cited))
    return (*before, Piece(text, note=footnotes.add(answer, claim.citations, claim.phrase)))


def _quoted(claim: Claim, cited: Citation, note: int) -> Paragraph:
    """The article's own sentence, where the answer is no sentence but a phrase of it."""
    phrase = of_claim(cited, claim.phrase)
    before, answer, after = apart(
        cited.quote, None if phrase is None else (phrase.start - cited.start, phrase.end - cited.start)
    )
    pieces = [
        Piece(f"According to {_voice(cited)}, “{before}"),
        *([Piece(answer, bold=True)] if answer else []),
        Piece(f"{after}”", note=note),
    ]
    return tuple(pieces)


def _difference(conflict: Conflict, answer: Answer, footnotes: Footnotes) -> Paragraph:
    """Each value with those who give it, in one sentence: all as sentences where one is no phrase."""
    (values, newest), whole = _by_date(conflict, answer), _whole(conflict)
    pieces = [Piece("The articles differ, the newest first: " if newest else "The articles differ: ")]
    for place, value in enumerate(values):
        cited = _cited(answer, value.citations)
        note = footnotes.add(answer, value.citations, value.phrase)
        between = "; " if place else ""
        if whole:
            own = cited[0].quote
            back = _BACK.match(value.value) and not _BACK.match(_by_itself(own))
            said = own if back or (value.phrase and same(value.value) == same(value.phrase.text)) else value.value
            pieces.append(Piece(between + _attributed(_lowered(one_line(said).removesuffix(".")), cited), note=note))
        else:
            who = _who(cited)
            gives = f"{between}{who} {'give' if ' and ' in who else 'gives'} "
            pieces += [Piece(gives), Piece(shown_value(value), bold=True, note=note)]
    return (*pieces, Piece("."))


def _whole(conflict: Conflict) -> bool:
    """Whether a value of it is a sentence."""
    return any(value.phrase is None for value in conflict.claims)


def _by_date(conflict: Conflict, answer: Answer) -> tuple[tuple[Value, ...], bool]:
    """The values, and whether they are told the newest first, as what was counted later counts.

    So they are where each is dated, and not all alike.
    """
    dates = [max((one.date or "" for one in _cited(answer, value.citations)), default="") for value in conflict.claims]
    if not all(dates) or len(set(dates)) == 1:
        return conflict.claims, False
    ranked = sorted(zip(dates, conflict.claims, strict=True), key=lambda one: one[0], reverse=True)
    return tuple(value for _, value in ranked), True


def _attributed(text: str, cited: Sequence[Citation]) -> str:
    """A sentence with who says so before it."""
    who = _who(cited)
    if text.casefold().startswith("according to"):
        return f"{who} {'say' if ' and ' in who else 'says'} that {text}"
    return f"according to {who}, {text}"


def _who(cited: Sequence[Citation]) -> str:
    """Those who give a value: the first of them by name."""
    called = list(dict.fromkeys(_voice(one) for one in {one.source: one for one in cited}.values()))
    if len(called) <= NAMED:
        return " and ".join(called)
    more = len(called) - NAMED
    return f"{', '.join(called[:NAMED])} and {'one more article' if more == 1 else f'{more} more articles'}"


def _voice(cited: Citation) -> str:
    """Who says it: the author, else the publisher of a dated article, else the article; and its date, or that it has none."""
    if cited.author or (cited.publisher and cited.date):
        said_by = one_line(cited.author or cited.publisher or "")
        return f"{said_by} ({long_date(cited.date) if cited.date else 'undated'})"
    called = name(cited)
    shown = (
        called
        if called.startswith("“")
        else f"“{called if len(called) <= LONGEST else called[:LONGEST].rpartition(' ')[0] + ' …'}”"
    )
    return f"{shown} ({long_date(cited.date)})" if cited.date else f"an undated article ({shown})"


def _antecedent(cited: Sequence[Citation]) -> Citation | None:
    """The quote that says what a sentence speaks of.

    Of the same article, before another, and itself no sentence that points back.
    """
    for one in cited:
        if not _BACK.match(_by_itself(one.quote)) and any(
            other.source == one.source and one.end <= other.start for other in cited
        ):
            return one
    return None


def _cited(answer: Answer, numbers: Sequence[int]) -> list[Citation]:
    by_number = {citation.number: citation for citation in answer.citations}
    return [by_number[number] for number in dict.fromkeys(numbers)]


def _ended(text: str) -> str:
    """A sentence with its full stop, also where the article has none, as behind a heading."""
    return text if text.endswith((".", "!", "?", "”", '"')) else f"{text}."


def _by_itself(text: str) -> str:
    """A sentence without the words that join it to one before it."""
    bare = _JOINS.sub("", text)
    return _ALSO.sub(r"\1", bare[:1].upper() + bare[1:])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    """The text within a sentence: without the capital of its first word, where that is a function word."""
    read = tokens(text)
    return text[:1].lower() + text[1:] if read and read[0].value is None and not read[0].key else text
