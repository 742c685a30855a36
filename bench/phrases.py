"""Fits and measures the decision to show a phrase: `python -m bench.phrases`.

Collects, for questions whose answers are known, the phrase that the pipeline names, with its signals; fits the
regression of `qa/answering/decide.py` to "this phrase is the answer"; and reports how well the decision holds on folds
that it was not fitted on. Natural questions: news quizzes of the first weeks (`bench/realtime.py`), each asked of all
4,010 articles, and again without those that are known to hold its answer. Adversarial ones: SQuAD 2. What the model
replies is kept by prompt (`bench/recorded.py`): of a changed program only what changed is asked again. `--write` puts
what was fitted into qa/answering/calibration.toml.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache, lru_cache, partial
from pathlib import Path

from bench import data, realtime
from bench.kept import RESULTS, Row
from bench.libraries import passing
from bench.phrase_fit import FOLDS, NATURAL, Fit, fitted
from bench.quiz import is_right
from bench.recorded import Recorded
from index.embed import Embedder
from index.records import Article, Filter
from index.search import search
from index.store import Library
from qa.answering.decide import CALIBRATION
from qa.answering.phrase import name, phrasal
from qa.answering.premise import unmentioned
from qa.answering.question import Question, parse
from qa.answering.reading import reading
from qa.answering.retrieve import deeper, sifted
from qa.commands.session import Session
from qa.models.engine import LanguageModel
from qa.settings import Settings

NEWS, AWAY = NATURAL
SQUAD = "SQuAD 2, open"


def main() -> None:
    """Collect what is missing, fit, report."""
    options = data.options(__doc__)
    options.add_argument(
        "--news",
        type=int,
        default=150,
        help="so many quiz questions, drawn by chance, each with its articles and without them",
    )
    options.add_argument(
        "--squad",
        type=int,
        default=60,
        help="answerable and as many unanswerable SQuAD 2 questions, each against all paragraphs",
    )
    options.add_argument(
        "--library",
        type=Path,
        default=RESULTS / "realtime",
        help="where the library of all news articles is, or is made",
    )
    options.add_argument("--write", action="store_true", help="put what was fitted into qa/answering/calibration.toml")
    given = options.parse_args()
    session = Session()
    settings = session.settings()
    embedder = session.loaders.embedder(settings)
    load: Callable[[], LanguageModel] = cache(partial(session.loaders.model, settings))
    model = Recorded(load)
    rows = list(_collected(data.folder(given.data), given.news, given.squad, given.library, embedder, model, settings))
    fit = fitted(rows)
    print("\n".join(fit.report))
    if given.write:
        CALIBRATION.write_text(
            _calibration(CALIBRATION.read_text(encoding="utf-8"), fit, given.news, given.squad), encoding="utf-8"
        )


def _collected(
    folder: Path, news: int, squad: int, kept: Path, embedder: Embedder, model: LanguageModel, settings: Settings
) -> Iterator[Row]:
    fit, _ = realtime.questions(folder)
    asked = [one for one in fit if one.articles and phrasal(parse(one.text))]
    random.Random(0).shuffle(asked)
    pages = {page.id: page.source for page in realtime.articles(folder)}
    with realtime.library(kept, folder, embedder) as library:
        for one in asked[:news]:
            away = Filter(without=tuple(pages[name] for name in one.articles))
            for set_, within in ((NEWS, Filter()), (AWAY, away)):
                yield _row(set_, parse(one.text), one.answers, library, within, embedder, model, settings)
    articles, questions = data.squad(folder, 2 * squad, seed=1)
    with passing(articles, embedder) as library:
        for answerable in (True, False):
            for each in [each for each in questions if each.answerable is answerable and phrasal(parse(each.question))][
                :squad
            ]:
                yield _row(
                    SQUAD,
                    parse(each.question),
                    each.answers if answerable else (),
                    library,
                    Filter(),
                    embedder,
                    model,
                    settings,
                )


def _row(
    set_: str,
    question: Question,
    answers: tuple[str, ...],
    library: Library,
    within: Filter,
    embedder: Embedder,
    model: LanguageModel,
    settings: Settings,
) -> Row:
    """The phrase that the pipeline would name, weighed: every one, also where the pipeline would not ask for it."""
    article: Callable[[str], Article] = lru_cache(maxsize=64)(library.article)
    hits = search(question.query, library, embedder, k=deeper(settings.passages), within=within)
    found = sifted(question.query, hits, embedder, article)
    named = name(question, reading(found.evidence, limit=settings.reading), found.evidence, model, hopeless=0.0)
    said = named.found[0].text if named.found else named.text
    return {
        "set": set_,
        "question": question.text,
        "answers": answers,
        "text": named.text,
        "right": is_right(said, answers),
        "signals": asdict(named.signals) if named.signals else None,
        "seen": named.seen,
        "strange": bool(unmentioned(question.plain, hits)),
        "reason": named.reason,
    }


def _calibration(before: str, fit: Fit, news: int, squad: int) -> str:
    """The file with the tables of phrases anew; those of sentences stay (`bench.decision`)."""
    kept = before.partition("\n# Phrases")[0].rstrip("\n")
    head = (
        f"\n\n# Phrases: fitted by `python -m bench.phrases --news {news} --squad {squad} --write`:\n"
        f"# {news} news questions over 4,010 articles, each with the articles that hold its answer and "
        f"without; {squad} + {squad} of SQuAD 2, all paragraphs.\n"
        f"# Figures from {FOLDS} folds, fitted on the others and measured on the one:\n"
    )
    tables = (
        f"\n[{kind}]\n" + "".join(f"{name} = {value:.4f}\n" for name, value in table.items())
        for kind, table in fit.coefficients.items()
    )
    return kept + head + "".join(f"# {line}\n" for line in fit.report) + "".join(tables)


if __name__ == "__main__":
    main()
