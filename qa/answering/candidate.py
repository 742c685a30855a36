"""What may be shown as an answer, with its quotes; and whether these, as the model reads them, say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.answering import prompt
from qa.answering.checks.attribute import Attribution
from qa.answering.checks.words import normalise
from qa.answering.decide import Named, Signals
from qa.answering.plain import plain
from qa.models.engine import LanguageModel, opinions
from qa.records import Quote

SHOWN = 6  # quotes that the model is shown to confirm a sentence
# the model's P(yes) under which quotes are taken not to say a sentence of its own: under it are 0.33 of what 346 texts do
# not say and 0.02 of what 214 say (`python -m bench.entailment`)
SAID = 0.3
UNSAID = "its quotes do not say it, as the model reads them"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence or phrase with its quotes, and the probability that it answers the question.

    One that was rejected has a `reason` instead and was not weighed.

    `phrase` is where the first quote has the words that answer, where they are known. `said` is the model's P(yes) that
    the quotes say it, None where it was not asked.
    """

    text: str
    origin: Literal["phrase", "draft", "article"]
    attribution: Attribution
    signals: Signals | Named | None = None
    probability: float = 0.0
    reason: str | None = None
    phrase: Quote | None = None
    said: float | None = None


def read_back(written: Sequence[Candidate], model: LanguageModel) -> list[Candidate]:
    """The sentences with how far their quotes, as the model reads them, say them; those that passed and are not said are turned down.

    A quote's own words are not read again.
    """
    asked = [one for one in written if one.attribution.quotes and not _is_quoted(one)]
    read = opinions(model, [prompt.said(one.text, one.attribution.quotes[:SHOWN]) for one in asked])
    said = {one.text: opinion.yes for one, opinion in zip(asked, read, strict=True)}
    return [
        replace(one, said=said.get(one.text), reason=one.reason or (UNSAID if said.get(one.text, 1.0) < SAID else None))
        for one in written
    ]


def _is_quoted(one: Candidate) -> bool:
    said = normalise(one.text)
    return any(said == normalise(plain(quote.sentence.text)) for quote in one.attribution.quotes)
