"""Measures from which share of common sentences on two articles are copies: `python -m bench.copies`.

Copies are made of the 295 Wikinews articles, as a wire story is edited: sentences dropped, paragraphs moved, another byline, the end cut off, local news added,
every tenth word changed. What is no copy: every pair of different Wikinews articles, among them many on one event, and the five seeds with one another.
Articles under a hundred words are left out on both sides.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from bench import data
from bench.wikinews import News, news, read
from index.ingest.load import load
from index.records import Article, Metadata
from index.sentences import sentences
from qa.copies import SHARED, copies, shared, story

THRESHOLDS = (0.45, 0.55, 0.65, 0.75, 0.85)
SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def main() -> None:
    """Print how many of each kind are taken for copies at each threshold, and the nearest articles that are none."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        known = [one for one in news(data.folder(given.data)) if len(one.text.split()) >= 100]
        articles = [read(one.title, one.text, Metadata(date=one.date), Path(scratch)) for one in known]
        edited = {name: [read(name, change(one.text, known), Metadata(), Path(scratch)) for one in known] for name, change in EDITS.items()}
    held = [story(article) for article in articles]
    print(f"{'words in common sentences, at least':36}" + "".join(f"{threshold:8.2f}" for threshold in THRESHOLDS))
    for name, changed in edited.items():
        _row(f"copies: {name}", [shared(one, story(other)) for one, other in zip(held, changed, strict=True)])
    pairs = [(shared(held[one], held[other]), articles[one].source, articles[other].source) for one, other in combinations(range(len(held)), 2)]
    _row(f"others: {len(pairs)} pairs of Wikinews", [share for share, _, _ in pairs])
    seeds = [story(load(file, file.name, {})[0]) for file in sorted(SEEDS.glob("*.txt"))]
    _row("others: the seeds", [shared(one, other) for one, other in combinations(seeds, 2)])
    print(f"\nthe nearest that are no copies (copies from {SHARED} on):")
    for share, one, other in sorted(pairs, reverse=True)[:8]:
        print(f"  {share:.2f}  {one} | {other}")
    print(f"\n20 articles of 5,000 words: {_seconds(articles) * 1000:.0f} ms of processor time")


def _row(name: str, shares: Sequence[float]) -> None:
    print(f"{name:36}" + "".join(f"{100 * sum(share >= threshold for share in shares) / len(shares):7.1f}%" for threshold in THRESHOLDS))


def _seconds(articles: Sequence[Article]) -> float:
    text = "\n\n".join(article.text for article in articles)
    words = text.split(" ")
    with tempfile.TemporaryDirectory() as scratch:
        long = [read(f"{number}", " ".join(words[number * 4000 :][:5000]), Metadata(), Path(scratch)) for number in range(20)]
    began = time.process_time()
    copies(long)
    return time.process_time() - began


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]


def _dropped(text: str, known: Sequence[News]) -> str:
    """A fifth of the sentences gone, another byline, two paragraphs swapped."""
    del known
    chance = random.Random(text)
    kept = [" ".join(one.text for one in sentences(part, 0, len(part)) if chance.random() >= 0.2) for part in _paragraphs(text)]
    if len(kept) > 2:
        one, other = sorted(chance.sample(range(len(kept)), 2))
        kept[one], kept[other] = kept[other], kept[one]
    return "By Our Correspondent\n\n" + "\n\n".join(part for part in kept if part)


def _trimmed(text: str, known: Sequence[News]) -> str:
    """The first half."""
    del known
    parts = _paragraphs(text)
    return "\n\n".join(parts[: (len(parts) + 1) // 2])


def _enlarged(text: str, known: Sequence[News]) -> str:
    """Two paragraphs of its own at each end."""
    other = _paragraphs(random.Random(text).choice([one.text for one in known]))
    return "\n\n".join((*other[1:3], *_paragraphs(_dropped(text, known)), *other[3:5]))


def _reworded(text: str, known: Sequence[News]) -> str:
    """Every tenth word another one, on top of the sentences dropped."""
    words = _dropped(text, known).split(" ")
    return " ".join("otherwise" if number % 10 == 9 else word for number, word in enumerate(words))


EDITS: Mapping[str, Callable[[str, Sequence[News]], str]] = {
    "a fifth dropped, moved": _dropped,
    "first half only": _trimmed,
    "dropped, with local news": _enlarged,
    "dropped, 10 % of words changed": _reworded,
}


if __name__ == "__main__":
    main()
