"""Fits and measures the decision to answer or refuse: `python -m bench.decision`.

Collects, for public questions whose answers are known, every candidate sentence that the pipeline would consider, with
its signals; fits the logistic regression of `qa/answering/decide.py`, and the probe of `qa/answering/probe.py`, to
"this sentence answers the question"; and reports how well the decision holds on folds that it was not fitted on.
Candidates are kept in bench/results/ and collected only once: delete decision.jsonl there to weigh them by a changed
program. The sets count alike, however many questions there are of each. Nothing of the seed questions is read.
`--write` puts what was fitted into qa/answering/calibration.toml and qa/answering/probe.toml.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from bench import data
from bench.fit import ADVERSARIAL, FOLDS, Fit, fitted
from bench.kept import Kept, Row, code
from bench.plot import plot
from bench.states import packed
from index.build import add_articles
from index.embed import Embedder
from index.records import Article, Filter, Hit
from index.search import search
from index.store import Library
from qa.answering import prompt
from qa.answering.checks.words import words
from qa.answering.decide import CALIBRATION
from qa.answering.draft import checked, confirming, instead, nearest, signalled, split, verbatim
from qa.answering.evidence import Evidence, foremost, select
from qa.answering.premise import unmentioned
from qa.answering.probe import PROBE
from qa.answering.question import parse
from qa.commands.session import Session
from qa.models.engine import LanguageModel

PLOT = Path(__file__).parent.parent / "docs" / "risk-coverage.svg"


def main() -> None:
    """Collect what is missing, fit, report."""
    options = data.options(__doc__)
    options.add_argument(
        "--squad",
        type=int,
        default=300,
        help="answerable and as many unanswerable SQuAD 2 questions, each against the whole set of paragraphs",
    )
    options.add_argument(
        "--away",
        type=int,
        default=75,
        help="how many of the answerable ones are asked again without the article they are about",
    )
    options.add_argument(
        "--clapnq", type=int, default=150, help="answerable and as many unanswerable CLAP NQ questions, passage given"
    )
    options.add_argument(
        "--write",
        action="store_true",
        help="put what was fitted into qa/answering/calibration.toml and qa/answering/probe.toml",
    )
    given = options.parse_args()
    rows = _collected(data.folder(given.data), given.squad, given.away, given.clapnq)
    fit = fitted(rows)
    report = fit.report
    program = code()
    report.append(
        f"{sum(row['program'] != program for row in rows)} of {len(rows)} questions were weighed by another "
        f"state of the program"
    )
    print("\n".join(report))
    if given.write:
        CALIBRATION.write_text(_calibration(fit, given.squad, given.away, given.clapnq), encoding="utf-8")
        PROBE.write_text(_probe(fit, rows[0]["model"]), encoding="utf-8")
        PLOT.write_text(
            plot(fit.drawn, across="coverage: share of the questions answered", up="risk: share of those not right"),
            encoding="utf-8",
        )


def _collected(folder: Path, squad: int, away: int, clapnq: int) -> list[Row]:
    """The rows of all sets; `strange` ones have a name that nothing found mentions."""
    kept, session = Kept("decision"), Session()
    settings = session.settings()
    embedder = session.loaders.embedder(settings)
    load = cache(partial(session.loaders.model, settings))
    with tempfile.TemporaryDirectory() as scratch:
        return [
            kept.once([name, asked.question], partial(_weighed, name, asked, hits, embedder, load))
            | {"strange": bool(unmentioned(asked.question, hits))}
            for name, asked, hits in searched(folder, squad, away, clapnq, embedder, Path(scratch))
        ]


def _weighed(
    name: str, asked: data.Asked, hits: Sequence[Hit], embedder: Embedder, load: Callable[[], LanguageModel]
) -> Row:
    model = load()
    found = list(candidates(asked, hits, embedder, model))
    return {
        "program": code(),
        "model": model.digest,
        "set": name,
        "question": asked.question,
        "answerable": asked.answerable,
        "candidates": found,
    }


def searched(
    folder: Path, squad: int, away: int, clapnq: int, embedder: Embedder, scratch: Path
) -> Iterator[tuple[str, data.Asked, tuple[Hit, ...]]]:
    if squad or away:
        articles, questions = data.squad(folder, squad, seed=0)
        with _library(scratch / "squad", articles, embedder) as library:
            for asked in questions:
                yield ADVERSARIAL, asked, search(parse(asked.question).query, library, embedder)
            for asked in [asked for asked in data.squad(folder, away, seed=0)[1] if asked.answerable]:
                elsewhere = [
                    hit
                    for hit in search(parse(asked.question).query, library, embedder, k=100)
                    if hit.passage.metadata.title != asked.title
                ]
                yield (
                    "SQuAD 2, its article taken away",
                    replace(asked, answerable=False, answers=()),
                    tuple(elsewhere[:8]),
                )
    pairs = data.clapnq(folder, clapnq, seed=0)
    with _library(scratch / "clapnq", list(dict.fromkeys(article for article, _ in pairs)), embedder) as library:
        for article, asked in pairs:
            yield (
                "CLAP NQ",
                asked,
                search(parse(asked.question).query, library, embedder, within=Filter(sources=(article.source,))),
            )


def _library(folder: Path, articles: Sequence[Article], embedder: Embedder) -> Library:
    library = Library.create(folder, embedder)
    add_articles(library, articles, embedder)
    return library


def candidates(asked: data.Asked, hits: Sequence[Hit], embedder: Embedder, model: LanguageModel) -> Iterator[Row]:
    """Every sentence of the draft that passes the checks, and the articles' own that are tried instead, as the pipeline would weigh them."""
    evidence = select(parse(asked.question).query, hits, embedder)
    read = foremost(evidence)
    answerable = model.opinion(prompt.answerable(asked.question, read)).yes
    text = model.generate(prompt.draft(asked.question, read), max_tokens=160).text.strip()
    written = [checked(asked.question, claim, evidence) for claim in split(text)]
    own = [verbatim(item) for item in instead(asked.question, written, evidence, nearest(asked.question, evidence))]
    for found in (*(candidate for candidate in written if candidate.reason is None), *own):
        opinion = model.opinion(confirming(asked.question, found.text, found.attribution))
        signals = signalled(asked.question, found.text, found.attribution, answerable, opinion, model.digest)
        right = is_right(asked, found.text, found.attribution.quotes)
        yield {
            "kind": found.origin,
            "text": found.text,
            "right": right,
            "signals": asdict(signals),
            "state": packed(opinion.state),
        }


def is_right(asked: data.Asked, claim: str, quotes: Sequence[Evidence]) -> bool:
    """SQuAD: the claim holds a gold answer. CLAP NQ: its first quote is one of the gold sentences."""
    said = " ".join(words(claim))
    if any(" ".join(words(answer)) in said for answer in asked.answers if words(answer)):
        return True
    quoted = words(quotes[0].sentence.text)
    return any(
        quoted == words(gold) or (len(quoted) > 3 and set(quoted) <= set(words(gold))) for gold in asked.sentences
    )


def _calibration(fit: Fit, squad: int, away: int, clapnq: int) -> str:
    head = (
        f"# Fitted on {datetime.now(UTC):%Y-%m-%d} by `python -m bench.decision --squad {squad} --away {away} "
        f"--clapnq {clapnq} --write`:\n"
        f"# {2 * squad} questions of SQuAD 2 (dev, half), each against all paragraphs; {away} of them again without "
        f"the article they are about;\n"
        f"# and {2 * clapnq} of CLAP NQ, passage given.\n"
        f"# Figures from {FOLDS} folds, fitted on the others and measured on the one:\n"
    )
    tables = (
        f"\n[{kind}]\n" + "".join(f"{name} = {value:.4f}\n" for name, value in table.items())
        for kind, table in fit.coefficients.items()
    )
    return head + "".join(f"# {line}\n" for line in fit.report) + "".join(tables)


def _probe(fit: Fit, digest: str) -> str:
    """The probe as a file: the scale of the states is made part of its weights."""
    scale, regression = (fit.probe[name] for name in ("standardscaler", "logisticregression"))
    weights = regression.coef_[0] / scale.scale_
    intercept = regression.intercept_[0] - weights @ scale.mean_
    lines = [
        ", ".join(f"{weight:.3g}" for weight in weights[start : start + 16]) for start in range(0, len(weights), 16)
    ]
    return (
        f"# The linear probe of qa/answering/probe.py for {digest}, by bench/decision.py, on the questions that "
        f"qa/answering/calibration.toml names.\n"
        f'model = "{digest}"\nintercept = {intercept:.4f}\nweights = '
        f"[\n" + "".join(f"    {line},\n" for line in lines) + "]\n"
    )


if __name__ == "__main__":
    main()
