"""Find which articles the author of a draft cites for a sentence.

In a footnote: a key ([@verma2025]), an address, a file name, a title, or an author with a year. In the sentence itself:
"according to" or "said" with an author, a publisher, or the day on which articles appeared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.ingest.months import ENGLISH, english
from index.records import Metadata
from qa.answering.checks.words import normalise, words
from qa.memo.names import authors
from qa.memo.works import key_stem

_MONTH = "|".join(ENGLISH)
_DATE = re.compile(rf"\b(?:(\d{{1,2}}) ({_MONTH})|({_MONTH}) (\d{{1,2}}))(?:,? ((?:19|20)\d\d))?\b", re.IGNORECASE)
_VERB = r"(?:said|says|wrote|writes|reported|reports|announced|stated|told|noted|argued|argues|put it)"
_DATED = re.compile(rf"(?:\b{_VERB}|\baccording to\b[^.;]{{0,60}}?),? (?:on|of|in) (?={_DATE.pattern})", re.IGNORECASE)
_ACCORDING = re.compile(
    rf"\b(?:according to|as) (?P<one>[^,;.]{{2,60}})"
    rf"|^(?P<two>[^,;]{{2,60}}?) {_VERB}\b",
    re.IGNORECASE,
)
_FEWEST = 3  # words of a title that a footnote must hold, all of them, in any order
_SHORTEST = 10  # characters of a title that is known as it stands


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an article without reading it, as it is looked for: `tellers` are the words of its publisher, and of each author's name."""

    source: str
    metadata: Metadata
    stem: str
    title: frozenset[str]
    families: tuple[frozenset[str], ...]
    tellers: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The articles that a sentence is said to rest on; `unknown` are keys that no article has.

    `sentence` is it without the date that names the article.
    """

    sources: tuple[str, ...]
    unknown: tuple[str, ...]
    sentence: str


def known(source: str, metadata: Metadata) -> Known:
    """An article as it is looked for."""
    people = authors(metadata.author) if metadata.author else ()
    families = tuple(frozenset(words(name.family)) for name in people)
    tellers = tuple(told for told in (frozenset(words(metadata.publisher or "")), *families) if told)
    return Known(
        source, metadata, key_stem(source, metadata), frozenset(words(metadata.title or "")), families, tellers
    )


def named(sentence: str, citations: Sequence[str], articles: Sequence[Known]) -> Named:
    """What its author cites for a sentence; no sources where that is nothing the library holds."""
    keys = [citation[1:] for citation in citations if citation.startswith("@")]
    found: list[str] = []
    unknown = []
    for key in keys:
        held = [one.source for one in articles if _has_key(one, key.casefold())]
        found += held
        unknown += [] if held else [f"@{key}"]
    for note in citations:
        if not note.startswith("@"):
            found += [one.source for one in articles if _speaks_of(note, one)]
    if found or keys:
        return Named(tuple(dict.fromkeys(found)), tuple(unknown), sentence)
    return _within(sentence, articles)


def _has_key(one: Known, key: str) -> bool:
    """Whether a key is the article's: a letter may tell it from others."""
    return key == one.source.casefold() or key == one.stem or (key[:-1] == one.stem and key[-1].isalpha())


def _speaks_of(note: str, one: Known) -> bool:
    """Whether a footnote names an article."""
    known, flat = one.metadata, " ".join(note.split())
    if (known.url and known.url in flat) or re.search(rf"(?<![\w.-]){re.escape(one.source)}(?![\w-])", flat):
        return True
    held = set(words(note))
    if len(one.title) >= _FEWEST and one.title <= held:
        return True
    if len(known.title or "") >= _SHORTEST and normalise(known.title or "").casefold() in normalise(note).casefold():
        return True
    return bool(known.date) and str(known.date)[:4] in flat and any(family <= held for family in one.families)


def _within(sentence: str, articles: Sequence[Known]) -> Named:
    """What the sentence itself says about who says so, and on which day."""
    if (dated := _DATED.search(sentence)) and (date := _DATE.match(sentence, dated.end())):
        day, month = int(date[1] or date[4]), english(date[2] or date[3])
        ending = f"-{month:02d}-{day:02d}"
        of_the_day = [
            one.source
            for one in articles
            if one.metadata.date and one.metadata.date.endswith(ending) and one.metadata.date.startswith(date[5] or "")
        ]
        if of_the_day:
            return Named(tuple(of_the_day), (), _without(sentence, dated, date))
    teller = _ACCORDING.search(normalise(sentence))
    if teller is None:
        return Named((), (), sentence)
    called = set(words(teller["one"] or teller["two"]))
    return Named(tuple(one.source for one in articles if any(teller <= called for teller in one.tellers)), (), sentence)


def _without(sentence: str, dated: re.Match[str], date: re.Match[str]) -> str:
    """The sentence without the day: the article's own date vouches for it."""
    verb = re.sub(r",? (?:on|of|in) $", "", dated[0])
    return sentence[: dated.start()] + verb + sentence[date.end() :]
