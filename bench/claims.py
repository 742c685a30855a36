"""Public claims with what they were checked against, as the benches read them.

AttributionBench, WiCE and the gold answers of CLAP NQ.

AttributionBench: OSU-NLP-Group/AttributionBench, dev. WiCE: ryokamoi/wice, claims of the dev set, oracle chunks. CLAP
NQ: primeqa/clapnq.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.records import Metadata, Passage, Sentence
from index.sentences import sentences
from qa.answering.checks.words import has_word, words

QUOTES = 4  # at most
GAIN = 0.05  # the least share of the claim's words that one more quote must add
LONG = 70  # words; a "sentence" beyond that is a list or a table, and is cut for the models
_MARKS = re.compile(r"\s*\[\d+(?:,\s*\d+)*\]|\*\*|</s>")
_ADDRESS = re.compile(r"^\[\d+\]\s*\S+\s*\n")
_FIELD = re.compile(r"^(?:Title|Section|Text): ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, whether its reference supports it in full, and the reference's sentences.

    Claims of one `group` stay in one fold.
    """

    number: str
    origin: str
    group: str
    question: str
    text: str
    supported: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """A question of CLAP NQ, its passage cut as the annotators saw it, the gold answer and the sentences they marked."""

    question: str
    passage: Passage
    answer: str
    marked: frozenset[str]


def attributionbench(data: Path) -> list[Claim]:
    """The dev set: 1,198 claims of four origins, half of them supported; a group is all that was said on one question."""
    return [
        Claim(
            number=f"attributionbench {number}",
            origin=row["src_dataset"],
            group=row["question"],
            question=row["question"],
            text=_MARKS.sub("", row["claim"]).strip(),
            supported=row["attribution_label"] == "attributable",
            sentences=tuple(
                dict.fromkeys(sentence for reference in row["references"] for sentence in _sentences(reference))
            ),
        )
        for number, row in enumerate(_rows(data / "attributionbench_dev.jsonl"))
    ]


def wice(data: Path) -> list[Claim]:
    """The dev set: 1,043 pairs of a claim and a web page's sentences; partial support counts as none.

    A group is one claim.
    """
    return [
        Claim(
            number=f"wice {number}",
            origin="WiCE",
            group=row["meta"]["id"],
            question=f"What is said of {row['meta']['claim_title']}?",  # for the model: the set has no questions
            text=row["claim"],
            supported=row["label"] == "supported",
            sentences=tuple(dict.fromkeys(row["evidence"])),
        )
        for number, row in enumerate(_rows(data / "wice_claim_dev.jsonl"))
    ]


def clapnq(data: Path) -> list[Gold]:
    """The 150 answerable questions."""
    found = []
    for number, row in enumerate(_rows(data / "clapnq_answerable.jsonl")):
        told, gold = row["passages"][0], row["output"][0]
        whole, cut = _placed([sentence.strip() for sentence in told["sentences"]])
        passage = Passage(number, f"clapnq {number}", 0, len(whole), whole, None, cut, Metadata(title=told["title"]))
        found.append(
            Gold(
                row["input"],
                passage,
                gold["answer"],
                frozenset(sentence.strip() for sentence in gold["selected_sentences"]),
            )
        )
    return found


def few(claim: str, among: Sequence[str]) -> tuple[str, ...]:
    """The sentence that holds most of the claim's words, and those that add most to it.

    At most `QUOTES`, as a citation would have them.
    """
    return tuple(" ".join(among[place].split()[:LONG]) for place in telling(claim, among, most=QUOTES, gain=GAIN))


def telling(claim: str, among: Sequence[str], *, most: int, gain: float = 0.0) -> list[int]:
    """The places of at most so many sentences, each of which adds a word of the claim, and `gain` of its words."""
    said = list(dict.fromkeys(words(claim)))
    bags = [frozenset(words(sentence)) for sentence in among]
    holds = [frozenset(word for word in said if has_word(word, bag)) for bag in bags]
    chosen: list[int] = []
    held: frozenset[str] = frozenset()
    for _ in range(min(most, len(among))):
        best = max(
            (place for place in range(len(among)) if place not in chosen),
            key=lambda place: (len(holds[place] - held), -len(bags[place])),
        )
        if chosen and len(holds[best] - held) < max(1.0, gain * len(said)):
            break
        chosen.append(best)
        held |= holds[best]
    return chosen


def _sentences(reference: str) -> list[str]:
    """The sentences of a reference without the number, address and field names before its text."""
    text = _FIELD.sub("", _ADDRESS.sub("", reference))
    return [sentence.text for line in text.splitlines() for sentence in sentences(line, 0, len(line))]


def _placed(parts: Sequence[str]) -> tuple[str, tuple[Sentence, ...]]:
    """Sentences as one text, a space between them, and where each stands in it."""
    placed: list[Sentence] = []
    at = 0
    for part in parts:
        placed.append(Sentence(at, at + len(part), part))
        at += len(part) + 1
    return " ".join(parts), tuple(placed)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
