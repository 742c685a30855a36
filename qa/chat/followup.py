"""A follow-up made self-contained.

Takes what was typed, the turns before it, the model; returns the question to ask, and how it came about.

A question that can be understood by itself is never touched. One that cannot is rewritten by the model; where the
model's words may not be used, code carries over what the question lacks. The figures that chose this are those of
`python -m bench.followups`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.answering.checks.tokens import Token, tokens
from qa.chat.anaphora import OPENING, lacking
from qa.chat.rewrite import rewritten
from qa.models.engine import LanguageModel

How = Literal["as typed", "model", "code"]

REACH = 2  # turns that a follow-up may refer to; a bare "why?" means the last
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_BARE = re.compile(
    r"^(?:and |but |so )?(?:why(?: not)?|how(?: so| come)?|when|where|whom?|(?:by|since) when|by whom|says who"
    r"|according to whom|really)[\s?!.]*$",
    re.IGNORECASE,
)
_THAT = re.compile(r"\b(?:that|this|so)(?=[\s?!.]*$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SelfContained:
    """The question to ask, and who made it so."""

    question: str
    how: How


def standalone(question: str, said: Sequence[tuple[str, str]], model: LanguageModel) -> SelfContained:
    """`question` as one that needs nothing of `said`, the pairs of question and answer before it, oldest first.

    An answer may be "".
    """
    if not said or lacking(question) is None:
        return SelfContained(question, "as typed")
    reach = 1 if _BARE.match(question.strip()) else REACH
    proposal = rewritten(question, said[-reach:], model)
    return (
        SelfContained(proposal, "model")
        if proposal is not None
        else SelfContained(carried(question, *said[-1]), "code")
    )


def carried(question: str, before: str, answered: str) -> str:
    """`question` with what it lacks from the question and answer before it, by rule.

    A bare "why?" or "who said that?" gets the answer's sentence; a new year or name takes the place of the old one;
    another fragment is added to the question before; whatever else lacks something gets the names and content words of
    the question before in brackets.
    """
    fragment = question.strip()
    end = "" if fragment.endswith(("?", ".", "!")) else "?"
    if answered and _BARE.match(fragment):
        return f"{fragment.rstrip('?!. ')} — {answered.rstrip('. ')}?"
    if answered and _THAT.search(fragment) and lacking(fragment) == "reference":
        return _THAT.sub(lambda _: f"that {answered.rstrip('. ')}", fragment.rstrip("?!. ")) + "?"
    if lacking(fragment) == "fragment":
        return (
            _put_in(OPENING.sub("", fragment), before)
            or f"{before.rstrip('?!. ')}, {fragment[0].lower()}{fragment[1:]}{end}"
        )
    missing = _missing(fragment, before)
    return f"{fragment.rstrip('?!. ')} ({' '.join(missing)})?" if missing else fragment


def _put_in(fragment: str, before: str) -> str | None:
    """`before` with its one year or its one name replaced by that of the fragment, where both have one and the fragment nothing else."""
    old, new = _YEAR.findall(before), _YEAR.findall(fragment)
    if len(old) == len(new) == 1 and sum(bool(token.key) for token in tokens(fragment)) == 1:
        return before.replace(old[0], new[0])
    names, put = _names(before), _names(fragment)
    # "for the Su-57" for "for the S-500"
    if (
        len(names) == len(put) == 1
        and fragment.rstrip("?!. ").replace(put[0], names[0]).casefold() in before.casefold()
    ):
        return before.replace(names[0], put[0])
    return None


def _names(text: str) -> list[str]:
    """The names of `text`, words that stand together as one."""
    found: list[list[str]] = []
    previous: Token | None = None
    for token in tokens(text):
        if token.named:
            if previous is not None and previous.named and token.gap == " ":
                found[-1].append(token.written)
            else:
                found.append([token.written])
        previous = token
    return [" ".join(words) for words in found]


def _missing(question: str, before: str) -> list[str]:
    """The words of `before` that say something and are not in the question, as they are written."""
    held = {token.key for token in tokens(question)}
    found = []
    for word in before.split():
        keys = {token.key for token in tokens(word) if token.key}
        if keys - held:
            held |= keys
            found.append(word.strip('?!.,;:()"“”'))
    return found
