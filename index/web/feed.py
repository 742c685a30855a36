"""A feed (RSS 0.9 to 2.0, Atom 1.0) -> its entries.

Where each leads, what is said of it, and its text where that is there whole.

Called in a process of its own (`index.isolated`). A feed that is no well-formed XML is read as far as that can be, and
that is told.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin

from index.errors import SourceError
from index.ingest import dates
from index.ingest.lines import plain
from index.ingest.xml import Element, local, words

ROOTS = ("rss", "RDF", "feed")
_WHOLE = 500  # characters from which an entry counts as the whole article, and its page is not fetched
_LONGEST = 500  # characters of a title or a name
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_TAG = re.compile(r"<[^<>]*>")
_MAIL = re.compile(r"\S+@\S+\s*\(([^)]+)\)")  # as RSS has authors: jane@example.org (Jane Doe)


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` names it for good: its address or, where it has none, its id.

    `link` is None where it leads nowhere, `content` is markup, where it is whole.
    """

    key: str
    link: str | None
    title: str | None
    author: str | None
    date: str | None
    content: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """Its title, the entries in its order, and what is told of it."""

    title: str | None
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def read(data: bytes, url: str) -> Feed | None:
    """The feed that was found at `url`; None where this is XML of another kind.

    Raises SourceError where it is no XML at all.
    """
    root, notes = _parsed(data)
    if local(root) not in ROOTS:
        return None
    base = urljoin(url, root.get(_BASE) or "")
    found = [_entry(each, base) for each in root.iter() if local(each) in ("item", "entry")]
    entries = {entry.key: entry for entry in reversed(found) if entry is not None}  # the first of several with one key
    lost = len(found) - sum(entry is not None for entry in found)
    if lost:
        notes = (*notes, f"{lost} of {len(found)} entries lead nowhere and hold no text")
    channel = next((each for each in root if local(each) == "channel"), root)
    return Feed(_text(_child(channel, "title")), tuple(reversed(entries.values())), notes)


def page(entry: Entry, feed: str | None) -> bytes:
    """The text of an entry as a page of its own, which says what the feed says of it."""
    said = [
        *((f"<title>{html.escape(entry.title)}</title>",) if entry.title else ()),
        *(f'<meta {kind}="{name}" content="{html.escape(value)}">' for kind, name, value in (
            (
                "name", "author", entry.author), ("property", "article:published_time", entry.date), ("property", "og:site_name", feed),
        ) if value),
        *((f'<link rel="canonical" href="{html.escape(entry.link)}">',) if entry.link else ()),
    ]  # fmt: skip
    heading = f"<h1>{html.escape(entry.title)}</h1>\n" if entry.title else ""
    text = f'<!DOCTYPE html>\n<html><head><meta charset="utf-8">{"".join(said)}</head>\n<body><article>\n{heading}{entry.content}\n</article></body></html>\n'
    return text.encode("utf-8", "replace")


def _parsed(data: bytes) -> tuple[Element, tuple[str, ...]]:
    from lxml import etree

    options = {"resolve_entities": False, "no_network": True, "remove_comments": True, "remove_pis": True}
    try:
        return etree.fromstring(data.strip(), etree.XMLParser(**options)), ()
    except SyntaxError as error:
        try:
            root = etree.fromstring(data.strip(), etree.XMLParser(recover=True, **options))
        except SyntaxError:
            root = None
        if root is None:
            raise SourceError(f"is not XML: {' '.join(error.msg.split())}", "check the address") from error
        return root, (f"is no well-formed XML (line {error.lineno}): read as far as that can be",)


def _entry(element: Element, base: str) -> Entry | None:
    base = urljoin(base, element.get(_BASE) or "")
    link = _link(element, base)
    content = _content(element)
    name = words(_child(element, "guid", "id"))[:1000]
    key = link or name
    if not key or (link is None and content is None):
        return None
    if content is not None and link is not None and len(plain(html.unescape(_TAG.sub(" ", content)))) < _WHOLE:
        content = None
    dated = _child(element, "pubDate", "published", "date", "issued", "updated")
    return Entry(
        key,
        link,
        _text(_child(element, "title")),
        _author(element),
        dates.parse(words(dated)[:60]) if dated is not None else None,
        content,
    )


def _link(element: Element, base: str) -> str | None:
    for each in element:
        if local(each) == "link":
            target = each.get("href") if each.get("rel", "alternate") == "alternate" else None
            target = target or (words(each) if each.get("href") is None else None)
            if target:
                return str(urljoin(base, target.strip()))
    named = _child(element, "guid")
    if (
        named is not None
        and named.get("isPermaLink", "true") == "true"
        and words(named).startswith(("http://", "https://"))
    ):
        return str(words(named))
    return None


def _content(element: Element) -> str | None:
    """The text that an entry carries, as markup: `content:encoded`, or the `content` of Atom."""
    from lxml import etree

    for each in element:
        if local(each) == "encoded":
            return "".join(each.itertext()).strip() or None
        if local(each) == "content" and each.get("src") is None and each.get("url") is None:
            kind = each.get("type", "text")
            if kind == "xhtml":
                return (
                    "".join(etree.tostring(child, encoding="unicode", with_tail=False) for child in each).strip()
                    or None
                )
            text = "".join(each.itertext()).strip()
            return (html.escape(text) if kind in ("text", "text/plain") else text) or None
    return None


def _author(element: Element) -> str | None:
    names = [
        _child(each, "name") if local(each) == "author" and len(each) else each
        for each in element
        if local(each) in ("creator", "author")
    ]
    said = dict.fromkeys(text for each in names if (text := _text(each)))
    return ", ".join(found[1] if (found := _MAIL.fullmatch(name)) else name for name in said) or None


def _child(element: Element, *names: str) -> Element | None:
    """The first child of the first of these names that there is."""
    return next((each for name in names for each in element if local(each) == name), None)


def _text(element: Element | None) -> str | None:
    """The words of an element, without markup in them."""
    return plain(html.unescape(_TAG.sub(" ", words(element))))[:_LONGEST] or None if element is not None else None
