"""Two neighbouring words, such as a first and a last name, as one term: which passages hold them side by side.

Takes the index of words; returns rows of it.

The index knows which passages hold each word, not where in them. Those that hold both are read and asked for the
phrase: first those of the pair that fewest hold, and no more than a search has time for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import numpy as np

from index.language import ENGLISH
from index.postings import BLOCK, Flags, Postings, Presence, Query
from index.tokens import Tokeniser

# passages that are read for all pairs together, which takes 20 ms; of 400 names in 40,000 passages, 397 have words that
# fewer hold together
_MOST = 1_000

Pair = tuple[str, str]


def together(
    rows: Query,
    here: Presence,
    tokeniser: Tokeniser,
    pairs: Sequence[Pair],
    among: Flags | None = None,
    languages: Iterable[str] = (ENGLISH,),
) -> dict[str, Postings]:
    """For each pair that stands side by side in a passage, of all or of those in `among`: the rows of that one term.

    Pairs that too many hold are left out.

    `languages` are those that the passages are in.
    """
    candidates = {
        " ".join(pair): sorted(
            {one for tongue in languages for one in _both(rows, here, tokeniser, pair, among, tongue)}
        )
        for pair in pairs
    }
    read: set[int] = set()
    tried = []
    for phrase, held in sorted(candidates.items(), key=lambda item: (len(item[1]), item[0])):
        if held and len(read.union(held)) <= _MOST:
            read.update(held)
            tried.append(phrase)
    if not tried:
        return {}
    texts = rows(
        "SELECT id, words FROM passage_words WHERE id IN (SELECT value FROM json_each(?))", json.dumps(sorted(read))
    )
    found = tokeniser.holding(tried, texts)
    return {phrase: _postings(found[phrase]) for phrase in sorted(found) if found[phrase]}


def sole(held: Postings) -> int | None:
    """The passage that holds a term, if it is the only one."""
    numbers = [
        block * BLOCK + int(place)
        for block, (places, _) in held.items()
        for place in np.frombuffer(places, dtype="<u2")
    ]
    return numbers[0] if len(numbers) == 1 else None


def _both(
    rows: Query, here: Presence, tokeniser: Tokeniser, pair: Pair, among: Flags | None, language: str
) -> list[int]:
    """The passages in a language that hold both words; none where one is no word to the index."""
    terms = [tokeniser.terms(word, language) for word in pair]
    if any(len(found) != 1 for found in terms):
        return []
    both: list[int] = []
    for block in range(here.blocks):
        flags = np.ones(BLOCK, dtype=np.bool_) if among is None else among[block * BLOCK : (block + 1) * BLOCK].copy()
        for (term,) in terms:
            holds = np.zeros(BLOCK, dtype=np.bool_)
            for (places,) in rows("SELECT places FROM words WHERE block = ? AND term = ?", block, term):
                holds[np.frombuffer(places[: len(places) // 2 * 2], dtype="<u2")] = True
            flags &= holds
        both += (np.flatnonzero(flags) + block * BLOCK).tolist()
    return both


def _postings(numbers: Sequence[int]) -> Postings:
    ids = np.array(numbers, dtype=np.int64)
    return {
        int(block): ((ids[ids // BLOCK == block] % BLOCK).astype("<u2").tobytes(), None)
        for block in np.unique(ids // BLOCK)
    }
