"""News questions of weekly quizzes, 2023 to 2025, and the pages that a search engine gave for each.

1,200 questions, 4,010 articles.

RealTime QA (realtimeqa/realtimeqa_public) as `news_2023_2025.zip` holds it; its licence is not stated, so it is
measured with and never shipped. Labels are made by code: an article counts as holding the answer if it has its words
and half of the question's content words. Takes the data folder; returns records.
"""

from __future__ import annotations

import io
import itertools
import json
import re
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import libraries
from bench.wikinews import read
from index.embed import Embedder
from index.records import Article, Metadata
from index.store import Library

_FIT = 800  # questions to choose and fit on; the rest are the test


@dataclass(frozen=True, slots=True)
class Page:
    """A news page; `source` is its name in the library: its number in the file, four digits."""

    id: str
    source: str
    url: str
    title: str
    date: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of one week's quiz.

    `answers` are accepted wordings, `articles` the ids of the pages that hold one of them, `others` of pages that do
    not.
    """

    id: str
    asked: str
    text: str
    answers: tuple[str, ...]
    choices: tuple[str, ...]
    articles: tuple[str, ...]
    others: tuple[str, ...]


def questions(data: Path) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """The questions to fit on and those to test on, oldest first.

    Whole weeks until there are 800, and all weeks after them.
    """
    everything = sorted((_question(row) for row in _rows(data, "questions.jsonl")), key=lambda one: (one.asked, one.id))
    fit: list[Question] = []
    for _, week in itertools.groupby(everything, key=lambda one: one.asked):
        if len(fit) >= _FIT:
            break
        fit += week
    return tuple(fit), tuple(everything[len(fit) :])


def articles(data: Path) -> tuple[Page, ...]:
    """Every page, in the order of the file."""
    rows = enumerate(_rows(data, "articles.jsonl"))
    return tuple(
        Page(row["id"], f"{number:04}", row["url"], row["title"], row["date"], row["text"]) for number, row in rows
    )


def library(folder: Path, data: Path, embedder: Embedder) -> Library:
    """The library of all pages, opened if `folder` holds it, else made there; that takes ten minutes on two cores."""
    return libraries.kept(folder, _read(data), embedder)


def _read(data: Path) -> Iterator[Article]:
    with tempfile.TemporaryDirectory() as scratch:
        for one in articles(data):
            yield read(one.source, one.text, Metadata(title=one.title, date=one.date, url=one.url), Path(scratch))


def holders(held: Library, asked: Sequence[Question], pages: Sequence[Page]) -> list[frozenset[int]]:
    """For each question the passages of its articles that hold an accepted answer, word for word, whatever their case and punctuation."""
    sources = {page.id: page.source for page in pages}
    wanted = {sources[name] for one in asked for name in one.articles}
    texts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, source, text in held.rows(
        "SELECT p.id, a.source, p.text FROM passages p JOIN articles a ON a.id = p.article"
    ):
        if source in wanted:
            texts[source].append((number, bare(text)))
    return [
        frozenset(
            number
            for name in one.articles
            for number, text in texts[sources[name]]
            if any(bare(answer) in text for answer in one.answers)
        )
        for one in asked
    ]


def bare(text: str) -> str:
    """The words alone, with a space before and after each."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(words)} "


def _question(row: dict[str, Any]) -> Question:
    answers, choices, holding, others = (tuple(row[name]) for name in ("answer", "choices", "articles", "others"))
    return Question(row["id"], row["asked"], row["question"], answers, choices, holding, others)


def _rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    with zipfile.ZipFile(data / "news_2023_2025.zip") as opened, opened.open(name) as file:
        yield from map(json.loads, io.TextIOWrapper(file, encoding="utf-8"))
