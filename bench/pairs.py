"""Public pairs of a text and a sentence, with whether the text says it, as `bench.entailment` measures with.

In train.zip of the data folder: e-SNLI (OanaMariaCamburu/e-SNLI, test), FEVER as covidfact has it (asaakyan/covidfact),
symmetric FEVER (TalSchuster/FeverSymmetric, test), Fool Me Twice (google-research/fool-me-twice, test), SummEdits' news
(salesforce/factualNLG), CG2C (derenlei/FactCG), and sentences of FEVER and Fool Me Twice that code altered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from zipfile import ZipFile

from bench.claims import telling
from index.sentences import sentences

SAYS, DENIES, NEITHER, NOT = 0, 1, 2, -1  # NOT: denies or neither, the set does not say which
SEED = 5
_READ = 3  # sentences of a longer text
_LONG = 60  # words of each
_EVIDENCE = 110  # words of what Fool Me Twice gives
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_FIGURE = re.compile(r"\b\d[\d,.]*\d|\b\d\b")
_LABELS = {"entailment": SAYS, "contradiction": DENIES, "neutral": NEITHER}
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"'}


@dataclass(frozen=True, slots=True)
class Pair:
    """What a text makes of a sentence, and the set it is of."""

    text: str
    sentence: str
    label: int
    origin: str


def pairs(data: Path, count: int) -> list[Pair]:
    """`count` of each set, or all where it has fewer: the same ones every time."""
    draw = Random(SEED)
    with ZipFile(data / "train.zip") as zipped:
        fever, fooled = list(_fever(zipped)), list(_fooled(zipped, "test"))
        said = [pair for pair in (*fever, *fooled) if pair.label == SAYS]
        sets = [
            list(_esnli(zipped, "test")),
            fever,
            list(_symmetric(zipped, "test")),
            fooled,
            list(_summedits(zipped, ("news",))),
            list(_cg2c(zipped)),
            [changed for pair in draw.sample(said, 4 * count) if (changed := _altered(pair, draw))],
        ]
    return [pair for one in sets for pair in draw.sample(one, min(count, len(one)))]


def said_pairs(data: Path) -> list[Pair]:
    """Those of FEVER, symmetric FEVER, Fool Me Twice and SummEdits' news whose text says the sentence, shuffled: the same every time."""
    with ZipFile(data / "train.zip") as zipped:
        sets = (
            _fever(zipped),
            _symmetric(zipped, "test"),
            _fooled(zipped, "test"),
            _summedits(zipped, ("news",)),
        )
        said = [pair for one in sets for pair in one if pair.label == SAYS]
    return Random(SEED).sample(said, len(said))


def _esnli(zipped: ZipFile, part: str) -> Iterator[Pair]:
    columns = (
        _lines(zipped, f"OanaMariaCamburu/e-SNLI/dataset/eSNLI/{name}.{part}") for name in ("s1", "s2", "labels")
    )
    for text, sentence, label in zip(*columns, strict=True):
        yield Pair(text.strip(), sentence.strip(), _LABELS[label.strip()], "e-SNLI")


def _symmetric(zipped: ZipFile, part: str) -> Iterator[Pair]:
    for line in _lines(zipped, f"TalSchuster/FeverSymmetric/symmetric_v0.2/fever_symmetric_{part}.jsonl"):
        row = json.loads(line)
        if row["gold_label"] in ("SUPPORTS", "REFUTES"):
            label = SAYS if row["gold_label"] == "SUPPORTS" else DENIES
            yield Pair(_clean(row["evidence"]), _clean(row["claim"]), label, "symmetric FEVER")


def _fever(zipped: ZipFile) -> Iterator[Pair]:
    names = ("raw.input0", "raw.input1", "label")
    columns = (_lines(zipped, f"asaakyan/covidfact/RTE-Fever/processed/dev.{name}") for name in names)
    for text, sentence, label in zip(*columns, strict=True):
        claim = _clean(sentence)
        yield Pair(_nearest(_clean(text), claim), claim, SAYS if label.strip() == "entailment" else NOT, "FEVER")


def _fooled(zipped: ZipFile, part: str) -> Iterator[Pair]:
    for line in _lines(zipped, f"google-research/fool-me-twice/dataset/{part}.jsonl"):
        row = json.loads(line)
        evidence = " ".join(one["text"] for one in row["gold_evidence"])
        label = SAYS if row["label"] == "SUPPORTS" else DENIES
        yield Pair(" ".join(evidence.split()[:_EVIDENCE]), row["text"], label, "Fool Me Twice")


def _summedits(zipped: ZipFile, names: tuple[str, ...]) -> Iterator[Pair]:
    for name in names:
        for row in json.loads(zipped.read(f"salesforce/factualNLG/data/summedits/summedits_{name}.json")):
            text = _nearest(re.sub(r"\s+", " ", row["doc"]), row["summary"])
            yield Pair(text, row["summary"], SAYS if row["label"] == 1 else NOT, f"SummEdits {name}")


def _cg2c(zipped: ZipFile) -> Iterator[Pair]:
    for line in _lines(zipped, "derenlei/FactCG/data/training_stage2/CG2C_doc.json"):
        row = json.loads(line)
        claim = row["text_b"][0]
        text = _nearest(re.sub(r"\s+", " ", row["text_a"]), claim)
        yield Pair(text, claim, SAYS if row["orig_label"] == 1 else NOT, "CG2C")


def _altered(pair: Pair, draw: Random) -> Pair | None:
    """A sentence with another figure or name of its text in the place of one of its own, or with two names changed over."""
    claim = pair.sentence
    own, theirs = _FIGURE.findall(claim), _FIGURE.findall(pair.text)
    figures = [
        claim.replace(mine, other, 1)
        for mine in own
        for other in theirs
        if other not in own and mine != other and (len(mine) == len("2020")) == (len(other) == len("2020"))
    ]
    mine, others = _NAME.findall(claim), _NAME.findall(pair.text)
    names = [
        claim.replace(name, other, 1)
        for name in mine
        for other in others
        if other not in claim and not set(name.split()) & set(other.split())
    ]
    if len(set(mine)) > 1:
        first, last = mine[0], mine[-1]
        if first != last and not re.search(rf"{re.escape(first)},? (and|or) {re.escape(last)}", claim):
            names.append(claim.replace(first, "\0", 1).replace(last, first, 1).replace("\0", last, 1))
    if not figures and not names:
        return None
    among = figures if figures and (not names or draw.random() < 0.5) else names
    return Pair(pair.text, draw.choice(among), NOT, "altered")


def _nearest(text: str, claim: str) -> str:
    """The sentences of a text that hold most of a claim's words, in their order."""
    parts = _sentences(text)
    chosen = range(len(parts)) if len(parts) <= _READ else sorted(telling(claim, parts, most=_READ))
    return " ".join(" ".join(parts[place].split()[:_LONG]) for place in chosen)


def _sentences(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text, 0, len(text))]


def _clean(text: str) -> str:
    """A text of FEVER as one would write it: its brackets, quotation marks and blanks are those of a tokeniser."""
    for written, meant in _BRACKETS.items():
        text = text.replace(written, meant)
    text = re.sub(r"\s+([.,;:!?)\]])", r"\1", text)
    text = re.sub(r"([(\[])\s+", r"\1", text)
    return re.sub(r" (n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text).strip()


def _lines(zipped: ZipFile, name: str) -> list[str]:
    return zipped.read(name).decode("utf-8").splitlines()
