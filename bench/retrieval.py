"""Measures retrieval by meaning and words on three kinds of query at once: `python -m bench.retrieval`.

- SciFact: nDCG@10, a document's score is that of its best passage;
- exact names in a small library (Wikinews) and in a large one (news pages), in three forms: is the one passage that
  holds the name among the first eight?
- news questions over 4,010 pages: is a passage that holds the answer among the first four, the first eight?

All goes through the program's own path: read, cut, embedded, stored, searched. `--choose` prints other weights over the
halves to choose on; without it the fusions are compared, and halves that nothing was chosen on are reported too.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench import data, libraries, realtime, scifact, wikinews
from bench.fusions import Lists, Scores, lists, plain_sum, ranking, reciprocal, scaled_sum
from bench.names import FORMS, names
from bench.scifact import Grades, ndcg
from index.embed import Embedder
from index.records import Article, Metadata
from index.search import DENSE_WEIGHT, DEPTH, search
from index.store import Library
from qa.commands.session import Session

_NAMES = 250  # of each library, to choose on, and as many to test on
_WEIGHTS = [step / 20 for step in range(4, 14)]

Ranked = Callable[[Library, str, int], Sequence[int]]  # a library, a query and how many -> passages, best first


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: a figure over queries, each with what its ranking is judged by."""

    heading: str
    library: Library
    queries: Sequence[str]
    depth: int
    judge: Callable[[int, Sequence[int]], float]  # the number of a query and its ranking -> 0 to 1

    def figure(self, ranked: Ranked) -> float:
        """The mean over the queries."""
        return sum(
            self.judge(number, ranked(self.library, query, self.depth)) for number, query in enumerate(self.queries)
        ) / len(self.queries)


def main() -> None:
    """Make the libraries that are not there, measure, print a table."""
    options = data.options(__doc__)
    options.add_argument(
        "--work",
        type=Path,
        help="keep the libraries in this folder and use them the next time (default: a passing one)",
    )
    options.add_argument("--choose", action="store_true", help="only the halves to choose on, a row for every weight")
    given = options.parse_args()
    session, known = Session(), data.folder(given.data)
    embedder = session.loaders.embedder(session.settings())
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        work = given.work or Path(scratch)
        abstracts = stack.enter_context(scifact.library(work / "scifact", known / "scifact.zip", embedder))
        few = stack.enter_context(_wikinews(work / "wikinews", known, embedder))
        many = stack.enter_context(realtime.library(work / "news", known, embedder))
        chosen_on = columns(abstracts, few, many, known, test=False)
        methods = weights(embedder) if given.choose else fusions(embedder)
        print(
            table(
                methods, chosen_on if given.choose else [*chosen_on, *columns(abstracts, few, many, known, test=True)]
            )
        )
        if not given.choose:
            began = time.perf_counter()
            for query in chosen_on[0].queries[:100]:
                search(query, abstracts, embedder)
            print(f"index.search.search: {(time.perf_counter() - began) * 10:.0f} ms a query")


def columns(abstracts: Library, few: Library, many: Library, known: Path, *, test: bool) -> list[Column]:
    """All figures over the halves to choose on, or over those to test on."""
    asked = scifact.queries(known / "scifact.zip", "test" if test else "train")
    owners = dict(abstracts.rows("SELECT p.id, a.source FROM passages p JOIN articles a ON a.id = p.article"))
    found = [
        Column(
            "SciFact", abstracts, [text for text, _ in asked], DEPTH, _graded([grades for _, grades in asked], owners)
        )
    ]
    for heading, library in (("few", few), ("many", many)):
        drawn = names(library, _NAMES)[test]
        holding = [frozenset({number}) for _, number in drawn]
        found += [
            Column(f"{heading} {form}", library, [form.format(name) for name, _ in drawn], 8, _first(8, holding))
            for form in FORMS
        ]
    questions = realtime.questions(known)[test]
    holding = realtime.holders(many, questions, realtime.articles(known))
    found += [Column(f"news @{k}", many, [one.text for one in questions], 8, _first(k, holding)) for k in (4, 8)]
    return found


def fusions(embedder: Embedder) -> dict[str, Ranked]:
    """The program's own search, and what it is compared with."""
    found = cache(lambda library, query: lists(query, library, embedder))
    return {
        "BM25 alone": _fused(found, lambda one: one.lexical),
        "dense alone": _fused(found, lambda one: one.nearest),
        "reciprocal rank fusion": _fused(found, reciprocal),
        "0.1.0: 0.65 dense, scaled": _fused(found, scaled_sum),
        "0.5 dense, scaled": _fused(found, lambda one: scaled_sum(one, 0.5)),
        f"{DENSE_WEIGHT} dense, without names": _fused(found, plain_sum(DENSE_WEIGHT, named=False)),
        "index.search.search": cache(
            lambda library, query, k: [hit.passage.id for hit in search(query, library, embedder, k=k)]
        ),
    }


def weights(embedder: Embedder) -> dict[str, Ranked]:
    """The program's fusion with other weights."""
    found = cache(lambda library, query: lists(query, library, embedder))
    return {f"{weight:.2f} dense": _fused(found, plain_sum(weight, named=True)) for weight in _WEIGHTS}


def table(methods: Mapping[str, Ranked], shown: Sequence[Column]) -> str:
    """A row a column of the figures, a column a method: there are more of the former."""
    lines = [f"{'':28}" + "".join(f"{number:>8}" for number in range(1, len(methods) + 1))]
    lines += [
        f"{column.heading:22}{len(column.queries):6}"
        + "".join(f"{column.figure(ranked):8.4f}" for ranked in methods.values())
        for column in shown
    ]
    return "\n".join((*(f"{number}: {name}" for number, name in enumerate(methods, start=1)), *lines))


def _fused(found: Callable[[Library, str], Lists], fuse: Callable[[Lists], Scores]) -> Ranked:
    return lambda library, query, _: ranking(fuse(found(library, query)))


def _first(k: int, holding: Sequence[frozenset[int]]) -> Callable[[int, Sequence[int]], float]:
    return lambda number, found: float(not holding[number].isdisjoint(found[:k]))


def _graded(grades: Sequence[Grades], owners: Mapping[int, str]) -> Callable[[int, Sequence[int]], float]:
    return lambda number, found: ndcg(list(dict.fromkeys(owners[passage] for passage in found)), grades[number])


def _wikinews(folder: Path, known: Path, embedder: Embedder) -> Library:
    """The library of the 295 Wikinews articles, opened if `folder` holds it, else made there."""
    return libraries.kept(folder, _read(known), embedder)


def _read(known: Path) -> Iterator[Article]:
    with tempfile.TemporaryDirectory() as scratch:
        for n, one in enumerate(wikinews.news(known)):
            metadata = Metadata(title=one.title, date=one.date, url=one.url)
            yield wikinews.read(f"{n:03}", one.text, metadata, Path(scratch))


if __name__ == "__main__":
    main()
