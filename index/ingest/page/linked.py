"""The linked data of a page (JSON-LD) -> what it says of the article.

Headline, day, persons, the names of its publisher. Knows nothing of what is shown.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from index.ingest.lines import plain
from index.ingest.page.elements import Element, bare

_ARTICLE = re.compile(
    r"(?:\w*(?:Article|Posting)|Report|Review|Recipe|Report|Essay|ScholarlyArticle|CreativeWork"
    r"|WebPage)$"
)
_SITE = ("WebSite", "Organization", "NewsMediaOrganization", "Corporation", "Periodical", "Newspaper")
_MOST = 20_000  # objects looked at
_LEAST_ASIDE = 30  # characters of a caption or of words about a person
_ENTITIES = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);", re.IGNORECASE)
Thing = Mapping[str, Any]  # a JSON object, in this module alone


@dataclass(frozen=True, slots=True)
class Linked:
    """What is said of the article: `persons` and `organisations` wrote it, `sites` are names of whoever publishes it, `publisher` the first of them.

    `asides` is what is said of pictures and persons; `is_live` says that the page is written while things happen.
    """

    headline: str | None = None
    published: str | None = None
    persons: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    publisher: str | None = None
    sites: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    is_live: bool = False


def read(tree: Element, titles: Sequence[str]) -> Linked:
    """The article that has one of `titles`, else the first that is one; of a page that names none, the site."""
    things = list(_things(tree))
    by_id = {thing["@id"]: thing for thing in sorted(things, key=len) if isinstance(thing.get("@id"), str)}
    known = {bare(title) for title in titles}
    articles = [
        thing
        for thing in things
        if any(_ARTICLE.match(kind) for kind in _kinds(thing)) and (thing.get("headline") or thing.get("datePublished"))
    ]
    titled = [
        thing for thing in articles if known & {bare(_text(thing.get("headline"))), bare(_text(thing.get("name")))}
    ]
    # a page says less than its article
    ranked = sorted(titled or articles[:1], key=lambda thing: "WebPage" in _kinds(thing))
    sites = [name for thing in things if set(_SITE) & set(_kinds(thing)) and (name := _text(thing.get("name")))]
    if not ranked:
        return Linked(sites=tuple(dict.fromkeys(sites)))  # what it says of a person may be what the page is for
    authors = next((found for thing in ranked if (found := list(_authors(thing, by_id)))), [])
    publishers = [_text(each.get("name")) for thing in ranked for each in _resolved(thing.get("publisher"), by_id)]
    return Linked(
        headline=next((text for thing in ranked if (text := _text(thing.get("headline")))), None),
        published=next(
            (text for key in ("datePublished", "dateCreated") for thing in ranked if (text := _text(thing.get(key)))),
            None,
        ),
        persons=tuple(name for name, is_person in authors if is_person),
        organisations=tuple(name for name, is_person in authors if not is_person),
        publisher=next(filter(None, publishers), None),
        sites=tuple(dict.fromkeys(filter(None, (*publishers, *sites)))),
        asides=tuple(_asides(things)),
        is_live=any("LiveBlogPosting" in _kinds(thing) for thing in things),
    )


def _things(tree: Element) -> Iterator[Thing]:
    """Every object of the page's linked data, those within others as well."""
    open_: list[Any] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            text = (script.text or "").replace("<!--", "").replace("-->", "").lstrip()
            with suppress(ValueError, RecursionError):
                open_.append(json.JSONDecoder(strict=False).raw_decode(text)[0])  # what stands behind it is a slip
    open_.reverse()
    for _ in range(_MOST):
        if not open_:
            return
        value = open_.pop()
        if isinstance(value, list):
            open_ += reversed(value)
        elif isinstance(value, dict):
            yield value
            open_ += [each for each in reversed(value.values()) if isinstance(each, list | dict)]


def _asides(things: Sequence[Thing]) -> Iterator[str]:
    """The captions of pictures, and what tells of a person."""
    for thing in things:
        kinds = " ".join(_kinds(thing))
        keys = ("caption", "description") if "Image" in kinds else ("description",) if "Person" in kinds else ()
        yield from (text for key in keys if len(text := _text(thing.get(key))) >= _LEAST_ASIDE)


def _kinds(thing: Thing) -> list[str]:
    kinds = thing.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _text(value: object) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return (
        plain(_ENTITIES.sub(lambda found: html.unescape(found[0]), str(value))) if isinstance(value, str | int) else ""
    )


def _resolved(value: object, by_id: Mapping[str, Thing]) -> Iterator[Thing]:
    """The objects that a value is or names by their `@id`."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield each if each.get("name") else by_id.get(str(each.get("@id")), each)


def _authors(thing: Thing, by_id: Mapping[str, Thing]) -> Iterator[tuple[str, bool]]:
    """The names of the authors, and whether each is said to be a person."""
    stated = thing.get("author") or thing.get("creator")
    for each in stated if isinstance(stated, list) else [stated]:
        if isinstance(each, str) and each.strip():
            yield _text(each), True
        for found in _resolved(each, by_id):
            for name in found["name"] if isinstance(found.get("name"), list) else [found.get("name")]:
                if text := _text(name):
                    yield text, not any("Organization" in kind for kind in _kinds(found))
