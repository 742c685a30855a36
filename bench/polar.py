"""Measures questions for yes or no: `python -m bench.polar`.

Those of CondaQA (dev; AbhilashaRavichander/CondaQA) that its unedited passages answer with yes or no, each asked of all
its passages, and again with its own taken away; and the few that it marks as not told. An answer counts as given if it
quotes the passage that the question is about; where that is away, or does not tell, whatever is shown is wrong. Where
an answer begins with yes or no, it is counted whether that is so. Baseline of the same run: the same model, given the
four best passages in one prompt that allows it to reply NOT FOUND. What the model replies is kept by prompt.
"""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from bench import data
from bench.kept import Row
from bench.libraries import passing
from bench.recorded import Recorded
from index.records import Article, Filter
from index.search import search
from qa.answering.answer import Assistant, answer
from qa.answering.question import parse
from qa.commands.session import Session
from qa.models.engine import Message

FILE = "AbhilashaRavichander/CondaQA/data/condaqa_dev.json"
PLAIN = "Answer the question with Yes or No from the passages. If the passages do not answer it, reply NOT FOUND."
PASSAGES = 4
_TOLD = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the passage `source`; `says` is what that answers, None where it does not tell."""

    question: str
    source: str
    says: str | None


def main() -> None:
    """Ask, with and without the passage, and print the table."""
    options = data.options(__doc__)
    options.add_argument("--questions", type=int, default=60, help="that are answered, drawn by chance")
    options.add_argument("--show", action="store_true", help="print what is shown where nothing answers")
    given = options.parse_args()
    articles, questions = condaqa(data.folder(given.data))
    told = [one for one in questions if one.says][: given.questions]
    untold = [one for one in questions if one.says is None]
    session = Session()
    settings = session.settings()
    embedder = session.loaders.embedder(settings)
    model = Recorded(cache(partial(session.loaders.model, settings)))
    with passing(articles, embedder) as library:
        assistant = Assistant(library, embedder, model, settings)
        sets: tuple[tuple[str, list[Asked], Callable[[Asked], Filter]], ...] = (
            ("its passage there", told, lambda _: Filter()),
            ("its passage away", told, lambda one: Filter(without=(one.source,))),
            ("its passage does not tell", untold, lambda _: Filter()),
        )
        print(f"{'yes or no':42}{'n':>5}{'shown':>8}{'of it its passage':>20}{'yes or no: so':>16}{'not so':>8}")
        for name, asked, within in sets:
            for who, ask in (("Vouch", _ours), ("one prompt", _plain)):
                rows = [ask(one, assistant, within(one)) for one in asked]
                print(line(f"{who}, {name}", asked, rows))
                if given.show and who == "Vouch" and name != "its passage there":
                    print("\n".join(f"    {row['question']}\n        {row['said']}" for row in rows if row["shown"]))


def condaqa(folder: Path) -> tuple[list[Article], list[Asked]]:
    """The passages as they were before editing, and the questions for yes or no of them, shuffled, each once."""
    with zipfile.ZipFile(folder / "train.zip") as packed:
        rows = [json.loads(line) for line in packed.read(FILE).decode().splitlines()]
    passages = {row["PassageID"]: row["original passage"] for row in rows}
    labels = {"YES": "yes", "NO": "no", "DON'T KNOW": None}
    found = {
        row["sentence2"]: Asked(row["sentence2"], str(row["PassageID"]), labels[row["label"].upper()])
        for row in rows
        if row["PassageEditID"] == 0 and row["label"].upper() in labels and parse(row["sentence2"]).kind == "polar"
    }
    asked = list(found.values())
    random.Random(0).shuffle(asked)
    return [data.article(str(number), text) for number, text in passages.items()], asked


def _ours(one: Asked, assistant: Assistant, within: Filter) -> Row:
    found = answer(one.question, assistant, within=within)
    shown = found.status != "unanswered"
    return {
        "question": one.question,
        "said": found.answer,
        "shown": shown,
        "own": shown and any(citation.source == one.source for citation in found.citations),
    }


def _plain(one: Asked, assistant: Assistant, within: Filter) -> Row:
    hits = search(one.question, assistant.library, assistant.embedder, k=PASSAGES, within=within)
    passages = "\n\n".join(hit.passage.text for hit in hits)
    prompt = (Message("system", PLAIN), Message("user", f"{passages}\n\nQuestion: {one.question}"))
    said = assistant.model.generate(prompt, max_tokens=8).text
    return {"question": one.question, "said": said, "shown": "not found" not in said.lower(), "own": False}


def line(title: str, asked: Sequence[Asked], rows: Sequence[Row]) -> str:
    """One row of the table."""
    shown = [(one, row) for one, row in zip(asked, rows, strict=True) if row["shown"]]
    own = sum(row["own"] for _, row in shown)
    led = [(one.says, _TOLD.match(row["said"])) for one, row in shown]
    so = sum(begins is not None and begins[1].lower() == says for says, begins in led)
    not_so = sum(begins is not None and begins[1].lower() != says for says, begins in led)
    return f"{title:42}{len(asked):5}{len(shown):8}{own:20}{so:16}{not_so:8}"


if __name__ == "__main__":
    main()
