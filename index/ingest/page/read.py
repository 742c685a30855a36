"""The markup of a web page -> the text of its article and what the page says about it.

Knows nothing of files, bytes or encodings.

trafilatura finds the article; what it is kept from (`index.ingest.page.pruned`) and what it overlooks is decided by
structure, so that it holds in every language.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from index.ingest.html_tables import spell_out
from index.ingest.lines import is_prose, plain
from index.ingest.page import captions, day, linked, people, tail, title
from index.ingest.page.elements import Block, Element, bare, blocks, meta
from index.ingest.page.pruned import prune, prune_links
from index.records import Metadata

_LEAST_LEAD = 60  # characters of a paragraph above the text that belongs to it
_MOST_LINKED = 0.3  # of a paragraph of prose
_SEARCHED = 40  # characters by which a paragraph is found again


@dataclass(frozen=True, slots=True)
class Page:
    """The text of the article, a paragraph a line, and what is known of it."""

    text: str
    metadata: Metadata


def read(html: str) -> Page | None:
    """The article of the page; None where none can be told from the rest."""
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    tree = load_html(html)
    if tree is None:
        return None
    stated = [
        *meta(tree, "og:title", "twitter:title", "dc.title", "title"),
        *(plain(each.text or "") for each in tree.iter("title")),
    ]
    data = linked.read(tree, [*stated, *(text for _, text in title.headings(tree))])
    asides = [*data.asides, *captions.alternatives(tree)]
    own = [*stated, data.headline or "", *meta(tree, "description", "og:description", "twitter:description")]
    prune(tree, is_live=data.is_live)
    captions.prune(tree, asides, own)
    spell_out(tree)
    article = copy.deepcopy(tree)
    prune_links(article)
    extracted = bare_extraction(article, include_comments=False, include_tables=True)
    if not extracted or not (extracted.text or "").strip():
        return None
    address = _address(tree)
    host = (urlsplit(address or "").hostname or "").removeprefix("www.")
    sites = [
        *meta(tree, "og:site_name", "application-name", "dc.publisher", "publisher"),
        *data.sites,
        host,
        host.partition(".")[0],
        host.rpartition(".")[0],
    ]
    found = title.read(title.headings(tree), [text for text in (data.headline, *stated) if text], sites)
    shown = blocks(tree)
    start = next(
        (
            number
            for number, block in enumerate(shown)
            if found.heading is not None and _is_in(block.element, found.heading)
        ),
        0,
    )
    prose = [number for number, block in enumerate(shown) if number > start and _is_prose(block)]
    ends = (prose[:2][-1], prose[-1]) if prose else (len(shown) - 1,) * 2
    head, body = (range(start, end + 1) for end in ends)
    publishers = [*meta(tree, "og:site_name"), data.publisher, *data.sites, *meta(tree, "application-name")]
    return Page(
        _with_lead(
            tail.cut(_apart(extracted.text, shown), tree, shown),
            found.text or "",
            shown[start + 1 :] if found.heading is not None else (),
        ),
        Metadata(
            found.text,
            people.read(tree, data, body, shown, sites),
            day.read(tree, data, head, shown, address or "", below=shown[body.stop : body.stop + 1]),
            next(
                (
                    name
                    for name in publishers
                    if name and "://" not in name and not f".{name}".casefold().endswith(f".{host or name}")
                ),
                None,
            ),
            address,
        ),
    )


def _address(tree: Element) -> str | None:
    """The address that the page says it has."""
    stated = [
        each.get("href") or "" for each in tree.iter("link") if "canonical" in (each.get("rel") or "").lower().split()
    ]
    return next(
        (
            text
            for text in map(plain, (*stated, *meta(tree, "og:url", "twitter:url")))
            if text.startswith(("http://", "https://"))
        ),
        None,
    )


def _is_in(element: Element, container: Element) -> bool:
    return element is container or any(each is container for each in element.iterancestors())


def _is_prose(block: Block) -> bool:
    return is_prose(block.text) and block.linked <= _MOST_LINKED * len(block.text)


def _apart(text: str, shown: Sequence[Block]) -> str:
    """The text in its paragraphs, where a very short article was taken for a single one."""
    if "\n" in text.strip():
        return text
    whole = bare(text)
    pieces = [block.text for block in shown if bare(block.text) and bare(block.text) in whole]
    return "\n".join(pieces) if bare(" ".join(pieces)) == whole else text


def _with_lead(text: str, title: str, shown: Sequence[Block]) -> str:
    """The text with the paragraphs before it that stand between the heading and its first words, where it lacks them."""
    head, newline, rest = text.partition("\n")
    head, rest = (f"{head}{newline}", rest) if rest and bare(head.lstrip("#")) == bare(title) else ("", text)
    begun, held = bare(rest.partition("\n")[0].lstrip("#-*>|– "))[:_SEARCHED], bare(rest)
    leads: list[str] = []
    for block in shown:
        if bare(block.text)[:_SEARCHED] == begun:
            return head + "\n".join([*leads, rest])
        if len(block.text) >= _LEAST_LEAD and _is_prose(block) and bare(block.text) not in held:
            leads.append(block.text)
    return text
