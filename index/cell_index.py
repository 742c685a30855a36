"""The approximate index of a large library: all blocks of its vectors, and the cells that they lie in.

Given a unit row and flags of the passages that may be found, it returns candidate ids; the caller computes their exact
scores from the stored vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from index.cell_block import CellBlock
from index.cells import Cells, probed
from index.embed import FloatArray
from index.postings import BLOCK, Flags, Presence

# candidates beyond those asked for, or half as many again: bytes order them almost as the stored vectors do
_SPARE = 16


class CellIndex:
    """All blocks of a library, and the cells that their vectors lie in."""

    def __init__(
        self, cells: Cells, blocks: Mapping[int, CellBlock], here: Presence, renewed: Callable[[int], CellBlock]
    ) -> None:
        """`blocks` may hold deleted passages, which `here` leaves out; `renewed` rebuilds a damaged block."""
        self.cells = cells
        self.blocks = dict(blocks)
        self._renewed = renewed
        self._there = here.flags
        self._passages = here.passages

    def nearest(self, vector: FloatArray, k: int, among: Flags | None = None) -> list[int]:
        """Ids that hold most of the `k` nearest of all passages, or of those that `among` flags, and some more."""
        import faiss

        there = self._there if among is None else self._there & among
        looked = probed(
            len(self.cells.centers), self._passages, self._passages if among is None else int(np.count_nonzero(there))
        )
        _, found = faiss.knn(vector.reshape(1, -1), self.cells.centers, looked, metric=faiss.METRIC_INNER_PRODUCT)
        cells, wanted = found[0].astype(np.int64), k + max(k // 2, _SPARE) if k > 0 else 0
        scores, ids = [np.zeros(0, dtype=np.float32)], [np.zeros(0, dtype=np.int64)]
        for number, block in list(self.blocks.items()):
            flags = there[number * BLOCK : (number + 1) * BLOCK]
            if wanted and (among is None or flags.any()):
                if not block.is_sound(cells):
                    block = self.blocks[number] = self._renewed(number)
                near, places = block.nearest(vector, wanted, cells, flags)
                scores.append(near)
                ids.append(places + number * BLOCK)
        together, scale = np.concatenate(ids), np.concatenate(scores)
        return [int(number) for number in together[np.lexsort((together, -scale))[:wanted]]]
