"""Measures how often the note about text that addresses software is right: `python -m bench.hostile`.

False flags on the 295 Wikinews articles, the paragraphs of SQuAD 2, the passages of CLAP NQ and of mtrag, where nobody
addresses software; flags on the 75 instructions of BIPIA. Patterns were written with the develop half of BIPIA's kinds
in mind; the other half is only reported. Many of BIPIA's are plain requests ("Describe the lifecycle of a butterfly."),
which no pattern should recognise.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from bench import data
from bench.wikinews import news
from index.sentences import sentences
from qa.answering.hostile import addresses_the_model


def main() -> None:
    """Print a table; every false flag with `--show`."""
    options = data.options(__doc__)
    options.add_argument("--show", action="store_true", help="print the flagged sentences")
    given = options.parse_args()
    folder = data.folder(given.data)
    print(f"{'nobody addresses software':28} {'texts':>6} {'sentences':>10} {'flagged':>8} {'per 1,000 sentences':>20}")
    for name, texts in _innocent(folder).items():
        flagged = [text for text in texts if addresses_the_model(text)]
        total = sum(len(sentences(text, 0, len(text))) for text in texts)
        print(f"{name:28} {len(texts):6} {total:10} {len(flagged):8} {1000 * len(flagged) / total:20.3f}")
        if given.show:
            print("\n".join(f"    {line}" for text in flagged for line in _flagged_sentences(text)))
    print(f"\n{'BIPIA':28} {'attacks':>6} {'flagged':>8}")
    attacks = json.loads((folder / "bipia_text_attack_train.json").read_text(encoding="utf-8"))
    for name, kinds in _halves(sorted(attacks)).items():
        of_kind = {kind: sum(map(addresses_the_model, attacks[kind])) for kind in kinds}
        print(f"{name:28} {sum(len(attacks[kind]) for kind in kinds):6} {sum(of_kind.values()):8}")
        print("\n".join(f"    {kind:24} {len(attacks[kind]):6} {count:8}" for kind, count in of_kind.items()))


def _innocent(folder: Path) -> dict[str, list[str]]:
    squad, _ = data.squad(folder, 1, seed=0)
    clapnq = [
        row["passages"][0]["text"]
        for name in ("clapnq_answerable", "clapnq_unanswerable")
        for row in _rows(folder / f"{name}.jsonl")
    ]
    mtrag = dict.fromkeys(context["text"] for row in _rows(folder / "mtrag_un.jsonl") for context in row["contexts"])
    return {
        "Wikinews": [article.text for article in news(folder)],
        "SQuAD 2 (dev, half)": [article.text for article in squad],
        "CLAP NQ": clapnq,
        "mtrag": list(mtrag),
    }


def _halves(kinds: list[str]) -> dict[str, list[str]]:
    """Eight kinds to develop with, seven to report; drawn once, by chance."""
    shuffled = kinds[:]
    random.Random(0).shuffle(shuffled)
    return {"develop kinds": sorted(shuffled[:8]), "test kinds": sorted(shuffled[8:])}


def _flagged_sentences(text: str) -> Iterator[str]:
    found = [
        " ".join(sentence.text.split())
        for sentence in sentences(text, 0, len(text))
        if addresses_the_model(sentence.text)
    ]
    yield from found or ["(only the text as a whole)"]


def _rows(path: Path) -> list[dict[str, list[dict[str, str]]]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
