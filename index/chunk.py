"""Article -> draft passages: whole consecutive sentences of its body, each a slice of its text.

Knows nothing of files, vectors or the library.

A passage never crosses a heading, a credit or furniture, and carries the last heading above it. A row of a table is a
passage of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.ingest import pipes
from index.ingest.lines import plain
from index.ingest.tables import is_row, names_columns
from index.language import ENGLISH
from index.records import Article, Metadata, Sentence
from index.sentences import sentences
from index.visible import visible

# raise it whenever the same file would be read, cut or embedded otherwise: older libraries are then refused
CHUNKING = 5
TARGET, MOST = 110, 130  # words of a passage; only a single sentence may be longer,
LONGEST_SENTENCE = 250  # and above this it is cut, at the end of a clause where there is one
_LONGEST_LEAD = 40  # words of the sentence before a table that says what it is about
# of a word, in languages that set no spaces between them
_LETTERS = {"ja": 2, "zh": 2, "km": 5, "lo": 5, "my": 5, "th": 5}
_MID_PARAGRAPH = 0.35  # what cutting inside a paragraph costs, in the unit of `_misfit`
_MOST_LETTERS = 10  # of a word; a longer one is junk, or in an unknown language
_INK = re.compile(r"\S")
_CLAUSE_END = re.compile(r"[;:,–—](?=\s)")
_UNSPACED_CLAUSE_END = re.compile(r"[;:,–—](?=\s)|[；：，、]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage that no library has taken in yet: `text == article.text[start:end]`."""

    start: int
    end: int
    text: str
    heading: str | None
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence on its way into a passage."""

    sentence: Sentence
    size: int
    begins_paragraph: bool


def passages(article: Article) -> tuple[Draft, ...]:
    """The passages of an article, in order: about `TARGET` words each, paragraphs kept together where they fit."""
    drafts = []
    for heading, pieces in _runs(article):
        for group in _grouped(pieces):
            start, end = group[0].sentence.start, group[-1].sentence.end
            drafts.append(Draft(start, end, article.text[start:end], heading, tuple(piece.sentence for piece in group)))
    return tuple(drafts)


def embedded_text(metadata: Metadata, draft: Draft) -> str:
    """What the embedder reads of a passage: title, date and heading as context, then its text."""
    context = " · ".join(part for part in (metadata.title, metadata.date, draft.heading) if part)
    return visible(f"{context}\n{draft.text}" if context else draft.text)


def _runs(article: Article) -> Iterator[tuple[str | None, list[_Piece]]]:
    """Stretches of body with nothing but white space in between, and the heading above each.

    A row of a table is a stretch of its own.

    What stands above a table says what its rows are about: the sentence before it, and the names of its columns where
    the rows do not carry them.
    """
    language = article.metadata.language or ENGLISH
    heading: str | None = None
    lead = names = ""
    run: list[_Piece] = []
    reached = 0
    bare = pipes.rows(article.text)  # rows of Markdown without bars around them
    for region in article.regions:
        text = article.text[region.start : region.end]
        row = region.kind == "body" and (is_row(text) or region.start in bare)
        if run and (row or region.kind != "body" or article.text[reached : region.start].strip()):
            yield heading, run
            run = []
        if row and names_columns(article.text, region.end):
            names = plain(text)
        elif row:
            yield (
                " · ".join(part for part in (heading, lead, names) if part) or None,
                _row(region.start, region.end, text, language),
            )
        elif region.kind == "body":
            pieces = _paragraph(article.text, region.start, region.end, language)
            run += pieces
            lead, names = (plain(pieces[-1].sentence.text) if pieces and pieces[-1].size <= _LONGEST_LEAD else ""), ""
        elif region.kind == "heading":
            heading, lead, names = plain(text), "", ""
        reached = region.end
    if run:
        yield heading, run


def _row(start: int, end: int, text: str, language: str) -> list[_Piece]:
    """A row of a table counts as one sentence, whatever its cells hold."""
    return _pieces(_shortened(Sentence(start, end, text), language), language)


def _paragraph(text: str, start: int, end: int, language: str) -> list[_Piece]:
    """The sentences of one region, the very long ones cut."""
    return _pieces(
        (
            part
            for sentence in sentences(text, start, end, language=language)
            for part in _shortened(sentence, language)
        ),
        language,
    )


def _pieces(parts: Iterable[Sentence], language: str) -> list[_Piece]:
    return [_Piece(part, _size(part.text, language), number == 0) for number, part in enumerate(parts)]


def _shortened(sentence: Sentence, language: str) -> Iterator[Sentence]:
    """The sentence itself, or its parts.

    Cut at the last clause end, else the last space, else the last character that fits.
    """
    text, start = sentence.text, 0
    # characters; no more is looked at: a sentence may have millions
    surely_long = _LETTERS.get(language, _MOST_LETTERS) * (LONGEST_SENTENCE + 1)
    while _size(text[start : start + surely_long], language) > LONGEST_SENTENCE:
        fits = len(_prefix(text[start : start + surely_long], MOST, language))
        clause_end = _UNSPACED_CLAUSE_END if language in _LETTERS else _CLAUSE_END
        clauses = [found.end() for found in clause_end.finditer(text, start + fits // 2, start + fits)]
        cut = clauses[-1] if clauses else start + fits
        head = text[start:cut].rstrip()
        yield Sentence(sentence.start + start, sentence.start + start + len(head), head)
        start = found.start() if (found := _INK.search(text, cut)) else len(text)
    yield Sentence(sentence.start + start, sentence.end, text[start:])


def _prefix(text: str, size: int, language: str) -> str:
    """The longest beginning of `text` that is no larger than `size` and ends with a word, or with a character where there are no spaces."""
    window = text[: size * _LETTERS.get(language, _MOST_LETTERS)]
    spaces = [] if language in _LETTERS else [found.start() for found in re.finditer(r"\s+", window)]
    return window[: spaces[:size][-1]] if spaces else window


def _size(text: str, language: str) -> int:
    """The number of words; in text without spaces, and in junk, every so many characters count as a word."""
    return max(len(text.split()), len(text) // _LETTERS.get(language, _MOST_LETTERS))


def _grouped(pieces: Sequence[_Piece]) -> list[Sequence[_Piece]]:
    """Cut a run where it costs least, by dynamic programming: the best last cut before each sentence."""
    reached = np.cumsum([0, *(piece.size for piece in pieces)])  # reached[n]: words in the first n sentences
    cutting = np.array([0.0 if piece.begins_paragraph else _MID_PARAGRAPH for piece in pieces])
    best = np.zeros(len(pieces) + 1)  # best[n]: the least cost of cutting the first n sentences into passages
    came_from = [0] * (len(pieces) + 1)
    low = 0  # the first sentence with which a passage that ends here is not too large
    for stop in range(1, len(pieces) + 1):
        while low < stop - 1 and reached[stop] - reached[low] > MOST:
            low += 1
        costs = best[low:stop] + _MISFITS[reached[stop] - reached[low:stop]] + cutting[low:stop]
        came_from[stop] = stop - 1 - int(costs[::-1].argmin())  # of equals the shortest passage
        best[stop] = costs[came_from[stop] - low]
    groups: list[Sequence[_Piece]] = []
    stop = len(pieces)
    while stop:
        groups.append(pieces[came_from[stop] : stop])
        stop = came_from[stop]
    return groups[::-1]


# What a passage of so many words costs, as far as one can have them.
_MISFITS = np.array([((size - TARGET) / TARGET) ** 2 for size in range(LONGEST_SENTENCE + 1)])
