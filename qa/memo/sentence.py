"""One sentence of a brief: it stands by itself, with who says it and when where that is not plain.

Takes claims and the answers they are of; returns pieces with their footnotes. What is added says only who says it and
when; what is left out are words that join a sentence to one that is not here ("However",
"also"). Knows nothing of sections.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.checks.shortens import keys, shortens
from qa.memo.attributed import credited, lowered, timed, with_dates
from qa.memo.footnotes import Footnotes
from qa.memo.records import Paragraph, Piece
from qa.memo.said import same
from qa.records import Answer, Citation, Claim, Phrase
from qa.render.harmless import one_line

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
    said, cited = in_its_words(claim.text, claim.phrase, cited_by(answer, claim.citations))
    text = by_itself(said) if alone else said
    before: Paragraph = ()
    if alone and points_back(text):
        if (source := _antecedent(cited)) is not None:
            opening = timed(ended(one_line(source.quote)), [source])
            before = (Piece(opening, note=footnotes.add(answer, [source.number], None)), SPACE)
        elif not points_back(by_itself(cited[0].quote)):
            text = ended(one_line(cited[0].quote))
        elif named := _NAME.findall(answer.question.partition(" ")[2]):
            text = f"On {' and '.join(dict.fromkeys(named))}: {lowered(text)}"
    if told:
        text = credited(text, cited)
    elif not before:
        text = timed(text, cited)
    else:  # whose day an undated one is, the sentence before it has said
        text = with_dates(text, cited) or text
    note = footnotes.add(answer, [one.number for one in cited], claim.phrase)
    value = one_line(claim.phrase.text) if bold and claim.phrase is not None else ""
    if not value or text.count(value) != 1 or text.endswith(value):
        return (*before, Piece(text, note=note))
    start, end = text.split(value)
    return (*before, Piece(start), Piece(value, bold=True), Piece(end, note=note))


def words(claim: Claim, answer: Answer) -> str:
    """The sentence that a brief makes of a claim, before anything is added to it."""
    return in_its_words(claim.text, claim.phrase, cited_by(answer, claim.citations))[0]


def in_its_words(said: str, phrase: Phrase | None, cited: list[Citation]) -> tuple[str, list[Citation]]:
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
    back = points_back(by_itself(own.quote))
    if phrase is not None and same(said) == same(phrase.text):
        return ended(one_line(own.quote)), cited if back else [own]
    if back:
        return one_line(said), cited
    shortened = [one for one in cited if shortens(said, one.quote)]
    return (one_line(said), shortened) if shortened else (ended(one_line(own.quote)), [own])


def _antecedent(cited: Sequence[Citation]) -> Citation | None:
    """The quote that says what a sentence speaks of.

    Of the same article, before another, and itself no sentence that points back.
    """
    for one in cited:
        if not points_back(by_itself(one.quote)) and any(
            other.source == one.source and one.end <= other.start for other in cited
        ):
            return one
    return None


def cited_by(answer: Answer, numbers: Sequence[int]) -> list[Citation]:
    by_number = {citation.number: citation for citation in answer.citations}
    return [by_number[number] for number in dict.fromkeys(numbers)]


def points_back(text: str) -> bool:
    """Whether a sentence begins with what was said before it: "it", "they"."""
    return _BACK.match(text) is not None


def ended(text: str) -> str:
    """A sentence with its full stop, also where the article has none, as behind a heading."""
    return text if text.endswith((".", "!", "?", "”", '"')) else f"{text}."


def by_itself(text: str) -> str:
    """A sentence without the words that join it to one before it."""
    bare = _JOINS.sub("", text)
    return _ALSO.sub(r"\1", bare[:1].upper() + bare[1:])
