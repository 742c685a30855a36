"""News articles to measure with: Wikinews of 2019 and 2020, 295 articles, as vanatteveldt/wikinews publishes them (CC BY 2.5). In: the data folder."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from index.ingest.load import load
from index.records import Article, Metadata


@dataclass(frozen=True, slots=True)
class News:
    """One article as it was published; `text` begins with the date in words, `date` is ISO."""

    url: str
    date: str
    title: str
    text: str


def news(data: Path) -> tuple[News, ...]:
    """Every article, oldest file first, in the order of the files."""
    found = []
    for file in sorted((data / "wikinews").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            found += [News(row["url"], row["date"], row["title"], row["text"]) for row in csv.DictReader(opened)]
    return tuple(found)


def read(source: str, text: str, known: Metadata, folder: Path) -> Article:
    """The article that the program reads from a text file of that name which holds `text`.

    `folder` is a passing one.
    """
    file = folder / "article.txt"
    file.write_text(text, encoding="utf-8", newline="")
    return load(file, source, {source: known})[0]
