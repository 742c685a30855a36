"""Turn what was weighed into a verdict: an answer with its quotes, or a refusal with what comes nearest to one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from index.embed import Embedder
from index.records import Article, Filter, Hit
from qa.answering.candidate import Candidate
from qa.answering.checks.support import similarity, supported
from qa.answering.compare import Compared
from qa.answering.compose import REFUSAL, Difference, Supported, Verdict
from qa.answering.decide import Decision
from qa.answering.draft import Drafted
from qa.answering.evidence import Evidence, quoted
from qa.answering.explain import explained
from qa.answering.phrase import Named
from qa.answering.plain import plain
from qa.answering.question import Question
from qa.answering.retrieve import Sifted
from qa.answering.tell import candidate, nearest_phrase
from qa.records import Rejected

NEAREST = 3  # how many passages a refusal shows


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way: what was found for it, what may be quoted, and how sure an answer has to be.

    From a probability of `likely` on a phrase answers, or a sentence where no phrase was weighed, from `caution`
    on any other sentence. `foreign` tells that it is in another language.
    """

    question: Question
    hits: tuple[Hit, ...]
    sifted: Sifted
    within: Filter
    article: Callable[[str], Article]
    denial: Evidence | None
    raised: str
    decision: Decision
    foreign: str
    caution: float
    likely: float
    timings: dict[str, float]


def refused(asked: Asked, written: Drafted, read: Sequence[Evidence], caution: float, named: Named | None) -> Verdict:
    """A refusal, with what denies the question's premise, or what comes nearest to an answer.

    That is the phrase that was `named`, if one was, then the sentences nearest to the question.
    """
    denial = asked.denial
    best = candidate(named) if named else None
    if named is not None:
        weighed = (*((best,) if best else ()), *written.weighed)
        written = replace(written, text=written.text or named.text, weighed=weighed)
    first = nearest_phrase(named) if named else ()
    quotes = {one.quotes[0] for one in first}
    near = (
        Supported("", (quoted(item),))
        for item in _nearest(item for item in asked.sifted.evidence if item is not denial)
        if quoted(item) not in quotes
    )
    return Verdict(
        "unanswered",
        (Supported(plain(denial.sentence.text), (quoted(denial),), 1.0),) if denial else (),
        rejected=_rejected(written),
        nearest=(*first, *near)[:NEAREST],
        confidence=1.0 - max(written.probability, best.probability if best else 0.0),
        notes=(*asked.sifted.notes, asked.raised) if asked.raised and not denial else asked.sifted.notes,
        refusal=_unread(asked.foreign) if asked.foreign else REFUSAL,
        explanation=explained(
            asked.hits, read, written, Compared(), caution=caution, raised=asked.raised, note=asked.decision.note
        ),
    )


def answered(
    asked: Asked,
    embedder: Embedder,
    written: Drafted,
    read: Sequence[Evidence],
    compared: Compared,
    caution: float,
) -> Verdict:
    """The sentences kept with their quotes; where articles give different values, those first."""
    explanation = explained(
        asked.hits, read, written, compared, caution=caution, raised=asked.raised, note=asked.decision.note
    )
    claims = tuple(_supported(one, embedder) for one in written.kept)
    notes = asked.sifted.notes
    if not compared.values:
        return Verdict(
            "answered",
            claims,
            rejected=_rejected(written),
            confidence=written.probability,
            notes=notes,
            explanation=explanation,
            stories=asked.sifted.stories,
        )
    values = tuple(_supported(one, embedder) for one in compared.values)
    return Verdict(
        "conflicting",
        (*values, *(claim for claim in claims if claim.text not in {value.text for value in values})),
        differences=(Difference(compared.why, values),),
        rejected=_rejected(written),
        confidence=min(one.probability for one in compared.values),
        notes=notes,
        explanation=explanation,
    )


def _rejected(written: Drafted) -> tuple[Rejected, ...]:
    return tuple(Rejected(one.text, one.reason) for one in written.weighed if one.reason is not None)


def _unread(foreign: str) -> str:
    return f"Whether the articles answer this cannot be told: {foreign}."


def _supported(one: Candidate, embedder: Embedder) -> Supported:
    """The sentence with the probability that its quotes say it; a phrase that is an article's own words is said."""
    quotes = tuple(quoted(item) for item in one.attribution.quotes)
    texts = [quote.text for quote in quotes]
    verbatim = one.phrase is not None and one.text == plain(one.phrase.text)
    support = 1.0 if verbatim else supported(one.text, texts, similarity=similarity(one.text, texts, embedder))
    return Supported(one.text, quotes, support, one.phrase)


def _nearest(evidence: Iterable[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda item: (-item.score, item.passage.source, item.sentence.start))[:NEAREST]
