"""Find what a text denies: how far each "not", "no" or "avoided" reaches. Pure.

Rules of thumb over tokens, not a grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.checks.tokens import Token


@dataclass(frozen=True, slots=True)
class Denials:
    """`scopes`: for each negation the content words it reaches, none for a bare "No.".

    `signs`: how each word occurs, denied (-1), stated (1) or unsure (0).
    """

    scopes: tuple[frozenset[str], ...]
    signs: frozenset[tuple[str, int]]


def denials(read: Sequence[Token]) -> Denials:
    """The denials of a text. Two in one clause cancel out: "did not fail to sign"."""
    signs: list[tuple[str, int]] = []
    scopes: list[list[str]] = []
    clause = conjunct = 0  # where in `signs` they begin
    denying = nested = brief = False
    for place, token in enumerate(read):
        following = read[place + 1] if place + 1 < len(read) else None
        comma = "," in token.gap
        if _STOP.search(token.gap) or token.lower in _CONTRASTS or (comma and (brief or token.lower in _AFTER_COMMA)):
            clause = conjunct = len(signs)
            denying = nested = brief = False
        elif comma or token.lower == "and":
            conjunct, nested = len(signs), False
        if token.lower in _ABSENT:
            signs[clause:] = [(word, -sign or -1) for word, sign in signs[clause:]]
            scopes.append([word for word, sign in signs[clause:] if sign < 0])
            continue
        if (plain := _is_plain(token, following)) or _is_lexical(token, following):
            signs[conjunct:] = [(word, 0) for word, _ in signs[conjunct:]]  # the subject of what is denied
            if denying and nested and not plain:
                denying = False
                scopes.pop()
            else:
                denying = nested = True
                scopes.append([])
            brief = token.lower in _BRIEF
        if token.key:
            signs.append((token.key, -1 if denying else 1))
            if denying and len(scopes[-1]) < _REACH:
                scopes[-1].append(token.key)
    found = frozenset(signs)
    return Denials(tuple(frozenset(word for word in scope if (word, -1) in found) for scope in scopes), found)


def _is_plain(token: Token, following: Token | None) -> bool:
    if token.lower == "no" and following and following.value is not None:
        return False  # "No. 10"
    return (token.lower in _PLAIN or token.lower.endswith("n't")) and not (following and following.lower in _NO_DENIAL)


def _is_lexical(token: Token, following: Token | None) -> bool:
    return bool(_LEXICAL.fullmatch(f"{token.lower} {following.lower if following else ''}"))


_STOP = re.compile(r"[;:]| - ")
_CONTRASTS = frozenset("but although though while whereas despite however nonetheless nevertheless because nor".split())
_AFTER_COMMA = frozenset("and yet even which who whose where so".split())
_PLAIN = frozenset("not no never none neither nor cannot nobody nothing hardly".split())
_NO_DENIAL = frozenset("only just merely simply least doubt matter sooner".split())  # "not only"
_LEXICAL = re.compile(
    r"(?:without|absence|lack(?:s|ed)?|refus(?:e|es|ed|ing|al)|den(?:y|ies|ied|ying)|avoid(?:s|ed|ing)?|unable"
    r"|unlikely) .*"
    r"|(?:fail(?:s|ed)?|declin(?:e|es|ed)|yet) to|ruled out|rather than|instead of"
)
_BRIEF = frozenset("without rather instead".split())  # these reach no further than a comma
_ABSENT = frozenset({"absent", "lacking"})  # these deny what stands before them
_REACH = 6  # words
