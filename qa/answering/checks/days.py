"""Work out which day a news sentence means by "on Friday" or "yesterday", from its article's own date. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from index.ingest.months import ENGLISH
from qa.answering.checks.relative import relative
from qa.answering.checks.words import normalise

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAMED = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b(?!,? (?:\d\d? )?(?:{'|'.join(ENGLISH)}))")
_AHEAD = re.compile(r"\b(?:will|would|next|coming)\b", re.IGNORECASE)  # such a Friday is yet to come


def days(text: str, published: str | None) -> tuple[str, ...]:
    """The days, months and years that a sentence means, in words: "10 January 2020".

    A weekday is the last one up to the day on which the article appeared, as news has it; none where the sentence looks
    ahead, or `published` is not a whole date (2020-01-12).
    """
    told = [meant for _, meant in relative(text, published) if meant and not meant.startswith("the week")]
    try:
        appeared = date.fromisoformat(published or "")
    except ValueError:
        return tuple(told)
    written = normalise(text)
    if not _AHEAD.search(written):
        for name in dict.fromkeys(_NAMED.findall(written)):
            day = appeared - timedelta(days=(appeared.weekday() - _WEEKDAYS.index(name)) % len(_WEEKDAYS))
            told.append(f"{day.day} {ENGLISH[day.month - 1]} {day.year}")
    return tuple(told)
