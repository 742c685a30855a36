"""Records to table rows and back.

Every row carries a seal, a checksum of what it holds, so that damage is found before it is believed.

An article's text is stored once: its passages hold most of it, its own row the rest, which is what lies before, between
and after them.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Sequence
from typing import Any

from index.chunk import Draft
from index.errors import LibraryError
from index.records import Article, Credit, Metadata, Passage, Region, Sentence
from index.schema import REBUILD_HINT

ARTICLE_COLUMNS = (
    "source, encoding, title, author, date, publisher, url, language, regions, credits, page_starts, page_labels, "
    "credit_text, digest, seal, characters, rest"
)
PASSAGE_COLUMNS = 'start, "end", heading, sentences, seal, text'

_COMPACT = (",", ":")

Row = tuple[Any, ...]
Slice = tuple[int, int, str]  # of an article: start, end and the text between


def article_row(article: Article, drafts: Sequence[Draft]) -> Row:
    """The values of `ARTICLE_COLUMNS`, for an article that is cut into these passages."""
    known = article.metadata
    credit_text = "\n".join(
        article.text[region.start : region.end] for region in article.regions if region.kind == "credit"
    )
    fields = (
        article.source, article.encoding, known.title, known.author, known.date, known.publisher, known.url, known.language,
        json.dumps([(region.start, region.end, region.kind) for region in article.regions], separators=_COMPACT),
        json.dumps([(credit.field, credit.start, credit.end) for credit in article.credits], separators=_COMPACT),
        json.dumps(article.page_starts, separators=_COMPACT), json.dumps(article.page_labels, separators=_COMPACT), credit_text, article.digest,
    )  # fmt: skip
    cuts = [0, *(place for draft in drafts for place in (draft.start, draft.end)), len(article.text)]
    rest = "".join(article.text[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True))
    return (*fields, _seal(fields), len(article.text), rest)


def read_article(row: Row, passages: Sequence[Slice]) -> Article:
    """The article of a row of `ARTICLE_COLUMNS` and its passages, in order.

    Raises LibraryError if they are not what was written.
    """
    (
        source,
        encoding,
        title,
        author,
        date,
        publisher,
        url,
        language,
        regions,
        credit_spans,
        page_starts,
        page_labels,
        _,
        digest,
        seal,
        _,
        rest,
    ) = row
    text = _whole(rest, passages)
    if _seal(row[:14]) != seal or hashlib.sha256(text.encode()).hexdigest() != digest:
        raise LibraryError(f"the library's copy of {source} is damaged", REBUILD_HINT)
    return Article(
        source=source,
        text=text,
        encoding=encoding,
        metadata=Metadata(title, author, date, publisher, url, language),
        regions=tuple(Region(start, end, kind) for start, end, kind in json.loads(regions)),
        credits=tuple(Credit(field, start, end) for field, start, end in json.loads(credit_spans)),
        page_starts=tuple(json.loads(page_starts)),
        page_labels=tuple(json.loads(page_labels)),
        digest=digest,
    )


def passage_row(draft: Draft) -> Row:
    """The values of `PASSAGE_COLUMNS`. Sentences are written as numbers in turn: the gap before one, its length."""
    edges = [draft.start, *(place for sentence in draft.sentences for place in (sentence.start, sentence.end))]
    spans = json.dumps([end - start for start, end in itertools.pairwise(edges)], separators=_COMPACT)
    return (
        draft.start,
        draft.end,
        draft.heading,
        spans,
        _seal((draft.start, draft.end, draft.heading, spans, draft.text)),
        draft.text,
    )


def read_passage(number: int, source: str, metadata: Metadata, row: Row) -> Passage:
    """The passage of a row of `PASSAGE_COLUMNS`. Raises LibraryError if the row is not what was written."""
    start, end, heading, spans, seal, text = row
    if _seal((start, end, heading, spans, text)) != seal:
        raise LibraryError(f"the library's copy of a passage of {source} is damaged", REBUILD_HINT)
    edges = list(itertools.accumulate(json.loads(spans), initial=0))[1:]
    sentences = tuple(Sentence(start + a, start + b, text[a:b]) for a, b in zip(edges[::2], edges[1::2], strict=True))
    return Passage(number, source, start, end, text, heading, sentences, metadata)


def library_digest(identity: Sequence[object], articles: Iterable[Row]) -> str:
    """One hash over what can shape an answer.

    How the library was built, and each article's source, text digest and seal (metadata, regions, credits).
    """
    digest = hashlib.sha256()
    for row in itertools.chain((identity,), articles):
        digest.update(json.dumps(list(row), ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()


def _whole(rest: str, passages: Sequence[Slice]) -> str:
    """The text that `rest` and the passages make together; whatever they make where one of them is damaged."""
    parts, used, reached = [], 0, 0
    for start, end, text in passages:
        gap = max(start - reached, 0)
        parts += [rest[used : used + gap], text]
        used, reached = used + gap, end
    return "".join((*parts, rest[used:]))


def _seal(values: Sequence[object]) -> bytes:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, default=repr).encode()).digest()[:8]
