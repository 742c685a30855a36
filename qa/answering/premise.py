"""Find a sentence that denies what a question takes for granted, and names that no article mentions. Pure.

"When did India buy the Su-57?" assumes that it did. Where a sentence denies that ("no deal was signed") or states the
opposite ("trade rose", asked why it fell), a refusal quotes it. Words alone decide: a model that is asked agrees with
the question. The rules prefer silence to a mistake, and the words of denial are known in English only.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from difflib import get_close_matches

from index.language import ENGLISH, spoken
from index.records import Hit
from qa.answering.checks.denials import denials
from qa.answering.checks.expected import kind
from qa.answering.checks.facts import facts
from qa.answering.checks.opposites import akin, opposite
from qa.answering.checks.tokens import tokens
from qa.answering.checks.words import has_word, words
from qa.answering.evidence import Evidence

LOOKED = 12  # the sentences nearest to the question
# Languages in which every noun has a capital. By capitals, 0.47 of XQuAD's German questions named something that their
# own paragraph does not mention; of the English ones 0.04.
CAPITAL_NOUNS = frozenset({"de", "lb"})
ALIKE = 0.8  # a name that is so like a word found (by difflib's ratio) is that word, misspelt


def contradicted(question: str, evidence: Sequence[Evidence]) -> Evidence | None:
    """The sentence nearest to the question that speaks against its premise."""
    asked = facts(question)
    if spoken(question) != ENGLISH or kind(question) == "polar" or asked.negated or not asked.names:
        return None
    supposed = frozenset(word for word in asked.stems if word not in asked.names and word not in _ASKING)
    return next(
        (
            item
            for item in evidence[:LOOKED]
            if _named(asked.names, item) and _speaks_against(supposed, item.sentence.text)
        ),
        None,
    )


def unmentioned(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the names of a question, as written, that no passage mentions, not even misspelt.

    None where every word of the question has a capital, or every noun.
    """
    after = tokens(question)[1:]
    if not any(token.written[:1].islower() for token in after) or spoken(question) in CAPITAL_NOUNS:
        return ()
    names = {
        token.key: token.written
        for token in after
        if token.named and token.written[0].isalpha() and len(token.written) > 2
    }
    found = {text for hit in hits for text in (hit.passage.text, hit.passage.heading, *_described(hit))}
    read = [token for text in found if text for token in tokens(text) if token.key]
    held, spelt = {token.key for token in read}, {token.lower for token in read}
    return tuple(
        written
        for name, written in names.items()
        if not has_word(name, held) and not _misspelt(written.casefold(), spelt)
    )


def _misspelt(name: str, spelt: Set[str]) -> bool:
    """Whether a name is a misspelt word of `spelt`; "S-500" is not a misspelt "S-400"."""
    return name.isalpha() and bool(get_close_matches(name, spelt, 1, ALIKE))


def _described(hit: Hit) -> tuple[str | None, ...]:
    known = hit.passage.metadata
    return known.title, known.author, known.publisher


def _named(names: Set[str], item: Evidence) -> bool:
    """Whether the passage or its title holds every name, and the sentence one of them."""
    own = frozenset(words(item.sentence.text))
    around = own | frozenset(words(f"{item.passage.text} {item.passage.metadata.title or ''}"))
    return all(has_word(name, around) for name in names) and any(has_word(name, own) for name in names)


def _speaks_against(supposed: Set[str], sentence: str) -> bool:
    """Whether the sentence speaks of all that is supposed, and denies a part of it or states its opposite."""
    signs = denials(tokens(sentence)).signs
    denied = frozenset(word for word, sign in signs if sign < 0)
    stated = frozenset(word for word, sign in signs if sign > 0) - denied
    against = [
        word
        for word in supposed
        if stated.isdisjoint(akin(word)) and (not denied.isdisjoint(akin(word)) or opposite(word, stated))
    ]
    held = {word for word, _ in signs}
    return bool(against) and all(word in against or not held.isdisjoint(akin(word)) for word in supposed)


_ASKING = frozenset(
    words(
        "many much year date day month time kind number amount name person people country reason "
        "way first last long far"
    )
)
