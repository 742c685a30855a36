"""Measures how fast passages are embedded and indexed, and in what memory: `python -m bench.indexing`.

Beside the default embedder its baseline, in the same run and by turns: `SentenceTransformer.encode`, float32, batches
of 32, on the same passages of SciFact. What the faster arithmetic costs in quality is measured by `make
bench-retrieval`. The memory is that of a process of its own that adds derived articles.
"""

from __future__ import annotations

import io
import itertools
import json
import multiprocessing
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bench import data, derived
from index.build import add_articles
from index.chunk import embedded_text, passages
from index.embed import Embedder, FloatArray, unit_rows
from index.embed_torch import open_model
from index.store import Library
from qa.commands.session import Session
from qa.models.resolve import resolve

_BATCH = 32
_ADDED = (20_000, 80_000, 160_000)  # passages, for the memory

_Run = Callable[[Sequence[str]], FloatArray]


def main() -> None:
    """Measure, print a table."""
    options = data.options(__doc__)
    options.add_argument("--passages", type=int, default=512)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    folder = data.folder(given.data)
    # first: a process that is forked later would begin with the models' memory
    print("\n".join(memory(folder)), flush=True)
    texts = list(itertools.islice(_passages(folder), given.passages))
    session = Session()
    settings = session.settings()
    ours = session.loaders.embedder(settings)
    print("\n".join(speed(texts, ours, resolve(settings.embedder, "embed", settings.models).folder, given.rounds)))


def speed(texts: Sequence[str], ours: Embedder, model: Path, rounds: int) -> list[str]:
    """Passages a second, the best of some rounds, the two taking turns so that a busy machine hinders both."""
    reference = open_model(model, device="cpu")

    def theirs(texts: Sequence[str]) -> FloatArray:
        return unit_rows(
            reference.encode(list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True)
        )

    runs: dict[str, _Run] = {
        f"sentence-transformers, batches of {_BATCH}": theirs,
        type(ours).__name__: ours.encode_passages,
    }
    best, rows = dict.fromkeys(runs, 0.0), {}
    for name, run in runs.items():
        run(texts[:_BATCH])
        rows[name] = run(texts[:_BATCH])
    for _ in range(rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            rows[name] = run(texts)
            best[name] = max(best[name], len(texts) / (time.perf_counter() - began))
    base, own = best.values()
    cosines = np.multiply(*rows.values()).sum(axis=1)
    lines = [f"{len(texts)} passages of SciFact, {np.mean([len(text.split()) for text in texts]):.0f} words each"]
    lines += [f"  {name}: {each:.1f} passages a second" for name, each in best.items()]
    return [
        *lines,
        f"  {own / base:.1f} times as many; cosine to the baseline: least {cosines.min():.4f}, "
        f"mean {cosines.mean():.4f}",
    ]


def memory(folder: Path) -> list[str]:
    """The most memory of processes that index ever more derived passages, without a model."""
    texts, owners = derived.real_sentences(folder)
    lines = ["Memory of indexing, derived passages, without the embedder's own:"]
    for passages_wanted in _ADDED:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            count, seconds, before, most = pool.apply(_added, (texts, owners, passages_wanted))
        lines.append(
            f"  {count:,} passages in {seconds:.0f} s: {most:.0f} MB at most, {before:.0f} MB of it before "
            f"the first article"
        )
    return lines


def _added(texts: list[str], owners: list[int], wanted: int) -> tuple[int, float, float, float]:
    embedder = _Chance()
    with tempfile.TemporaryDirectory() as scratch, Library.create(Path(scratch), embedder) as library:
        supply = itertools.islice(derived.articles(texts, owners, seed=1), wanted * 10 // 55)
        before, began = _peak(), time.perf_counter()
        add_articles(library, supply, embedder)
        return library.passage_count(), time.perf_counter() - began, before, _peak()


class _Chance:
    """Vectors by chance, the same for the same text: for measuring all but the embedder."""

    name, digest, dimension = "chance", "chance", 384

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        rows = [np.random.default_rng(abs(hash(text))).normal(size=self.dimension) for text in texts]
        return unit_rows(np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension))

    def encode_query(self, text: str) -> FloatArray:
        row: FloatArray = self.encode_passages([text])[0]
        return row


def _passages(folder: Path) -> Iterator[str]:
    """What the embedder reads of SciFact."""
    with zipfile.ZipFile(folder / "scifact.zip") as opened, opened.open("scifact/corpus.jsonl") as file:
        for line in io.TextIOWrapper(file, encoding="utf-8"):
            row = json.loads(line)
            document = data.article(row["_id"], row["text"], row["title"])
            yield from (embedded_text(document.metadata, draft) for draft in passages(document))


def _peak() -> float:
    """Megabytes; the system counts in bytes on a Mac and in kibibytes elsewhere."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


if __name__ == "__main__":
    main()
