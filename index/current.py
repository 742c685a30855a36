"""What searching needs from a library's tables, read once and cached until they change.

That is: which numbers are passages, which of them a filter lets through, their languages, and the index of their
vectors; each is cached with the generation it was read from. The caller holds a snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.allowed import allowed
from index.errors import LibraryError
from index.language import ENGLISH
from index.nearest import NearestIndex, opened
from index.postings import BLOCK, Flags, Presence, Query, restricted
from index.postings import presence as read_presence
from index.records import Filter
from index.schema import REBUILD_HINT

Meta = Mapping[str, str]
Tongues = Mapping[str, tuple[Presence, Flags | None]]  # by language


class Current:
    """A cache of what was last read from a library's tables.

    Every method takes `rows`, which queries the tables, and `meta`, their row of metadata at that moment.
    """

    def __init__(self, file: Path) -> None:
        """`file` is the library's, named where it is damaged; the files of its vectors lie beside it."""
        self._file = file
        self._present: tuple[str, Presence] | None = None
        self._index: tuple[str, NearestIndex] | None = None
        self._chosen: tuple[str, Filter, Flags] | None = None
        self._spoken: tuple[str, Tongues] | None = None

    def flags(self, rows: Query, meta: Meta, within: Filter) -> Flags | None:
        """True for every passage that the filter lets through; None where that is all of them."""
        generation = meta["generation"]
        if self._chosen is not None and self._chosen[:2] == (generation, within):
            return self._chosen[2]
        articles = allowed(rows, within)
        if articles is None:
            return None
        ids = rows("SELECT id FROM passages WHERE article IN (SELECT value FROM json_each(?))", json.dumps(articles))
        flags = self._flagged(rows, meta, ids)
        self._chosen = (generation, within, flags)
        return flags

    def _flagged(self, rows: Query, meta: Meta, ids: Sequence[tuple[int]]) -> Flags:
        flags = np.zeros(len(self.presence(rows, meta).lengths), dtype=np.bool_)
        numbers = np.fromiter((number for (number,) in ids), dtype=np.int64)
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < len(flags):
            raise LibraryError(f"{self._file} is damaged: a passage without words", REBUILD_HINT)
        flags[numbers] = True
        return flags

    def presence(self, rows: Query, meta: Meta) -> Presence:
        """The numbers that are passages, and their lengths. Raises LibraryError where the tables disagree."""
        generation = meta["generation"]
        if self._present is None or self._present[0] != generation:
            (highest,) = rows("SELECT coalesce(max(id), 0) FROM passages")[0]
            blocks = rows("SELECT min(block), max(block), max(length(value) % 2) FROM lengths")[0]
            if blocks[0] is not None and not (0 <= blocks[0] <= blocks[1] <= highest // BLOCK and blocks[2] == 0):
                raise LibraryError(f"{self._file} is damaged: the lengths of its passages", REBUILD_HINT)
            self._present = (generation, read_presence(rows))
        return self._present[1]

    def tongues(self, rows: Query, meta: Meta) -> Tongues:
        """The languages of the articles, each with its own passages and their flags.

        In a library of English alone, the usual case, without flags.
        """
        generation = meta["generation"]
        if self._spoken is None or self._spoken[0] != generation:
            whole, tongues = self.presence(rows, meta), dict[str, tuple[Presence, Flags | None]]()
            rest = whole.flags
            for (language,) in rows(
                "SELECT DISTINCT language FROM articles WHERE language <> ? ORDER BY language", ENGLISH
            ):
                flags = self._flagged(
                    rows,
                    meta,
                    rows(
                        "SELECT id FROM passages WHERE article IN (SELECT id FROM articles WHERE language = ?)",
                        language,
                    ),
                )
                tongues[language] = (restricted(whole, flags), flags)
                rest &= ~flags
            english = {ENGLISH: (restricted(whole, rest), rest) if tongues else (whole, None)}
            self._spoken = (generation, english | tongues)
        return self._spoken[1]

    def vectors(self, rows: Query, meta: Meta) -> NearestIndex:
        """The index of the vectors, opened or built."""
        if self._index is None or self._index[0] != meta["generation"]:
            index = opened(
                rows,
                self._file.parent,
                int(meta["dimension"]),
                self.presence(rows, meta),
                birth=meta["birth"],
                moment=int(meta["moment"]),
            )
            self._index = (meta["generation"], index)
        return self._index[1]
