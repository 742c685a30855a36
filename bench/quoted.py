"""Measures whether attribution quotes the sentences that people marked, on CLAP NQ: `python -m bench.quoted`.

The gold answers are attributed to the gold passages; no model is asked.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bench import data
from bench.claims import clapnq
from index.sentences import sentences
from qa.answering.checks.attribute import attribute
from qa.answering.evidence import Evidence


def main() -> None:
    """Print the table."""
    options = data.options(__doc__)
    print(quoted(data.folder(options.parse_args().data)))


def quoted(folder: Path) -> str:
    """Precision, recall and F1 of the sentences that attribution quotes for the gold answers of CLAP NQ, against the marked ones."""
    chosen: dict[str, list[frozenset[str]]] = {"accepted claims": [], "all claims": []}
    reasons: Counter[str] = Counter()
    questions = clapnq(folder)
    for gold in questions:
        evidence = [Evidence(sentence, gold.passage, 0.0) for sentence in gold.passage.sentences]
        found = [
            attribute(claim.text, evidence, question=gold.question)
            for claim in sentences(gold.answer, 0, len(gold.answer))
        ]
        reasons.update((one.reason or "accepted").partition(":")[0] for one in found)
        for name, some in (("accepted claims", [one for one in found if one.reason is None]), ("all claims", found)):
            chosen[name].append(frozenset(quote.sentence.text for one in some for quote in one.quotes))
    lines = [
        f"CLAP NQ, {len(questions)} gold answers, {sum(reasons.values())} sentences",
        f"{'quotes of':18} {'precision':>9} {'recall':>7} {'F1':>6}",
    ]
    for name, quotes in chosen.items():
        right = sum(len(one & gold.marked) for one, gold in zip(quotes, questions, strict=True))
        precision, recall = right / sum(map(len, quotes)), right / sum(len(gold.marked) for gold in questions)
        lines.append(f"{name:18} {precision:9.3f} {recall:7.3f} {2 * precision * recall / (precision + recall):6.3f}")
    return "\n".join([*lines, *(f"  {count:4} {reason}" for reason, count in reasons.most_common())])


if __name__ == "__main__":
    main()
