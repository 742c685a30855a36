"""Say in a few words what was changed in a quotation."""

from __future__ import annotations

from difflib import SequenceMatcher

MOST = 3  # differences that are named; the rest are counted
LONGEST = 12  # words of each


def difference(shown: str, expected: str) -> str:
    """`“30bn” stands for “$30bn”`, and so on, each difference once."""
    ours, theirs = shown.split(), expected.split()
    steps = SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes()
    named = [_named(theirs[a:b], ours[c:d]) for kind, a, b, c, d in steps if kind != "equal"]
    more = [f"and {len(named) - MOST} more"] if len(named) > MOST else []
    return "; ".join([*named[:MOST], *more])


def first_difference(shown: str, expected: str) -> str:
    """Where words begin to differ from those of the article, white space aside."""
    letters = "".join(expected.split())
    same = next(
        (place for place, (ours, theirs) in enumerate(zip(shown, letters, strict=False)) if ours != theirs),
        min(len(shown), len(letters)),
    )
    words = expected.split()
    read = 0
    for number, word in enumerate(words):
        read += len(word)
        if read > same:
            return f"the words differ from “{_short(words[number : number + LONGEST // 2])}” on"
    return "words are added at the end"


def _named(theirs: list[str], ours: list[str]) -> str:
    if not ours:
        return f"“{_short(theirs)}” is left out"
    if not theirs:
        return f"“{_short(ours)}” is added"
    return f"“{_short(ours)}” stands for “{_short(theirs)}”"


def _short(words: list[str]) -> str:
    return " ".join(words) if len(words) <= LONGEST else f"{' '.join(words[:LONGEST])} …"
