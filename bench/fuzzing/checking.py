"""Fuzzing of what compares a claim with its quotes: words, figures, facts, relations, denials, attribution."""

from __future__ import annotations

from hypothesis import strategies as st

from bench.fuzzing.inputs import text
from bench.fuzzing.target import Target, held
from index.ingest.formats import sound
from index.records import Metadata, Passage
from index.sentences import sentences
from qa.answering.checks.abbreviations import abbreviated, long_form
from qa.answering.checks.attribute import attribute, missing, saying, telling
from qa.answering.checks.dated import undated
from qa.answering.checks.expected import kind, singular, supplies
from qa.answering.checks.facts import facts
from qa.answering.checks.figures import Number, figures, located
from qa.answering.checks.hedges import unhedged
from qa.answering.checks.relations import turned
from qa.answering.checks.relative import relative
from qa.answering.checks.rivals import rival
from qa.answering.checks.support import agreement, supported
from qa.answering.checks.tokens import tokens
from qa.answering.checks.unsaid import unsaid
from qa.answering.checks.words import normalise, words
from qa.answering.evidence import Evidence
from qa.answering.hostile import addresses_the_model
from qa.answering.question import parse

LONGEST = 3_000  # characters: about what a sentence of a library, a question or a draft can have
_DATES = st.sampled_from((None, "2021", "2021-12", "2021-12-06", "9999-12-31", "0001-01-01", "2024-02-29"))


def _words(given: str) -> None:
    once = normalise(given)
    held(normalise(once) == once, "what is normalised stays as it is")
    held("\n" not in once and once == once.strip(), "it is one line")
    held(all(word == word.strip() and word for word in words(given)), "no stem is empty")


def _figures(given: str) -> None:
    plain = normalise(given)
    rest, found = located(plain)
    _, numbers, months = figures(plain)
    held({value for _, value in found if isinstance(value, Number)} == numbers, "two ways to read figures agree")
    held(all(1 <= month <= 12 for month in months), "a month is one of twelve")
    held([place for place, _ in found] == sorted(place for place, _ in found), "figures stand in their order")
    for number in numbers:
        held(bool(str(number)) and number.value.is_finite(), "a figure can be shown")
        held(number.agrees_with(number), "a figure agrees with itself")
    del rest


def _facts(given: str) -> None:
    read = tokens(given)
    known = facts(given)
    held(all(token.written or token.value is not None for token in read), "a token says something")
    held(
        len(known.stems) == sum(bool(token.key) and token.value is None for token in read),
        "every content word is a stem",
    )
    held(turned(given, [given]) in (None, turned(given, [given])), "the same claim is judged the same twice")


def _pair(given: tuple[str, str, str | None]) -> None:
    claim, quote, date = given
    claim, quote = claim[:LONGEST], quote[:LONGEST]
    turned(claim, [quote, claim])
    unhedged(claim, quote)
    unsaid(claim, [quote])
    undated(claim, quote, date, quote)
    for phrase, meaning in relative(claim, date):
        held(bool(phrase) and (meaning is None or bool(meaning)), "a relative date is a phrase and what it means")
    held(0.0 <= supported(claim, [quote], similarity=0.5) <= 1.0, "a probability is one")
    found = agreement(claim, [quote], similarity=0.5)
    held(0.0 <= found.held <= 1.0 and 0.0 <= found.pairs <= 1.0, "a share is one")


def _questions(given: tuple[str, str]) -> None:
    question, claim = (words[:LONGEST] for words in given)
    parse(question), kind(question), singular(question)
    supplies(question, claim)
    rival(question, claim, [claim, question])
    short = abbreviated(question)
    if short is not None:
        long_form(short, claim)


def _hostile(given: str) -> None:
    held(addresses_the_model(given) == addresses_the_model(given), "the same text is judged the same twice")


def evidence(source: str, article: str) -> tuple[Evidence, ...]:
    """Every sentence of an article, as evidence."""
    found = sentences(article, 0, len(article))
    if not found:
        return ()
    start, end = found[0].start, found[-1].end
    passage = Passage(1, source, start, end, article[start:end], None, found, Metadata(title="A title"))
    return tuple(Evidence(sentence, passage, 0.5) for sentence in found)


def _attribution(given: tuple[str, str, str, bool]) -> None:
    claim, question, article, verbatim = given
    claim, question, article = sound(claim[:LONGEST]), question[:LONGEST], sound(article[: 2 * LONGEST])
    offered = (*evidence("a.txt", article), *evidence("b.txt", claim))[:40]
    claim = offered[0].sentence.text if verbatim and offered else claim
    found = attribute(claim, offered, question=question)
    held(0.0 <= found.support <= 1.0, "support is a share")
    held(found.reason is not None or bool(found.quotes), "what may be shown has a quote")
    for quote in found.quotes:
        held(
            any(quote.sentence in item.passage.sentences for item in offered), "a quote is a sentence that was offered"
        )
    held(
        found.reason is not None or not missing(claim, [quote.sentence.text for quote in found.quotes]),
        "no figure or name of what is shown lacks a quote",
    )
    telling(claim, question, offered)
    saying(claim, [(item.passage.source, item.sentence.text) for item in offered])
    held(attribute(claim, offered, question=question) == found, "the same claim is judged the same twice")


_SHORT = text(most=24)
TARGETS = (
    Target("words", text(huge=True), _words, 14),
    Target("figures", text(), _figures, 16),
    Target("facts", text().map(lambda given: given[:LONGEST]), _facts, 10),
    Target("claim and quote", st.tuples(_SHORT, _SHORT, _DATES), _pair, 6),
    Target("questions asked", st.tuples(_SHORT, _SHORT), _questions, 6),
    Target("hostile text", text(huge=True), _hostile, 4),
    Target("attribution", st.tuples(text(most=16), text(most=10), text(), st.booleans()), _attribution, 5),
)
