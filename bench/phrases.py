"""Fits and measures the decision to show a phrase: `python -m bench.phrases`.

Collects, for questions whose answers are known, the phrase that the pipeline names, with its signals and the states of
the model; fits the probe of `qa/answering/probe.py` and the regression of `qa/answering/decide.py` to "this phrase is
the answer"; and reports how well the decision holds on folds that it was not fitted on. Natural questions: news quizzes
of the first weeks, over libraries of some 250 pages (`bench/desk.py`), two of three answered there; and RepLiQA
(Monteiro et al., 2024: articles written for it, which no model has read before), over all its articles. Adversarial
ones: SQuAD 2. What the model replies is kept by prompt (`bench/recorded.py`): of a changed program only what changed is
asked again. `--write` puts what was fitted into qa/answering/calibration.toml and qa/answering/probe.toml.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache, lru_cache, partial
from pathlib import Path

from bench import data
from bench.desk import drawn, library
from bench.kept import Row
from bench.phrase_fit import FOLDS, NATURAL, Fit, fitted
from bench.quiz import is_right
from bench.recorded import Recorded
from bench.states import packed
from index.build import add_articles
from index.embed import Embedder
from index.records import Article
from index.search import search
from index.store import Library
from qa.answering import prompt
from qa.answering.decide import CALIBRATION
from qa.answering.phrase import name, phrasal
from qa.answering.premise import unmentioned
from qa.answering.question import parse
from qa.answering.reading import reading
from qa.answering.retrieve import deeper, sifted
from qa.commands.session import Session
from qa.models.engine import LanguageModel
from qa.settings import Settings

NEWS, AWAY = NATURAL
REPLIQA = "RepLiQA"
SQUAD = "SQuAD 2, open"
ANSWERABLE, SILENT = 100, 50  # questions of a desk


def main() -> None:
    """Collect what is missing, fit, report."""
    options = data.options(__doc__)
    options.add_argument("--desks", type=int, default=4, help="libraries of 100 quiz questions and 50 without answer")
    options.add_argument(
        "--repliqa", type=int, default=100, help="answerable and as many unanswerable RepLiQA questions"
    )
    options.add_argument(
        "--squad",
        type=int,
        default=100,
        help="answerable and as many unanswerable SQuAD 2 questions, each against all paragraphs",
    )
    options.add_argument("--write", action="store_true", help="put what was fitted into qa/answering/calibration.toml")
    given = options.parse_args()
    session = Session()
    settings = session.settings()
    embedder = session.loaders.embedder(settings)
    load: Callable[[], LanguageModel] = cache(partial(session.loaders.model, settings))
    model = Recorded(load)
    asker = _Asker(embedder, model, settings)
    rows = list(_collected(data.folder(given.data), given.desks, given.repliqa, given.squad, asker))
    fit = fitted(rows)
    print("\n".join(fit.report))
    if given.write:
        counts = f"--desks {given.desks} --repliqa {given.repliqa} --squad {given.squad}"
        CALIBRATION.write_text(_calibration(CALIBRATION.read_text(encoding="utf-8"), fit, counts), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Asker:
    """What a question is asked with."""

    embedder: Embedder
    model: LanguageModel
    settings: Settings

    def row(self, set_: str, text: str, answers: tuple[str, ...], library: Library) -> Row:
        """The phrase that the pipeline would name, weighed: every one, also where the pipeline would not ask for it."""
        question = parse(text)
        article: Callable[[str], Article] = lru_cache(maxsize=64)(library.article)
        hits = search(question.query, library, self.embedder, k=deeper(self.settings.passages))
        found = sifted(question.query, hits, self.embedder, article)
        read = reading(found.evidence, limit=self.settings.reading)
        named = name(question, read, found.evidence, self.model, hopeless=0.0)
        said = named.found[0].text if named.found else named.text
        states = {}
        if named.signals:  # asked once: the replies are kept
            told = {
                "stated": prompt.stated(question.text, read),
                "agreed": prompt.agreed(question.text, named.found[0].text, read),
            }
            states = {each: packed(self.model.opinion(messages).state) for each, messages in told.items()}
        return {
            "set": set_,
            "question": question.text,
            "answers": answers,
            "text": named.text,
            "right": is_right(said, answers),
            "signals": asdict(named.signals) if named.signals else None,
            "states": states,
            "seen": named.seen,
            "strange": bool(unmentioned(question.plain, hits)),
            "reason": named.reason,
        }


def _collected(folder: Path, desks: int, repliqa: int, squad: int, asker: _Asker) -> Iterator[Row]:
    for number in range(desks):
        held = drawn(folder, first=True, answerable=ANSWERABLE, silent=SILENT, past=number * (ANSWERABLE + SILENT))
        with library(held, asker.embedder) as made:
            for set_, asked in ((NEWS, held.answerable), (AWAY, held.silent)):
                for one in asked:
                    if phrasal(parse(one.text)):
                        yield asker.row(set_, one.text, one.answers, made)
    for set_, (articles, questions), count in (
        (REPLIQA, data.repliqa(folder, seed=0), repliqa),
        (SQUAD, data.squad(folder, 4 * squad, seed=1), squad),
    ):
        with (
            tempfile.TemporaryDirectory() as scratch,
            Library.create(Path(scratch) / "library", asker.embedder) as made,
        ):
            add_articles(made, articles, asker.embedder)
            for answerable in (True, False):
                fitting = [one for one in questions if one.answerable is answerable and phrasal(parse(one.question))]
                for each in fitting[:count]:
                    yield asker.row(set_, each.question, each.answers if answerable else (), made)


def _calibration(before: str, fit: Fit, counts: str) -> str:
    """The file with the tables of phrases anew; those of sentences stay (`bench.decision`)."""
    kept = before.partition("\n# Phrases")[0].rstrip("\n")
    head = (
        f"\n\n# Phrases: fitted by `python -m bench.phrases {counts} --write`.\n"
        f"# Figures from {FOLDS} folds, fitted on the others and measured on the one:\n"
    )
    tables = (
        f"\n[{kind}]\n" + "".join(f"{name} = {value:.4f}\n" for name, value in table.items())
        for kind, table in fit.coefficients.items()
    )
    return kept + head + "".join(f"# {line}\n" for line in fit.report) + "".join(tables)


if __name__ == "__main__":
    main()
