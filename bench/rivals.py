"""Measures the check that another figure of the sentence fits the question better: `python -m bench.rivals`.

On SQuAD 2's questions for a figure or a time whose sentence holds several of a kind: how often the check turns down the
gold figure, which is wrong, and how often another figure of the sentence, had a draft taken that one. No model is
asked. The check's two numbers were chosen on these questions. Baseline: only the first figure of the sentence is right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import data
from index.sentences import sentences
from qa.answering.checks.expected import kind
from qa.answering.checks.facts import facts
from qa.answering.checks.figures import Number, of_a_kind
from qa.answering.checks.rivals import rival
from qa.answering.checks.tokens import tokens


def main() -> None:
    """Print the table."""
    options = data.options(__doc__)
    given = options.parse_args()
    cases = list(_cases(data.folder(given.data)))
    pairs = [(question, gold, other, sentence) for question, gold, others, sentence in cases for other in others]
    right = sum(rival(question, str(gold), [sentence]) is not None for question, gold, _, sentence in cases)
    wrong = sum(rival(question, str(other), [sentence]) is not None for question, _, other, sentence in pairs)
    first = sum(_place(gold, sentence) == _first(gold, others, sentence) for _, gold, others, sentence in cases)
    later = sum(
        _place(other, sentence) > _first(gold, others, sentence)
        for _, gold, others, sentence in cases
        for other in others
    )
    print(f"{len(cases)} questions whose sentence holds several figures of a kind, {len(pairs)} wrong figures")
    print(f"turned down: the right figure {right / len(cases):.1%}, a wrong one {wrong / len(pairs):.1%}")
    print(
        f"baseline, turning down all but the first figure: the right one {1 - first / len(cases):.1%}, a wrong "
        f"one {later / len(pairs):.1%}"
    )


def _cases(folder: Path) -> Iterator[tuple[str, Number, list[Number], str]]:
    """(question, the gold figure, the sentence's other figures of its kind, the sentence)."""
    for group in json.loads((folder / "squad2_dev_half.json").read_text(encoding="utf-8"))["data"]:
        for paragraph in group["paragraphs"]:
            told = sentences(paragraph["context"], 0, len(paragraph["context"]))
            for entry in paragraph["qas"]:
                if entry["is_impossible"] or kind(entry["question"]) not in ("figure", "time"):
                    continue
                answer = entry["answers"][0]
                sentence = next((one.text for one in told if one.start <= answer["answer_start"] < one.end), "")
                known, gold = facts(entry["question"]).numbers, facts(answer["text"]).numbers
                written = [token.value for token in tokens(sentence) if isinstance(token.value, Number)]
                right = next((number for number in written if number in gold - known), None)
                if right is not None:
                    others = [
                        number
                        for number in dict.fromkeys(written)
                        if number not in gold | known and of_a_kind(number, right)
                    ]
                    if others:
                        yield entry["question"], right, others, sentence


def _place(number: Number, sentence: str) -> int:
    return next(place for place, token in enumerate(tokens(sentence)) if token.value == number)


def _first(gold: Number, others: Sequence[Number], sentence: str) -> int:
    return min(_place(number, sentence) for number in (gold, *others))


if __name__ == "__main__":
    main()
