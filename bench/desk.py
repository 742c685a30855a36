"""Measures whole answers over a library of the size that one analyst has: `python -m bench.desk`.

News quizzes (`bench/realtime.py`) once more, but asked of some two hundred pages instead of 4,010: those that hold the
answers of the answerable questions, and for questions that the library does not answer only pages that a search engine
gave for them and that do not hold the answer. The last weeks, on which nothing was fitted; `--weeks first` takes the
weeks that one may look at. Right, refused and wrong as in `bench.quiz`, and its baseline in the same run.

`--write` asks once more with higher cautions and writes what of it was shown and wrong to
`qa/answering/guarantee.toml`, the promise that `qa ask --explain` tells and `--risk` keeps to.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bench import data, realtime
from bench.kept import Kept, Row, code
from bench.quiz import CAUTIONS, PLAIN, answered, in_one_prompt, misses, table
from bench.wikinews import read
from index.build import add_articles
from index.embed import Embedder
from index.records import Filter, Metadata
from index.store import Library
from qa.answering import guarantee
from qa.answering.answer import LIKELY, Assistant
from qa.commands.session import Session

PAGES = 2  # of each question: what one reads of a matter


@dataclass(frozen=True, slots=True)
class Desk:
    """The pages of a library, the questions that they answer, and those that they do not."""

    pages: tuple[realtime.Page, ...]
    answerable: tuple[realtime.Question, ...]
    silent: tuple[realtime.Question, ...]


def main() -> None:
    """Ask what was not asked before and print the table."""
    options = data.options(__doc__)
    options.add_argument("--weeks", choices=("first", "last"), default="last")
    options.add_argument("--answerable", type=int, default=100)
    options.add_argument("--silent", type=int, default=50, help="questions that the library does not answer")
    options.add_argument("--show", action="store_true", help="print what was not right")
    options.add_argument("--write", action="store_true", help=f"write {guarantee.TABLE.name}")
    given = options.parse_args()
    if given.write and given.weeks == "first":
        options.error("the promise is of the last weeks, which nothing was chosen on")
    folder = data.folder(given.data)
    desk = drawn(folder, first=given.weeks == "first", answerable=given.answerable, silent=given.silent)
    session = Session()
    settings = session.settings()
    if given.write and (settings.caution, settings.risk, guarantee.otherwise(settings)) != (None, None, []):
        options.error("the promise is of the default settings: qa settings shows what is set")
    embedder, model = session.loaders.embedder(settings), session.loaders.model(settings)
    kept, program = Kept("desk"), [given.weeks, given.answerable, given.silent]
    own = [*program, code(), embedder.digest, model.digest]
    ours: list[tuple[realtime.Question, Row]] = []
    plain: list[Row] = []
    print(f"{len(desk.pages)} pages")
    with library(desk, embedder) as held:
        assistant = Assistant(held, embedder, model, settings)

        def ask(one: realtime.Question, caution: float | None) -> Row:
            cautious = replace(assistant, settings=replace(settings, caution=caution))
            return kept.once([*own, caution, one.id], partial(answered, one, cautious, Filter()))

        for away, asked in ((False, desk.answerable), (True, desk.silent)):
            for one in asked:
                ours.append((one, ask(one, settings.caution) | {"away": away}))
                plain.append(
                    kept.once([*program, model.digest, PLAIN, one.id], partial(in_one_prompt, one, assistant, Filter()))
                    | {"away": away}
                )
        rows = promised(ours, ask) if given.write else ()
    said = [row for _, row in ours]
    print(f"\n{table(said, plain)}")
    if given.show:
        print(misses(said))
    if given.write:
        measured = guarantee.Measured(f"{len(ours)} news questions over {len(desk.pages)} pages", rows)
        guarantee.TABLE.write_text(guarantee.written(measured, model.digest), encoding="utf-8")
        print("\n".join(f"  {guarantee.told(row, measured)}" for row in rows))


def promised(
    shown: Sequence[tuple[realtime.Question, Row]], ask: Callable[[realtime.Question, float], Row]
) -> tuple[guarantee.Row, ...]:
    """How many answers are shown and wrong at the default, by which the rows given were, and at each caution from `LIKELY` on.

    Asked once more is only what a higher caution can change (tests/test_guarantee.py): what was refused is refused
    again, and what was at least so sure is shown again.
    """
    rows = [_counted(None, shown)]
    for caution in (caution for caution in CAUTIONS if caution >= LIKELY):
        shown = [
            (one, row if row["verdict"] == "refused" or row["confidence"] >= caution else ask(one, caution))
            for one, row in shown
        ]
        rows.append(_counted(caution, shown))
    return tuple(rows)


def _counted(caution: float | None, given: Sequence[tuple[realtime.Question, Row]]) -> guarantee.Row:
    verdicts = [row["verdict"] for _, row in given]
    return guarantee.Row(caution, len(verdicts) - verdicts.count("refused"), verdicts.count("wrong"))


def drawn(folder: Path, *, first: bool, answerable: int, silent: int) -> Desk:
    """Questions drawn by chance, none of which a page of another one's answers: where one does, it is left out."""
    fit, test = realtime.questions(folder)
    asked = [one for one in (fit if first else test) if one.articles and one.others]
    random.Random(0).shuffle(asked)
    pages = {page.id: page for page in realtime.articles(folder)}
    held, without = asked[:answerable], asked[answerable : answerable + silent]
    hold = {name for one in without for name in one.articles}
    names = [
        *(name for one in held for name in one.articles[:PAGES]),
        *(name for one in without for name in one.others[:PAGES]),
    ]
    return Desk(tuple(pages[name] for name in dict.fromkeys(names) if name not in hold), tuple(held), tuple(without))


@contextmanager
def library(desk: Desk, embedder: Embedder) -> Iterator[Library]:
    """The library of the pages, made anew in a folder of its own."""
    with tempfile.TemporaryDirectory() as scratch, Library.create(Path(scratch) / "library", embedder) as made:
        add_articles(made, _articles(desk.pages, Path(scratch)), embedder)
        yield made


def _articles(pages: Sequence[realtime.Page], scratch: Path) -> list:  # type: ignore[type-arg]
    return [read(one.source, one.text, Metadata(title=one.title, date=one.date, url=one.url), scratch) for one in pages]


if __name__ == "__main__":
    main()
