"""Measures how search, disk and updates grow with the library: `python -m bench.scale`.

One library is made larger step by step and measured at each.

Beside each figure its baseline, in the same run: exact FAISS search over the same vectors, and SQLite's own full-text
ranking of the same words. The passages are derived from public ones (`bench.derived`) and go through the program's own
reading, cutting, storing and indexing; only their vectors are made up.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench import data, derived
from bench.derived import DerivedEmbedder
from index.build import add_articles
from index.embed import FloatArray
from index.lexical import match_expression
from index.postings import BLOCK
from index.records import Article, Filter, Region
from index.schema import TOKENS
from index.search import DEPTH, search
from index.store import Library
from index.vectors import from_bytes
from qa.answering.answer import Assistant, answer
from qa.commands.session import Session

_ASKED = 60  # questions
_K = 10
_READ = 50_000
_FILTERS = {
    "one author in ten": Filter(author="Diya Menon"),
    "since 2020": Filter(since="2020"),
    "one article in a hundred": Filter(sources=("derived/*07.txt",)),
    "author and period": Filter(author="Li Wei", since="2020-06", until="2021"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its vector, computed by the real embedder."""

    text: str
    vector: FloatArray


class _Ready:
    """An embedder whose only query vector is ready, so that searching is timed without embedding."""

    def __init__(self, real: DerivedEmbedder, vector: FloatArray) -> None:
        self.name, self.digest, self.dimension, self._real, self._vector = (
            real.name,
            real.digest,
            real.dimension,
            real,
            vector,
        )

    def encode_passages(self, texts: Any) -> FloatArray:
        return self._real.encode_passages(texts)

    def encode_query(self, text: str) -> FloatArray:  # noqa: ARG002 (it is the one)
        return self._vector


def main() -> None:
    """Grow the library, print a table a size."""
    options = data.options(__doc__)
    options.add_argument(
        "--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000], help="passages, ascending"
    )
    options.add_argument(
        "--work", type=Path, help="keep the sentences' vectors and the library here (default: a passing folder)"
    )
    options.add_argument(
        "--memory",
        type=Path,
        metavar="LIBRARY",
        help="only answer questions over a library that --work kept, and print the process's memory",
    )
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work, folder = given.work or Path(scratch), data.folder(given.data)
        session = Session()
        real = session.loaders.embedder(session.settings())
        texts, owners = derived.real_sentences(folder)
        embedder = DerivedEmbedder(texts, derived.sentence_rows(texts, real, work / "sentences.npy"), real)
        if given.memory:
            _memory(given.memory, embedder, session, derived.questions(folder, _ASKED)[-5:])
            return
        asked = [Asked(text, real.encode_query(text)) for text in derived.questions(folder, _ASKED)]
        supply = derived.articles(texts, owners, seed=1)
        with (
            Library.create(work / f"library-{time.time_ns()}", embedder) as library,
            sqlite3.connect(":memory:") as words,
        ):
            words.execute(f"CREATE VIRTUAL TABLE passages USING fts5 (words, content='', tokenize='{TOKENS}')")
            raw = 0
            for size in given.sizes:
                raw += measured(library, embedder, supply, asked, words, size, raw)


def measured(
    library: Library,
    embedder: DerivedEmbedder,
    supply: Iterator[Article],
    asked: list[Asked],
    words: sqlite3.Connection,
    size: int,
    raw: int,
) -> int:
    """Grows the library to `size` passages and prints what it is like; returns the bytes of text that were added."""
    before, bytes_added, last = library.passage_count(), 0, None

    def more() -> Iterator[Article]:
        nonlocal bytes_added, last
        wanted = size - before
        for last in itertools.islice(supply, max(wanted * 10 // 55, 1)):  # about 5.5 passages an article
            bytes_added += len(last.text.encode())
            yield last

    began = time.perf_counter()
    add_articles(library, more(), embedder)
    seconds = time.perf_counter() - began
    passages = library.passage_count()
    library.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    disk = sum(file.stat().st_size for file in library.folder.iterdir())
    cells = library.cells()
    say(f"\n{passages:,} passages: {f'{len(cells.centers):,} cells' if cells else 'every vector compared'}")
    say(f"  added {passages - before:,} in {seconds:.0f} s ({(passages - before) / seconds:.0f}/s, without embedding)")
    say(f"  disk {disk / 1e6:.1f} MB, {disk / (raw + bytes_added):.2f} of the raw text")
    _vectors(library, asked)
    _lexical(library, asked, words)
    dense_and_words = _median(lambda one: search(one.text, library, _Ready(embedder, one.vector)), asked)
    whole = _median(lambda one: search(one.text, library, embedder), asked)
    say(f"  search, words and vectors, 8 hits: {dense_and_words:.1f} ms; with the question's embedding {whole:.1f} ms")
    if last is not None:
        began = time.perf_counter()
        word = f"zyzzyva{passages}"
        embedded = add_articles(library, [_edited(last, word)], embedder)
        say(f"  one article changed: {time.perf_counter() - began:.2f} s, {embedded} passages embedded")
        assert library.passages([library.lexical(word, 1)[0][0]])[0].source == last.source
    return bytes_added


def _memory(folder: Path, embedder: DerivedEmbedder, session: Session, questions: list[str]) -> None:
    """Answer questions over a library, and print what the whole process holds.

    For itself, and of mapped files, which the system may take back.
    """
    settings = session.settings()
    with Library.open(folder) as library:
        assistant = Assistant(library, embedder, session.loaders.model(settings), settings)
        for question in questions:
            found = answer(question, assistant)
            held = {
                name: int(value.split()[0]) / 1e6
                for name, _, value in (line.partition(":") for line in _status())
                if name in ("RssAnon", "RssFile", "VmHWM")
            }
            say(
                f"{library.passage_count():,} passages, {found.status}: {held['RssAnon']:.2f} GB of its "
                f"own, {held['RssFile']:.2f} GB of mapped files,"
                f" at most {held['VmHWM']:.2f} GB; searched in {found.timings_ms['retrieve']:.0f} ms, answered "
                f"in {found.timings_ms['total'] / 1000:.1f} s"
            )


def _status() -> list[str]:
    return Path("/proc/self/status").read_text(encoding="ascii").splitlines()


def _vectors(library: Library, asked: list[Asked]) -> None:
    """Nearest passages against exact FAISS search, unfiltered and filtered."""
    import faiss

    faiss.omp_set_num_threads(2)
    ids, rows = _stored(library)
    exact = faiss.IndexFlatIP(rows.shape[1])
    exact.add(rows)
    truth = {one.text: ids[exact.search(one.vector.reshape(1, -1), _K)[1][0]] for one in asked}
    base = _median(lambda one: exact.search(one.vector.reshape(1, -1), _K), asked[:20])
    ours = _median(lambda one: library.dense(one.vector, _K), asked)
    deep = _median(lambda one: library.dense(one.vector, DEPTH), asked)
    recall = statistics.mean(_recall(truth[one.text], library.dense(one.vector, _K)) for one in asked)
    deeper = statistics.mean(_recall(truth[one.text], library.dense(one.vector, DEPTH)) for one in asked)
    files = sum(file.stat().st_size for file in library.folder.glob("vectors-*.faiss")) or rows.nbytes
    say(f"  vectors, exact FAISS: {base:.2f} ms, {rows.nbytes / 1e6:.0f} MB")
    say(
        f"  vectors, ours: {ours:.2f} ms ({base / ours:.1f}x quicker), {files / 1e6:.0f} MB "
        f"({rows.nbytes / files:.1f}x smaller)"
    )
    say(f"  recall@{_K} {recall:.3f}, of the {DEPTH} that a search takes {deeper:.3f} ({deep:.2f} ms)")
    for name, within in _FILTERS.items():
        flags = library.flags(within)
        if flags is None or not flags.any():
            continue
        kept = np.flatnonzero(flags[ids])
        best = {one.text: ids[kept][np.argsort(-(rows[kept] @ one.vector), kind="stable")[:_K]] for one in asked[:20]}
        found = statistics.mean(_recall(best[one.text], library.dense(one.vector, _K, within)) for one in asked[:20])
        spent = _median(functools.partial(_filtered, library, within), asked)
        say(f"  {name}: {len(kept):,} passages, recall@{_K} {found:.3f}, {spent:.2f} ms")


def _filtered(library: Library, within: Filter, one: Asked) -> object:
    return library.dense(one.vector, _K, within)


def _lexical(library: Library, asked: list[Asked], words: sqlite3.Connection) -> None:
    """Best passages by words against FTS5's own ranking of the same texts."""
    (last,) = words.execute("SELECT coalesce(max(id), 0) FROM passages_docsize").fetchone()
    for start in range(last + 1, library.rows("SELECT max(id) FROM passages")[0][0] + 1, BLOCK):
        part = library.rows("SELECT id, words FROM passage_words WHERE id BETWEEN ? AND ?", start, start + BLOCK - 1)
        words.executemany("INSERT INTO passages (rowid, words) VALUES (?, ?)", part)
    sql = "SELECT rowid, rank FROM passages WHERE passages MATCH ? ORDER BY rank, rowid LIMIT ?"
    base = _median(lambda one: words.execute(sql, (match_expression(one.text), DEPTH)).fetchall(), asked)
    ours = _median(lambda one: library.lexical(one.text, DEPTH), asked)
    pairs = [
        (words.execute(sql, (match_expression(one.text), _K)).fetchall(), library.lexical(one.text, _K))
        for one in asked
    ]
    same = statistics.mean(
        {number for number, _ in theirs} == {number for number, _ in found} for theirs, found in pairs
    )
    say(
        f"  words: FTS5 {base:.1f} ms; ours {ours:.1f} ms ({base / ours:.1f}x); the same ten for {same:.0%} of the "
        f"questions"
    )


def _stored(library: Library) -> tuple[Any, FloatArray]:
    """All ids, ascending, and their vectors."""
    dimension, last, ids, parts = library.identity.dimension, 0, [], []
    sql = "SELECT p.id, v.value FROM passages p JOIN vectors v ON v.id = p.vector WHERE p.id > ? ORDER BY p.id LIMIT ?"
    while part := library.rows(sql, last, _READ):
        last = part[-1][0]
        ids.append(np.array([number for number, _ in part]))
        parts.append(from_bytes([value for _, value in part], dimension))
    return np.concatenate(ids), np.concatenate(parts)


def _recall(truth: Any, found: tuple[tuple[int, float], ...]) -> float:
    return len({int(number) for number in truth} & {number for number, _ in found}) / max(len(truth), 1)


def _edited(article: Article, word: str) -> Article:
    """The article with a word that no other has."""
    text = f"{article.text}\nThe {word} is a weevil of the palm."
    return replace(
        article, text=text, regions=(Region(0, len(text), "body"),), digest=hashlib.sha256(text.encode()).hexdigest()
    )


def _median(work: Callable[[Asked], object], asked: list[Asked]) -> float:
    """Milliseconds, after one round to warm up."""
    work(asked[0])
    times = []
    for one in asked:
        began = time.perf_counter()
        work(one)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def say(line: str) -> None:
    """A line of the report, at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
