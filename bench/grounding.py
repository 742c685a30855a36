"""Measures where phrases are found and how answers are compared, without a model: `python -m bench.grounding`.

Grounding: each gold answer of SQuAD 2 in its own paragraph, and in a paragraph of another article, beside plain
substring search. Comparing: the gold answers of one question of RAMDocs, against each other and against the wrong ones,
should differ; the answers that annotators gave to one question of SQuAD should not. The rules were made on the articles
and questions of even place; the table is of the others.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

from bench import data
from qa.answering.checks.words import normalise
from qa.answering.ground import ground
from qa.answering.question import parse
from qa.answering.values import differ

# a gold answer is looked for in the paragraph of the answer so many places further on, and that is of another article
APART = 100


def main() -> None:
    """Print the tables."""
    options = data.options(__doc__)
    folder = data.folder(options.parse_args().data)
    asked = list(_squad(folder))
    _grounding([(article, paragraph, answers[0]) for article, paragraph, _, answers in asked])
    ramdocs = [json.loads(line) for line in (folder / "ramdocs.jsonl").read_text(encoding="utf-8").splitlines()][1::2]
    _comparing(
        "RAMDocs, gold and gold",
        ((row["question"], *pair) for row in ramdocs for pair in combinations(dict.fromkeys(row["gold_answers"]), 2)),
    )
    wrong = (
        (row["question"], gold, other)
        for row in ramdocs
        for gold in dict.fromkeys(row["gold_answers"])
        for other in dict.fromkeys(row["wrong_answers"])
    )
    _comparing("RAMDocs, gold and wrong", (pair for pair in wrong if pair[1].casefold() != pair[2].casefold()))
    _comparing(
        "SQuAD, two annotators",
        ((question, *pair) for _, _, question, answers in asked for pair in combinations(answers, 2)),
    )


def _squad(folder: Path) -> Iterable[tuple[int, str, str, list[str]]]:
    """The article, paragraph, question and different answers of each question that has any."""
    articles: list[dict[str, Any]] = json.loads((folder / "squad2_dev_half.json").read_text(encoding="utf-8"))["data"]
    for place, article in enumerate(articles):
        for paragraph in article["paragraphs"] if place % 2 else ():
            for question in paragraph["qas"]:
                if answers := list(dict.fromkeys(answer["text"] for answer in question["answers"])):
                    yield place, paragraph["context"], question["question"], answers


def _grounding(asked: list[tuple[int, str, str]]) -> None:
    found = {gold_at: ground(gold, paragraph) for gold_at, (_, paragraph, gold) in enumerate(asked)}
    same = sum(
        span is not None and _folded(asked[at][1][span.start : span.end]) == _folded(asked[at][2])
        for at, span in found.items()
    )
    print(
        f"gold answers in their own paragraph: {len(asked)}; found {sum(map(bool, found.values()))}, in the same "
        f"words {same}"
    )
    others = [(gold, asked[(at + APART) % len(asked)]) for at, (_, _, gold) in enumerate(asked)]
    apart = [
        (gold, other[1]) for (gold, other), (article, _, _) in zip(others, asked, strict=True) if other[0] != article
    ]
    print(
        f"in a paragraph of another article: {len(apart)}; found {sum(ground(*pair) is not None for pair in apart)}",
        end="",
    )
    print(
        f", by substring search {sum(normalise(gold).casefold() in normalise(paragraph).casefold() for gold, paragraph in apart)}"
    )


def _folded(text: str) -> list[str]:
    """The words of a text without punctuation and articles, as SQuAD compares them."""
    letters = "".join(letter if letter.isalnum() else " " for letter in normalise(text).casefold())
    return [word for word in letters.split() if word not in ("a", "an", "the")]


def _comparing(name: str, pairs: Iterable[tuple[str, str, str]]) -> None:
    told = Counter(differ(parse(question), one, other) for question, one, other in pairs)
    print(f"{name}: {told.total()} pairs; differ {told[True]}, are one {told[False]}, not told {told[None]}")


if __name__ == "__main__":
    main()
