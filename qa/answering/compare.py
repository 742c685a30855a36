"""Find where the articles disagree.

Takes an answer's sentences and the evidence of the other articles; returns the different values, if there are any.

An article is asked by itself only where its evidence could give another value: model calls are
what costs. Its answer passes the same checks as any other, and counts if it would be shown were it the only one. Values
are compared by code: figures by unit and size, yes and no by negation, and names where a question is for one person.
Other words are not compared: "in Delhi" and "in India" differ and do not disagree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from index.records import Metadata
from qa.answering.candidate import Candidate
from qa.answering.checks.attribute import corroborated, missing, saying
from qa.answering.checks.expected import kind, singular
from qa.answering.checks.facts import facts
from qa.answering.checks.opposites import opposite
from qa.answering.checks.values import given, meet
from qa.answering.checks.words import has_word, normalise, stem, words
from qa.answering.decide import SHIPPED, Decision, coverage
from qa.answering.draft import Drafted, drafted, nearest
from qa.answering.evidence import Evidence, foremost
from qa.answering.ground import ground
from qa.answering.phrase import held, name
from qa.answering.question import Question
from qa.answering.reading import reading
from qa.answering.tell import candidate
from qa.answering.values import differ
from qa.models.engine import LanguageModel

NEAR = 0.4  # of the best evidence's score: an article whose evidence matches the question less is not asked
ASKED = 3  # other articles that are asked for a phrase of their own
ABOUT = 0.5  # of the question's content words: a sentence that holds fewer is of other people
OUTRIGHT = 0.8  # of the question's content words: a sentence that holds so many, or their opposites, answers yes or no
BESIDE = 0.2  # of the question's content words: a time beside so many fewer is rather of something else
_OPENING = re.compile(r"(?:yes|(?P<no>no))(?:[,.:;]|$)", re.IGNORECASE)
_WEEKDAYS = frozenset(map(stem, "monday tuesday wednesday thursday friday saturday sunday".split()))


@dataclass(frozen=True, slots=True)
class Compared:
    """What the other articles say when they are asked by themselves.

    `values` are sentences that give different values for the thing asked, one for each, the best supported first; none
    where they agree. `asked` is what came of each article that was asked.
    """

    values: tuple[Candidate, ...] = ()
    why: str = ""
    asked: tuple[tuple[str, Drafted], ...] = ()


def compare(
    question: str,
    kept: Sequence[Candidate],
    evidence: Sequence[Evidence],
    model: LanguageModel,
    *,
    caution: float,
    limit: int,
    max_tokens: int,
    stories: Mapping[str, str],
    decision: Decision = SHIPPED,
) -> Compared:
    """Ask the articles that may give another value than `kept`, one by one, each from at most `limit` of its sentences.

    `kept` is not empty; `stories` are the articles that are versions of another's story: they are asked like any other,
    and counted with it.
    What an article says by itself counts from a probability of `caution` on, also where it says one thing and, less
    clearly, the other. To a question for yes or no it also counts where it says so outright.
    """
    stated = max(kept, key=lambda candidate: candidate.probability)
    cited = {quote.passage.source for candidate in kept for quote in candidate.attribution.quotes}
    least = NEAR * max(item.score for item in evidence)
    values = [stated]
    asked = []
    for source, group in groupby(
        sorted(evidence, key=lambda item: item.passage.source), key=lambda item: item.passage.source
    ):
        own = [item for item in group if item.score >= least]
        differing = [item for item in own if _may_differ(question, stated, item)]
        if source in cited or not differing or not _of_the_same(question, own) or _agrees(question, stated, own):
            continue
        answer = drafted(
            question,
            foremost(own, limit=limit),
            own,
            model,
            max_tokens=max_tokens,
            near=nearest(question, differing),
            decision=decision,
        )
        asked.append((source, answer))
        shown = (
            candidate
            for candidate in answer.weighed
            if candidate.reason is None and (candidate.probability >= caution or _outright(question, candidate))
        )
        otherwise = [candidate for candidate in shown if all(_differ(question, candidate, other) for other in values)]
        values += sorted(otherwise, key=lambda candidate: -candidate.probability)[:1]
    if len(values) == 1:
        return Compared(asked=tuple(asked))
    values = [replace(value, attribution=corroborated(value.text, value.attribution, evidence)) for value in values]
    values.sort(key=lambda value: (-_articles(value, stories), -value.probability))
    return Compared(tuple(values), _why(values, stories), tuple(asked))


def compare_phrases(
    question: Question,
    stated: Candidate,
    evidence: Sequence[Evidence],
    model: LanguageModel,
    *,
    caution: float,
    limit: int,
    stories: Mapping[str, str],
    decision: Decision = SHIPPED,
) -> Compared:
    """Ask at most `ASKED` other articles for their own phrase, those that match the question best first.

    Each is asked from at most `limit` of its words, and only if it is about what is asked and does not hold the stated
    phrase. Its phrase counts if its probability is at least `caution`, and as another value if code can tell that both
    cannot be true.
    """
    if not comparable(question):
        return Compared()
    said = stated.phrase.text if stated.phrase else stated.text
    cited = {quote.passage.source for quote in stated.attribution.quotes}
    least = NEAR * max(item.score for item in evidence)
    groups = [
        list(group)
        for _, group in groupby(
            sorted(evidence, key=lambda item: item.passage.source), key=lambda item: item.passage.source
        )
    ]
    others = [own for own in groups if own[0].passage.source not in cited and _speaks_of(question, said, own, least)]
    others.sort(key=lambda own: -max(item.score for item in own))
    values, asked = [stated], []
    for own in others[:ASKED]:
        named = name(question, reading(own, limit=limit), own, model, decision=decision)
        best = candidate(named)
        asked.append((own[0].passage.source, Drafted(named.text, (best,) if best else (), (best,) if best else ())))
        if (
            best is not None
            and best.reason is None
            and best.probability >= caution
            and all(differ(question, best.text, _said(one)) for one in values)
        ):
            values.append(best)
    if len(values) == 1:
        return Compared(asked=tuple(asked))
    values.sort(key=lambda value: (-_articles(value, stories), -value.probability))
    return Compared(tuple(values), _why(values, stories), tuple(asked))


def comparable(question: Question) -> bool:
    """Whether two answers can be recognised as different values: figures, times, and things there is one of."""
    return question.kind in ("number", "duration", "frequency", "time") or question.singular


def _said(value: Candidate) -> str:
    return value.phrase.text if value.phrase else value.text


def _speaks_of(question: Question, said: str, own: Sequence[Evidence], least: float) -> bool:
    """Whether what was found of an article names what the question names, has a sentence about it, and nowhere says what is stated."""
    asked = frozenset(question.words)
    return (
        any(item.score >= least and held(asked, item) >= ABOUT for item in own)
        and all(ground(said, item.sentence.text) is None for item in own)
        and _of_the_same(question.plain, own)
    )


def _of_the_same(question: str, own: Sequence[Evidence]) -> bool:
    """Whether the passages of an article name most of what the question names; else its "he" may be somebody else."""
    names = facts(question).names
    told = {stem for item in own for stem in facts(f"{item.passage.metadata.title or ''}\n{item.passage.text}").stems}
    return not names or sum(has_word(name, told) for name in names) > len(names) / 2


def _may_differ(question: str, stated: Candidate, item: Evidence) -> bool:
    """Whether a sentence holds a value of the kind stated, and not the stated one."""
    if kind(question) == "polar":
        return _denies(question, item.sentence.text) != _denies(question, stated.text)
    if singular(question):
        return coverage(question, (item,)) >= ABOUT and _apart(
            _names(question, stated.text), _names(question, item.sentence.text)
        )
    values = given(question, stated.text)
    units = {number.unit for number in values}
    offered = {number for number in given(question, item.sentence.text) if number.unit in units}
    return bool(offered) and not meet(question, values, offered)


def _agrees(question: str, stated: Candidate, own: Sequence[Evidence]) -> bool:
    """Whether the value that an article's evidence gives for the thing asked is the stated one.

    If so, its other values belong to other things.
    """
    if singular(question):
        return any(_shared(_names(question, stated.text), facts(item.sentence.text).names - _WEEKDAYS) for item in own)
    values = frozenset() if kind(question) == "polar" else given(question, stated.text)
    units = {number.unit for number in values}
    telling = [
        item for item in own if not units.isdisjoint(number.unit for number in given(question, item.sentence.text))
    ]
    if kind(question) != "time":
        return meet(question, values, given(question, *(item.sentence.text for item in telling)))
    nearest = max((coverage(question, (item,)) for item in telling), default=0.0)
    times = [given(question, item.sentence.text) for item in telling if coverage(question, (item,)) > nearest - BESIDE]
    return any(not values.isdisjoint(some) and meet(question, values, some) for some in times)


def _articles(value: Candidate, stories: Mapping[str, str]) -> int:
    """How many articles say a value by themselves, versions of one story counting once."""
    return saying(
        value.text,
        (
            (stories.get(quote.passage.source, quote.passage.source), quote.sentence.text)
            for quote in value.attribution.quotes
        ),
    )


def _differ(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether two answers to one question cannot both be true."""
    if kind(question) == "polar":
        return _denies(question, one.text) != _denies(question, other.text)
    if singular(question):
        return _apart(_names(question, one.text), _names(question, other.text))
    ones, others = given(question, one.text), given(question, other.text)
    return bool(ones and others) and not meet(question, ones, others)


def _names(question: str, claim: str) -> frozenset[str]:
    """The names a claim gives beside those of the question."""
    asked = set(facts(question).stems)
    return frozenset(name for name in facts(claim).names if not has_word(name, asked))


def _apart(ones: frozenset[str], others: frozenset[str]) -> bool:
    """Whether both give names, and they have none in common."""
    return bool(ones and others) and not _shared(ones, others)


def _shared(ones: frozenset[str], others: frozenset[str]) -> bool:
    return any(has_word(one, others) for one in ones)


def _outright(question: str, told: Candidate) -> bool:
    """Whether the sentence quoted settles a question for yes or no: it holds nearly all its words, or their opposites, and every name.

    A small model takes "no" for no answer: its doubts must not hide that an article denies what another says. An answer
    by itself is never shown for this.
    """
    if kind(question) != "polar":
        return False
    main = told.attribution.quotes[:1]
    said, asked = {word for quote in main for word in words(quote.sentence.text)}, set(words(question))
    turned = sum(opposite(word, said) for word in asked if not has_word(word, said)) / max(len(asked), 1)
    return coverage(question, main) + turned >= OUTRIGHT and not missing(
        question, [quote.sentence.text for quote in main]
    )


def _denies(question: str, claim: str) -> bool:
    """Whether a claim says no: it denies, or says the opposite of what is asked, as "rejected" where it is asked whether something was approved."""
    stems = set(facts(claim).stems)
    opening = _OPENING.match(normalise(claim))
    if opening:
        return opening["no"] is not None
    contrary = any(opposite(asked, stems) for asked in facts(question).stems if not has_word(asked, stems))
    return facts(claim).negated != contrary


def _why(values: Sequence[Candidate], stories: Mapping[str, str]) -> str:
    """How many articles agree on the first value, and what is known of the articles' dates, which may be why they differ."""
    known: dict[str, Metadata] = {}
    for value in values:
        for quote in value.attribution.quotes:
            known.setdefault(quote.passage.source, quote.passage.metadata)
    dated = sorted((metadata.date, source) for source, metadata in known.items() if metadata.date)
    agreeing = _articles(values[0], stories)
    parts = [f"{agreeing} articles say the first"] if agreeing > 1 else []
    parts += [
        f"{source} is undated and may speak of another time"
        for source, metadata in known.items()
        if metadata.date is None
    ]
    if len(dated) > 1 and dated[0][0] != dated[-1][0]:
        parts.append(f"{dated[-1][1]} ({dated[-1][0]}) is newer than {dated[0][1]} ({dated[0][0]})")
    return "; ".join(parts) or "the articles give different values"
