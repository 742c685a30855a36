"""Choose what to show of a phrase: a sentence that holds it, itself with its quotes, or its place in a quote."""

from __future__ import annotations

from dataclasses import replace

from qa.answering import prompt
from qa.answering.candidate import Candidate, read_back
from qa.answering.checks.attribute import Attribution
from qa.answering.checks.expected import supplies
from qa.answering.checks.shortens import shortens
from qa.answering.compose import Supported
from qa.answering.draft import Drafted, checked, split
from qa.answering.evidence import quoted
from qa.answering.ground import ground
from qa.answering.phrase import LONGEST, Found, Named, bare
from qa.answering.plain import plain
from qa.answering.question import Question
from qa.answering.reading import Stretch
from qa.models.engine import LanguageModel
from qa.records import Quote


def candidate(named: Named) -> Candidate | None:
    """Turn the phrase into a candidate, in the article's own letters.

    None where no phrase was named or none could be found.
    """
    if not named.found:
        return None
    phrase = _quoted(named.found[0])
    quotes = named.quotes or (named.found[0].item,)
    return Candidate(
        plain(phrase.text),
        "phrase",
        Attribution(quotes, 1.0, None),
        named.signals,
        named.probability,
        named.reason,
        phrase,
    )


def in_a_sentence(question: Question, named: Candidate, model: LanguageModel, *, max_tokens: int) -> Candidate:
    """The phrase in a sentence of the model's, drafted from the phrase's quotes alone and checked against them.

    The phrase itself where no sentence that holds it passes, or each does more than shorten the phrase's own quote.
    """
    quotes = named.attribution.quotes
    text = model.generate(prompt.draft(question.plain, quotes), max_tokens=max_tokens).text
    written = [checked(question.plain, claim, quotes) for claim in split(text)]
    holding = [
        one
        for one in written
        if one.reason is None
        and ground(named.text, one.text) is not None
        and shortens(one.text, quotes[0].sentence.text)
    ]
    for told in read_back(holding[:1], model):
        if told.reason is None:
            return replace(named, text=told.text, attribution=Attribution(quotes, told.attribution.support, None))
    return named


def saying(phrase: str, written: Drafted) -> Drafted:
    """What was drafted, of which only sentences that say the phrase are kept.

    Another would be a second answer that disagrees with the first, which was not sure enough (docs/decisions.md).
    """
    otherwise = f"it does not say “{plain(phrase)}”, the words that were named"
    says = {one.text: ground(phrase, one.text) is not None for one in (*written.weighed, *written.kept)}
    return replace(
        written,
        weighed=tuple(
            one if says[one.text] else replace(one, reason=one.reason or otherwise) for one in written.weighed
        ),
        kept=tuple(one for one in written.kept if says[one.text]),
    )


def marked(question: Question, shown: Candidate, model: LanguageModel) -> Candidate:
    """Mark in a sentence's first quote the words that answer.

    The model names them; they have to be in both the quote and the sentence, else the sentence stays as it is.

    Only that quote is read, so that it costs little; and what stands in the question already is no answer to it.
    """
    if shown.phrase is not None:
        return shown
    main = shown.attribution.quotes[0]
    text = bare(model.generate(prompt.phrase(question.text, (Stretch((main,)),)), max_tokens=LONGEST).text)
    span = ground(text, main.sentence.text)
    if (
        span is None
        or ground(main.sentence.text[span.start : span.end], shown.text) is None
        or not supplies(question.plain, text)
    ):
        return shown
    return replace(shown, phrase=_quoted(Found(main, span)))


def nearest_phrase(named: Named) -> tuple[Supported, ...]:
    """Return the quote that came nearest to an answer, with the phrase in it.

    Empty where the model named none that an article has.
    """
    return (Supported("", (quoted(named.found[0].item),), 1.0, _quoted(named.found[0])),) if named.found else ()


def _quoted(found: Found) -> Quote:
    start = found.item.sentence.start + found.span.start
    return Quote(found.item.passage.source, start, start + len(found.text), found.text)
