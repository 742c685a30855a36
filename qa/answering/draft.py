"""Draft an answer with the model and check it sentence by sentence in code.

Knows nothing of the library or of numbering. Whether what is left answers the question well enough to be shown is
decided in `qa.answering.decide`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.language import ENGLISH
from index.sentences import sentences
from qa.answering import prompt
from qa.answering.candidate import SHOWN, Candidate, read_back
from qa.answering.checks.abbreviations import abbreviated, long_form
from qa.answering.checks.attribute import Attribution, attribute, telling
from qa.answering.checks.dated import undated
from qa.answering.checks.expected import kind, supplies
from qa.answering.checks.hedges import unhedged
from qa.answering.checks.rivals import rival
from qa.answering.checks.unsaid import unsaid
from qa.answering.decide import SHIPPED, Decision, Signals, coverage, probability_of_answer, settled
from qa.answering.evidence import Evidence
from qa.answering.plain import plain
from qa.answering.probe import probed
from qa.models.engine import LanguageModel, Message, Opinion, opinions

# where the model sees rather no answer in the evidence, a draft would only be thrown away: `python -m bench.decision`
# counts what that costs
HOPELESS = 0.5
SURE = 0.7  # a draft this probable needs no second opinion from the articles' own sentences
SETTLED = 0.8
# under it, what a sentence that was turned down was made of is about something else, and is not shown instead: of 62 such
# sentences of drafts on SQuAD 2 and CLAP NQ 15 are under it, 2 of them right, and of the 47 others 14
ABOUT = 0.5
VERBATIM = 2  # how many of those are tried otherwise

_LISTED = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Drafted:
    """The outcome of a draft: all sentences `weighed`, in order, and those `kept`, if any passed."""

    text: str
    weighed: tuple[Candidate, ...]
    kept: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate | None:
        """The sentence that answers most probably, if there is one."""
        return max(self.kept, key=lambda candidate: candidate.probability, default=None)

    @property
    def probability(self) -> float:
        """That the best sentence answers the question; 0 where there is none."""
        return self.best.probability if self.best else 0.0


def drafted(
    question: str,
    read: Sequence[Evidence],
    evidence: Sequence[Evidence],
    model: LanguageModel,
    *,
    max_tokens: int,
    near: Sequence[Evidence],
    full: bool = False,
    decision: Decision = SHIPPED,
) -> Drafted:
    """Draft an answer from the sentences `read` and check each sentence of it against all the `evidence`.

    With `full`, the answer has a sentence for each part of the question.

    Where nothing convincing is left, the articles' own sentences are tried: what a sentence of the draft was made of,
    and those `near` the question. Where the model itself sees no answer at all, nothing is drafted.
    """
    possible = model.opinion(prompt.answerable(question, read)).yes
    if possible < HOPELESS and kind(question) not in ("polar", "abbreviation"):
        return Drafted("", (), ())
    text = model.generate(prompt.draft(question, read, full=full), max_tokens=max_tokens).text.strip()
    weighed = read_back([checked(question, claim, evidence) for claim in split(text, language=_language(read))], model)
    if full and (parts := _parts(question, weighed)):
        (whole_answer,) = _weighed(question, [_together(parts)], model, possible, decision)
        kept = [
            replace(candidate, signals=whole_answer.signals, probability=whole_answer.probability)
            for candidate in parts
        ]
    else:
        kept = _weighed(
            question, [candidate for candidate in weighed if candidate.reason is None], model, possible, decision
        )
    done = {candidate.text: candidate for candidate in kept}
    weighed = [*(done.pop(candidate.text, candidate) for candidate in weighed), *done.values()]
    if max((candidate.probability for candidate in kept), default=0.0) < SURE:
        own = _weighed(
            question, [verbatim(item) for item in instead(question, weighed, evidence, near)], model, possible, decision
        )
        weighed += own
        kept = _better(kept, own)
    return Drafted(text, tuple(weighed), tuple(kept))


def split(text: str, *, language: str = ENGLISH) -> list[str]:
    """The sentences of a draft, each once, without the marks of a list."""
    lines = [_LISTED.sub("", line).strip() for line in text.splitlines()]
    return list(
        dict.fromkeys(sentence.text for line in lines for sentence in sentences(line, 0, len(line), language=language))
    )


def _language(read: Sequence[Evidence]) -> str:
    """The language of the sentences that a draft is made from if they share one, else English."""
    found = {item.passage.metadata.language or ENGLISH for item in read}
    return found.pop() if len(found) == 1 else ENGLISH


def confirming(question: str, claim: str, found: Attribution) -> tuple[Message, ...]:
    """The prompt that asks the model whether the quotes give `claim` as the answer."""
    return prompt.confirmed(question, claim, [quote.sentence.text for quote in found.quotes[:SHOWN]])


def signalled(question: str, claim: str, found: Attribution, possible: float, opinion: Opinion, digest: str) -> Signals:
    """What speaks for `claim` as the answer, given what the model `digest` made of `confirming` it.

    A small model knows little of what an abbreviation stands for: where a quote spells it out as the claim does, its
    doubts count for no more than `SETTLED` allows. That is a rule of thumb: no public set of such questions was at hand
    to measure it on. Nor was the probe fitted on questions for yes or no, and is not read for them.
    """
    read = None if kind(question) == "polar" else probed(opinion.state, digest)
    signals = Signals(possible, opinion.yes, coverage(question, found.quotes), read)
    return settled(signals, SETTLED) if _spelled_out(question, claim, found.quotes) else signals


def _spelled_out(question: str, claim: str, quotes: Sequence[Evidence]) -> bool:
    """Whether a quote spells the abbreviation that the question asks for out in the same way as the claim."""
    if kind(question) != "abbreviation":
        return False
    short = abbreviated(question) or ""
    return long_form(short, claim) in {long_form(short, quote.sentence.text) for quote in quotes} - {None}


def nearest(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence sentences nearest to the question that could answer it as they are, without attribution."""
    ranked = sorted(evidence, key=lambda item: (-item.score, item.passage.source, item.sentence.start))
    return [item for item in ranked if supplies(question, item.sentence.text)][:VERBATIM]


def checked(question: str, claim: str, evidence: Sequence[Evidence]) -> Candidate:
    """Attribute a sentence of the draft.

    A date that it has from the question is dropped where it has quotes only without it.
    """
    found = attribute(claim, evidence, question=question)
    if found.reason is not None and (shorter := _undated(question, claim, found.quotes)):
        without = attribute(shorter, evidence, question=question)
        claim, found = (shorter, without) if without.reason is None else (claim, found)
    return Candidate(claim, "draft", found, reason=found.reason or _beside_the_point(question, claim, found.quotes))


def _undated(question: str, claim: str, quotes: Sequence[Evidence]) -> str | None:
    return next(
        (undated(claim, question, quote.passage.metadata.date, quote.passage.text) for quote in quotes[:1]), None
    )


def instead(
    question: str, weighed: Sequence[Candidate], evidence: Sequence[Evidence], near: Sequence[Evidence]
) -> list[Evidence]:
    """Return the articles' own sentences to try instead of a draft.

    For each rejected sentence, the one that tells its answer, or else carries most of it; then those `near`. None that
    lacks words of a rejected sentence made of it and, as the model reads it, does not say it: it speaks of something
    else, as what Birch was trained on says nothing of Alder.
    """
    tried: list[Evidence] = []
    apart: set[tuple[str, int]] = set()
    for candidate in weighed:
        if candidate.reason is not None:
            main = _main(candidate)
            if main is not None and candidate.attribution.reason is not None and (candidate.said or 1.0) < ABOUT:
                apart.add(_place(main))
            told = (telling(candidate.text, question, evidence), main)
            tried += [item for item in told if item is not None and supplies(question, item.sentence.text)][:1]
    return list({_place(item): item for item in (*tried, *near) if _place(item) not in apart}.values())


def _place(item: Evidence) -> tuple[str, int]:
    return item.passage.source, item.sentence.start


def _main(candidate: Candidate) -> Evidence | None:
    """The sentence that carries most of a candidate."""
    return next(iter(candidate.attribution.quotes), None)


def _parts(question: str, weighed: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentences of a full answer, each once.

    Those of the draft that pass, and the article's own for those that their quotes do not quite say.
    """
    parts = []
    for candidate in weighed:
        if candidate.reason is None:
            parts.append(candidate)
        elif (
            candidate.attribution.reason is None
            and (item := _main(candidate))
            and supplies(question, item.sentence.text)
        ):
            parts.append(verbatim(item))
    return list({candidate.text: candidate for candidate in parts}.values())


def verbatim(whole: Evidence) -> Candidate:
    """An article's own sentence."""
    return Candidate(plain(whole.sentence.text), "article", Attribution((whole,), 1.0, None))


def _together(kept: Sequence[Candidate]) -> Candidate:
    """The parts of a full answer as one candidate: together they answer the question, none does by itself."""
    quotes = tuple(dict.fromkeys(quote for candidate in kept for quote in candidate.attribution.quotes))
    return Candidate(
        " ".join(candidate.text for candidate in kept),
        "draft",
        Attribution(quotes, min(c.attribution.support for c in kept), None),
    )


def _weighed(
    question: str, candidates: Sequence[Candidate], model: LanguageModel, possible: float, decision: Decision
) -> list[Candidate]:
    """The candidates with the probability of each; the model is asked about all of them at once."""
    weighed = []
    for candidate, opinion in zip(
        candidates,
        opinions(model, [confirming(question, one.text, one.attribution) for one in candidates]),
        strict=True,
    ):
        signals = signalled(question, candidate.text, candidate.attribution, possible, opinion, model.digest)
        weighed.append(replace(candidate, signals=signals, probability=probability_of_answer(signals, decision)))
    return weighed


def _beside_the_point(question: str, claim: str, quotes: Sequence[Evidence]) -> str | None:
    """Why a sentence that its quotes support is still no answer."""
    if not supplies(question, claim):
        return "it gives nothing of the kind that the question asks for"
    if (other := rival(question, claim, [quote.sentence.text for quote in quotes[:1]])) is not None:
        return f"its quote says {other} where the words of the question stand"
    around = (
        " ".join(filter(None, (quote.passage.text, quote.passage.metadata.title, quote.passage.heading)))
        for quote in quotes
    )
    lacking = unsaid(claim, around)
    if lacking:
        return f"the articles do not say this: {', '.join(lacking)}"
    # one that states it will do
    telling = [quotes[0], *(quote for quote in quotes if quote.passage.source != quotes[0].passage.source)]
    hedges = [unhedged(claim, quote.sentence.text) for quote in telling]
    return f"its quote says “{hedges[0]}”" if all(hedges) else None


def _better(kept: list[Candidate], own: list[Candidate]) -> list[Candidate]:
    """The draft's sentences, unless one of the articles' own is likelier to answer than each of them."""
    best = max(own, key=lambda candidate: candidate.probability, default=None)
    if best is None or any(candidate.probability >= best.probability for candidate in kept):
        return kept
    return [best]
