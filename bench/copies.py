"""Measures from which share of common sentences on two articles are versions of one story, and what is left out for it: `python -m bench.copies`.

Versions are made of the 295 Wikinews articles, as a wire story is edited: sentences dropped, paragraphs moved, another byline, the end cut off, local news
added, every tenth word changed; and as it is revised or forged: one figure, one name, one "not". What is no version: every pair of different Wikinews articles,
among them many on one event, and the five seeds with one another. Articles under a hundred words are left out on both sides.

The second table takes each article with its version as the hits of a search: as what the version is known, how many of its passages are left out as mere
repetition, and how many sentences then stand in no passage that is left, which must be none.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from bench import data
from bench.wikinews import News, news, read
from index.chunk import passages
from index.ingest.load import load
from index.records import Article, Hit, Metadata, Passage
from index.sentences import sentences
from qa.answering.copies import SHARED, sayings, shared, story, unrepeated, versions

THRESHOLDS = (0.45, 0.55, 0.65, 0.75, 0.85)
SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def main() -> None:
    """Print how many of each kind are taken for versions at each threshold, the nearest articles that are none, and what is left out."""
    options = data.options(__doc__)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        known = [one for one in news(data.folder(given.data)) if len(one.text.split()) >= 100]
        articles = [read(one.title, one.text, Metadata(date=one.date), Path(scratch)) for one in known]
        edited = {
            name: [read(name, change(one.text, known), Metadata(), Path(scratch)) for one in known]
            for name, change in EDITS.items()
        }
    held = [story(article) for article in articles]
    print(f"{'words in common sentences, at least':36}" + "".join(f"{threshold:8.2f}" for threshold in THRESHOLDS))
    for name, changed in edited.items():
        _row(f"versions: {name}", [shared(one, story(other)) for one, other in zip(held, changed, strict=True)])
    pairs = [
        (shared(held[one], held[other]), articles[one].source, articles[other].source)
        for one, other in combinations(range(len(held)), 2)
    ]
    _row(f"others: {len(pairs)} pairs of Wikinews", [share for share, _, _ in pairs])
    seeds = [story(load(file, file.name, {})[0]) for file in sorted(SEEDS.glob("*.txt"))]
    _row("others: the seeds", [shared(one, other) for one, other in combinations(seeds, 2)])
    print(f"\nthe nearest that are no versions (versions from {SHARED} on):")
    for share, one, other in sorted(pairs, reverse=True)[:8]:
        print(f"  {share:.2f}  {one} | {other}")
    print(f"\n{'':36}{'copy':>8}{'enlarged':>9}{'revised':>8}{'none':>6}{'passages':>10}{'left out':>9}{'lost':>6}")
    for name, changed in edited.items():
        _left_out(name, list(zip(articles, changed, strict=True)))
    print(f"\n20 articles of 5,000 words: {_seconds(articles) * 1000:.0f} ms of processor time")


def _row(name: str, shares: Sequence[float]) -> None:
    print(
        f"{name:36}"
        + "".join(
            f"{100 * sum(share >= threshold for share in shares) / len(shares):7.1f}%" for threshold in THRESHOLDS
        )
    )


def _left_out(name: str, pairs: Sequence[tuple[Article, Article]]) -> None:
    kinds: Counter[str] = Counter()
    whole = left = lost = 0
    for pair in pairs:
        found = versions(pair)
        kinds[found[0].kind if found else "none"] += 1
        hits = [hit for article in pair for hit in _hits(article)]
        kept = unrepeated(hits, found)
        whole, left = whole + len(hits), left + len(hits) - len(kept)
        lost += len(_said(hits) - _said(kept))
    shares = "".join(
        f"{100 * kinds[kind] / len(pairs):{width}.1f}%"
        for kind, width in (("copy", 7), ("enlarged", 8), ("revised", 7), ("none", 5))
    )
    print(f"{name:36}{shares}{whole:10}{left:9}{lost:6}")


def _hits(article: Article) -> list[Hit]:
    made = [
        Passage(0, article.source, one.start, one.end, one.text, one.heading, one.sentences, article.metadata)
        for one in passages(article)
    ]
    return [Hit(passage, 1.0, 1.0, 1.0) for passage in made]


def _said(hits: Sequence[Hit]) -> frozenset[str]:
    return frozenset().union(*(sayings(hit.passage.text) for hit in hits))


def _seconds(articles: Sequence[Article]) -> float:
    text = "\n\n".join(article.text for article in articles)
    words = text.split(" ")
    with tempfile.TemporaryDirectory() as scratch:
        long = [
            read(f"{number}", " ".join(words[number * 4000 :][:5000]), Metadata(), Path(scratch))
            for number in range(20)
        ]
    began = time.process_time()
    versions(long)
    return time.process_time() - began


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]


def _dropped(text: str, known: Sequence[News]) -> str:
    """A fifth of the sentences gone, another byline, two paragraphs swapped."""
    del known
    chance = random.Random(text)
    kept = [
        " ".join(one.text for one in sentences(part, 0, len(part)) if chance.random() >= 0.2)
        for part in _paragraphs(text)
    ]
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


def _other_figure(text: str, known: Sequence[News]) -> str:
    """The first figure after the date line is another."""
    del known
    head, _, body = text.partition("\n")
    return f"{head}\n{re.sub('[1-9]', lambda digit: str(10 - int(digit.group())) if digit.group() != '5' else '8', body, count=1)}"


def _other_name(text: str, known: Sequence[News]) -> str:
    """The last word with a capital inside a sentence is another name."""
    del known
    found = list(re.finditer(r"(?<=[a-z,] )[A-Z][a-z]{3,}", text))
    return f"{text[: found[-1].start()]}Averill{text[found[-1].end() :]}" if found else text


def _denied(text: str, known: Sequence[News]) -> str:
    """One "not" after the last "is", "was", "has" or "will"."""
    del known
    found = list(re.finditer(r"\b(?:is|was|has|will|are|were|have)\b", text))
    return f"{text[: found[-1].end()]} not{text[found[-1].end() :]}" if found else text


EDITS: Mapping[str, Callable[[str, Sequence[News]], str]] = {
    "a fifth dropped, moved": _dropped,
    "first half only": _trimmed,
    "dropped, with local news": _enlarged,
    "dropped, 10 % of words changed": _reworded,
    "one figure changed": _other_figure,
    "one name changed": _other_name,
    "one thing denied": _denied,
}


if __name__ == "__main__":
    main()
