"""Measures whole answers over news: `python -m bench.news`.

120 questions over 295 Wikinews articles, written for this project from the articles alone, in other words than theirs
where that was possible, by writers who knew nothing of the program: 76 that articles answer, 4 on which they differ, 28
that none answers, 12 that take something false for granted. An answer is right as `qa eval` judges it: the expected
status, every fact named, the right article cited; a false premise is right if refused, or if what the articles say
instead is told. Baseline of the same run: the same model, given the four best passages in one prompt that allows it to
reply NOT FOUND.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench import data
from bench.kept import Kept, Row, code
from bench.wikinews import news, read
from index.build import add_articles
from index.embed import Embedder
from index.records import Metadata
from index.search import search
from index.store import Library
from qa.answering.answer import Assistant, answer
from qa.commands.session import Session
from qa.evaluate import contains, evaluate
from qa.expectations import Expectation, expectations
from qa.models.engine import Message
from qa.questions.read import read as questions_of

QUESTIONS = Path(__file__).parent / "news_questions.jsonl"
PLAIN = (
    "Answer the question in one or two sentences from the passages. If the passages do not answer it, reply NOT FOUND."
)
PASSAGES = 4
VERDICTS = ("right", "refused", "wrong")


def main() -> None:
    """Ask what was not asked before and print the table."""
    options = data.options(__doc__)
    options.add_argument("--caution", type=float, help="instead of the default")
    options.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th question")
    options.add_argument("--show", action="store_true", help="print what was not right")
    given = options.parse_args()
    asked = questions()[:: given.every]
    session = Session()
    settings = session.settings(caution=given.caution)
    embedder, model = session.loaders.embedder(settings), session.loaders.model(settings)
    kept, program = Kept("news"), [code(), embedder.digest, model.digest, settings.caution]
    with library(data.folder(given.data), embedder) as held:
        assistant = Assistant(held, embedder, model, settings)
        ours = [kept.once([*program, one.question], partial(_answered, one, assistant)) for one in asked]
        plain = [kept.once([model.digest, PLAIN, one.question], partial(_plain, one, assistant)) for one in asked]
    print(f"\n{table(asked, ours, plain)}")
    for one, row in zip(asked, ours, strict=True):
        if given.show and row["verdict"] != "right":
            print(f"{one.id} {row['verdict']} {row['confidence']:.2f} {one.question}\n    {row['said']}")


def questions() -> tuple[Expectation, ...]:
    """The 120 questions, with what is expected."""
    return tuple(expectations(questions_of(QUESTIONS.read_bytes(), name=QUESTIONS.name), QUESTIONS.name))


@contextmanager
def library(folder: Path, embedder: Embedder) -> Iterator[Library]:
    """The library of the articles, made anew in a folder of its own; they are named by their numbers."""
    with tempfile.TemporaryDirectory() as scratch, Library.create(Path(scratch) / "library", embedder) as made:
        articles = [
            read(f"{number:03d}", one.text, Metadata(title=one.title, date=one.date, url=one.url), Path(scratch))
            for number, one in enumerate(news(folder))
        ]
        add_articles(made, articles, embedder)
        yield made


def table(asked: Sequence[Expectation], ours: Sequence[Row], plain: Sequence[Row]) -> str:
    """A row a system and kind of question: how many, right, refused, wrong; and valid quotes."""
    groups = {
        "answerable": [one.status == "answered" for one in asked],
        "differing": [one.status == "conflicting" for one in asked],
        "not in the articles": [one.status == "unanswered" and one.kind != "false premise" for one in asked],
        "false premise": [one.kind == "false premise" for one in asked],
    }
    lines = [f"{'news':50}{'n':>5}{'right':>8}{'refused':>9}{'wrong':>8}"]
    for name, rows in (("Vouch", ours), ("the same model, one prompt", plain)):
        for group, members in groups.items():
            verdicts = [row["verdict"] for row, member in zip(rows, members, strict=True) if member]
            lines.append(
                f"{name + ', ' + group:50}{len(verdicts):5}"
                + "".join(f"{verdicts.count(one):{8 + (one == 'refused')}}" for one in VERDICTS)
            )
    lines.append(f"quotes verbatim: {sum(row['valid'] for row in ours)} of {sum(row['quotes'] for row in ours)}")
    return "\n".join(lines)


def _answered(one: Expectation, assistant: Assistant) -> Row:
    (outcome,) = evaluate([one], lambda question, within: answer(question, assistant, within=within), assistant.library)
    found = outcome.answer
    corrected = one.kind == "false premise" and one.must and contains(one, found.answer)
    return {
        "verdict": "right" if corrected else outcome.grade,
        "status": found.status,
        "said": found.answer,
        "confidence": found.confidence,
        "quotes": outcome.quotes,
        "valid": outcome.valid,
        "seconds": round(outcome.seconds, 2),
    }


def _plain(one: Expectation, assistant: Assistant) -> Row:
    hits = search(one.question, assistant.library, assistant.embedder, k=PASSAGES)
    passages = "\n\n".join(hit.passage.text for hit in hits)
    said = assistant.model.generate(
        (Message("system", PLAIN), Message("user", f"{passages}\n\nQuestion: {one.question}")), max_tokens=96
    ).text
    if "not found" in said.lower():
        return {"verdict": "right" if one.status == "unanswered" else "refused", "said": said}
    return {"verdict": "right" if one.must and contains(one, said) else "wrong", "said": said}


if __name__ == "__main__":
    main()
