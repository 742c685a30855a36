"""A sentence without the date that only the question gives: "the 2019 marathon" is just "the marathon" in an article of that year. Pure.

In: a sentence, the question, the date and the text of the article's passage; out: the shorter sentence, or None where nothing may be left out.
"""

from __future__ import annotations

import re
from calendar import month_name

from qa.answering.checks.facts import facts
from qa.answering.checks.figures import is_year
from qa.answering.checks.words import normalise

_MONTH = "|".join(month_name[1:])
_DATE = rf"(?:(?:early|mid|late)[ -])?(?:(?:\d{{1,2}} )?(?:{_MONTH})(?: \d{{1,2}})?,? )?"  # what stands before a year


def undated(claim: str, question: str, published: str | None, passage: str) -> str | None:
    """`claim` without each year, and what stands with it, that the question holds and that the article was published in, or its passage names.

    So the article vouches for what is left out. A sentence of another year keeps it, and then has to find it in a quote.
    """
    written = normalise(claim)
    known = {number.value for number in facts(passage).numbers} | {number.value for number in facts(published or "").numbers}
    shorter = written
    for year in sorted(number.value for number in facts(written).numbers & facts(question).numbers if is_year(number) and number.value in known):
        opening = re.sub(rf"^(?:in|on|during|by) {_DATE}{year}, (\w)", lambda found: found[1].upper(), shorter, flags=re.IGNORECASE)
        within = re.sub(rf",? (?:in|on|of|during) {_DATE}{year}\b(?!-)(?:,(?= ))?", "", opening, flags=re.IGNORECASE)
        shorter = re.sub(rf"(?<=\bthe )(?:(?:{_MONTH}) )?{year} (?=[^\W\d])", "", within, flags=re.IGNORECASE)
    return shorter if shorter != written else None
