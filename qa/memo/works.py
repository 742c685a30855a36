"""Articles as a bibliography knows them.

In: articles. Out: works with keys, and the records that citeproc reads. Formats nothing.

Titles and names enter as words of Pandoc's tree, never as strings that it parses: a `<i>` or a `$` in a title stays
what it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from index.called import opening
from index.records import Article, Metadata
from qa.memo.inlines import words
from qa.memo.names import Name, authors
from qa.memo.pandoc import Node
from qa.render.harmless import one_line, safe_url


@dataclass(frozen=True, slots=True)
class Work:
    """An article as a bibliography knows it; `key` is an identifier like `verma2025`, `opening` what it is called by where it has no title."""

    key: str
    source: str
    metadata: Metadata
    digest: str
    opening: str | None = None


def works(articles: Iterable[Article]) -> tuple[Work, ...]:
    """The articles with their keys, told apart by a letter where two would be the same."""
    made: dict[str, Work] = {}
    for article in articles:
        stem = key_stem(article.source, article.metadata)
        key = next(
            key for key in (stem, *(f"{stem}{_letters(number)}" for number in range(len(made) + 1))) if key not in made
        )
        made[key] = Work(key, article.source, article.metadata, article.digest, opening(article))
    return tuple(made.values())


def references(items: Sequence[Work]) -> dict[str, Node]:
    """The works as the metadata of a Pandoc document.

    What citeproc adds of its own ("and", "n.d.") is English, as the memo is.
    """
    records: list[Node] = [{"t": "MetaMap", "c": _record(work)} for work in items]
    return {"references": {"t": "MetaList", "c": records}, "lang": _words("en-US")}


def _record(work: Work) -> dict[str, Node]:
    known = work.metadata
    url = safe_url(known.url)
    record = {
        "id": _words(work.key),
        "type": _words("article-newspaper"),
        "title": _words(known.title) if known.title else _as_it_is(work.opening or work.source),
    }
    if known.title and ": " in known.title:
        record["title-short"] = _words(known.title.split(": ")[0])
    if known.author:
        record["author"] = {"t": "MetaList", "c": [_author(name) for name in authors(one_line(known.author))]}
    if known.publisher:
        record["container-title"] = _words(known.publisher)
    elif url:
        record["container-title"] = _as_it_is((urlsplit(url).hostname or "").removeprefix("www."))
    if known.date:
        parts: list[Node] = [_words(str(int(part))) for part in known.date.split("-")]
        record["issued"] = {
            "t": "MetaMap",
            "c": {"date-parts": {"t": "MetaList", "c": [{"t": "MetaList", "c": parts}]}},
        }
    if url:
        record["URL"] = _words(url)
    return record


def _author(name: Name) -> Node:
    if name.given is None:
        return {"t": "MetaMap", "c": {"literal": _words(name.family)}}
    return {"t": "MetaMap", "c": {"family": _words(name.family), "given": _words(name.given)}}


def _words(text: str) -> Node:
    return {"t": "MetaInlines", "c": words(text)}


def _as_it_is(text: str) -> Node:
    """First words, or the name of a file or a site, which no style may capitalise."""
    return {"t": "MetaInlines", "c": [{"t": "Span", "c": [["", ["nocase"], []], words(text)]}]}


def key_stem(source: str, known: Metadata) -> str:
    """The key of an article before a letter tells it from others: `verma2025`."""
    name = authors(known.author)[0].family if known.author else known.title or PurePosixPath(source).stem
    return f"{_plain_letters(name)[:30] or 'article'}{known.date[:4] if known.date else ''}"


def _plain_letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text).lower())


def _letters(number: int) -> str:
    return chr(ord("a") + number % 26) * (number // 26 + 1)
