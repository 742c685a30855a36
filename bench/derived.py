"""Large libraries from small data.

Articles of real sentences put together anew, and vectors made of the real vectors of those sentences.

The sentences are those of SciFact, SQuAD and Wikinews, embedded once by the default embedder. A derived article takes
most of its sentences from one real article and the rest from others near it; a derived passage's vector is the mean of
its sentences' vectors, weighted by their lengths, with a little noise. So words and vectors are spread as real ones
are, save that the vocabulary stops growing.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import random
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bench import data
from index.embed import Embedder, FloatArray, unit_rows
from index.records import Article, Metadata, Region
from index.sentences import sentences

_PER_ARTICLE = 25  # sentences: about five passages
_OWN = 0.7  # of them from one real article
_NOISE = 0.02  # standard deviation in every dimension, before the row is made unit length
_AUTHORS = (
    "Diya Menon",
    "Jai Verma",
    "Ana Petrova",
    "Li Wei",
    "Sam Okafor",
    "Eva Lind",
    "Omar Haddad",
    "Rosa Marin",
    "Ken Ito",
    "Mia Novak",
)


class DerivedEmbedder:
    """Embeds derived passages by their sentences, a line each; what it does not know by chance, seeded with the text.

    Queries go to the real embedder.
    """

    def __init__(self, known: Sequence[str], rows: FloatArray, real: Embedder) -> None:
        self.name, self.digest, self.dimension = f"{real.name}, derived", f"derived-{real.digest}", real.dimension
        self._real = real
        self._places = {text: place for place, text in enumerate(known)}
        self._rows = rows

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        return np.array([self._row(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def encode_query(self, text: str) -> FloatArray:
        return self._real.encode_query(text)

    def _row(self, text: str) -> FloatArray:
        chance = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
        noise = chance.normal(0, _NOISE, self.dimension).astype(np.float32)
        lines = [line for line in text.split("\n") if line in self._places]
        if not lines:
            unknown: FloatArray = unit_rows(chance.normal(0, 1, (1, self.dimension)).astype(np.float32))[0]
            return unknown
        weights = np.array([len(line) for line in lines], dtype=np.float32)
        mean = unit_rows((weights @ self._rows[[self._places[line] for line in lines]]).reshape(1, -1))[0]
        row: FloatArray = unit_rows((mean + noise).reshape(1, -1))[0]
        return row


def real_sentences(folder: Path) -> tuple[list[str], list[int]]:
    """The sentences of 4 to 80 words of the public articles, and the number of the article of each."""
    texts, owners = [], []
    for number, text in enumerate(_articles(folder)):
        for sentence in sentences(text, 0, len(text)):
            plain = " ".join(sentence.text.split())
            if 4 <= len(plain.split()) <= 80:
                texts.append(plain)
                owners.append(number)
    return texts, owners


def sentence_rows(texts: Sequence[str], embedder: Embedder, cache: Path) -> FloatArray:
    """Their vectors, computed once and kept in `cache`."""
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.save(cache, embedder.encode_passages(texts).astype(np.float16))
    rows: FloatArray = unit_rows(np.load(cache).astype(np.float32))
    if len(rows) != len(texts):
        raise SystemExit(f"{cache} holds the vectors of other sentences: delete it")
    return rows


def articles(texts: Sequence[str], owners: Sequence[int], *, seed: int) -> Iterator[Article]:
    """Derived articles without end: `derived/N.txt`, with an author and a date."""
    chance = random.Random(seed)
    groups = [list(group) for _, group in itertools.groupby(range(len(texts)), key=lambda place: owners[place])]
    for number in itertools.count():
        home = chance.randrange(len(groups))
        near = [groups[(home + chance.randint(1, 20)) % len(groups)] for _ in range(3)]
        lines = [
            texts[chance.choice(groups[home] if chance.random() < _OWN else chance.choice(near))]
            for _ in range(_PER_ARTICLE)
        ]
        text = "\n".join(lines)
        known = Metadata(
            None, chance.choice(_AUTHORS), f"{chance.randint(2000, 2025)}-{chance.randint(1, 12):02}", None, None
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        yield Article(f"derived/{number:07}.txt", text, "utf-8", known, (Region(0, len(text), "body"),), (), (), digest)


def questions(folder: Path, count: int) -> list[str]:
    """Real questions: SciFact's claims and SQuAD's questions, half and half."""
    with zipfile.ZipFile(folder / "scifact.zip") as opened, opened.open("scifact/queries.jsonl") as file:
        claims = [json.loads(line)["text"] for line in io.TextIOWrapper(file, encoding="utf-8")]
    asked = [one.question for one in data.squad(folder, count // 4, seed=1)[1]]
    return [*claims[: count - len(asked)], *asked]


def _articles(folder: Path) -> Iterator[str]:
    with zipfile.ZipFile(folder / "scifact.zip") as opened, opened.open("scifact/corpus.jsonl") as file:
        yield from (json.loads(line)["text"] for line in io.TextIOWrapper(file, encoding="utf-8"))
    yield from (one.text for one in data.squad(folder, 1, seed=1)[0])
    csv.field_size_limit(10**9)
    for path in sorted((folder / "wikinews").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row.get("text") or "" for row in csv.DictReader(file))
