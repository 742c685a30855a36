"""Whether a question can be understood by itself.

Takes a question; returns what it lacks, or `None`. Pure; knows nothing of the conversation.

In doubt a question is left alone: one that was asked in full must reach the library as it was typed. `python -m
bench.followups` counts how often it errs.
"""

from __future__ import annotations

import re
from typing import Literal

from qa.answering.checks.tokens import tokens
from qa.answering.checks.words import normalise

Lack = Literal["fragment", "short", "reference"]

FEW = 1  # content words that do not make a question by themselves, unless one is a name

OPENING = re.compile(
    r"^(?:and|but|or|so|then|also|ok(?:ay)?|well|yes|no|what about|how about|i mean(?:t)?)\b[\s,:]*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:in |on |at |by |for |to |from |with |of |about |since |until )?(?:who|whom|whose|what|when|where|which|why"
    r"|how)\b"
    r"|^(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must|isn't|aren't"
    r"|wasn't|didn't|doesn't|don't|can't)\b"
    r"|^(?:please |can you )?(?:tell|give|show|list|name|explain|describe|compare|summari[sz]e|find|quote|define)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"^(?:what|who)(?:'s| is| are| was| were) (?!the\b|(?:it|this|that|these|those|they|he|she)\b)|^define\b"
    r"|^what do(?:es)? .* mean\b",
    re.IGNORECASE,
)

_PREPOSITION = r"(?:of|in|on|at|by|for|to|from|with|about|after|before|during|like|than|as|without|under|over|against|behind|between|since|into|because of)"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must)"
_SPAN = r"(?:years?|months?|weeks?|days?|morning|afternoon|evening|spring|summer|autumn|fall|winter|century|decade|time|quarter)"
_END = r"(?= ?(?:$|[?.!,;]))"
_POINTING = re.compile(
    rf"\b(?:this|these)\b(?! {_SPAN}\b)"
    r"|\bthose\b(?! (?:who|whom|whose|that|which|in|of|with|from|on|at)\b)"
    rf"|^that\b|\bthat{_END}|\b(?:{_PREPOSITION}|{_AUXILIARY}) that\b(?! of\b)"
    rf"|\bthe (?:former|latter)\b|\bthe (?:same|others?|other one){_END}|\b(?:this|that|another"
    rf"|which) ones?{_END}|\b(?:each|both|some|all|any) of them\b"
    rf"|\bthere\b(?! (?:{_AUXILIARY}|been|be|an?|any|no|some|ever|still|really)(?:n't)?\b)"
    r"(?<!\bis there)(?<!\bare there)(?<!\bwas there)(?<!\bwere there)(?<!\bhas there)(?<!\bhave there)",
    re.IGNORECASE,
)
_OWNER = re.compile(r"\b(?:its|their|his)\b|\bher (?=[a-z])", re.IGNORECASE)
_OBJECT = re.compile(
    rf"\b(?:him|them|hers|theirs)\b|\bher{_END}|\bit{_END}|\b{_PREPOSITION} (?:it|her)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\b(?:it|they|he|she)\b", re.IGNORECASE)
# words that say nothing about what is asked
_ADDRESS = re.compile(r"\b(?:please|tell me|give me|show me|explain|describe|do you know|know)\b", re.IGNORECASE)
_EMPTY_IT = re.compile(  # "How long does it take to …": this "it" refers to nothing
    r"\bit (?:takes?|took|costs?|rains?|snows?)\b(?: \S+)* (?:to|in|on|at)\b|\bit (?:comes to|means? (?:to|if|when"
    r"|that))\b"
    r"|\bit (?:gets?|is) (?:dark|light|cold|hot)\b"
    r"|\bit (?:\w+ ){0,2}(?:true|possible|likely|necessary|legal|illegal|safe|important|allowed|fair|difficult|hard"
    r"|easy|expected|said|known|clear|worth)\b"
    r".*\b(?:that|to|for|if|\w+ing)\b",
    re.IGNORECASE,
)
# what stands before one can be meant by a pronoun after it
_CLAUSE = re.compile(r"[,;:.?!]|\b(?:and|but|or)\b", re.IGNORECASE)
_BOUNDARY = re.compile(
    rf"{_CLAUSE.pattern}|\b(?:when|after|before|if|because|who|that|while|where|whether)\b",
    re.IGNORECASE,
)


def lacking(question: str) -> Lack | None:
    """What keeps `question` from being understood by itself.

    "fragment": a part of a sentence ("and in 2024?"). "short": a question of too few words ("why?", "how do I apply?").
    "reference": a word that stands for something said before ("who said that?"). `None`: nothing.
    """
    asked = normalise(question).strip()
    rest = OPENING.sub("", asked)
    read = [token for token in tokens(rest) if token.key]
    if rest != asked and not _ASKS.search(rest):
        return "fragment"
    if _refers(rest):
        return "reference"
    named = any(token.value is not None or (token.named and not rest.startswith(token.written)) for token in read)
    if len({token.key for token in read}) > FEW or named or (read and _DEFINES.search(rest)):
        return None
    if _ASKS.search(rest) or not read:
        return "short"
    return "fragment" if rest.endswith("?") else None  # a word by itself is a new subject


def _refers(asked: str) -> bool:
    """Whether a word of the question refers to something outside it."""
    if any(not _told_before(asked[: found.start()]) for found in _POINTING.finditer(asked)):
        return True
    if any(not _says_something(asked[: found.start()]) for found in _OWNER.finditer(asked)):
        return True  # not "What did the company do with its oil?", which says whose
    objects = [found.span() for found in _OBJECT.finditer(asked)]
    for start, _ in objects:  # in "What did Modi tell him?" the two are different men
        before = asked[:start]
        if not _told_before(before) and not (_named(before) and _BOUNDARY.search(before[_name_end(before) :])):
            return True
    empty = [found.span() for found in _EMPTY_IT.finditer(asked)]
    return any(
        not _named(asked[: found.start()]) and not _told_before(asked[: found.start()])
        for found in _SUBJECT.finditer(asked)
        if not any(start <= found.start() < end for start, end in (*empty, *objects))
    )


def _told_before(before: str) -> bool:
    """Whether an earlier clause of the question names what is meant: "Who built the bridge, and what did it cost?"."""
    clauses = _CLAUSE.split(before)
    return len(clauses) > 1 and _says_something(" ".join(clauses[:-1]))


def _says_something(before: str) -> bool:
    return any(token.key for token in tokens(_ADDRESS.sub("", before)))


def _named(before: str) -> bool:
    return any(token.named for token in tokens(before))


def _name_end(before: str) -> int:
    last = next(token for token in reversed(tokens(before)) if token.named)
    return before.rfind(last.written) + len(last.written)
