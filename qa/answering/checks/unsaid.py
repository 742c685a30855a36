"""Find the words of a claim that its articles do not use. Pure.

A small model answers in the words of the question: asked what the foreign minister said, it attributes to him what the
media said. Names and figures have checks of their own; this one covers every other content word, except those that only
frame an answer ("stands for", "comes from").
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Set

from qa.answering.checks.tokens import tokens
from qa.answering.checks.words import has_word, words

# of the longer of two stems that both must begin with to be one word: "decide" and "decision", not "export" and
# "expert"
ALIKE = 0.7

_FRAME = frozenset(
    words("yes know mean stand come get give take make go become use include consist comprise contain form locate")
)


def unsaid(claim: str, told: Iterable[str]) -> tuple[str, ...]:
    """The content words of `claim`, as it writes them, that stand in no text of `told`; names and figures aside."""
    held = {word for text in told for word in words(text)}
    own = {token.key: token.written for token in tokens(claim) if token.key and token.value is None and not token.named}
    return tuple(
        written
        for key, written in own.items()
        if key not in _FRAME and not has_word(key, held) and not _derived(key, held)
    )


def _derived(root: str, held: Set[str]) -> bool:
    """Whether a stem, or another form of its word, is among others: "decide" and "decision"."""
    return root in held or any(
        root[:shared] == other[:shared] for other in held for shared in [math.ceil(ALIKE * max(len(root), len(other)))]
    )
