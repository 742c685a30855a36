"""Measures answers in eight languages by the answering model: `python -m bench.abroad`.

Ten small articles a language, with a question each in the article's language (`tests/abroad`, written for the tests).
Every question is asked of the ten articles of its language, and again with its own taken away. Right: the words that
answer are in what is shown, or what is shown is at least half of them ("Neustadt" of "in Neustadt"), and the article is
cited. Choices may be made on the first five articles of a language
alone, so both halves are told. Answers are kept in bench/results/ by the program that gave them, so that a run can be
broken off.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench.data import article
from bench.kept import Kept, Row, code
from index.build import add_articles
from index.language import detected
from index.records import Article, Filter
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.answering.literal import literal
from qa.commands.session import Session
from qa.records import Answer
from tests.abroad import LANGUAGES, Asked, asked

_CHOSEN_ON = 5  # articles of each language
_VERDICTS = ("right", "refused", "wrong")


def main() -> None:
    """Ask what was not asked before and print a line for each language."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", help="languages, with commas between (default: all eight)")
    options.add_argument("--numbers", help="articles of each language, from 0, with commas between (default: all ten)")
    options.add_argument("--there", action="store_true", help="only with the article there")
    options.add_argument("--show", action="store_true", help="print what was not right, or not refused")
    given = options.parse_args()
    languages = given.only.split(",") if given.only else LANGUAGES
    numbers = set(map(int, given.numbers.split(","))) if given.numbers else set(range(10))
    session = Session()
    settings = session.settings()
    embedder, model = session.loaders.embedder(settings), session.loaders.model(settings)
    kept, program = Kept("abroad"), [code(), embedder.digest, model.digest, settings.caution]
    rows: list[Row] = []
    for language in languages:
        with tempfile.TemporaryDirectory() as scratch, Library.create(Path(scratch), embedder) as library:
            add_articles(library, [told(one) for one in asked(language)], embedder)
            assistant = Assistant(library, embedder, model, settings)
            for away in (False,) if given.there else (False, True):
                for number, one in enumerate(asked(language)):
                    if number not in numbers:
                        continue
                    made = kept.once(
                        [*program, one.source, one.question, away], partial(_asked, one, assistant, away=away)
                    )
                    rows.append(made | {"away": away, "language": language, "chosen": number < _CHOSEN_ON})
    print(f"\n{table(rows, languages)}")
    for row in rows if given.show else ():
        if row["verdict"] != ("refused" if row["away"] else "right"):
            print(
                f"{'away ' if row['away'] else ''}{row['verdict']} {row['question']} {row['answer']}\n    {row['said']}"
            )


def told(one: Asked) -> Article:
    """The article, with the language that is told of it."""
    made = article(one.source, one.text)
    return replace(made, metadata=replace(made.metadata, language=detected(one.text)))


def table(rows: Sequence[Row], languages: Sequence[str]) -> str:
    """A line for each language and one for all: right, refused and wrong, the first five articles | the others."""
    lines = [f"{'':6}{'right':>10}{'refused':>10}{'wrong':>10}   away:{'refused':>10}{'wrong':>10}{'s':>8}"]
    for name, of in (*((each, [each]) for each in languages), ("all", languages)):
        own = [row for row in rows if row["language"] in of]
        counts = [
            " | ".join(
                str(sum(row["verdict"] == verdict for row in own if row["away"] is away and row["chosen"] is chosen))
                for chosen in (True, False)
            )
            for away, verdict in (*((False, each) for each in _VERDICTS), (True, "refused"), (True, "wrong"))
        ]
        seconds = statistics.median(row["seconds"] for row in own)
        lines.append(
            f"{name:6}" + "".join(f"{each:>10}" for each in counts[:3]) + f"{'':8}"
            + "".join(f"{each:>10}" for each in counts[3:]) + f"{seconds:8.1f}"
        )  # fmt: skip
    return "\n".join(lines)


def _asked(one: Asked, assistant: Assistant, *, away: bool) -> Row:
    started = time.perf_counter()
    found = answer(one.question, assistant, within=Filter(without=(one.source,)) if away else Filter())
    return {
        "question": one.question,
        "answer": one.answer,
        "status": found.status,
        "said": found.answer,
        "verdict": verdict(found, one),
        "confidence": found.confidence,
        "seconds": time.perf_counter() - started,
    }


def verdict(found: Answer, one: Asked) -> str:
    """Whether the answer is right, a refusal, or wrong: "right" needs the value and a citation of the article."""
    if found.status == "unanswered":
        return "refused"
    said = (*(each.text for each in found.sentences), *(each.value for both in found.conflicts for each in both.claims))
    return (
        "right"
        if any(gives(text, one.answer) for text in said) and one.source in {each.source for each in found.citations}
        else "wrong"
    )


def gives(said: str, words: str) -> bool:
    """Whether what is said holds the words that answer, or is at least half of them, cut from no word or figure."""
    said, words = _plain(said), _plain(words)
    return words in said or (2 * len(said) >= len(words) and literal(said, words) is not None)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


if __name__ == "__main__":
    main()
