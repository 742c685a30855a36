"""Drop a date that a sentence took from the question and its article implies. Pure.

An article of 2019 says "the marathon" where the question, and a draft after it, say "the 2019 marathon".
"""

from __future__ import annotations

import re

from index.ingest.months import ENGLISH
from qa.answering.checks.facts import facts
from qa.answering.checks.figures import is_year
from qa.answering.checks.words import normalise

_MONTH = "|".join(ENGLISH)
_DATE = rf"(?:(?:early|mid|late)[ -])?(?:(?:\d{{1,2}} )?(?:{_MONTH})(?: \d{{1,2}})?,? )?"  # what stands before a year


def undated(claim: str, question: str, published: str | None, passage: str) -> str | None:
    """Return `claim` without the years that the question gives and the article vouches for, or None if there are none.

    The article vouches for a year that it was published in (`published`, ISO 8601) or that its `passage` names. A claim
    about another year keeps it, and then needs a quote that has it.
    """
    written = normalise(claim)
    known = {number.value for number in facts(passage).numbers} | {
        number.value for number in facts(published or "").numbers
    }
    shorter = written
    for year in sorted(
        number.value
        for number in facts(written).numbers & facts(question).numbers
        if is_year(number) and number.value in known
    ):
        opening = re.sub(
            rf"^(?:in|on|during|by) {_DATE}{year}, "
            rf"(\w)",
            lambda found: found[1].upper(),
            shorter,
            flags=re.IGNORECASE,
        )
        within = re.sub(rf",? (?:in|on|of|during) {_DATE}{year}\b(?!-)(?:,(?= ))?", "", opening, flags=re.IGNORECASE)
        shorter = re.sub(rf"(?<=\bthe )(?:(?:{_MONTH}) )?{year} (?=[^\W\d])", "", within, flags=re.IGNORECASE)
    return shorter if shorter != written else None
