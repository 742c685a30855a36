"""Arrange a library's vectors for search: cells when it has grown large, anew when its size has doubled or halved.

The caller holds the library's write lock. A library that shrinks below the threshold loses its cells again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from index.cells import MOST_EXACT, Cells, sample_size, trained
from index.embed import FloatArray
from index.health import damaged_blocks
from index.nearest import FILES, block_file
from index.schema import explained, removed, transaction
from index.store import Library
from index.vectors import from_bytes
from index.write import stamp

_MANY = 4096  # vectors converted at a time
_OLD_FILE = "vectors.faiss"  # of libraries of format 1


def arrange(library: Library, *, most_exact: int = MOST_EXACT, told: Callable[[str], None] = lambda _: None) -> None:
    """Build the index of the library's vectors if it is missing, so that the next reader need not.

    `told` is called with a line before what takes long. Up to `most_exact` passages need no cells: they are compared
    one by one. Raises LibraryError if a vector is missing or damaged.
    """
    passages, cells = library.passage_count(), library.cells()
    if passages > most_exact and (cells is None or not passages / 2 <= cells.passages <= passages * 2):
        told(f"arranging {passages:,} passages for search")
        _store(library, trained(_sample(library, passages), passages))
    elif cells is not None and passages < most_exact / 2:
        _store(library, None)
    elif cells is not None:
        told(f"arranging {passages:,} passages for search")
    with explained(library.file):
        for file in damaged_blocks(library):
            removed(file)  # the next line builds it anew
        library.warm()
        wanted = {block_file(library.folder, number) for number in library.blocks()}
        for file in (*library.folder.glob(FILES), library.folder / _OLD_FILE):
            if file not in wanted:
                removed(file)


def _sample(library: Library, passages: int) -> FloatArray:
    """A sample of the vectors, in the order of their keys: random, but the same however the library came about."""
    values = library.rows("SELECT value FROM vectors ORDER BY key LIMIT ?", sample_size(passages))
    rows = np.empty((len(values), library.identity.dimension), dtype=np.float32)
    for start in range(0, len(values), _MANY):
        part = values[start : start + _MANY]
        rows[start : start + len(part)] = from_bytes([value for (value,) in part], rows.shape[1])
    return rows


def _store(library: Library, cells: Cells | None) -> None:
    with explained(library.file), transaction(library.connection):
        library.connection.execute("DELETE FROM cells")
        if cells is not None:
            library.connection.executemany("INSERT INTO cells VALUES (?, ?)", cells.stored().items())
        stamp(library)
