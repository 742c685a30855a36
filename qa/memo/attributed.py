"""Who says a sentence, and when: before it, or by the dates of its days.

Takes sentences and the citations that they rest on; returns text. Knows nothing of footnotes.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.checks.relative import relative
from qa.answering.checks.tokens import tokens
from qa.memo.dated import dated, has_time
from qa.memo.dates import long_date
from qa.records import Citation
from qa.render.harmless import one_line
from qa.render.naming import LONGEST, name

NAMED = 2  # who says something, in a sentence; the footnote names all


def timed(text: str, cited: Sequence[Citation]) -> str:
    """A sentence whose times a reader of any day understands: with their dates, else with whose "on Friday" it is."""
    return with_dates(text, cited) or credited(text, cited)


def with_dates(text: str, cited: Sequence[Citation]) -> str | None:
    """The sentence as it is where it has no such time, else with the dates that all its articles give; None without."""
    told = {dated(text, one.date) for one in cited if has_time(one.quote)} if has_time(text) else {text}
    return told.pop() if len(told) == 1 else None


def credited(text: str, cited: Sequence[Citation]) -> str:
    """A sentence that begins with who says so."""
    return capital(attributed(text, cited))


def attributed(text: str, cited: Sequence[Citation]) -> str:
    """A sentence with who says so before it, to stand within another."""
    text = lowered(text)
    text = with_dates(text, cited) or text
    said_by = who(cited)
    if text.casefold().startswith("according to"):
        return f"{said_by} {'say' if ' and ' in said_by else 'says'} that {text}"
    return f"according to {said_by}, {text}"


def who(cited: Sequence[Citation]) -> str:
    """Those who give a value: the first of them by name."""
    called = list(dict.fromkeys(_voice(one) for one in {one.source: one for one in cited}.values()))
    if len(called) <= NAMED:
        return " and ".join(called)
    more = len(called) - NAMED
    return f"{', '.join(called[:NAMED])} and {'one more article' if more == 1 else f'{more} more articles'}"


def _voice(cited: Citation) -> str:
    """Who says it: the author, else the publisher of a dated article, else the article; and its date, or that it has none."""
    if cited.author or (cited.publisher and cited.date):
        said_by = one_line(cited.author or cited.publisher or "")
        return f"{said_by} ({long_date(cited.date) if cited.date else 'undated'})"
    called = name(cited)
    shown = (
        called
        if called.startswith("“")
        else f"“{called if len(called) <= LONGEST else called[:LONGEST].rpartition(' ')[0] + ' …'}”"
    )
    return f"{shown} ({long_date(cited.date)})" if cited.date else f"an undated article ({shown})"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """The text within a sentence: without the capital of its first word, where that is a function word or "Yesterday"."""
    read = tokens(text)
    begins = (
        bool(read) and read[0].value is None and (not read[0].key or bool(relative(" ".join(text.split()[:2]), None)))
    )
    return text[:1].lower() + text[1:] if begins else text
