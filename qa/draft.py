"""The model writes, code checks. In go a question and its evidence, out come the sentences that passed and those that did not, with the reasons.

Knows nothing of the library or of numbering. Whether what is left answers the question well enough to be shown is decided in `qa.decide`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentences
from qa import prompt
from qa.checks.attribute import Attribution, attribute, missing
from qa.checks.expected import kind, supplies
from qa.checks.words import words
from qa.decide import Signals, coverage, probability_of_answer
from qa.evidence import Evidence
from qa.models.engine import LanguageModel
from qa.records import Rejected

HOPELESS = 0.12  # below this P(yes) that the evidence answers the question, a draft would only be thrown away
SURE = 0.7  # a draft this probable needs no second opinion from the articles' own sentences
SETTLED = 0.8
VERBATIM = 2  # how many of those are tried otherwise

_REPORTING = frozenset(
    words(
        "describe call label claim argue warn deny promise announce accuse praise criticise admit confirm predict tell declare insist hail vow pledge condemn"
    )
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that its quotes carry, and the probability that it answers the question."""

    text: str
    attribution: Attribution
    probability: float


@dataclass(frozen=True, slots=True)
class Drafted:
    """What is left of a draft, in its order; `kept` is empty where nothing passed."""

    kept: tuple[Candidate, ...]
    rejected: tuple[Rejected, ...]

    @property
    def probability(self) -> float:
        """That the best sentence answers the question; 0 where there is none."""
        return max((candidate.probability for candidate in self.kept), default=0.0)


def drafted(question: str, read: Sequence[Evidence], evidence: Sequence[Evidence], model: LanguageModel, *, max_tokens: int) -> Drafted:
    """Draft an answer from the sentences `read` and check it, sentence by sentence, against all the `evidence`.

    Where nothing convincing is left, the articles' own sentences are tried. Where the model itself sees no answer at all, nothing is drafted.
    """
    answerable = model.probability_of_yes(prompt.answerable(question, read))
    if answerable < HOPELESS:
        return Drafted((), ())
    text = model.generate(prompt.draft(question, read), max_tokens=max_tokens).text.strip()
    kept: list[Candidate] = []
    rejected: list[Rejected] = []
    for sentence in dict.fromkeys(sentence.text for sentence in sentences(text, 0, len(text))):
        found = attribute(sentence, evidence, question=question)
        reason = found.reason or _beside_the_point(question, sentence, found.quotes)
        if reason is None:
            kept.append(_candidate(question, sentence, found, model, answerable))
        else:
            rejected.append(Rejected(sentence, reason))
    if max((candidate.probability for candidate in kept), default=0.0) < SURE:
        verbatim = [(prompt.plain(whole.sentence.text), Attribution((whole,), 1.0, None)) for whole in nearest(question, evidence)]
        kept = _better(kept, [_candidate(question, claim, found, model, answerable) for claim, found in verbatim])
    return Drafted(tuple(kept), tuple(rejected))


def _beside_the_point(question: str, claim: str, quotes: Sequence[Evidence]) -> str | None:
    """Why a sentence that its quotes carry is still no answer.

    A sentence that reports what somebody said is held to more: the passages quoted have to report it too. "How did she describe it?" makes a small model
    write "She described it as …" over whatever it has read.
    """
    if not supplies(question, claim):
        return "it gives nothing of the kind that the question asks for"
    held = {word for quote in quotes for word in words(f"{quote.passage.text} {quote.passage.metadata.title or ''}")}
    reported = [word for word in words(claim) if word in _REPORTING and word not in held]
    return "it reports words that its passages do not" if reported else None


def signalled(question: str, claim: str, found: Attribution, model: LanguageModel, answerable: float) -> Signals:
    """What speaks for `claim` as the answer; one call of the model.

    A small model takes the answer "no" for no answer. So where a yes-or-no question is met by one sentence that holds nearly all its words and every name,
    the model's doubts count for no more than `SETTLED` allows. That is a rule of thumb: no public set of such questions was at hand to measure it on.
    """
    quotes = [quote.sentence.text for quote in found.quotes[:3]]
    confirmed = model.probability_of_yes(prompt.confirmed(question, claim, quotes))
    if kind(question) == "polar" and coverage(question, found.quotes[:1]) >= SETTLED and not missing(question, quotes[:1]):
        answerable, confirmed = max(answerable, SETTLED), max(confirmed, SETTLED)
    return Signals(answerable=answerable, confirmed=confirmed, coverage=coverage(question, found.quotes))


def nearest(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence sentences nearest to the question that could answer it: what is verbatim needs no attribution."""
    ranked = sorted(evidence, key=lambda item: (-item.score, item.passage.source, item.sentence.start))
    return [item for item in ranked if supplies(question, item.sentence.text)][:VERBATIM]


def _candidate(question: str, claim: str, found: Attribution, model: LanguageModel, answerable: float) -> Candidate:
    return Candidate(claim, found, probability_of_answer(signalled(question, claim, found, model, answerable)))


def _better(kept: list[Candidate], verbatim: list[Candidate]) -> list[Candidate]:
    """The draft's sentences, unless a verbatim one is likelier to answer than each of them."""
    best = max(verbatim, key=lambda candidate: candidate.probability, default=None)
    if best is None or any(candidate.probability >= best.probability for candidate in kept):
        return kept
    return [best]
