"""Measures retrieval on SciFact: `python -m bench.retrieval`.

The 5,183 abstracts go through the program's own path: cut, embedded, stored, searched. A document's score is that of its best passage. nDCG@10 of BM25
alone, dense alone, reciprocal rank fusion and the weighted sum that `index.search` uses; its weight is chosen on the train queries, and the test queries
are only reported.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import data
from index import embedders
from index.build import add_articles
from index.embed import Embedder
from index.search import DENSE_WEIGHT, DEPTH, fused, search
from index.store import Library
from qa.commands.session import Session

Relevance = Mapping[str, Mapping[str, int]]  # query id -> document -> grade
_WEIGHTS = [step / 20 for step in range(21)]
_RRF = 60  # Cormack, Clarke, Büttcher 2009
_CUT = 10


@dataclass(frozen=True, slots=True)
class Lists:
    """What the two retrievers give for a query, by passage; `dense` also covers the passages that only `lexical` found."""

    dense: dict[int, float]
    nearest: dict[int, float]
    lexical: dict[int, float]


def main() -> None:
    """Index what is not indexed, measure, print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="the folder that holds scifact.zip (default: QA_BENCH_DATA, else ../shared/data)")
    options.add_argument("--library", type=Path, help="keep the library in this folder and use it the next time (default: a passing one)")
    options.add_argument("--embedder", type=Path, help="a sentence-transformers folder (default: the embedder of the settings)")
    options.add_argument("--converted", type=Path, help="its OpenVINO copy, if there is one")
    given = options.parse_args()
    archive = data.folder(given.data) / "scifact.zip"
    embedder = _embedder(given.embedder, given.converted)
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.library or Path(scratch) / "scifact"
        with _library(folder, archive, embedder) as library:
            print(report(library, embedder, archive))


def report(library: Library, embedder: Embedder, archive: Path) -> str:
    """The table: a row a method, nDCG@10 on the train and the test queries."""
    queries = {row["_id"]: row["text"] for row in _rows(archive, "queries.jsonl")}
    train, test = _relevance(archive, "train"), _relevance(archive, "test")
    lists = {number: _lists(queries[number], library, embedder) for number in (*train, *test)}
    owners = dict(library.rows("SELECT p.id, a.source FROM passages p JOIN articles a ON a.id = p.article"))

    def both(score: Callable[[Lists], Mapping[int, float]]) -> tuple[float, float]:
        ranked = {number: _documents(score(lists[number]), owners) for number in lists}
        return _mean(ranked, train), _mean(ranked, test)

    sums = {weight: both(lambda found, weight=weight: fused(found.dense, found.lexical, weight)) for weight in _WEIGHTS}  # type: ignore[misc]
    best = max(_WEIGHTS, key=lambda weight: sums[weight][0])
    rows = [
        ("BM25 alone", both(lambda found: found.lexical)),
        ("dense alone", both(lambda found: found.nearest)),
        ("reciprocal rank fusion", both(_reciprocal)),
        *((f"weighted sum, {weight:.2f} dense", sums[weight]) for weight in _WEIGHTS[8:17]),
    ]
    began = time.perf_counter()
    own = {number: _searched(queries[number], library, embedder) for number in test}
    each = (time.perf_counter() - began) / len(own) * 1000
    lines = [f"{'SciFact, nDCG@10':30} {'train':>7} {'test':>7}", *(f"{name:30} {on_train:7.4f} {on_test:7.4f}" for name, (on_train, on_test) in rows)]
    lines.append(f"best weight on train: {best:.2f}; the default is {DENSE_WEIGHT:.2f}")
    lines.append(f"{'index.search.search, default':30} {'':7} {_mean(own, test):7.4f}   {each:.0f} ms a query")
    return "\n".join(lines)


def _embedder(folder: Path | None, converted: Path | None) -> Embedder:
    if folder is None:
        session = Session()
        return session.loaders.embedder(session.settings())
    return embedders.load(folder, name=folder.name, digest="bench", converted=converted)


def _library(folder: Path, archive: Path, embedder: Embedder) -> Library:
    """The library of the whole corpus, made if it is not there."""
    if (folder / "library.sqlite").exists():
        library = Library.open(folder)
        library.require(embedder)
    else:
        library = Library.create(folder, embedder)
    if library.summary().articles == 0:
        began = time.perf_counter()
        documents = (data.article(row["_id"], row["text"], row["title"]) for row in _rows(archive, "corpus.jsonl"))
        add_articles(library, documents, embedder, advanced=lambda: print(".", end="", file=sys.stderr, flush=True))
        passages = library.summary().passages
        seconds = time.perf_counter() - began
        print(f"\n{passages} passages indexed in {seconds:.0f} s, {passages / seconds:.0f} a second", file=sys.stderr)
    return library


def _lists(query: str, library: Library, embedder: Embedder) -> Lists:
    vector = embedder.encode_query(query)
    lexical, nearest = dict(library.lexical(query, DEPTH)), dict(library.dense(vector, DEPTH))
    rest = library.similarities(vector, [number for number in lexical if number not in nearest])
    return Lists(dense=nearest | dict(rest), nearest=nearest, lexical=lexical)


def _reciprocal(found: Lists) -> dict[int, float]:
    scores: dict[int, float] = defaultdict(float)
    for ranking in (found.nearest, found.lexical):
        for rank, number in enumerate(ranking, start=1):
            scores[number] += 1 / (_RRF + rank)
    return scores


def _searched(query: str, library: Library, embedder: Embedder) -> list[str]:
    hits = search(query, library, embedder, k=DEPTH)
    return list(dict.fromkeys(hit.passage.source for hit in hits))


def _documents(scores: Mapping[int, float], owners: Mapping[int, str]) -> list[str]:
    """Documents by their best passage."""
    best: dict[str, float] = {}
    for number, score in scores.items():
        best[owners[number]] = max(score, best.get(owners[number], -math.inf))
    return sorted(best, key=lambda document: (-best[document], document))


def _mean(ranked: Mapping[str, Sequence[str]], relevance: Relevance) -> float:
    return sum(ndcg(ranked[number], grades) for number, grades in relevance.items()) / len(relevance)


def ndcg(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten, as trec_eval's ndcg_cut_10."""
    gain = sum(grades.get(document, 0) / math.log2(rank + 2) for rank, document in enumerate(ranking[:_CUT]))
    ideal = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:_CUT]))
    return gain / ideal if ideal else 0.0


def _relevance(archive: Path, split: str) -> Relevance:
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with zipfile.ZipFile(archive) as opened:
        for line in opened.read(f"scifact/qrels/{split}.tsv").decode().splitlines()[1:]:
            query, document, grade = line.split("\t")
            grades[query][document] = int(grade)
    return grades


def _rows(archive: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(archive) as opened, opened.open(f"scifact/{name}") as file:
        return [json.loads(line) for line in io.TextIOWrapper(file, encoding="utf-8")]


if __name__ == "__main__":
    main()
