"""Measures answers over articles that disagree, mislead and digress, on RAMDocs: `python -m bench.ramdocs`.

Each question has a library of its own documents. As in the paper (Wang et al., "Retrieval-Augmented Generation with
Conflicting Evidence", 2025) an answer is right if it holds every gold answer and none of the wrong ones. That is a hard
measure for a program that is made to show who says what: where a document misinforms, showing its value beside the
others counts as wrong. So the table also says how often every gold answer was given, and how often a difference was
named, which is right where the documents hold several values and wrong where they hold one. Baseline of the same run:
the same model, given all documents of the question in one prompt.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import data
from bench.kept import Kept, Row, code
from bench.libraries import passing
from index.embed import Embedder
from qa.answering.answer import Assistant, answer
from qa.answering.checks.words import normalise
from qa.commands.session import Session
from qa.models.engine import LanguageModel, Message
from qa.settings import Settings

PLAIN = "Answer the question from the documents. Give every answer that they support, and leave out misinformation. Be short."


def main() -> None:
    """Ask what was not asked before and print the table."""
    options = data.options(__doc__)
    options.add_argument(
        "--questions",
        type=int,
        default=250,
        help="so many, evenly spaced: the file begins with those of one gold answer",
    )
    given = options.parse_args()
    questions = _questions(data.folder(given.data))
    questions = [questions[place * len(questions) // given.questions] for place in range(given.questions)]
    session = Session()
    settings = session.settings()
    embedder, model = session.loaders.embedder(settings), session.loaders.model(settings)
    kept, program = Kept("ramdocs"), [code(), embedder.digest, model.digest]
    ours, plain = [], []
    for row in questions:
        asked = (row["question"], [document["text"] for document in row["documents"]])
        ours.append(kept.once([*program, *asked], partial(_answered, *asked, embedder, model, settings)))
        plain.append(kept.once([model.digest, PLAIN, *asked], partial(_plain, *asked, model)))
    print(f"\n{table(questions, ours, plain)}")


def table(questions: Sequence[Row], ours: Sequence[Row], plain: Sequence[Row]) -> str:
    """A row a system and kind of question.

    How many, exact match, every gold answer given, a wrong one given, refused, a difference named.
    """
    kinds = {
        "all": questions,
        "one gold answer": [asked for asked in questions if len(asked["gold_answers"]) == 1],
        "several gold answers": [asked for asked in questions if len(asked["gold_answers"]) > 1],
        "with misinformation": [asked for asked in questions if asked["wrong_answers"]],
        "without": [asked for asked in questions if not asked["wrong_answers"]],
        "one value in all": [
            asked for asked in questions if len(asked["gold_answers"]) + len(asked["wrong_answers"]) == 1
        ],
    }
    lines = [f"{'RAMDocs, %':46}{'n':>5}{'exact':>8}{'gold':>8}{'wrong':>8}{'refused':>9}{'differ':>8}"]
    for name, replies in (("Vouch", ours), ("the same model, one prompt", plain)):
        said = {id(asked): reply for asked, reply in zip(questions, replies, strict=True)}
        for kind, group in kinds.items():
            gold = [all(_holds(said[id(asked)]["said"], value) for value in asked["gold_answers"]) for asked in group]
            wrong = [any(_holds(said[id(asked)]["said"], value) for value in asked["wrong_answers"]) for asked in group]
            refused, differ = (
                [said[id(asked)].get("status") == status for asked in group] for status in ("unanswered", "conflicting")
            )
            exact = [one and not other for one, other in zip(gold, wrong, strict=True)]
            shares = [100 * sum(column) / max(len(group), 1) for column in (exact, gold, wrong, refused, differ)]
            lines.append(f"{name + ', ' + kind:46}{len(group):5}" + "".join(f"{share:8.1f}" for share in shares))
    return "\n".join(lines)


def _holds(said: str, value: str) -> bool:
    return normalise(value).casefold() in normalise(said).casefold()


def _answered(question: str, texts: Sequence[str], embedder: Embedder, model: LanguageModel, settings: Settings) -> Row:
    """The whole pipeline on a library of these texts; what is said is the answer, and each value where they differ."""
    with passing(
        (data.article(f"document {number}", text) for number, text in enumerate(texts, 1)), embedder
    ) as library:
        found = answer(question, Assistant(library, embedder, model, settings))
    values = [claim.value for conflict in found.conflicts for claim in conflict.claims]
    return {"status": found.status, "said": " ".join([*(claim.text for claim in found.sentences), *values])}


def _plain(question: str, texts: Sequence[str], model: LanguageModel) -> Row:
    told = "\n\n".join(f"Document {number}: {text}" for number, text in enumerate(texts, 1))
    return {
        "said": model.generate(
            (Message("system", PLAIN), Message("user", f"{told}\n\nQuestion: {question}")), max_tokens=96
        ).text
    }


def _questions(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "ramdocs.jsonl").read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
