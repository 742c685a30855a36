"""Hits -> the few sentences worth reading. In go a question and ranked passages, out comes a short list of sentences in reading order.

Short, because reading the prompt is the main cost on a CPU and because a small model answers better from ten sentences than from five passages.
Knows nothing of language models.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.embed import Embedder
from index.records import Hit, Passage, Sentence
from qa.checks.words import normalise, words

DENSE, LEXICAL, PASSAGE = 0.45, 0.30, 0.25  # what a sentence's own meaning, its own words, and its passage's rank count for
MAX_WORDS = 320  # about 430 tokens of prompt


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may be quoted, the passage it stands in, and how well it matches the question, in [0, 1]."""

    sentence: Sentence
    passage: Passage
    score: float


def select(question: str, hits: Sequence[Hit], embedder: Embedder, *, limit: int = 10) -> tuple[Evidence, ...]:
    """At most `limit` sentences, best articles first and each article's in reading order."""
    candidates = list({(hit.passage.source, sentence.start): (sentence, hit) for hit in reversed(hits) for sentence in hit.passage.sentences}.values())[::-1]
    if not candidates:
        return ()
    dense = embedder.encode_passages([sentence.text for sentence, _ in candidates]) @ embedder.encode_query(question)
    lexical = _lexical(question, [sentence.text for sentence, _ in candidates])
    best_hit = max(hit.score for hit in hits) or 1.0
    scored = [
        Evidence(sentence, hit.passage, DENSE * max(0.0, float(near)) + LEXICAL * shared + PASSAGE * hit.score / best_hit)
        for (sentence, hit), near, shared in zip(candidates, dense, lexical, strict=True)
    ]
    scored.sort(key=lambda evidence: (-evidence.score, evidence.passage.source, evidence.sentence.start))
    return _in_reading_order(_fitting(scored, limit))


def _lexical(question: str, sentences: Sequence[str]) -> list[float]:
    """For each sentence, the share of the question's content words it holds, rare words counting more."""
    bags = [frozenset(words(sentence)) for sentence in sentences]
    asked = frozenset(words(question))
    frequency = Counter(word for bag in bags for word in bag)
    weight = {word: math.log1p(len(bags) / (1 + frequency[word])) for word in asked}
    total = sum(weight.values()) or 1.0
    return [sum(weight[word] for word in asked & bag) / total for bag in bags]


def _fitting(ranked: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The first `limit` that are not copies of one another and together stay within `MAX_WORDS`."""
    chosen: list[Evidence] = []
    seen: set[str] = set()
    length = 0
    for evidence in ranked:
        key = " ".join(re.findall(r"\w+", normalise(evidence.sentence.text).casefold()))
        size = len(evidence.sentence.text.split())
        if key in seen or (chosen and length + size > MAX_WORDS):
            continue
        seen.add(key)
        chosen.append(evidence)
        length += size
        if len(chosen) == limit:
            break
    return chosen


def _in_reading_order(chosen: Sequence[Evidence]) -> tuple[Evidence, ...]:
    best: dict[str, float] = {}
    for evidence in chosen:
        best[evidence.passage.source] = max(best.get(evidence.passage.source, 0.0), evidence.score)
    return tuple(sorted(chosen, key=lambda evidence: (-best[evidence.passage.source], evidence.passage.source, evidence.sentence.start)))
