"""A block of a large library's vectors in their cells: a FAISS file for each 65,536 ids.

Inverted lists, a byte a number, mapped into memory. Such a file is derived: where `load` returns None or `is_sound`
finds a cell that is not what was written, the block is built anew from the stored vectors.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.cells import Cells
from index.embed import FloatArray
from index.postings import Flags

_TRAILER = 512  # bytes at the end of a file, after what FAISS wrote and the checksums of the cells
_SUM = np.dtype("<u4")


class CellBlock:
    """The vectors of one block of ids, in their cells.

    `key` names the library and the cells, `through` is the highest place it holds, `moment` the library's count of
    changes when it was built.
    """

    def __init__(
        self, index: Any, key: str, through: int, moment: int, sums: npt.NDArray[np.uint32] | None = None
    ) -> None:
        """`sums` are the checksums of the cells, where the index is read from a file.

        Each cell is checked before it is first used.
        """
        self._index = index
        self._sums = sums
        self._unread = (
            np.ones(index.nlist, dtype=np.bool_) if sums is not None else np.zeros(index.nlist, dtype=np.bool_)
        )
        self.key = key
        self.through = through
        self.moment = moment

    @classmethod
    def built(
        cls, cells: Cells, parts: Iterable[tuple[npt.NDArray[np.int64], FloatArray]], *, key: str, moment: int
    ) -> CellBlock:
        """Build the block from vectors and their places, which ascend.

        They come in parts, so that only some are in memory at a time.
        """
        import faiss

        dimension, through = cells.centers.shape[1], -1
        # the coarse quantiser stays empty: cells are found once for all blocks, and no file repeats their centers
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimension),
            dimension,
            len(cells.centers),
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
            False,
        )
        faiss.copy_array_to_vector(np.concatenate([cells.least, cells.span]), index.sq.trained)
        index.is_trained = True
        for places, rows in parts:
            _, nearest = faiss.knn(rows, cells.centers, 1, metric=faiss.METRIC_INNER_PRODUCT)
            ids, assigned = places.astype(np.int64), np.ascontiguousarray(nearest[:, 0], dtype=np.int64)
            index.add_core(len(ids), faiss.swig_ptr(rows), faiss.swig_ptr(ids), faiss.swig_ptr(assigned))
            through = int(ids[-1])
        return cls(index, key, through, moment)

    @classmethod
    def load(cls, file: Path) -> CellBlock | None:
        """The block saved in `file`, mapped into memory; None if it is missing or damaged.

        The vectors in it are not read yet: see `is_sound`.
        """
        import faiss

        said = _said(file)
        try:
            if said is None:
                return None
            sums = _read(file, said["size"], said["lists"] * _SUM.itemsize)
            if hashlib.sha256(_read(file, 0, said["head"]) + sums).hexdigest() != said["sha256"]:
                return None
            index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP)
        except (OSError, RuntimeError):
            return None
        return cls(index, said["key"], said["through"], said["moment"], np.frombuffer(sums, dtype=_SUM))

    def save(self, file: Path) -> None:
        """Write the block, whole or not at all. A failure is ignored: the block can always be built anew."""
        import faiss

        draft = file.with_name(f"{file.name}.{os.getpid()}.tmp")
        try:
            faiss.write_index(self._index, str(draft))
            size = draft.stat().st_size
            head = size - self._index.ntotal * (self._index.code_size + 8)  # before the vectors and their ids
            body = draft.read_bytes()
            sums = np.array([self._sum(cell) for cell in range(self._index.nlist)], dtype=_SUM).tobytes()
            said = {
                "key": self.key, "through": self.through, "moment": self.moment, "size": size, "head": head, "lists": self._index.nlist,
                "sha256": hashlib.sha256(body[:head] + sums).hexdigest(), "all": hashlib.sha256(body + sums).hexdigest(),
            }  # fmt: skip
            with draft.open("ab") as written:
                written.write(sums)
                written.write(json.dumps(said).encode().ljust(_TRAILER))
                written.flush()
                os.fsync(written.fileno())
            draft.replace(file)
        except (OSError, RuntimeError):
            with suppress(OSError):  # on a read-only medium there is nothing to delete
                draft.unlink(missing_ok=True)

    def is_sound(self, cells: npt.NDArray[np.int64]) -> bool:
        """Whether these cells hold what was written; each is read once."""
        for cell in cells[self._unread[cells]].tolist():
            if self._sums is not None and self._sum(cell) != self._sums[cell]:
                return False
            self._unread[cell] = False
        return True

    def _sum(self, cell: int) -> int:
        import faiss

        lists = self._index.invlists
        if not (size := lists.list_size(cell)):
            return 0
        codes, ids = (
            faiss.rev_swig_ptr(lists.get_codes(cell), size * self._index.code_size),
            faiss.rev_swig_ptr(lists.get_ids(cell), size),
        )
        return zlib.crc32(ids.data, zlib.crc32(codes.data))

    def nearest(self, vector: FloatArray, k: int, cells: npt.NDArray[np.int64], among: Flags) -> tuple[FloatArray, Any]:
        """Scores and places of the `k` nearest by their bytes, of those that `among` flags and that lie in `cells`."""
        import faiss

        chosen = faiss.IDSelectorBitmap(np.packbits(among, bitorder="little"))  # type: ignore[call-arg, arg-type]  # faiss takes an array in Python
        parameters = faiss.SearchParametersIVF(sel=chosen, nprobe=len(cells))  # type: ignore[call-arg]  # faiss adds the keywords in Python
        scores, places = np.empty((1, k), dtype=np.float32), np.empty((1, k), dtype=np.int64)
        given = [
            faiss.swig_ptr(each)
            for each in (np.ascontiguousarray(vector), cells, np.zeros(len(cells), dtype=np.float32), scores, places)
        ]
        # FAISS's Python wrapper of it takes no parameters
        self._index.search_preassigned_c(1, given[0], k, *given[1:], False, parameters)
        found = places[0] >= 0
        return scores[0][found], places[0][found]


def whole(file: Path) -> bool:
    """Whether a block's file is what was written, to the last byte."""
    said = _said(file)
    try:
        return (
            said is not None
            and hashlib.sha256(_read(file, 0, said["size"] + said["lists"] * _SUM.itemsize)).hexdigest() == said["all"]
        )
    except OSError:
        return False


def _said(file: Path) -> dict[str, Any] | None:
    """Read the record at the end of a file; None if there is none, or the file has another length than it says."""
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            opened.seek(max(size - _TRAILER, 0))
            said: dict[str, Any] = json.loads(opened.read())
    except (OSError, ValueError):
        return None
    kinds = {
        "key": str,
        "through": int,
        "moment": int,
        "size": int,
        "head": int,
        "lists": int,
        "sha256": str,
        "all": str,
    }
    if (
        not isinstance(said, dict)
        or said.keys() != kinds.keys()
        or any(type(said[name]) is not kind for name, kind in kinds.items())
    ):
        return None
    return (
        said
        if 0 <= said["head"] <= said["size"] and said["size"] + said["lists"] * _SUM.itemsize + _TRAILER == size
        else None
    )


def _read(file: Path, start: int, size: int) -> bytes:
    with file.open("rb") as opened:
        opened.seek(start)
        return opened.read(size)
