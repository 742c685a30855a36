"""Two neighbouring words, such as a first and a last name, as one term: which passages hold them side by side. Takes the index of words; returns rows of it.

The index knows which passages hold each word, not where in them. Those that hold both are read and asked for the phrase, if they are not too many: a name
that so many may hold is not lost without this.
"""

from __future__ import annotations

import json

import numpy as np

from index.postings import BLOCK, Flags, Postings, Presence, Query
from index.tokens import Tokeniser

_MOST = 2_000  # passages that are read for one pair; that takes 30 ms


def together(rows: Query, here: Presence, tokeniser: Tokeniser, pair: tuple[str, str], among: Flags | None = None) -> Postings:
    """The passages, all or those in `among`, in which the second word follows the first: the rows of one term. None where more than 2,000 hold both words."""
    terms = [tokeniser.terms(word) for word in pair]
    if any(len(found) != 1 for found in terms):
        return {}
    both: list[int] = []
    for block in range(here.blocks):
        flags = np.ones(BLOCK, dtype=np.bool_) if among is None else among[block * BLOCK : (block + 1) * BLOCK].copy()
        for (term,) in terms:
            holds = np.zeros(BLOCK, dtype=np.bool_)
            for (places,) in rows("SELECT places FROM words WHERE block = ? AND term = ?", block, term):
                holds[np.frombuffer(places[: len(places) // 2 * 2], dtype="<u2")] = True
            flags &= holds
        both += (np.flatnonzero(flags) + block * BLOCK).tolist()
        if len(both) > _MOST:
            return {}
    texts = rows("SELECT id, words FROM passage_words WHERE id IN (SELECT value FROM json_each(?))", json.dumps(both))
    ids = np.array(tokeniser.holding(" ".join(pair), texts), dtype=np.int64)
    return {int(block): ((ids[ids // BLOCK == block] % BLOCK).astype("<u2").tobytes(), None) for block in np.unique(ids // BLOCK)}


def sole(held: Postings) -> int | None:
    """The passage that holds a term, if it is the only one."""
    numbers = [block * BLOCK + int(place) for block, (places, _) in held.items() for place in np.frombuffer(places, dtype="<u2")]
    return numbers[0] if len(numbers) == 1 else None
