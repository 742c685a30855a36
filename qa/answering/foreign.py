"""Tell whether the passages found are in another language than the question.

Takes a question and its passages; returns words for a refusal. Pure, except for the language detector.

An embedder of one language cannot tell whether a text in another answers: names may be written otherwise, and no word
of the question need stand in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.language import ENGLISH, likeliest, named
from index.records import Hit


def languages(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The languages of the passages, the most frequent first."""
    found = Counter(hit.passage.metadata.language or ENGLISH for hit in hits)
    return tuple(sorted(found, key=lambda language: (-found[language], language)))


def elsewhere(question: str, hits: Sequence[Hit]) -> str:
    """Say, as part of a sentence, that most of the passages are in other languages than the question, and in which.

    "" where they are not.
    """
    found = languages(hits)
    if set(found) <= {ENGLISH}:  # the usual case: nothing is asked of the detector
        return ""
    own = likeliest(question, {ENGLISH, *found})
    others = [language for language in found if language != own]
    foreign = sum((hit.passage.metadata.language or ENGLISH) in others for hit in hits)
    if own is None or 2 * foreign <= len(hits):
        return ""
    told = " and ".join(filter(None, (", ".join(map(named, others[:-1])), named(others[-1]))))
    return (
        f"{'the' if foreign == len(hits) else 'most'} passages found are in {told}, not in the language of the question"
    )
