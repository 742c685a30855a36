"""The approximate index of large libraries: vectors sorted into cells, of which a query searches the nearest few.

Given unit rows and flags of the passages that may be found, it returns candidate ids; the caller computes their exact
scores from the stored vectors. The centres of the cells are part of the library. From them and the vectors, each block
of 65,536 ids gets a FAISS file (inverted lists, a byte a number), which is mapped into memory. Such a file is derived:
where `load` returns None or `is_sound` finds a cell that is not what was written, the block is built anew. Imports
faiss, as `index.vectors` does.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embed import FloatArray
from index.postings import BLOCK, Flags, Presence

MOST_EXACT = 20_000  # passages; up to here comparing all takes a few milliseconds, and nothing is gained by cells
_SAMPLE = 48  # vectors a cell that the centers are computed from
_ITERATIONS = 10
_SEED = 20_240_901
_LEAST_PROBED, _SHARE = 96, 1 / 16  # cells that a query looks into: so many, or this share of them if that is more
_MARGIN = 1.25  # how far beyond the sample's least and greatest numbers the bytes reach
# candidates beyond those asked for, or half as many again: bytes order them almost as the stored vectors do
_SPARE = 16
_TRAILER = 512  # bytes at the end of a file, after what FAISS wrote and the checksums of the cells
_SUM = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Cells:
    """The centres, (n, dimension) float32 unit rows, of a library of so many passages.

    A byte means `least + span * byte / 255`, each (dimension,).
    """

    passages: int
    centers: FloatArray
    least: FloatArray
    span: FloatArray

    @property
    def digest(self) -> str:
        """What files built with these cells are known by."""
        return hashlib.sha256(b"".join(self.stored().values())).hexdigest()[:32]

    def stored(self) -> dict[str, bytes]:
        """As the library keeps them, by name."""
        numbers = {"centers": self.centers, "least": self.least, "span": self.span}
        return {"passages": str(self.passages).encode()} | {
            name: each.astype("<f4").tobytes() for name, each in numbers.items()
        }

    @classmethod
    def restored(cls, stored: Mapping[str, bytes], dimension: int) -> Cells:
        """The cells that `stored` gave. Raises ValueError or KeyError if they are damaged."""
        centers, least, span = (
            np.frombuffer(stored[name], dtype="<f4").astype(np.float32) for name in ("centers", "least", "span")
        )
        return cls(
            int(stored["passages"]), centers.reshape(-1, dimension), least.reshape(dimension), span.reshape(dimension)
        )


def cells_for(passages: int) -> int:
    """How many cells a library of so many passages gets: a power of two near twice the root."""
    return int(2 ** round(math.log2(2 * math.sqrt(passages))))


def sample_size(passages: int) -> int:
    """How many vectors `trained` wants to see."""
    return min(passages, _SAMPLE * cells_for(passages))


def trained(sample: FloatArray, passages: int) -> Cells:
    """Compute cells for a library of so many passages from some of its vectors.

    The sample is smaller where passages repeat; the same sample gives the same cells.
    """
    import faiss

    kmeans = faiss.Kmeans(
        sample.shape[1],
        min(cells_for(passages), len(sample)),
        niter=_ITERATIONS,
        seed=_SEED,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=_SAMPLE,
    )
    kmeans.train(np.ascontiguousarray(sample))
    least, most = sample.min(axis=0), sample.max(axis=0)
    middle, reach = (least + most) / 2, np.maximum((most - least) / 2 * _MARGIN, 1e-6)
    return Cells(
        passages,
        np.asarray(kmeans.centroids, dtype=np.float32),
        (middle - reach).astype(np.float32),
        (2 * reach).astype(np.float32),
    )


def probed(cells: int, passages: int, allowed: int) -> int:
    """Return how many cells a query looks into where it may find `allowed` of the passages.

    The fewer those are, the more cells, and at last all of them.
    """
    return min(math.ceil(max(_LEAST_PROBED, cells * _SHARE) * passages / max(allowed, 1)), cells)


class CellBlock:
    """The vectors of one block of ids, in their cells.

    `key` names the library and the cells, `through` is the highest place it holds, `moment` the library's count of
    changes when it was built.
    """

    def __init__(
        self, index: Any, key: str, through: int, moment: int, sums: npt.NDArray[np.uint32] | None = None
    ) -> None:
        """`sums` are the checksums of the cells, where the index is read from a file.

        Each cell is looked at before it is first believed.
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
        """The block that holds vectors at places, which ascend.

        They come in parts, so that few are in memory at a time.
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
        """Writes the block, whole or not at all. Where that fails it stays unwritten: it can always be built anew."""
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
            with suppress(OSError):  # on a read-only medium there is nothing to delete, and no leave to ask
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
        # the Python face of it takes no parameters
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


class CellIndex:
    """All blocks of a library, and the cells that their vectors lie in."""

    def __init__(
        self, cells: Cells, blocks: Mapping[int, CellBlock], here: Presence, renewed: Callable[[int], CellBlock]
    ) -> None:
        """`blocks` may hold passages that are gone; `here` says which are there; `renewed` builds a block anew that is found to be damaged."""
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


def _said(file: Path) -> dict[str, Any] | None:
    """What the end of a file says of it, if the file is as long as it should be."""
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
