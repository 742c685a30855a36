"""The inverted index of the passages' words, in the library's own tables, read for BM25.

It is written with the passages in one transaction.

Passages are numbered, and numbers fall into blocks of 65,536. A row of `words` holds one term in one block: the places
within the block at which it stands (two bytes each), and how often (one byte, left out where that is once everywhere).
A row of `lengths` holds the terms of every place of a block, plus one; 0 is a place without a passage. Both are a
function of the passages alone, whatever was indexed before.

Why not FTS5's own ranking: it visits every row that holds any word of the question, one function call a row, which
takes a second in a million passages.
"""

from __future__ import annotations

import itertools
import json
import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from index.tokens import Counted, Tokeniser

BLOCK = 65_536  # numbers; a place within a block fits into two bytes
_MANY = 16_384  # texts that are counted at a time
_K1, _B = 1.2, 0.75  # Robertson and Zaragoza 2009; the values of FTS5
_ROUNDED = 1 - 1e-9  # sums differ in their last bits
_LEAST_WEIGHT = 1e-6  # of a term that more than half of the passages hold, as in FTS5

Flags = npt.NDArray[np.bool_]  # (blocks * BLOCK,), one for every number
Scored = tuple[tuple[int, float], ...]  # (passage id, score), best first
Query = Callable[..., list[Any]]  # a statement and its values -> rows
Postings = Mapping[int, tuple[bytes, bytes | None]]  # of one term: block -> places and counts
Words = tuple[int, str, str]  # a passage's id, all that is searched of it, and its language


@dataclass(frozen=True, slots=True)
class Presence:
    """Which numbers are passages, and how many terms each has.

    (blocks * BLOCK,) uint16, one more than the terms, 0 where there is no passage.
    """

    lengths: npt.NDArray[np.uint16]
    passages: int
    terms: int  # of all passages together

    @property
    def blocks(self) -> int:
        """How many blocks the numbers fall into."""
        return len(self.lengths) // BLOCK

    @property
    def flags(self) -> Flags:
        """True where there is a passage."""
        return self.lengths > 0


def restricted(here: Presence, flags: Flags) -> Presence:
    """The passages in `flags`, as if there were no others."""
    lengths = np.where(flags, here.lengths, np.uint16(0))
    passages = int(np.count_nonzero(lengths))
    return Presence(lengths, passages, int(lengths.sum(dtype=np.int64)) - passages)


def only(held: Postings, flags: Flags) -> Postings:
    """The rows of a term, restricted to the places in `flags`."""
    kept: dict[int, tuple[bytes, bytes | None]] = {}
    for block, row in held.items():
        places, counts = _unpacked(*row)
        among = flags[block * BLOCK : (block + 1) * BLOCK][places]
        if among.any():
            kept[block] = _packed(places[among], counts[among])
    return kept


def presence(rows: Query) -> Presence:
    """Read the lengths of the passages from the library."""
    found = rows("SELECT block, value FROM lengths ORDER BY block")
    lengths = np.zeros((found[-1][0] + 1 if found else 0) * BLOCK, dtype=np.uint16)
    for block, value in found:
        part = np.frombuffer(value, dtype="<u2")[:BLOCK]
        lengths[block * BLOCK : block * BLOCK + len(part)] = part
    passages = int(np.count_nonzero(lengths))
    return Presence(lengths, passages, int(lengths.sum(dtype=np.int64)) - passages)


def ranked(
    rows: Query,
    here: Presence,
    terms: Sequence[str],
    k: int,
    among: Flags | None = None,
    phrases: Mapping[str, Postings] = MappingProxyType({}),
) -> Scored:
    """The `k` passages with the highest BM25 scores, of all or of those in `among`; equal ones by id.

    A term that comes twice counts twice.

    A score is given as the share of the most that these terms could give, so in [0, 1]. `phrases` are further terms,
    with the rows that the index does not hold.

    Once there are `k`, a frequent term is looked up only for passages that may still come among them (MaxScore: Turtle
    and Flood, "Query evaluation: strategies and optimizations", 1995). What is found, and its scores, are the same.
    """
    wanted = json.dumps(terms)
    found: dict[int, dict[str, tuple[bytes, bytes | None]]] = {}
    for block in range(here.blocks):
        listed = rows(
            "SELECT term, places, counts FROM words WHERE block = ? AND term IN (SELECT value FROM json_each(?))",
            block,
            wanted,
        )
        found[block] = {term: (places, counts) for term, places, counts in listed}
        found[block] |= {term: at[block] for term, at in phrases.items() if block in at}
    terms = (*terms, *phrases)
    holders = {term: sum(len(part[term][0]) // 2 for part in found.values() if term in part) for term in terms}
    weights = {term: _weight(here.passages, count) for term, count in holders.items()}
    mean = here.terms / max(here.passages, 1)
    heaviest = sorted(terms, key=lambda term: -weights[term])
    # what these terms give at the very most
    rest = [sum(weights[term] for term in heaviest[number:]) * (_K1 + 1) for number in range(len(heaviest))]
    ids, totals, least = np.zeros(0, dtype=np.int64), np.zeros(0), 0.0
    for block, part in found.items():
        scores = np.zeros(BLOCK)
        lengths = here.lengths[block * BLOCK : (block + 1) * BLOCK]
        for term, more in zip(heaviest, rest, strict=True):
            if term in part:
                places, counts = _unpacked(*part[term])
                if more < least:
                    places, counts = _at(np.flatnonzero(scores >= (least - more) * _ROUNDED), places, counts)
                norm = _K1 * (1 - _B + _B / mean * (lengths[places] - 1.0))
                scores[places] += weights[term] * (_K1 + 1) * counts / (counts + norm)
        if among is not None:
            scores[~among[block * BLOCK : (block + 1) * BLOCK]] = 0
        best = _highest(scores, k)
        ids, totals = np.append(ids, best + block * BLOCK), np.append(totals, scores[best])
        order = np.lexsort((ids, -totals))[:k]
        ids, totals = ids[order], totals[order]
        least = float(totals[-1]) if len(totals) == k > 0 else 0.0
    return tuple(zip(ids.tolist(), (totals / rest[0]).tolist(), strict=True)) if rest else ()


def change(connection: sqlite3.Connection, gone: Iterable[Words], new: Iterable[Words]) -> None:
    """Remove the words of some passages and add those of others, each in the order of ids.

    The caller holds a transaction.
    """
    tokeniser = Tokeniser()
    for block, texts in _by_block(gone):
        _merge(connection, block, [place for place, _, _ in texts], _counted(tokeniser, texts), new=False)
    for block, texts in _by_block(new):
        _merge(connection, block, [place for place, _, _ in texts], _counted(tokeniser, texts), new=True)
    tokeniser.close()


def block_of(texts: Sequence[Words]) -> tuple[dict[str, tuple[bytes, bytes | None]], bytes]:
    """The rows that a block with these texts at these places must have: one for each term, and the lengths."""
    tokeniser = Tokeniser()
    counted = _counted(tokeniser, texts)
    tokeniser.close()
    places = np.array([place for place, _, _ in texts], dtype=np.int64)
    said = {
        term: _packed(places[at], counts)
        for term, at, counts in zip(counted.terms, counted.places, counted.counts, strict=True)
    }
    return said, _with_lengths(np.zeros(0, dtype=np.uint16), places, counted.lengths + 1)


def _counted(tokeniser: Tokeniser, texts: Sequence[Words]) -> Counted:
    return tokeniser.counted([text for _, text, _ in texts], [language for _, _, language in texts])


def _by_block(words: Iterable[Words]) -> Iterator[tuple[int, list[Words]]]:
    """The texts of a block, at most `_MANY` at a time: what is held in memory must not grow with the library."""
    for block, group in itertools.groupby(words, key=lambda row: row[0] // BLOCK):
        while part := [(number % BLOCK, text, language) for number, text, language in itertools.islice(group, _MANY)]:
            yield block, part


def _merge(connection: sqlite3.Connection, block: int, places: Sequence[int], counted: Counted, *, new: bool) -> None:
    """Puts the counted texts, which stand at `places`, into a block, or takes them out."""
    at = np.array(places, dtype=np.int64)
    (before,) = connection.execute("SELECT value FROM lengths WHERE block = ?", (block,)).fetchone() or (b"",)
    lengths = np.frombuffer(before, dtype="<u2")
    value = _with_lengths(lengths, at, counted.lengths + 1 if new else np.zeros(len(at), dtype=np.int64))
    rows = []
    for term, local, counts in zip(counted.terms, counted.places, counted.counts, strict=True):
        there: npt.NDArray[Any] = at[local]
        often: npt.NDArray[Any] = counts
        old = (
            connection.execute(
                "SELECT places, counts FROM words WHERE block = ? AND term = ?", (block, term)
            ).fetchone()
            if before
            else None
        )
        if old is not None:
            kept, times = _unpacked(*old)
            others = ~np.isin(kept, there)
            there, often = (np.append(kept, there), np.append(times, often)) if new else (kept[others], times[others])
            order = np.argsort(there)
            there, often = there[order], often[order]
        rows.append((block, term, *_packed(there, often)))
    connection.executemany("INSERT OR REPLACE INTO words VALUES (?, ?, ?, ?)", [row for row in rows if row[2]])
    connection.executemany("DELETE FROM words WHERE block = ? AND term = ?", [row[:2] for row in rows if not row[2]])
    if value:
        connection.execute("INSERT OR REPLACE INTO lengths VALUES (?, ?)", (block, value))
    else:
        connection.execute("DELETE FROM lengths WHERE block = ?", (block,))


def _with_lengths(
    before: npt.NDArray[np.uint16], places: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> bytes:
    """The lengths of a block with those at `places` replaced, nothing after the last passage."""
    after = np.zeros(BLOCK, dtype="<u2")
    after[: len(before)] = before
    after[places] = np.minimum(lengths, 65_535)
    return after[: int(np.max(np.flatnonzero(after), initial=-1)) + 1].tobytes()


def _packed(places: npt.NDArray[Any], counts: npt.NDArray[Any]) -> tuple[bytes, bytes | None]:
    return places.astype("<u2").tobytes(), None if (counts == 1).all() else np.minimum(counts, 255).astype(
        np.uint8
    ).tobytes()


def _unpacked(places: bytes, counts: bytes | None) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint8]]:
    """Places and counts, of one length also where a row is damaged."""
    at = np.frombuffer(places[: len(places) // 2 * 2], dtype="<u2")
    often = np.ones(len(at), dtype=np.uint8)
    if counts is not None:
        read = np.frombuffer(counts[: len(at)], dtype=np.uint8)
        often[: len(read)] = read
    return at, often


def _at(
    wanted: npt.NDArray[np.int64], places: npt.NDArray[np.uint16], counts: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint8]]:
    """The places of a term that are `wanted`; both ascend."""
    found = np.searchsorted(places, wanted.astype(np.uint16))
    held = found[found < len(places)]
    held = held[places[held] == wanted[: len(held)]]
    return places[held], counts[held]


def _weight(passages: int, holders: int) -> float:
    """The inverse document frequency of a term that so many of the passages hold."""
    rarity = (passages - holders + 0.5) / (holders + 0.5)
    return max(math.log(rarity), _LEAST_WEIGHT) if rarity > 1 else _LEAST_WEIGHT


def _highest(scores: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.int64]:
    """The places of the `k` highest scores above 0, and of any that equal the lowest of them."""
    places = np.flatnonzero(scores > 0)
    if len(places) > k:
        least = np.partition(scores[places], -k)[-k]
        places = places[scores[places] >= least]
    return places
