"""Which articles are the same story printed twice? In: articles. Out: for every copy the source it copies, so that copies count as one source.

A wire story comes back with another byline, sentences dropped, paragraphs moved, the end cut off, words changed, or local news added: most sentences of one
are, nearly word by word, sentences of the other. Articles written apart share names, figures and a quotation or two; interviews that ask the same questions
share half their sentences. Knows nothing of questions or models.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.records import Article
from index.visible import visible

RUN = 3  # words
KEPT = 0.5  # of a sentence's runs: as many make it the other article's sentence, a word or two changed
SHARED = 0.65  # of an article's words: as many in sentences of the other make it a copy (bench/copies.py)
FEWEST = 40  # words: a shorter text is a copy only if it holds nothing of its own, no other name for one


@dataclass(frozen=True, slots=True)
class Story:
    """An article as it is compared: for each sentence how many words it has, the runs of them, and its figures; and all its runs and figures."""

    sentences: tuple[tuple[int, frozenset[tuple[str, ...]], frozenset[str]], ...]
    runs: frozenset[tuple[str, ...]]
    figures: frozenset[str]

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(size for size, _, _ in self.sentences)


def copies(articles: Sequence[Article]) -> Mapping[str, str]:
    """Source -> the source it is a copy of: the earliest dated, else the first by name. Originals are left out."""
    originals: list[tuple[str, Story]] = []
    found: dict[str, str] = {}
    for article in sorted(articles, key=_age):
        own = story(article)
        nearest = max(originals, key=lambda original: shared(own, original[1]), default=None)
        if nearest is not None and _is_copy(own, nearest[1]):
            found[article.source] = nearest[0]
        else:
            originals.append((article.source, own))
    return found


def notes(copied: Mapping[str, str]) -> tuple[str, ...]:
    """One note for each copy, by name."""
    return tuple(f"source {source} is a copy of {original}" for source, original in sorted(copied.items()))


def story(article: Article) -> Story:
    """What an article's body says, however it is typeset."""
    spans = [(region.start, region.end) for region in article.regions if region.kind == "body"]
    cut = [_words(sentence) for start, end in spans for sentence in _END.split(article.text[start:end])]
    held = tuple((len(words), _runs(words), frozenset(word for word in words if not word.isalpha())) for words in cut if words)
    return Story(held, frozenset().union(*(runs for _, runs, _ in held)), frozenset().union(*(figures for _, _, figures in held)))


def shared(one: Story, other: Story) -> float:
    """The share of an article's words in sentences that the other has too, in [0, 1]; of the two articles', the larger."""
    if len(one.runs & other.runs) < KEPT * SHARED / 2 * min(len(one.runs), len(other.runs)):
        return 0.0  # far too little, whichever sentences it stands in: nearly all pairs end here
    shares = _share(one, other), _share(other, one)
    return max(shares) if min(shares) else 0.0


def _share(one: Story, other: Story) -> float:
    """0 where a sentence of the other is there with another figure: what was revised, or is disputed, is no copy."""
    same = [(size, figures) for size, runs, figures in one.sentences if len(runs & other.runs) >= KEPT * len(runs)]
    if any(not figures <= other.figures for _, figures in same):
        return 0.0
    return sum(size for size, _ in same) / max(one.words, 1)


def _is_copy(one: Story, other: Story) -> bool:
    short, long = sorted((one, other), key=lambda held: held.words)
    if short.words < FEWEST:
        return short.words > 0 and short.runs <= long.runs
    return shared(one, other) >= SHARED


def _age(article: Article) -> tuple[str, str]:
    """A year or a month sorts behind the days in it, no date behind all."""
    date = article.metadata.date or "9999"
    return date + "-99" * (2 - date.count("-")), article.source


def _runs(words: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[place:] for place in range(min(RUN, len(words)))), strict=False))


def _words(sentence: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", visible(sentence)).casefold())


_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+")  # rough, and therefore quick: where a sentence is cut hardly matters here
