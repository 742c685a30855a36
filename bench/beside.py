"""The same questions asked of a model through two engines: what is right, and where and why their answers differ.

In: questions with expected answers, and models. Out: lines. The model of this disk is asked a second time without what
only it can tell, the state of `Opinion` and how sure its words are, which no server tells: then the prompts, the rules
and the weights are the same, and what differs is how the numbers were rounded.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from index.embed import Embedder
from index.records import Filter
from qa.answering.answer import Assistant, answer
from qa.commands.asking import opened
from qa.evaluate import Outcome, evaluate
from qa.expectations import expectations
from qa.models.engine import Generation, LanguageModel, Message, Opinion
from qa.questions.read import read
from qa.records import Answer
from qa.settings import Settings

Said = dict[str, str | float]  # what was replied to each prompt: words, or P(Yes)


@dataclass(slots=True)
class Noted:
    """A model that notes what it says; `blind` without what a server does not tell."""

    model: LanguageModel
    blind: bool = False
    said: Said = field(default_factory=dict)
    name: str = field(init=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        self.name, self.digest = self.model.name, self.model.digest

    def generate(
        self, messages: Sequence[Message], *, max_tokens: int, on_text: Callable[[str], bool] | None = None
    ) -> Generation:
        made = self.model.generate(messages, max_tokens=max_tokens, on_text=on_text)
        self.said[_key(messages, max_tokens)] = made.text
        return replace(made, sure=None) if self.blind else made

    def opinion(self, messages: Sequence[Message]) -> Opinion:
        found = self.model.opinion(messages)
        self.said[_key(messages, 0)] = found.yes
        return Opinion(found.yes) if self.blind else found


@dataclass(frozen=True, slots=True)
class Run:
    """How the questions of a file went with one model; `said` is what it replied for each of them."""

    name: str
    outcomes: tuple[Outcome, ...]
    said: tuple[Said, ...]

    def summary(self) -> str:
        """One line: right, refused, wrong, and seconds."""
        counts = ", ".join(
            f"{verdict} {sum(one.verdict == verdict for one in self.outcomes)}"
            for verdict in ("right", "refused", "wrong")
        )
        unanswerable = [one for one in self.outcomes if one.expectation.status == "unanswered"]
        seconds = [one.seconds for one in self.outcomes]
        return (
            f"{self.name}: {len(self.outcomes)} questions, {counts}; of {len(unanswerable)} without an answer refused "
            f"{sum(one.verdict == 'right' for one in unanswerable)}; median {statistics.median(seconds):.1f} s, "
            f"all {sum(seconds):.0f} s"
        )


def asked(
    file: Path, settings: Settings, embedder: Embedder, model: LanguageModel, name: str, *, blind: bool = False
) -> Run:
    """Ask the library of the settings every question of a file."""
    expected = expectations(read(file.read_bytes(), name=file.name), file.name)
    noted, said, outcomes = Noted(model, blind), list[Said](), list[Outcome]()

    def one(question: str, within: Filter) -> Answer:
        noted.said = {}
        said.append(noted.said)
        return answer(question, assistant, within=within)

    with opened(settings) as library:
        assistant = Assistant(library, embedder, noted, settings)
        for outcome in evaluate(expected, one, library):
            outcomes.append(outcome)
            print(f"\r{name}: {len(outcomes)} of {len(expected)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return Run(name, tuple(outcomes), tuple(said))


def differences(one: Run, other: Run) -> Iterator[str]:
    """How many answers are the same, how far the replies to the same prompts differ, and every answer that differs."""
    pairs = list(zip(one.outcomes, other.outcomes, one.said, other.said, strict=True))
    differing = [pair for pair in pairs if _shown(pair[0]) != _shown(pair[1])]
    yield f"{one.name} against {other.name}: {len(pairs) - len(differing)} of {len(pairs)} answers are the same, letter for letter"
    yield f"  {_agreement([(mine, theirs) for *_, mine, theirs in pairs])}"
    for first, second, mine, theirs in differing:
        yield f"  {first.expectation.id or ''} {first.expectation.question}"
        for run, outcome in ((one, first), (other, second)):
            told = outcome.answer
            yield f"    {run.name}: {outcome.verdict}, {told.status}, confidence {told.confidence:.2f}: {' '.join(told.answer.split())}"
        yield f"    {_agreement([(mine, theirs)])}"
        for key in mine.keys() & theirs.keys():
            if isinstance(mine[key], str) and mine[key] != theirs[key]:
                yield f"    to the same prompt: “{mine[key]}”, and “{theirs[key]}”"


def _shown(outcome: Outcome) -> tuple[object, ...]:
    told = outcome.answer
    return told.status, told.answer, [(each.source, each.start, each.end) for each in told.citations]


def _agreement(said: Sequence[tuple[Said, Said]]) -> str:
    """What both replied to the prompts that both were given."""
    shared = list(chain.from_iterable(((a[key], b[key]) for key in a.keys() & b.keys()) for a, b in said))
    apart = [abs(a - b) for a, b in shared if isinstance(a, float) and isinstance(b, float)]
    words = [a == b for a, b in shared if isinstance(a, str)]
    alone = sum(len(a.keys() ^ b.keys()) for a, b in said)
    told = f"P(Yes) of {len(apart)} prompts " + (
        f"differs by {statistics.median(apart):.3f} in the median and {max(apart):.3f} at most" if apart else ""
    )
    return f"{sum(words)} of {len(words)} replies in words are the same; {told}; {alone} prompts were put to one alone"


def _key(messages: Sequence[Message], tokens: int) -> str:
    told = json.dumps([tokens, [(message.role, message.content) for message in messages]])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
