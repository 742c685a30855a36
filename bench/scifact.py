"""SciFact of BEIR: 5,183 abstracts, 809 queries to choose on, 300 to test on.

Takes the data folder; returns the library, the queries, and nDCG@10.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import data, libraries
from index.embed import Embedder
from index.store import Library

Grades = Mapping[str, int]  # document -> grade
_CUT = 10


def library(folder: Path, archive: Path, embedder: Embedder) -> Library:
    """The library of all abstracts, opened if `folder` holds it, else made there."""
    documents = (data.article(row["_id"], row["text"], row["title"]) for row in _rows(archive, "corpus.jsonl"))
    return libraries.kept(folder, documents, embedder)


def queries(archive: Path, split: str) -> list[tuple[str, Grades]]:
    """The queries of "train" or "test", each with the documents that are relevant to it."""
    texts = {row["_id"]: row["text"] for row in _rows(archive, "queries.jsonl")}
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with zipfile.ZipFile(archive) as opened:
        for line in opened.read(f"scifact/qrels/{split}.tsv").decode().splitlines()[1:]:
            query, document, grade = line.split("\t")
            grades[query][document] = int(grade)
    return [(texts[query], found) for query, found in grades.items()]


def ndcg(ranking: Sequence[str], grades: Grades) -> float:
    """Normalised discounted cumulative gain of the first ten, as trec_eval's ndcg_cut_10."""
    gain = sum(grades.get(document, 0) / math.log2(rank + 2) for rank, document in enumerate(ranking[:_CUT]))
    ideal = sum(grade / math.log2(rank + 2) for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:_CUT]))
    return gain / ideal if ideal else 0.0


def _rows(archive: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(archive) as opened, opened.open(f"scifact/{name}") as file:
        return [json.loads(line) for line in io.TextIOWrapper(file, encoding="utf-8")]
