"""One sentence of a brief: it stands by itself, with who says it and when where that is not plain.

Takes claims, conflicts and the answers they are of; returns pieces with their footnotes. What is added says only who
says it and that they differ; what is left out are words that join a sentence to one that is not here ("However",
"also"). Knows nothing of sections.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.checks.relative import relative
from qa.answering.checks.shortens import keys, shortens
from qa.answering.checks.tokens import tokens
from qa.answering.kinds import Kind
from qa.answering.question import parse
from qa.memo.dated import dated, has_time
from qa.memo.dates import long_date
from qa.memo.footnotes import Footnotes
from qa.memo.records import Paragraph, Piece
from qa.memo.said import same
from qa.records import Answer, Citation, Claim, Conflict, Phrase, Value
from qa.render.harmless import one_line
from qa.render.naming import LONGEST, name
from qa.render.phrases import shown_value

_EVENTS: tuple[Kind, ...] = ("time", "place", "duration", "why", "how")
NAMED = 2  # who says something, in a sentence; the footnote names all
SPACE = Piece(" ")
# a beginning that speaks of something said before
_BACK = re.compile(r"(?:it|they|he|she|this|these|those|its|their|his|her|such|both|the two)\b", re.IGNORECASE)
_JOINS = re.compile(
    r"^(?:(?:but|and)\s+|(?:however|moreover|furthermore|additionally|in addition|meanwhile|also|besides|nevertheless"
    r"|nonetheless|yet|still|thus|hence"
    r"|therefore|consequently|as a result|for example|for instance|(?:beyond|besides|apart from"
    r"|in addition to)\s[^,.]{1,40}),\s+)(?=\w)",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"^((?:[\w’'-]+\s+){1,4}?(?:has|have|had|is|are|was|were|will|would|can|could|may|might|must|should"
    r"|do|does|did)\s+)also\s+"
)
_NAME = re.compile(r"\b[A-Z][\w’'-]*(?:\s+(?:[A-Z0-9][\w’'-]*))*")


def sentence(
    claim: Claim, answer: Answer, footnotes: Footnotes, *, alone: bool, told: bool = False, bold: bool = False
) -> Paragraph:
    """A sentence with its footnote.

    `alone`: nothing before it says what its "it" is, so that is said first. `told`: who says it, and when, is said.
    `bold`: the words that answer are.
    """
    said, cited = _in_its_words(claim.text, claim.phrase, cited_by(answer, claim.citations))
    text = _by_itself(said) if alone else said
    before: Paragraph = ()
    if alone and _BACK.match(text):
        if (source := _antecedent(cited)) is not None:
            opening = _timed(_ended(one_line(source.quote)), [source])
            before = (Piece(opening, note=footnotes.add(answer, [source.number], None)), SPACE)
        elif not _BACK.match(_by_itself(cited[0].quote)):
            text = _ended(one_line(cited[0].quote))
        elif named := _NAME.findall(answer.question.partition(" ")[2]):
            text = f"On {' and '.join(dict.fromkeys(named))}: {_lowered(text)}"
    if told:
        text = _credited(text, cited)
    elif not before:
        text = _timed(text, cited)
    else:  # whose day an undated one is, the sentence before it has said
        text = _dated(text, cited) or text
    note = footnotes.add(answer, [one.number for one in cited], claim.phrase)
    value = one_line(claim.phrase.text) if bold and claim.phrase is not None else ""
    if not value or text.count(value) != 1 or text.endswith(value):
        return (*before, Piece(text, note=note))
    start, end = text.split(value)
    return (*before, Piece(start), Piece(value, bold=True), Piece(end, note=note))


def words(claim: Claim, answer: Answer) -> str:
    """The sentence that a brief makes of a claim, before anything is added to it."""
    return _in_its_words(claim.text, claim.phrase, cited_by(answer, claim.citations))[0]


def _in_its_words(said: str, phrase: Phrase | None, cited: list[Citation]) -> tuple[str, list[Citation]]:
    """A sentence that only shortens some of its quotes, and these; else, instead, that quote which says most of it.

    What a model puts in words of its own, or together from two quotes, may say what neither does, though all its words
    stand there. A quote that points back gives no sentence: there the model says of whom. A phrase alone is none, and
    always gives way.
    """
    read = keys(said)
    own = max(
        cited,
        key=lambda one: (phrase is not None and one.number == phrase.citation, len({*read} & {*keys(one.quote)})),
    )
    back = _BACK.match(_by_itself(own.quote))
    if phrase is not None and same(said) == same(phrase.text):
        return _ended(one_line(own.quote)), cited if back else [own]
    if back:
        return one_line(said), cited
    shortened = [one for one in cited if shortens(said, one.quote)]
    return (one_line(said), shortened) if shortened else (_ended(one_line(own.quote)), [own])


def difference(conflict: Conflict, answer: Answer, footnotes: Footnotes) -> Paragraph:
    """Each value, where one of them is a sentence, as a sentence of its own that says who gives it."""
    values, newest = by_date(conflict, answer)
    pieces = [Piece("The articles differ, the newest first: " if newest else "The articles differ: ")]
    for place, value in enumerate(values):
        said, cited = _in_its_words(value.value, value.phrase, cited_by(answer, value.citations))
        if _BACK.match(said) and not _BACK.match(_by_itself(cited[0].quote)):
            said = one_line(cited[0].quote)
        note = footnotes.add(answer, [one.number for one in cited], value.phrase)
        told = _attributed(_ended(said), cited)
        pieces += [SPACE, Piece(_capital(told), note=note)] if place else [Piece(told, note=note)]
    return tuple(pieces)


def others(values: Sequence[Value], answer: Answer, footnotes: Footnotes, *, older: bool) -> Paragraph:
    """The values that differ from what was said before, in one sentence: each is a phrase."""
    one = len({each.source for value in values for each in cited_by(answer, value.citations)}) == 1
    if one:
        opening = "An older article says otherwise: " if older else "Another article says otherwise: "
    else:
        opening = "Older articles say otherwise: " if older else "Other articles say otherwise: "
    pieces = [Piece(opening)]
    for place, value in enumerate(values):
        who = _who(cited_by(answer, value.citations))
        gives = f"{'; ' if place else ''}{who} {'give' if ' and ' in who else 'gives'} "
        note = footnotes.add(answer, value.citations, value.phrase)
        pieces += [Piece(gives), Piece(shown_value(value), bold=True, note=note)]
    return (*pieces, Piece("."))


def whole(conflict: Conflict) -> bool:
    """Whether a value of it is a sentence."""
    return any(value.phrase is None for value in conflict.claims)


def by_date(conflict: Conflict, answer: Answer) -> tuple[tuple[Value, ...], bool]:
    """The values, and whether they are told the newest first, as what was counted later counts.

    So they are where each is dated, and one is the newest. When, where or why something happened does not change: there
    the newest is no truer.
    """
    if parse(answer.question).kind in _EVENTS:
        return conflict.claims, False
    dates = [
        max((one.date or "" for one in cited_by(answer, value.citations)), default="") for value in conflict.claims
    ]
    if not all(dates) or dates.count(max(dates)) > 1:
        return conflict.claims, False
    ranked = sorted(zip(dates, conflict.claims, strict=True), key=lambda one: one[0], reverse=True)
    return tuple(value for _, value in ranked), True


def _timed(text: str, cited: Sequence[Citation]) -> str:
    """A sentence whose times a reader of any day understands: with their dates, else with whose "on Friday" it is."""
    return _dated(text, cited) or _credited(text, cited)


def _dated(text: str, cited: Sequence[Citation]) -> str | None:
    """The sentence as it is where it has no such time, else with the dates that all its articles give; None without."""
    told = {dated(text, one.date) for one in cited if has_time(one.quote)} if has_time(text) else {text}
    return told.pop() if len(told) == 1 else None


def _credited(text: str, cited: Sequence[Citation]) -> str:
    """A sentence that begins with who says so."""
    return _capital(_attributed(text, cited))


def _attributed(text: str, cited: Sequence[Citation]) -> str:
    """A sentence with who says so before it, to stand within another."""
    who, text = _who(cited), _lowered(text)
    text = _dated(text, cited) or text
    if text.casefold().startswith("according to"):
        return f"{who} {'say' if ' and ' in who else 'says'} that {text}"
    return f"according to {who}, {text}"


def _who(cited: Sequence[Citation]) -> str:
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


def _antecedent(cited: Sequence[Citation]) -> Citation | None:
    """The quote that says what a sentence speaks of.

    Of the same article, before another, and itself no sentence that points back.
    """
    for one in cited:
        if not _BACK.match(_by_itself(one.quote)) and any(
            other.source == one.source and one.end <= other.start for other in cited
        ):
            return one
    return None


def cited_by(answer: Answer, numbers: Sequence[int]) -> list[Citation]:
    by_number = {citation.number: citation for citation in answer.citations}
    return [by_number[number] for number in dict.fromkeys(numbers)]


def _ended(text: str) -> str:
    """A sentence with its full stop, also where the article has none, as behind a heading."""
    return text if text.endswith((".", "!", "?", "”", '"')) else f"{text}."


def _by_itself(text: str) -> str:
    """A sentence without the words that join it to one before it."""
    bare = _JOINS.sub("", text)
    return _ALSO.sub(r"\1", bare[:1].upper() + bare[1:])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    """The text within a sentence: without the capital of its first word, where that is a function word or "Yesterday"."""
    read = tokens(text)
    begins = (
        bool(read) and read[0].value is None and (not read[0].key or bool(relative(" ".join(text.split()[:2]), None)))
    )
    return text[:1].lower() + text[1:] if begins else text
