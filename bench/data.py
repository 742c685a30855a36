"""The public data that the benches measure with, read from a folder: `--data`, else the environment's QA_BENCH_DATA, else ../shared/data.

None of it is part of the project. SciFact: BEIR (allenai/scifact). SQuAD 2 format: rajpurkar/SQuAD-explorer. CLAP NQ: primeqa/clapnq.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from index.records import Article, Metadata, Region


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, whether its articles answer it, and what a right answer holds.

    One of `answers`, or a quote that is one of `sentences`.

    `title` is that of the article the question was asked of.
    """

    question: str
    answerable: bool
    answers: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    title: str = ""


def options(said: str | None) -> argparse.ArgumentParser:
    """The command line of a bench that is described by what is `said`, with the folder of the data as `--data`."""
    found = argparse.ArgumentParser(description=said, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument(
        "--data", type=Path, help="the folder of public data (default: QA_BENCH_DATA, else ../shared/data)"
    )
    return found


def folder(given: Path | None = None) -> Path:
    """The data folder. Exits with a message where there is none."""
    found = given or Path(os.environ.get("QA_BENCH_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not found.is_dir():
        raise SystemExit(f"no folder {found}: name the one that holds the public data with --data or QA_BENCH_DATA")
    return found


def article(source: str, text: str, title: str | None = None) -> Article:
    """An article of one paragraph, as a bench makes them."""
    return Article(
        source,
        text,
        "utf-8",
        Metadata(title=title),
        (Region(0, len(text), "body"),),
        (),
        (),
        sha256(text.encode()).hexdigest(),
    )


def squad(data: Path, count: int, *, seed: int) -> tuple[list[Article], list[Asked]]:
    """Every paragraph as an article, and `count` answerable and `count` unanswerable questions over all of them, shuffled."""
    articles: list[Article] = []
    questions: list[Asked] = []
    for group in json.loads((data / "squad2_dev_half.json").read_text(encoding="utf-8"))["data"]:
        title = group["title"].replace("_", " ")
        for number, paragraph in enumerate(group["paragraphs"]):
            articles.append(article(f"{title} {number}", paragraph["context"], title))
            questions += [
                Asked(
                    entry["question"],
                    not entry["is_impossible"],
                    tuple(answer["text"] for answer in entry["answers"]),
                    title=title,
                )
                for entry in paragraph["qas"]
            ]
    return articles, _balanced(questions, count, seed)


def clapnq(data: Path, count: int, *, seed: int) -> list[tuple[Article, Asked]]:
    """`count` questions with a passage that answers them and `count` with one that does not, shuffled."""
    pairs: list[tuple[Article, Asked]] = []
    for name, answerable in (("clapnq_answerable", True), ("clapnq_unanswerable", False)):
        for number, row in enumerate(_rows(data / f"{name}.jsonl")):
            passage = row["passages"][0]
            gold = tuple(row["output"][0]["selected_sentences"]) if answerable else ()
            pairs.append(
                (
                    article(f"{name} {number}", passage["text"], passage["title"]),
                    Asked(row["input"], answerable, sentences=gold),
                )
            )
    chosen = _balanced([asked for _, asked in pairs], count, seed)
    by_question = {asked: text for text, asked in pairs}
    return [(by_question[asked], asked) for asked in chosen]


def _balanced(questions: Sequence[Asked], count: int, seed: int) -> list[Asked]:
    chance = random.Random(seed)
    shuffled = list(dict.fromkeys(questions))
    chance.shuffle(shuffled)
    chosen = [
        asked
        for wanted in (True, False)
        for asked in [asked for asked in shuffled if asked.answerable is wanted][:count]
    ]
    chance.shuffle(chosen)
    return chosen


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
