"""Measures how well the answering model tells whether a text says a sentence, beside rules: `python -m bench.entailment`.

The model is asked as `qa cite` asks it (`qa.answering.prompt.said`), and nothing is fitted. On public pairs
(`bench.pairs`): area under the curve of its P(yes); then for each rule of `qa.answering.checks` how many sentences that a
text does not say it turns down, how many that the text says, and how many of the former the model would turn down at as
many of the latter. `--exchanged N`: of N sentences that their texts say, and of the same with a figure or a name of the
text in the place of one of their own, how many does `qa.citing.exchanged` tell? What the model reads is kept by prompt
(`bench/recorded.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from bench import data
from bench.pairs import SAYS, Pair, pairs, said_pairs
from bench.recorded import Recorded
from index.records import Metadata, Passage, Sentence
from index.sentences import sentences
from qa.answering import prompt
from qa.answering.checks.attribute import missing
from qa.answering.checks.hedges import unhedged
from qa.answering.checks.relations import turned
from qa.answering.checks.unsaid import unsaid
from qa.answering.evidence import Evidence
from qa.citing.exchanged import alternatives, exchanged
from qa.commands.session import Session
from qa.models.engine import LanguageModel

Rule = Callable[[str, Sequence[str]], object]
RULES: tuple[tuple[str, Rule], ...] = (
    ("who does what", lambda said, quotes: turned(said, quotes) == "it turns round who does what"),
    ("whose figure", lambda said, quotes: turned(said, quotes) == "its quote says that of another figure"),
    ("hedges", lambda said, quotes: unhedged(said, quotes[0])),
    ("unsaid words", unsaid),
    ("figures, names, dates", missing),
)
LEAST = (0.3, 0.5)


def main() -> None:
    """Ask what was not asked before and print the tables."""
    options = data.options(__doc__)
    options.add_argument("--pairs", type=int, default=100, help="of each set")
    options.add_argument("--exchanged", type=int, default=0, help="measure that instead, on so many sentences")
    given = options.parse_args()
    session = Session()
    settings = session.settings()
    model = Recorded(cache(partial(session.loaders.model, settings)))
    if given.exchanged:
        _exchanged(said_pairs(data.folder(given.data)), given.exchanged, model)
        return
    measured = pairs(data.folder(given.data), given.pairs)
    yes = []
    for number, pair in enumerate(measured):
        yes.append(model.opinion(prompt.said(pair.sentence, quotes(pair))).yes)
        print(f"\r{number + 1} of {len(measured)} read", end="", file=sys.stderr, flush=True)
    says = np.array(yes)
    print()
    for origin in dict.fromkeys(pair.origin for pair in measured):
        chosen = np.array([pair.origin == origin for pair in measured])
        _report(origin, [pair for pair in measured if pair.origin == origin], says[chosen])
    _report("all", measured, says)


def _exchanged(among: Sequence[Pair], count: int, model: LanguageModel) -> None:
    def says(claim: str, told: Sequence[Evidence]) -> float:
        return model.opinion(prompt.said(claim, told)).yes

    right, wrong = [], []
    for pair in among:
        told = quotes(pair)
        other = next(alternatives(pair.sentence, [item.sentence.text for item in told]), None)
        if other is None:
            continue
        altered = pair.sentence.replace(*other, 1)
        right.append(exchanged(pair.sentence, told, says, says(pair.sentence, told)) is not None)
        wrong.append(exchanged(altered, told, says, says(altered, told)) is not None)
        print(f"\r{len(right)} of {count}", end="", file=sys.stderr, flush=True)
        if len(right) == count:
            break
    print(f"\nof {len(right)} sentences told {sum(right)}; of as many with one exchanged {sum(wrong)}")


def quotes(pair: Pair) -> list[Evidence]:
    """The sentences of a pair's text, as those of an article without a title."""
    found = tuple(Sentence(one.start, one.end, one.text) for one in sentences(pair.text, 0, len(pair.text)))
    passage = Passage(0, "pair", 0, len(pair.text), pair.text, None, found, Metadata())
    return [Evidence(one, passage, 0.0) for one in found]


def _report(origin: str, chosen: Sequence[Pair], says: Any) -> None:
    truth = np.array([pair.label == SAYS for pair in chosen])
    area = f"{roc_auc_score(truth, says):.3f}" if truth.any() and not truth.all() else "-"
    print(f"{origin}: {truth.sum()} said, {(~truth).sum()} not; area under the curve {area}")
    for least in LEAST:
        print(
            f"  below {least}: {_share(says < least, ~truth)} of what is not said, {_share(says < least, truth)} of what is"
        )
    for name, rule in RULES:
        texts = [[item.sentence.text for item in quotes(pair)] for pair in chosen]
        down = np.array([bool(rule(pair.sentence, quoted)) for pair, quoted in zip(chosen, texts, strict=True)])
        wrongly = int(down[truth].sum())
        least = np.sort(says[truth])[wrongly] if wrongly < truth.sum() else 1.0
        print(
            f"  {name:24} turns down {_share(down, ~truth)} of what is not said, {_share(down, truth)} of what is;"
            f" the model at as many of these: {_share(says < least, ~truth)}"
        )


def _share(down: Any, of: Any) -> str:
    return f"{down[of].mean():.3f}" if of.any() else "-"


if __name__ == "__main__":
    main()
