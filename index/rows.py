"""Records to table rows and back. Every row carries a seal, a checksum of what it holds, so that damage is found before it is believed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from index.chunk import Draft
from index.errors import LibraryError
from index.records import Article, Credit, Metadata, Passage, Region, Sentence
from index.schema import REBUILD_HINT

ARTICLE_COLUMNS = "source, encoding, title, author, date, publisher, url, regions, credits, page_starts, credit_text, digest, seal, text"
PASSAGE_COLUMNS = 'start, "end", heading, sentences, seal, text'

Row = tuple[Any, ...]


def article_row(article: Article) -> Row:
    """The values of `ARTICLE_COLUMNS`."""
    known = article.metadata
    credit_text = "\n".join(article.text[region.start : region.end] for region in article.regions if region.kind == "credit")
    fields = (
        article.source, article.encoding, known.title, known.author, known.date, known.publisher, known.url,
        json.dumps([(region.start, region.end, region.kind) for region in article.regions]),
        json.dumps([(credit.field, credit.start, credit.end) for credit in article.credits]),
        json.dumps(article.page_starts), credit_text, article.digest,
    )  # fmt: skip
    return (*fields, _seal(fields), article.text)


def read_article(row: Row) -> Article:
    """The article of a row of `ARTICLE_COLUMNS`. Raises LibraryError if the row is not what was written."""
    source, encoding, title, author, date, publisher, url, regions, credit_spans, page_starts, _, digest, seal, text = row
    if not isinstance(text, str) or _seal(row[:12]) != seal or hashlib.sha256(text.encode()).hexdigest() != digest:
        raise LibraryError(f"the library's copy of {source} is damaged", REBUILD_HINT)
    return Article(
        source=source,
        text=text,
        encoding=encoding,
        metadata=Metadata(title, author, date, publisher, url),
        regions=tuple(Region(start, end, kind) for start, end, kind in json.loads(regions)),
        credits=tuple(Credit(field, start, end) for field, start, end in json.loads(credit_spans)),
        page_starts=tuple(json.loads(page_starts)),
        digest=digest,
    )


def passage_row(draft: Draft) -> Row:
    """The values of `PASSAGE_COLUMNS`."""
    spans = json.dumps([(sentence.start, sentence.end) for sentence in draft.sentences])
    return draft.start, draft.end, draft.heading, spans, _seal((draft.start, draft.end, draft.heading, spans, draft.text)), draft.text


def read_passage(number: int, source: str, metadata: Metadata, row: Row) -> Passage:
    """The passage of a row of `PASSAGE_COLUMNS`. Raises LibraryError if the row is not what was written."""
    start, end, heading, spans, seal, text = row
    if _seal((start, end, heading, spans, text)) != seal:
        raise LibraryError(f"the library's copy of a passage of {source} is damaged", REBUILD_HINT)
    sentences = tuple(Sentence(a, b, text[a - start : b - start]) for a, b in json.loads(spans))
    return Passage(number, source, start, end, text, heading, sentences, metadata)


def library_digest(identity: Sequence[object], articles: Sequence[Row]) -> str:
    """One hash over what can shape an answer: how the library was built, and each article's source, text digest and seal (metadata, regions, credits)."""
    return hashlib.sha256(json.dumps([list(identity), [list(row) for row in articles]], ensure_ascii=False).encode()).hexdigest()


def _seal(values: Sequence[object]) -> bytes:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, default=repr).encode()).digest()[:8]
