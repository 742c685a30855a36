"""The model writes, code checks. In go a question and its evidence, out come the sentences that passed and those that did not, with the reasons.

Knows nothing of the library, of numbering, or of whether the question is answered in the end: that is decided elsewhere, from what is returned here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import sentences
from qa import prompt
from qa.attribute import Attribution, attribute
from qa.engine import LanguageModel
from qa.evidence import Evidence
from qa.expected import supplies
from qa.records import Rejected

SURE = 0.8  # a draft that the model itself confirms this far needs no second opinion from the evidence
FALLBACKS = 2  # how many evidence sentences are tried in place of a draft that failed


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence that its quotes carry. `confirmed` is the model's own P(yes) that the quotes give it as the answer."""

    text: str
    attribution: Attribution
    confirmed: float


@dataclass(frozen=True, slots=True)
class Drafted:
    """What is left of a draft, in its order."""

    text: str
    kept: tuple[Checked, ...]
    rejected: tuple[Rejected, ...]


def drafted(question: str, evidence: Sequence[Evidence], model: LanguageModel, *, max_tokens: int) -> Drafted:
    """Draft an answer and check it sentence by sentence; where nothing convincing is left, try the article's own sentences."""
    text = model.generate(prompt.draft(question, evidence), max_tokens=max_tokens).text.strip()
    kept: list[Checked] = []
    rejected: list[Rejected] = []
    for sentence in sentences(text, 0, len(text)):
        found = attribute(sentence.text, evidence)
        if found.reason is None and not supplies(question, sentence.text):
            found = Attribution(found.quotes, found.support, "it gives nothing of the kind that the question asks for")
        if found.reason is not None:
            rejected.append(Rejected(sentence.text, found.reason))
        elif not any(sentence.text == other.text for other in kept):
            kept.append(Checked(sentence.text, found, _confirmed(question, sentence.text, found, model)))
    if max((checked.confirmed for checked in kept), default=0.0) < SURE:
        kept = _better(kept, _verbatim(question, evidence, model))
    return Drafted(text, tuple(kept), tuple(rejected))


def _confirmed(question: str, claim: str, found: Attribution, model: LanguageModel) -> float:
    return model.probability_of_yes(prompt.confirmed(question, claim, [quote.sentence.text for quote in found.quotes[:3]]))


def _verbatim(question: str, evidence: Sequence[Evidence], model: LanguageModel) -> list[Checked]:
    """The evidence sentences nearest to the question, taken as claims of their own: what is verbatim needs no attribution."""
    nearest = sorted(evidence, key=lambda item: (-item.score, item.passage.source, item.sentence.start))
    found = []
    for item in [item for item in nearest if supplies(question, item.sentence.text)][:FALLBACKS]:
        whole = Attribution((item,), 1.0, None)
        found.append(Checked(prompt.plain(item.sentence.text), whole, _confirmed(question, item.sentence.text, whole, model)))
    return found


def _better(kept: list[Checked], verbatim: list[Checked]) -> list[Checked]:
    """The draft's sentences, unless a verbatim sentence is confirmed more surely than all of them."""
    best = max(verbatim, key=lambda checked: checked.confirmed, default=None)
    if best is None or any(checked.confirmed >= best.confirmed for checked in kept):
        return kept
    return [best]
