"""Find versions of one story, and passages that only repeat what another version says.

A wire story comes back with another byline, sentences dropped, the end cut off, news added, or revised: six dead are
nine, what was approved is rejected. So two decisions are kept apart. Versions of one story, told nearly word for word,
count as one source. And a passage is left out only if every sentence of it is, word for word, in a version that is
read. No model is called.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.records import Article, Hit
from index.visible import visible

RUN = 3  # words
KEPT = 0.5  # of a sentence's runs: as many make it the other article's sentence, a word or two changed
# of an article's words: as many in sentences of the other make it a version of the same story (bench/copies.py)
SHARED = 0.65
FEWEST = 40  # words: a shorter text is a version only of one that holds all its sentences, no other name for one

Kind = Literal["copy", "enlarged", "revised"]


@dataclass(frozen=True, slots=True)
class Version:
    """An article that tells the story of `origin`.

    A copy says nothing that its origin does not say word for word; an enlarged one says all that the origin says, and
    more; one of any other is revised.
    """

    source: str
    origin: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Story:
    """An article prepared for comparison.

    Its sentences word for word, how many words each has and the runs of them, and all its runs.
    """

    said: frozenset[str]
    sentences: tuple[tuple[int, frozenset[tuple[str, ...]]], ...]
    runs: frozenset[tuple[str, ...]]

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(size for size, _ in self.sentences)


def versions(articles: Sequence[Article]) -> tuple[Version, ...]:
    """Return every article that retells an earlier one's story, with that article.

    The original is the earliest dated, else the one that says most, else the first by name.
    """
    told = {article.source: story(article) for article in articles}
    originals: list[str] = []
    found = []
    for article in sorted(articles, key=lambda article: (_age(article), -told[article.source].words, article.source)):
        own = told[article.source]
        nearest = max(originals, key=lambda source: shared(own, told[source]), default=None)
        if nearest is not None and _of_one_story(own, told[nearest]):
            found.append(Version(article.source, nearest, _kind(own, told[nearest])))
        else:
            originals.append(article.source)
    return tuple(found)


def origins(found: Sequence[Version]) -> Mapping[str, str]:
    """Source -> the source of the story that it is a version of; originals are left out."""
    return {version.source: version.origin for version in found}


def unrepeated(hits: Sequence[Hit], found: Sequence[Version]) -> tuple[Hit, ...]:
    """The hits without those that only repeat another hit; in their order.

    A passage of a copy or of an enlarged version is left out if every sentence of it stands word for word in passages
    of its story that stay. Of a revised version nothing is: a sentence that did not change may be about something that
    did.
    """
    rank = {version.source: place for place, version in enumerate(found) if version.kind != "revised"}
    origin = origins(found)
    said: defaultdict[str, set[str]] = defaultdict(set)
    kept = set()
    for place in sorted(range(len(hits)), key=lambda place: (rank.get(hits[place].passage.source, -1), place)):
        passage = hits[place].passage
        own, known = sayings(passage.text), said[origin.get(passage.source, passage.source)]
        if passage.source not in rank or not own <= known:
            kept.add(place)
            known |= own
    return tuple(hit for place, hit in enumerate(hits) if place in kept)


def notes(found: Sequence[Version]) -> tuple[str, ...]:
    """One note for each version, by name."""
    return tuple(
        _NOTES[version.kind].format(version=version) for version in sorted(found, key=lambda version: version.source)
    )


def story(article: Article) -> Story:
    """The words of an article, however it is typeset: its body and the headings of its sections."""
    spans = [(region.start, region.end) for region in article.regions if region.kind != "credit"]
    cut = [sentence for start, end in spans for sentence in _END.split(article.text[start:end])]
    held = tuple((len(words), _runs(words)) for words in map(_words, cut) if words)
    return Story(frozenset(filter(None, map(saying, cut))), held, frozenset().union(*(runs for _, runs in held)))


def sayings(text: str) -> frozenset[str]:
    """Every sentence of a text, as `saying` has it."""
    return frozenset(filter(None, map(saying, _END.split(text))))


def saying(sentence: str) -> str:
    """Reduce a sentence to its words: letters, figures and signs that matter to its meaning.

    Capitals, stops and quotation marks are dropped.
    """
    return " ".join(_TOKEN.findall(unicodedata.normalize("NFC", visible(sentence)).translate(_MINUS).casefold()))


def shared(one: Story, other: Story) -> float:
    """Return the share of an article's words in sentences that the other has too, in [0, 1].

    Nearly word by word; of the two articles, the larger share.
    """
    if len(one.runs & other.runs) < KEPT * SHARED / 2 * min(len(one.runs), len(other.runs)):
        return 0.0  # far too little, whichever sentences it stands in: nearly all pairs end here
    return max(_share(one, other), _share(other, one))


def _share(one: Story, other: Story) -> float:
    return sum(size for size, runs in one.sentences if len(runs & other.runs) >= KEPT * len(runs)) / max(one.words, 1)


def _of_one_story(one: Story, other: Story) -> bool:
    short, long = sorted((one, other), key=lambda held: held.words)
    if short.words < FEWEST:
        return bool(short.said) and short.said <= long.said
    return shared(one, other) >= SHARED


def _kind(own: Story, original: Story) -> Kind:
    if own.said <= original.said:
        return "copy"
    return "enlarged" if original.said <= own.said else "revised"


def _age(article: Article) -> str:
    """A sort key: a year or a month comes after the days in it, no date comes last."""
    date = article.metadata.date or "9999"
    return date + "-99" * (2 - date.count("-"))


def _runs(words: list[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[place:] for place in range(min(RUN, len(words)))), strict=False))


def _words(sentence: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", visible(sentence)).casefold())


_NOTES: Mapping[Kind, str] = {
    "copy": "source {version.source} is a copy of {version.origin}",
    "enlarged": "source {version.source} repeats {version.origin} and adds to it",
    "revised": "source {version.source} tells the story of {version.origin} with changes; both were read",
}
# rough, and therefore quick: where a sentence is cut hardly matters here
_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+")
_MINUS = str.maketrans("−–", "--")
_TOKEN = re.compile(r"(?:(?<!\w)-(?=[^\w\s]?\d))?\d+(?:[.,:/'’]\d+)*|[^\W\d_]+|[^\w\s.,;:!…*'\"“”„‘’«»()\[\]—-]")
