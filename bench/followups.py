"""Measures follow-up questions on MTRAG-UN: `python -m bench.followups`.

The library holds every context of the file; the questions are follow-ups of conversations whose last answer rests on
some of them. Each conversation is gone through turn by turn, as `qa chat` would, and its last question is searched for:
as it was typed, behind the question before it, made self-contained by code, and made self-contained as the program does
it (the model first, code where the model's words may not be used). A method finds an article when one of the gold
contexts is among the first five. Of the 309 follow-ups 100 are measured; `--rest` measures the others, on which the
rules and the prompt were designed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import data, libraries
from index.embed import Embedder
from index.search import search
from index.sentences import sentences
from index.store import Library
from qa.chat.anaphora import lacking
from qa.chat.followup import SelfContained, carried, standalone
from qa.commands.session import Session
from qa.models.engine import LanguageModel

Said = list[tuple[str, str]]
Method = Callable[[str, Said], SelfContained]
COUNT = 100
SEED = 4
_DEPTH = 60  # passages, which is more than five articles
_DECLINED = re.compile(
    r"\s*(?:i'?m sorry|sorry|unfortunately|i do(?:n't| not) (?:have|know)|i can(?:not"
    r"|'t))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The turns before it as question and answer, the question, and the contexts that its answer rests on."""

    before: tuple[tuple[str, str], ...]
    question: str
    gold: frozenset[str]


@dataclass(slots=True)
class Searcher:
    """The articles that a query finds, best first; the same query is searched once."""

    library: Library
    embedder: Embedder
    found: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, query: str) -> list[str]:
        if query not in self.found:
            hits = search(query, self.library, self.embedder, k=_DEPTH)
            self.found[query] = list(dict.fromkeys(hit.passage.source for hit in hits))
        return self.found[query]


def main() -> None:
    """Index, go through the conversations, print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--data", type=Path, help="the folder that holds mtrag_un.jsonl (default: QA_BENCH_DATA, else ../shared/data)"
    )
    options.add_argument(
        "--library", type=Path, help="keep the library in this folder and use it the next time (default: a passing one)"
    )
    options.add_argument("--rest", action="store_true", help="measure those that the design was made on instead")
    options.add_argument("--no-model", action="store_true", help="leave out the model's rewriting")
    options.add_argument("--show", action="store_true", help="print every question that was changed")
    given = options.parse_args()
    folder = data.folder(given.data)
    rows = [json.loads(line) for line in (folder / "mtrag_un.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = follow_ups(rows)
    chosen = asked[COUNT:] if given.rest else asked[:COUNT]
    session = Session()
    settings = session.settings()
    embedder = session.loaders.embedder(settings)
    with (
        tempfile.TemporaryDirectory() as scratch,
        _library(given.library or Path(scratch) / "mtrag", rows, embedder) as library,
    ):
        model = None if given.no_model else session.loaders.model(settings)
        print(report(chosen, Searcher(library, embedder), model, show=given.show))
    print(untouched(folder))


def report(chosen: Sequence[FollowUp], searcher: Searcher, model: LanguageModel | None, *, show: bool) -> str:
    """The tables: over all follow-ups, and over those that the rule takes for lacking something."""
    spent: list[float] = []
    methods: dict[str, Method] = {
        "as typed": lambda typed, _: SelfContained(typed, "as typed"),
        "question before + typed": _joined,
        "code": _by_code,
    }
    if model is not None:
        methods["model, then code"] = _timed(lambda typed, said: standalone(typed, said, model), spent)
    made = {name: [through(one, method) for one in chosen] for name, method in methods.items()}
    lack = [bool(lacking(one.question)) for one in chosen]
    lines = []
    for title, places in (
        (f"all {len(chosen)} follow-ups", range(len(chosen))),
        (f"the {sum(lack)} that cannot stand alone", [place for place, lacks in enumerate(lack) if lacks]),
        (f"the {len(chosen) - sum(lack)} that can", [place for place, lacks in enumerate(lack) if not lacks]),
    ):
        lines.append(f"{title:34} {'found@1':>8} {'found@5':>8} {'recall@5':>9}")
        for name, questions in made.items():
            scores = [scored(searcher(questions[place].question), chosen[place].gold) for place in places]
            lines.append(
                f"  {name:32} "
                + " ".join(
                    f"{sum(column) / len(scores):>{width}.3f}"
                    for column, width in zip(zip(*scores, strict=True), (8, 8, 9), strict=True)
                )
            )
        lines.append("")
    last = list(made.values())[-1]
    lines.append(
        "made by: " + ", ".join(f"{how} {count}" for how, count in Counter(asked.how for asked in last).most_common())
    )
    if spent:
        lines.append(
            f"the model: {len(spent)} questions in {len(chosen)} conversations, {sum(spent) / len(spent):.1f} s each"
        )
    if show:
        lines += [
            f"{chosen[place].question}\n    {asked.how}: {asked.question}"
            for place, asked in enumerate(last)
            if lack[place]
        ]
    return "\n".join(lines)


def through(one: FollowUp, method: Method) -> SelfContained:
    """The last question of a conversation, every question before it made self-contained too."""
    said: Said = []
    for typed, answer in one.before:
        said.append((method(typed, said).question, _first_sentence(answer)))
    return method(one.question, said)


def scored(found: Sequence[str], gold: frozenset[str]) -> tuple[float, float, float]:
    """Whether a gold context comes first, whether one is among the first five, and what part of them is."""
    top = gold.intersection(found[:5])
    return float(found[0] in gold), float(bool(top)), len(top) / min(len(gold), 5)


def follow_ups(rows: Sequence[dict[str, Any]]) -> list[FollowUp]:
    """Every question that comes after another and that its contexts answer at least in part, shuffled."""
    found = []
    for row in rows:
        texts = [turn["text"] for turn in row["input"]]
        if len(texts) > 1 and row["contexts"] and row["answerability"][0] in ("ANSWERABLE", "PARTIAL"):
            gold = frozenset(context["document_id"] for context in row["contexts"])
            found.append(FollowUp(tuple(zip(texts[0::2], texts[1::2], strict=False)), texts[-1], gold))
    random.Random(SEED).shuffle(found)
    return found


def untouched(folder: Path) -> str:
    """How often the rule takes a question for a follow-up that people asked a search engine, by itself."""
    files = [folder / f"clapnq_{kind}.jsonl" for kind in ("answerable", "unanswerable")]
    questions = [
        json.loads(line)["input"]
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    touched = sum(lacking(question) is not None for question in questions)
    return f"of {len(questions)} questions of CLAP NQ, which all stand alone, {touched} would be rewritten in a conversation ({touched / len(questions):.1%})"


def _joined(typed: str, said: Said) -> SelfContained:
    return SelfContained(f"{said[-1][0]} {typed}" if said else typed, "code")


def _by_code(typed: str, said: Said) -> SelfContained:
    return (
        SelfContained(carried(typed, *said[-1]), "code")
        if said and lacking(typed)
        else SelfContained(typed, "as typed")
    )


def _timed(method: Method, spent: list[float]) -> Method:
    def timed(typed: str, said: Said) -> SelfContained:
        began = time.perf_counter()
        asked = method(typed, said)
        if asked.how != "as typed":
            spent.append(time.perf_counter() - began)
        return asked

    return timed


def _first_sentence(answer: str) -> str:
    """What `qa chat` would remember of an answer: its first sentence, nothing of a refusal."""
    text = answer.strip()
    found = sentences(text, 0, len(text))
    return "" if not found or _DECLINED.match(text) else found[0].text


def _library(folder: Path, rows: Sequence[dict[str, Any]], embedder: Embedder) -> Library:
    """The library of all contexts, made if it is not there."""
    texts = {context["document_id"]: context["text"] for row in rows for context in row["contexts"]}
    contexts = (data.article(name, text) for name, text in sorted(texts.items()) if text.strip())
    return libraries.kept(folder, contexts, embedder)


if __name__ == "__main__":
    main()
