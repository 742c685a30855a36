"""Measures the cells of `index.cells` beside FAISS's own ways to make and keep them: `python -m bench.ivf`.

The same vectors (`bench.derived`), the same number of cells, the same number looked into, and candidates scored anew
with the same vectors. Each index is built in one process and asked in another, so that what a process holds is its own.

- ours: centres in the library, a file for every 65,536 passages, mapped, with a checksum for each cell
- factory: `faiss.index_factory("IVF…,SQ8")`, one file, read into memory
- factory, mapped: the same file, mapped; FAISS then starts 32 threads for each query, which fetch lists ahead
- mapped, nothing fetched ahead: the same without those threads
- on disk: the same, its lists put on disk by `faiss.contrib.ondisk`
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import faiss as _faiss
import numpy as np

from bench import data, derived
from bench.derived import DerivedEmbedder
from bench.scale import say
from index.cell_block import CellBlock
from index.cell_index import CellIndex
from index.cells import Cells, cells_for, probed, sample_size, trained
from index.embed import FloatArray
from index.postings import BLOCK, Flags, Presence
from qa.commands.session import Session

faiss: Any = _faiss  # in Python it takes arrays where its stubs have pointers
KINDS = ("ours", "factory", "factory, mapped", "mapped, nothing fetched ahead", "on disk")
_ASKED, _ROUNDS, _K, _SPARE = 60, 5, 10, 16
_LINES = 5  # sentences of a passage
_SENTENCES = 20_000  # that passages are made of

Search = Callable[[FloatArray, Flags | None], list[int]]


def main() -> None:
    """Make the vectors, build and ask each index, print a row for each."""
    options = data.options(__doc__)
    options.add_argument("--passages", type=int, default=100_000)
    options.add_argument("--work", type=Path, help="keep the vectors here (default: a passing folder)")
    options.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    options.add_argument("--kind", choices=KINDS, help=argparse.SUPPRESS)
    given = options.parse_args()
    faiss.omp_set_num_threads(1 if given.step == "ask" else 2)  # with more, a busy machine is what is timed
    if given.step:
        step = {"build": _build, "ask": _ask}[given.step]
        print(json.dumps(step(given.kind, given.work)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        work = given.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        _vectors(work, data.folder(given.data), given.passages)
        say("| index | built in | disk | five passages changed | a query | one in a hundred | recall@10 | own memory | mapped |")  # fmt: skip
        say("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for kind in KINDS:
            made, asked = (_apart(step, kind, work) for step in ("build", "ask"))
            say(
                f"| {kind} | {made['seconds']:.1f} s | {made['bytes'] / 1e6:.0f} MB | {made['changed']} "
                f"| {asked['ms']:.2f} ms | {asked['filtered_ms']:.2f} ms, recall {asked['filtered']:.3f} "
                f"| {asked['recall']:.3f} | {asked['own']:.0f} MB | {asked['mapped']:.0f} MB |"
            )


def _apart(step: str, kind: str, work: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.ivf", "--step", step, "--kind", kind, "--work", str(work)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])  # FAISS's example prints, too
    return found


def _vectors(work: Path, folder: Path, passages: int) -> None:
    """The vectors of derived passages and of real questions, kept in `work`."""
    if (work / "rows.npy").exists() and len(np.load(work / "rows.npy", mmap_mode="r")) == passages:
        return
    session = Session()
    real = session.loaders.embedder(session.settings())
    texts, owners = derived.real_sentences(folder)
    del texts[_SENTENCES:], owners[_SENTENCES:]
    embedder = DerivedEmbedder(texts, derived.sentence_rows(texts, real, work / "sentences.npy"), real)
    cut = itertools.islice(_passages(derived.articles(texts, owners, seed=1)), passages)
    np.save(work / "rows.npy", embedder.encode_passages(list(cut)))
    np.save(work / "asked.npy", np.array([real.encode_query(text) for text in derived.questions(folder, _ASKED)]))


def _passages(articles: Iterator[Any]) -> Iterator[str]:
    for article in articles:
        lines = article.text.split("\n")
        yield from ("\n".join(lines[at : at + _LINES]) for at in range(0, len(lines), _LINES))


def _build(kind: str, work: Path) -> dict[str, Any]:
    """Build the index from the vectors, write it, and then change five passages in it."""
    rows = np.load(work / "rows.npy")
    folder = work / kind.replace(", ", "-").replace(" ", "-")
    folder.mkdir(exist_ok=True)
    began = time.perf_counter()
    if kind == "ours":
        cells = trained(rows[_sampled(len(rows))], len(rows))
        for name, value in cells.stored().items():
            (folder / name).write_bytes(value)
        for number in range(-(-len(rows) // BLOCK)):
            _block(cells, rows, number).save(folder / f"{number}.faiss")
    else:
        index = faiss.index_factory(rows.shape[1], f"IVF{cells_for(len(rows))},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.train(rows[_sampled(len(rows))])
        if kind == "on disk":
            _on_disk(index, rows, folder)
        else:
            index.add_with_ids(rows, np.arange(len(rows)))
            faiss.write_index(index, str(folder / "index.faiss"))
    seconds = time.perf_counter() - began
    size = sum(file.stat().st_size for file in folder.iterdir())
    began = time.perf_counter()
    if kind == "ours":
        _block(cells, rows, 0).save(folder / "0.faiss")
        changed = f"{time.perf_counter() - began:.2f} s"
    else:
        index = faiss.read_index(str(folder / "index.faiss"))
        try:
            index.remove_ids(np.arange(5))
            index.add_with_ids(rows[:5], np.arange(5))
            faiss.write_index(index, str(folder / "index.faiss"))
            changed = f"{time.perf_counter() - began:.2f} s"
        except RuntimeError as error:
            changed = f"refused ({str(error).splitlines()[-1][-60:]})"
    return {"seconds": seconds, "bytes": size, "changed": changed}


def _sampled(passages: int) -> Any:
    return np.random.default_rng(1).permutation(passages)[: sample_size(passages)]


def _block(cells: Any, rows: FloatArray, number: int) -> CellBlock:
    part = rows[number * BLOCK : (number + 1) * BLOCK]
    return CellBlock.built(cells, [(np.arange(len(part)), part)], key="k", moment=0)


def _on_disk(index: Any, rows: FloatArray, folder: Path) -> None:
    """Blocks of the same size as ours, merged into one file of lists, as FAISS's own example does it."""
    from faiss.contrib.ondisk import merge_ondisk

    faiss.write_index(index, str(folder / "trained.faiss"))
    names = []
    for start in range(0, len(rows), BLOCK):
        part = faiss.read_index(str(folder / "trained.faiss"))
        part.add_with_ids(rows[start : start + BLOCK], np.arange(start, min(start + BLOCK, len(rows))))
        names.append(str(folder / f"part-{start}.faiss"))
        faiss.write_index(part, names[-1])
    merge_ondisk(index, names, str(folder / "lists.ivfdata"))
    faiss.write_index(index, str(folder / "index.faiss"))
    for name in (*names, str(folder / "trained.faiss")):
        Path(name).unlink()


def _ask(kind: str, work: Path) -> dict[str, Any]:
    """Ask the index, and say how quick it is, what it finds, and what the process holds beyond what it held before."""
    rows, asked = np.load(work / "rows.npy", mmap_mode="r"), np.load(work / "asked.npy")
    held = _held()
    look = _opened(kind, work / kind.replace(", ", "-").replace(" ", "-"), len(rows), rows.shape[1])
    allowed = np.zeros(len(rows), dtype=np.bool_)
    allowed[::100] = True
    found = [look(vector, None) for vector in asked]
    narrowed = [look(vector, allowed) for vector in asked]
    spent, filtered = (_median(look, asked, among) for among in (None, allowed))
    own, mapped = (now - before for now, before in zip(_held(), held, strict=True))
    return {
        "ms": spent,
        "filtered_ms": filtered,
        "recall": _recall(rows, asked, found, np.arange(len(rows))),
        "filtered": _recall(rows, asked, narrowed, np.flatnonzero(allowed)),
        "own": own,
        "mapped": mapped,
    }


def _opened(kind: str, folder: Path, passages: int, dimension: int) -> Search:
    """What finds candidates for a vector."""
    if kind == "ours":
        stored = {name: (folder / name).read_bytes() for name in ("passages", "centers", "least", "span")}
        blocks = {int(file.stem): CellBlock.load(file) for file in folder.glob("*.faiss")}
        lengths = np.zeros(-(-passages // BLOCK) * BLOCK, dtype=np.uint16)
        lengths[:passages] = 2
        here = Presence(lengths, passages, passages)
        cells = CellIndex(Cells.restored(stored, dimension), {n: b for n, b in blocks.items() if b}, here, _never)
        return lambda vector, among: cells.nearest(
            vector, _K, None if among is None else np.resize(among, len(lengths))
        )
    index = faiss.read_index(str(folder / "index.faiss"), faiss.IO_FLAG_MMAP if "mapped" in kind else 0)
    if kind == "mapped, nothing fetched ahead":
        faiss.downcast_InvertedLists(index.invlists).prefetch_nthread = 0

    def look(vector: FloatArray, among: Flags | None) -> list[int]:
        left = passages if among is None else int(np.count_nonzero(among))
        chosen = {} if among is None else {"sel": faiss.IDSelectorBitmap(np.packbits(among, bitorder="little"))}
        parameters = faiss.SearchParametersIVF(nprobe=probed(index.nlist, passages, left), **chosen)
        _, places = index.search(vector.reshape(1, -1), _K + _SPARE, params=parameters)
        return [int(place) for place in places[0] if place >= 0]

    return look


def _never(number: int) -> CellBlock:
    raise AssertionError(f"block {number} is damaged")


def _recall(rows: FloatArray, asked: FloatArray, found: list[list[int]], among: Any) -> float:
    """How many of the nearest ten are among those found once these are scored anew."""
    shares = []
    for vector, candidates in zip(asked, found, strict=True):
        truth = among[np.argsort(-(rows[among] @ vector), kind="stable")[:_K]]
        best = np.array(candidates)[np.argsort(-(rows[candidates] @ vector), kind="stable")[:_K]]
        shares.append(len({*truth.tolist()} & {*best.tolist()}) / _K)
    return statistics.fmean(shares)


def _median(look: Search, asked: FloatArray, among: Flags | None) -> float:
    """Milliseconds."""
    times = []
    for vector in np.tile(asked, (_ROUNDS, 1)):
        began = time.perf_counter()
        look(vector, among)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _held() -> tuple[float, float]:
    """Megabytes of the process: its own, and of mapped files."""
    lines = (line.partition(":") for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    found = {name: int(value.split()[0]) / 1e3 for name, _, value in lines if name in ("RssAnon", "RssFile")}
    return found["RssAnon"], found["RssFile"]


if __name__ == "__main__":
    main()
