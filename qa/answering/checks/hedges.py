"""Detect a claim that states as fact what its quote calls only possible. Pure.

"A labour agreement is expected to be signed" holds every word of "a labour agreement was signed". What a quote calls
possible, planned, hoped for or hearsay must not become a fact in the answer. A rule of thumb: a hedge counts where one
of the words after it is in the claim, and the claim has no hedge of its own.
"""

from __future__ import annotations

from qa.answering.checks.tokens import tokens
from qa.answering.checks.words import has_word, stem

REACH = 2  # content words after a hedge that it is taken to speak of

_HEDGES = frozenset(
    stem(word)
    for word in (
        "may might could would possibly perhaps maybe probably likely unlikely reportedly allegedly supposedly "
        "apparently potentially expected seem appear"
        " estimated believed rumoured speculate suggest propose plan aim hope intend seek threaten consider"
    ).split()
)
_AHEAD = frozenset("will shall should can 'll".split())  # a claim about what is to come is none about what is


def unhedged(claim: str, quote: str) -> str | None:
    """Return the hedge of `quote`, as written, that `claim` leaves out; None if there is none.

    A claim with a hedge of its own counts as hedged.
    """
    said = tokens(claim)
    if any(stem(token.lower) in _HEDGES or token.lower in _AHEAD for token in said):
        return None
    asserted = {token.key for token in said if token.key}
    told = tokens(quote)
    for place, token in enumerate(told):
        if token.value is None and stem(token.lower) in _HEDGES:
            after = [other.key for other in told[place + 1 :] if other.key and other.value is None][:REACH]
            if any(has_word(word, asserted) for word in after):
                return token.written
    return None
