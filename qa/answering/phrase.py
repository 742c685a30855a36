"""The model names the words that answer, code finds them in the articles.

In: a question, what is read, what may be quoted. Out: a `Named`.

A short answer has to be proved and nothing else: the words of the question need no proof, and what the model adds
around an answer cannot go wrong where it is not asked for more. Asked for the fewest words, a small model names the
right ones far more often than it writes a right sentence (docs/trust.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.language import ENGLISH
from qa.answering import prompt
from qa.answering.checks.expected import supplies
from qa.answering.checks.words import has_word, normalise, words, words_in
from qa.answering.decide import SHIPPED, Decision, probability_of_phrase
from qa.answering.decide import Named as Signals
from qa.answering.evidence import Evidence
from qa.answering.ground import Span, ground
from qa.answering.literal import counted, literal
from qa.answering.question import Question
from qa.answering.reading import Reading
from qa.models.engine import LanguageModel, Opinion

HOPELESS = 0.02  # under it, the model sees so little of an answer that none is asked for
LONGEST = 48  # tokens of a phrase
BESIDE = 0.5  # of the question's content words: an article whose sentence and title hold fewer does not say the same
OTHERS = 2  # further articles that are quoted for one phrase

_SILENT = re.compile(
    r"\W*(?:(?:it|this|that) is )?(?:not|un)[ -]?(?:explicitly |directly |specifically )?"
    r"(?:stated|specified|mentioned|given|known|provided|available)\b|\W*(?:none|n/a|unknown)\W*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|an?) ")
_WRAPPED = re.compile(r"^(?:the )?answer(?: is)?:? ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """Where an article says a phrase: a sentence of it, and the place in the sentence."""

    item: Evidence
    span: Span

    @property
    def text(self) -> str:
        """The article's own words."""
        return self.item.sentence.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Named:
    """What the model named.

    `text` is what it wrote; `found` where the articles say it, the best place first, one for each article.

    `quotes` are the sentences that a reader needs: the one with the phrase, the one of the same article that names what
    it speaks of, and other articles'. `reason` says why there is no answer; else `probability` that the phrase is the
    answer, by `signals`. `seen` is the model's P(yes) that what it read states an answer at all.
    """

    text: str = ""
    found: tuple[Found, ...] = ()
    quotes: tuple[Evidence, ...] = ()
    signals: Signals | None = None
    probability: float = 0.0
    reason: str | None = None
    seen: float = 0.0


def phrasal(question: Question) -> bool:
    """Whether a phrase can answer: no course of events, no reason, no list, not yes or no, and not what somebody said."""
    return (
        not (question.broad or question.several)
        and question.kind not in ("polar", "why", "how", "list")
        and question.query == question.plain
    )


def name(
    question: Question,
    read: Reading,
    evidence: Sequence[Evidence],
    model: LanguageModel,
    *,
    hopeless: float = HOPELESS,
    decision: Decision = SHIPPED,
) -> Named:
    """Ask for the phrase that answers `question` in what is `read`, and find it there or in the other `evidence`."""
    stated = model.opinion(prompt.stated(question.text, read))
    if stated.yes < hopeless:
        return Named(reason="the model sees no answer in what it read", seen=stated.yes)
    written = model.generate(prompt.phrase(question.text, read), max_tokens=LONGEST)
    text = bare(written.text)
    if not text or _SILENT.match(text):
        return Named(text, reason="the model says that it is not stated", seen=stated.yes)
    found = locate(question, text, read, evidence)
    if not found:
        return Named(text, reason="no article has these words", seen=stated.yes)
    if not supplies(question.plain, text):
        return Named(text, found, reason="it gives nothing of the kind that the question asks for", seen=stated.yes)
    agreed = model.opinion(prompt.agreed(question.text, found[0].text, read))
    main = (found[0].item, *pointed_at(question, found[0].item, evidence))
    signals = signalled(question, found, stated, agreed, written.sure)
    quotes = tuple(dict.fromkeys((*main, *(other.item for other in found[1 : 1 + OTHERS]))))
    return Named(text, found, quotes, signals, probability_of_phrase(signals, decision), None, stated.yes)


def locate(question: Question, text: str, read: Reading, evidence: Sequence[Evidence]) -> tuple[Found, ...]:
    """Where the articles say `text`: the best sentence, then that of each other article whose sentence speaks of what is asked.

    A sentence that writes it as the model does comes before one with another form of it ("Stewart", "Chinese"), and one that was read before one that was not.
    """
    asked = frozenset(question.words)
    lines = {(item.passage.source, item.sentence.start) for stretch in read for item in stretch.sentences}
    best: dict[str, tuple[tuple[bool, bool, float], Found]] = {}
    for item in (*(item for stretch in read for item in stretch.sentences), *evidence):
        span = ground(text, item.sentence.text)
        if span is None and item.passage.metadata.language not in (None, ENGLISH):
            span = literal(text, item.sentence.text) or counted(text, item.sentence.text)
        if span is None:
            continue
        found = Found(item, span)
        rank = (_as_written(text, found.text), (item.passage.source, item.sentence.start) in lines, item.score)
        if item.passage.source not in best or rank > best[item.passage.source][0]:
            best[item.passage.source] = rank, found
    ranked = sorted(best.values(), key=lambda one: ([-value for value in one[0]], one[1].item.passage.source))
    return tuple(found for place, (_, found) in enumerate(ranked) if place == 0 or held(asked, found.item) >= BESIDE)


def _as_written(text: str, found: str) -> bool:
    """Whether an article writes the phrase as the model does, but for case, typography and an article before it."""
    return _ARTICLE.sub("", normalise(text).casefold()) == _ARTICLE.sub("", normalise(found).casefold())


def pointed_at(question: Question, item: Evidence, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The sentence of the same article that names what the question names and `item` only points at ("the company", "he"), nearest before it, if any."""
    lacking = {root for root in question.names if not has_word(root, frozenset(words(item.sentence.text)))}
    if not lacking:
        return ()
    same = [
        other
        for other in (*neighbours(item), *evidence)
        if other.passage.source == item.passage.source and other.sentence != item.sentence
    ]
    offered = [
        (sum(has_word(root, frozenset(words(other.sentence.text))) for root in lacking), other) for other in same
    ]
    most = max((count for count, _ in offered), default=0)
    if most == 0:
        return ()
    start = item.sentence.start
    return (
        min(
            (other for count, other in offered if count == most),
            key=lambda other: (other.sentence.start > start, abs(other.sentence.start - start)),
        ),
    )


def neighbours(item: Evidence) -> tuple[Evidence, ...]:
    """The other sentences of the passage that `item` stands in."""
    return tuple(
        Evidence(sentence, item.passage, item.score) for sentence in item.passage.sentences if sentence != item.sentence
    )


def held(asked: frozenset[str], item: Evidence) -> float:
    """The share of the words asked that a sentence, its title and its heading hold, in [0, 1]."""
    text = " ".join(filter(None, (item.sentence.text, item.passage.metadata.title, item.passage.heading)))
    known = frozenset(words(text)) | _own(text, item.passage.metadata.language)
    return sum(has_word(word, known) for word in asked) / max(len(asked), 1)


def _own(text: str, language: str | None) -> frozenset[str]:
    """The words of a text in another language than English, by the stems of that language."""
    return frozenset(words_in(text, language)) if language not in (None, ENGLISH) else frozenset()


def signalled(
    question: Question, found: Sequence[Found], stated: Opinion, agreed: Opinion, sure: float | None
) -> Signals:
    """What speaks for a phrase that was found."""
    sentence = held(frozenset(question.words), found[0].item)
    return Signals(stated=stated.yes, agreed=agreed.yes, sentence=sentence, articles=min(len(found), 4) / 4, sure=sure)


def bare(text: str) -> str:
    """What was written, one line, without "Answer:", quotation marks around it and the stop behind it."""
    line = next(filter(None, map(str.strip, text.splitlines())), "")
    line = _WRAPPED.sub("", line).strip().removesuffix(".")
    return line[1:-1] if len(line) > 1 and line[0] in "\"'“‘" and line[-1] in "\"'”’" else line
