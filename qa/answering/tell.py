"""A named phrase -> what is shown: a sentence of the model's where it passes every check and holds the phrase, else the phrase itself."""

from __future__ import annotations

from dataclasses import replace

from qa.answering import prompt
from qa.answering.checks.attribute import Attribution
from qa.answering.compose import Supported
from qa.answering.draft import Candidate, checked, split
from qa.answering.evidence import Evidence, quoted
from qa.answering.ground import places
from qa.answering.phrase import Named
from qa.answering.question import Question
from qa.answering.reading import Reading
from qa.models.engine import LanguageModel
from qa.records import Quote


def candidate(named: Named) -> Candidate | None:
    """The phrase as what may be shown, in the article's own letters; None where no phrase was named or none could be found."""
    if not named.found:
        return None
    phrase = _phrase(named)
    quotes = named.quotes or (named.found[0].item,)
    return Candidate(prompt.plain(phrase.text), "phrase", Attribution(quotes, 1.0, None), named.signals, named.probability, named.reason, phrase)


def told(
    question: Question, best: Candidate, named: Named, read: Reading, evidence: tuple[Evidence, ...], model: LanguageModel, *, max_tokens: int
) -> Candidate:
    """`best` as a sentence of the model's, where it holds the phrase and is carried by its quotes as any other; else `best`."""
    written = split(model.generate(prompt.told(question.plain, read), max_tokens=max_tokens).text)[:1]
    for sentence in written:
        if places(named.found[0].text, sentence):
            found = checked(question.plain, sentence, evidence)
            if found.reason is None:
                quotes = tuple(dict.fromkeys((*best.attribution.quotes, *found.attribution.quotes)))
                return replace(best, text=found.text, attribution=Attribution(quotes, found.attribution.support, None))
    return best


def nearest_phrase(named: Named) -> tuple[Supported, ...]:
    """The quote that came nearest to an answer, with the phrase in it; empty where the model named none that an article has."""
    return (Supported("", (quoted(named.found[0].item),), 1.0, _phrase(named)),) if named.found else ()


def _phrase(named: Named) -> Quote:
    found = named.found[0]
    start = found.item.sentence.start + found.span.start
    return Quote(found.item.passage.source, start, start + len(found.text), found.text)
