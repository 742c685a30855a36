"""The same questions asked of a model through two engines: what is right, and where and why their answers differ.

In: questions with expected answers, and models. Out: lines. The model of this disk is asked a second time without what
only it can tell, the state of `Opinion` and how sure its words are, which no server tells: then the prompts, the rules
and the weights are the same, and what differs is how the numbers were rounded.
"""

from __future__ import annotations

import hashlib
import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path

from bench.kept import Kept, Row, code
from index.embed import Embedder
from qa.answering.answer import Assistant, answer
from qa.commands.asking import opened
from qa.evaluate import evaluate
from qa.expectations import Expectation, expectations
from qa.models.engine import Generation, LanguageModel, Message, Opinion
from qa.questions.read import read
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
class Told:
    """How one question went: the answer as it is shown, and what the model replied on the way to it."""

    question: str
    expected: str
    verdict: str
    status: str
    answer: str
    cited: tuple[tuple[str, int, int], ...]
    confidence: float
    seconds: float
    said: Said

    def shown(self) -> tuple[object, ...]:
        """What a person sees of it."""
        return self.status, self.answer, self.cited


@dataclass(frozen=True, slots=True)
class Run:
    """How the questions of a file went with one model."""

    name: str
    told: tuple[Told, ...]

    def summary(self) -> str:
        """One line: right, refused, wrong, and seconds."""
        counts = ", ".join(
            f"{verdict} {sum(one.verdict == verdict for one in self.told)}" for verdict in ("right", "refused", "wrong")
        )
        unanswerable = [one for one in self.told if one.expected == "unanswered"]
        seconds = [one.seconds for one in self.told]
        return (
            f"{self.name}: {len(self.told)} questions, {counts}; of {len(unanswerable)} without an answer refused "
            f"{sum(one.verdict == 'right' for one in unanswerable)}; median {statistics.median(seconds):.1f} s, "
            f"all {sum(seconds):.0f} s"
        )


def asked(
    file: Path, settings: Settings, embedder: Embedder, model: LanguageModel, name: str, *, blind: bool = False
) -> Run:
    """Ask the library of the settings every question of a file; what was asked before is kept."""
    expected = expectations(read(file.read_bytes(), name=file.name), file.name)
    kept, noted = Kept("servers"), Noted(model, blind)

    def outcome(one: Expectation) -> Row:
        noted.said = {}
        (found,) = evaluate([one], lambda question, within: answer(question, assistant, within=within), library)
        told = found.answer
        cited = tuple((each.source, each.start, each.end) for each in told.citations)
        return asdict(
            Told(
                one.question, one.status, found.grade, told.status, told.answer, cited, told.confidence, found.seconds, noted.said
            )
        )  # fmt: skip

    with opened(settings) as library:
        assistant = Assistant(library, embedder, noted, settings)
        rows = [kept.once([code(), model.digest, blind, one.question], partial(outcome, one)) for one in expected]
    return Run(name, tuple(_told(row) for row in rows))


def _told(row: Row) -> Told:
    fields = {field: value for field, value in row.items() if field != "key"}
    return Told(**(fields | {"cited": tuple(map(tuple, row["cited"]))}))


def differences(one: Run, other: Run) -> Iterator[str]:
    """How many answers are the same, how far the replies to the same prompts differ, and every answer that differs."""
    pairs = list(zip(one.told, other.told, strict=True))
    differing = [pair for pair in pairs if pair[0].shown() != pair[1].shown()]
    same = f"{len(pairs) - len(differing)} of {len(pairs)} answers are the same, letter for letter"
    yield f"{one.name} against {other.name}: {same}"
    yield f"  {_agreement([(first.said, second.said) for first, second in pairs])}"
    for first, second in differing:
        yield f"  {first.question}"
        for run, told in ((one, first), (other, second)):
            answered = " ".join(told.answer.split())
            yield f"    {run.name}: {told.verdict}, {told.status}, confidence {told.confidence:.2f}: {answered}"
        yield f"    {_agreement([(first.said, second.said)])}"
        for key in first.said.keys() & second.said.keys():
            if isinstance(first.said[key], str) and first.said[key] != second.said[key]:
                yield f"    to the same prompt: “{first.said[key]}”, and “{second.said[key]}”"


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
