"""Texts -> the terms that full text is searched by.

English is cut and stemmed by SQLite's own tokeniser, other languages by `index.stems`.

FTS5 is used for its tokeniser alone: texts go into a full-text table in memory, and its vocabulary says which terms
stand where. A term of another language carries its code in front ("de:bruck"), so that each language is an index of its
own. Knows nothing of the library.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.language import ENGLISH
from index.schema import TOKENS
from index.stems import stems
from index.visible import visible


@dataclass(frozen=True, slots=True)
class Counted:
    """Terms, and for each where it stands: in `places[n]` (ascending), `counts[n]` times each.

    `lengths` is the terms of every text.
    """

    terms: tuple[str, ...]
    places: tuple[npt.NDArray[np.int32], ...]
    counts: tuple[npt.NDArray[np.int64], ...]
    lengths: npt.NDArray[np.int64]


class Tokeniser:
    """The tokeniser and the scratch table that it fills. One thread at a time."""

    def __init__(self) -> None:
        self._scratch = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._scratch.execute(f"CREATE VIRTUAL TABLE texts USING fts5 (text, content='', tokenize='{TOKENS}')")
        self._scratch.execute(
            "CREATE VIRTUAL TABLE unstemmed USING fts5 (text, content='', tokenize='unicode61 remove_diacritics 2')"
        )
        self._scratch.execute("CREATE VIRTUAL TABLE terms USING fts5vocab (texts, 'row')")
        self._scratch.execute("CREATE VIRTUAL TABLE instances USING fts5vocab (texts, 'instance')")

    def terms(self, text: str, language: str = ENGLISH) -> tuple[str, ...]:
        """The terms of a text, in the order of the alphabet, each as often as it stands there."""
        counted = self.counted([text], [language])
        return tuple(
            term for term, counts in zip(counted.terms, counted.counts, strict=True) for _ in range(int(counts[0]))
        )

    def holding(self, phrases: Sequence[str], texts: Sequence[tuple[int, str]]) -> dict[str, list[int]]:
        """For each phrase the numbers of the texts in which its words follow one another as they are written, ascending."""
        self._scratch.execute("BEGIN")
        self._scratch.executemany(
            "INSERT INTO unstemmed (rowid, text) VALUES (?, ?)", ((number, visible(text)) for number, text in texts)
        )
        matching = "SELECT rowid FROM unstemmed WHERE unstemmed MATCH ? ORDER BY rowid"
        found = {
            phrase: [number for (number,) in self._scratch.execute(matching, (f'"{phrase}"',))] for phrase in phrases
        }
        self._scratch.execute("INSERT INTO unstemmed (unstemmed) VALUES ('delete-all')")
        self._scratch.execute("COMMIT")
        return found

    def counted(self, texts: Sequence[str], languages: Sequence[str] = ()) -> Counted:
        """The terms of many texts, each in its language, or all in English; a text's place is its number among them."""
        foreign = [(place, language) for place, language in enumerate(languages) if language != ENGLISH]
        if not foreign:
            return self._english(texts)
        english = list(texts)
        for place, _ in foreign:
            english[place] = ""
        counted = self._english(english)
        standing: dict[str, list[tuple[int, int]]] = {}
        for place, language in foreign:
            found = stems(texts[place], language)
            counted.lengths[place] = len(found)
            for stem, often in Counter(found).items():
                standing.setdefault(f"{language}:{stem}", []).append((place, often))
        terms = sorted(standing)
        return Counted(
            terms=(*counted.terms, *terms),
            places=(
                *counted.places,
                *(np.array([place for place, _ in standing[term]], dtype=np.int32) for term in terms),
            ),
            counts=(
                *counted.counts,
                *(np.array([often for _, often in standing[term]], dtype=np.int64) for term in terms),
            ),
            lengths=counted.lengths,
        )

    def _english(self, texts: Sequence[str]) -> Counted:
        self._scratch.execute("BEGIN")
        self._scratch.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", enumerate(map(visible, texts)))
        found = self._scratch.execute("SELECT term, cnt FROM terms ORDER BY term").fetchall()
        # by term, then by place
        standing = np.fromiter(
            (place for (place,) in self._scratch.execute("SELECT doc FROM instances")), dtype=np.int32
        )
        self._scratch.execute("INSERT INTO texts (texts) VALUES ('delete-all')")
        self._scratch.execute("COMMIT")
        sizes = np.array([size for _, size in found], dtype=np.int64)
        numbers = np.repeat(np.arange(len(found), dtype=np.int32), sizes)
        first = np.ones(len(standing), dtype=bool)  # of the instances of one term in one text
        first[1:] = (np.diff(standing) != 0) | (np.diff(numbers) != 0)
        starts = np.flatnonzero(first)
        counts = np.diff(np.append(starts, len(standing)))
        cuts = np.searchsorted(numbers[starts], np.arange(1, len(found)))
        return Counted(
            terms=tuple(term for term, _ in found),
            places=tuple(np.split(standing[starts], cuts)) if found else (),
            counts=tuple(np.split(counts, cuts)) if found else (),
            lengths=np.bincount(standing, minlength=len(texts)),
        )

    def close(self) -> None:
        """Frees the scratch table."""
        self._scratch.close()
