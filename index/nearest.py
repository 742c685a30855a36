"""Choose and open the index of a library's vectors: exact for a small one, cells for a large one.

A block's file that is missing, damaged, or of other cells or another moment is built anew from the stored vectors, and
saved where that makes it newer. Writes nothing into the tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.cell_block import CellBlock
from index.cell_index import CellIndex
from index.cells import Cells
from index.embed import FloatArray
from index.errors import LibraryError
from index.postings import BLOCK, Presence, Query
from index.schema import REBUILD_HINT
from index.vectors import ExactIndex, from_bytes

FILES = "vectors-*.faiss"
_VECTORS = (  # by an index that is small enough to stay in memory, not by the rows with their texts
    "SELECT p.id, v.value FROM passages p INDEXED BY passages_vectors JOIN vectors v ON v.id = p.vector WHERE p.id IN "
    "(SELECT value FROM json_each(?))"
)
_MANY = 4096  # vectors read at a time

NearestIndex = ExactIndex | CellIndex
Places = npt.NDArray[np.int64]


def opened(rows: Query, folder: Path, dimension: int, here: Presence, *, birth: str, moment: int) -> NearestIndex:
    """The index of the library's passages as they are now. Raises LibraryError if a vector is missing or damaged."""
    cells = restored(rows, dimension)
    if cells is None:
        found = [
            number
            for (number,) in rows(
                "SELECT p.id FROM passages p JOIN articles a ON a.id = p.article ORDER BY a.source, p.start"
            )
        ]
        # in an order that does not depend on how the library came about
        return ExactIndex(found, vectors(rows, found, dimension))
    key = f"{birth}:{cells.digest}"

    def places(number: int) -> Places:
        return np.flatnonzero(here.lengths[number * BLOCK : (number + 1) * BLOCK])

    def built(number: int, *, is_newest: bool = True) -> CellBlock:
        block = CellBlock.built(cells, _parts(rows, places(number), number, dimension), key=key, moment=moment)
        if is_newest:
            block.save(block_file(folder, number))
        return block

    blocks = {}
    for number in range(here.blocks):
        if len(there := places(number)):
            block = CellBlock.load(block_file(folder, number))
            if block is None or block.key != key or block.moment > moment or block.through < there[-1]:
                is_newest = block is None or block.key != key or block.moment <= moment
                block = built(number, is_newest=is_newest)
                # mapped, where it could be saved
                block = (CellBlock.load(block_file(folder, number)) if is_newest else None) or block
            blocks[number] = block
    return CellIndex(cells, blocks, here, built)


def restored(rows: Query, dimension: int) -> Cells | None:
    """The cells that the library was arranged in; None where it is small and has none.

    Raises LibraryError if they are damaged.
    """
    stored = dict(rows("SELECT name, value FROM cells"))
    try:
        return Cells.restored(stored, dimension) if stored else None
    except (ValueError, KeyError) as error:
        raise LibraryError("the cells of the library's vectors are damaged", REBUILD_HINT) from error


def vectors(rows: Query, ids: list[int], dimension: int) -> FloatArray:
    """The stored vectors of these passages, (n, dimension) float32, unit rows, in their order.

    Raises LibraryError if one is missing or damaged.
    """
    found = np.empty((len(ids), dimension), dtype=np.float32)
    for start in range(0, len(ids), _MANY):
        part = ids[start : start + _MANY]
        values = dict(rows(_VECTORS, json.dumps(part)))
        if len(values) < len(part):
            raise LibraryError("the library is damaged: passages without vectors", REBUILD_HINT)
        found[start : start + len(part)] = from_bytes([values[number] for number in part], dimension)
    return found


def _parts(rows: Query, places: Places, number: int, dimension: int) -> Iterator[tuple[Places, FloatArray]]:
    for start in range(0, len(places), _MANY):
        part = places[start : start + _MANY]
        yield part, vectors(rows, (part + number * BLOCK).tolist(), dimension)


def block_file(folder: Path, number: int) -> Path:
    """Where a block's index is saved."""
    return folder / f"vectors-{number:04}.faiss"
