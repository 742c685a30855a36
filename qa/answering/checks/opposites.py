"""Tell words that are each other's opposite: "rose" and "fell", "approval" and "disapproval". Pure.

A short list of stems, not a dictionary.
"""

from __future__ import annotations

from collections.abc import Set

from qa.answering.checks.words import stem


def opposite(root: str, others: Set[str]) -> bool:
    """Whether `others` hold the opposite of `root`, and nothing that means the same."""
    same, contrary = _OPPOSITES.get(root, (_NONE, _NONE))
    negated = any(_negates(root, other) or _negates(other, root) for other in others)
    return (negated or not others.isdisjoint(contrary)) and others.isdisjoint(same)


def _negates(root: str, other: str) -> bool:
    """Whether `other` is `root` with a prefix that denies it.

    The stemmer may have left another end: "toxic" and "nontox".
    """
    for prefix in _PREFIXES:
        rest = other.removeprefix(prefix)
        if rest == other:
            continue
        if len(rest) >= 4 and rest == root:
            return True
        if prefix == "non" and len(rest) >= 3 and root.startswith(rest) and len(root) - len(rest) <= 2:
            return True
    return False


def akin(root: str) -> frozenset[str]:
    """The words for the same doing, `root` among them: to buy is to make a deal."""
    return frozenset({root}).union(*(group for group in _DOINGS if root in group))


def _contraries(text: str) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Stem -> the stems of its synonyms and of its opposites."""
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for pair in text.split("; "):
        ones, others = (frozenset(stem(word) for word in group.split()) for group in pair.split("/"))
        found |= dict.fromkeys(ones, (ones, others)) | dict.fromkeys(others, (others, ones))
    return found


_NONE: frozenset[str] = frozenset()
_PREFIXES = ("dis", "un", "non")
_OPPOSITES = _contraries(
    "rise grow increase surge climb expand widen/fall drop decline decrease shrink plunge reduce narrow; "
    "include/exclude; accept approve/reject refuse"
    "; support/oppose; win/lose; surplus/deficit; allow permit/ban prohibit forbid; strengthen/weaken; begin start "
    "launch/stop halt; success/failure"
    "; highest/lowest; maximum/minimum; improve/worsen; profit/loss; raise/cut lower; join/leave; legal/illegal; "
    "possible/impossible"
    "; positive/negative; guilty/innocent; alive/dead; open/close shut; arrive/depart; enter/exit; early/late; "
    "young/old; rich/poor; strong/weak"
    "; safe/dangerous; public/private; friend/enemy; ally/adversary; victory/defeat; acquit/convict; extend/shorten; "
    "accelerate/slow; confirm/deny"
    "; hire/dismiss fire"
)
_DOINGS = tuple(
    frozenset(stem(word) for word in group.split())
    for group in (
        "buy purchase order acquire procure acquisition procurement deal contract sale",
        "sign agree agreement deal treaty accord pact contract",
        "announce declare unveil announcement",
        "visit travel trip attend",
        "kill die dead death casualty",
        "win victory triumph",
        "resign quit resignation step",
        "attack strike bomb",
    )
)
