"""Decide whether a sentence of a draft is a claim that articles could support. Pure; rules of thumb for English.

A heading titles, a question asks; "we recommend", "in our view" and "should" are the author's own, and so is what
speaks of the memo itself. What is reported of others ("he said that India should …") is a claim. In doubt a sentence is
one. `python -m bench.citing` measures how often that is right.
"""

from __future__ import annotations

import re

from qa.answering.checks.facts import facts
from qa.answering.checks.words import normalise

FEWEST = 3  # content words, figures and dates: fewer say nothing that could be looked up

_OWN = re.compile(
    r"\b(?:I|we) (?:(?:would|therefore|also|strongly|still|do not|don't|cannot|can only|can) )*"
    r"(?:recommend|suggest|propose|advise|think|believe|feel|expect|assume|conclude|hope|argue|urge|doubt|wonder"
    r"|suspect|consider|see|look|turn|ask|discuss"
    r"|return)\b"
    r"|\b(?:in|to) (?:my|our) (?:opinion|view|judge?ment|assessment|mind|knowledge)\b|\b(?:my|our) (?:recommendation"
    r"|advice|assessment|view|conclusion)\b"
    r"|\blet(?:'s| us)\b"
    r"|\bit (?:is|seems|would be|may be|might be) (?:\w+ )?(?:too early|wise|unwise|advisable|prudent|worth|worthwhile"
    r"|clear|unclear|fair|tempting)\b"
    r"|\bthis (?:memo|note|paper|brief|briefing|report|section|document|chapter|draft)\b"
    r"|\b(?:next|following|previous|last) (?:section|chapter|page|paragraph)\b"
    r"|\b(?:see|cf\.?) (?:the )?(?:annex|appendix|table|figure|section|page|above|below)\b",
    re.IGNORECASE,
)
_OUGHT = re.compile(r"\b(?:should|ought to|must|needs? to)\b", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:sa(?:id|ys?)|told|according|announced|reported|argued?|wrote|asked|called|demanded?|insist\w*|warned|stated"
    r"|promised)\b",
    re.IGNORECASE,
)
_TALKING = re.compile(
    r"^(?:to|dear|from|date|re|subject|cc|sincerely|kind regards|best regards"
    r"|yours)\b[ ,:]",
    re.IGNORECASE,
)


def is_claim(sentence: str) -> bool:
    """Whether it says something that articles could bear out or deny."""
    plain = normalise(sentence)
    read = facts(plain)
    if plain.endswith(("?", ":")) or len(read.stems) + len(read.numbers) + len(read.months) < FEWEST:
        return False
    if _OWN.search(plain) or _TALKING.match(plain):
        return False
    return not _OUGHT.search(plain) or _REPORTED.search(plain) is not None
