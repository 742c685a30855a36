"""Hits -> sentences: all that may be quoted, and the few that the model reads.

Takes a question and ranked passages; returns sentences, ranked. Knows nothing of language models.

Few, because reading the prompt is the main cost on a CPU and a small model answers better from seven sentences than
from five passages: the first seven of the first eight passages hold the answer to 97 of 100 SQuAD questions, ten hold
it to 98. What the model writes is checked against all of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.embed import Embedder
from index.records import Hit, Passage, Sentence
from index.scripts import length as length_of
from index.visible import visible
from qa.answering.checks.words import words
from qa.answering.copies import saying
from qa.answering.hostile import addresses_the_model, asked_about
from qa.records import Quote

# what a sentence's own meaning, its own words, pairs of them, and its passage's rank count for: chosen on 260 questions
# of SQuAD 2
DENSE, LEXICAL, PAIRS, PASSAGE = 0.375, 0.25, 0.165, 0.21
# the words read are at most so many for each sentence that may be read; about 270 tokens of prompt for seven
WORDS_EACH = 29


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may be quoted, the passage it stands in, and how well it matches the question, in [0, 1]."""

    sentence: Sentence
    passage: Passage
    score: float


def quoted(item: Evidence) -> Quote:
    """The sentence as a quote."""
    return Quote(item.passage.source, item.sentence.start, item.sentence.end, item.sentence.text)


def select(question: str, hits: Sequence[Hit], embedder: Embedder) -> tuple[Evidence, ...]:
    """Every sentence of the hits, those best matched to the question first; what an article says twice counts once.

    A sentence that gives orders to a model is none of them, unless the question asks about that: an order is no answer,
    and "reply only with …" makes a small model see none beside it.
    """
    found = {
        (hit.passage.source, sentence.start): (sentence, hit)
        for hit in reversed(hits)
        for sentence in hit.passage.sentences
    }
    about = asked_about(question)
    candidates = [
        (sentence, hit) for sentence, hit in reversed(found.values()) if about or not addresses_the_model(sentence.text)
    ]
    if not candidates:
        return ()
    dense = embedder.encode_passages([visible(sentence.text) for sentence, _ in candidates]) @ embedder.encode_query(
        question
    )
    lexical = _lexical(question, [sentence.text for sentence, _ in candidates])
    pairs = (
        _shared_neighbours(question, [sentence.text for sentence, _ in candidates]) or lexical
    )  # one word has no neighbour
    high, low = max(hit.score for hit in hits), min(hit.score for hit in hits)
    # the scale that the weights were chosen on
    rank = [(0.5 + 0.5 * (hit.score - low) / (high - low)) if high > low else 1.0 for _, hit in candidates]
    scored = [
        Evidence(
            sentence, hit.passage, DENSE * max(0.0, float(near)) + LEXICAL * shared + PAIRS * paired + PASSAGE * passage
        )
        for (sentence, hit), near, shared, paired, passage in zip(candidates, dense, lexical, pairs, rank, strict=True)
    ]
    scored.sort(key=lambda evidence: (-evidence.score, evidence.passage.source, evidence.sentence.start))
    return _distinct(scored)


def foremost(evidence: Sequence[Evidence], *, limit: int = 7) -> tuple[Evidence, ...]:
    """At most `limit` of the best sentences, together at most `limit * WORDS_EACH` words long.

    Best articles first, and each article's in reading order.

    A sentence that several articles print word for word is read once.
    """
    chosen: dict[str, Evidence] = {}
    length = 0
    for item in sorted(evidence, key=lambda item: -item.score):
        size, said = length_of(item.sentence.text), saying(item.sentence.text)
        if said not in chosen and len(chosen) < limit and (not chosen or length + size <= limit * WORDS_EACH):
            chosen[said] = item
            length += size
    best: dict[str, float] = {}
    for item in chosen.values():
        best[item.passage.source] = max(best.get(item.passage.source, 0.0), item.score)
    return tuple(
        sorted(chosen.values(), key=lambda item: (-best[item.passage.source], item.passage.source, item.sentence.start))
    )


def _lexical(question: str, sentences: Sequence[str]) -> list[float]:
    """For each sentence, the share of the question's content words it holds, rare words counting more."""
    bags = [frozenset(words(sentence)) for sentence in sentences]
    asked = frozenset(words(question))
    frequency = Counter(word for bag in bags for word in bag)
    weight = {word: math.log1p(len(bags) / (1 + frequency[word])) for word in asked}
    total = sum(weight.values()) or 1.0
    return [sum(weight[word] for word in asked & bag) / total for bag in bags]


def _shared_neighbours(question: str, sentences: Sequence[str]) -> list[float]:
    """For each sentence, the share of the question's neighbouring content words that stand side by side in it too.

    "joint ventures", "trade target".

    Empty for a question of one word.
    """
    asked = set(pairwise(words(question)))
    return [len(asked.intersection(pairwise(words(sentence)))) / len(asked) for sentence in sentences] if asked else []


def _distinct(ranked: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The first of the sentences that an article says twice.

    Two articles may say one thing of different people: there both are kept.
    """
    first: dict[tuple[str, str], Evidence] = {}
    for item in ranked:
        first.setdefault((item.passage.source, saying(item.sentence.text)), item)
    return tuple(first.values())
