"""The elements of a page, read as a person sees them.

Words, blocks in their order, names that a class or an id is made of. Knows nothing of articles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.ingest.lines import plain

Element = Any  # of lxml, which says nothing of its types
BLOCKS = frozenset(
    "address article aside blockquote br dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol p pre"
    " section table tbody td th thead time tr ul".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_UNSEEN = frozenset(
    "script style noscript template svg head title meta link iframe object select option textarea".split()
)
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of words with no block within it, its element, and how many of its characters are those of links."""

    element: Element
    text: str
    linked: int


def is_element(node: Element) -> bool:
    """Whether it is one, and no comment or processing instruction."""
    return isinstance(node.tag, str)


def words(element: Element) -> str:
    """What the element says, in a line: blocks are apart, inline elements are not."""
    return plain("".join(_pieces(element)))


def chunks(element: Element) -> list[str]:
    """The pieces of text in an element, each as one node holds it."""
    return [text for piece in _texts(element) if (text := plain(piece))]


def blocks(tree: Element) -> list[Block]:
    """The blocks of the page that hold words, in order."""
    found: list[Block] = []
    run: list[str] = []
    linked = 0
    owner = tree

    def close() -> None:
        nonlocal linked
        text = plain("".join(run))
        if text:
            found.append(Block(owner, text, linked))
        run.clear()
        linked = 0

    links = 0
    for node, entering in _walk(tree):
        if node.tag in BLOCKS:
            close()
            owner = node if entering else node.getparent()
        links += (1 if entering else -1) if node.tag == "a" else 0
        text = node.text if entering else node.tail
        if text and not (entering and node.tag in _UNSEEN) and not (not entering and node is tree):
            run.append(text)
            linked += len(plain(text)) if links else 0
    close()
    return found


def tokens(element: Element) -> frozenset[str]:
    """The words in the class and the id of an element: "articleAuthor-link" has article, author and link."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return frozenset(token.lower() for token in _TOKEN.findall(named[:1000]))


def meta(tree: Element, *names: str) -> list[str]:
    """The values of the page's meta elements of these names, in the order of the names."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop"):
            if (name := (element.get(attribute) or "").strip().lower()) and (
                value := plain(element.get("content") or "")
            ):
                found.setdefault(name, []).append(value)
    return [value for name in names for value in found.get(name, ())]


def bare(text: str) -> str:
    """Letters and figures alone, in small letters: what is left to compare by."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold().replace("’", "'")))


def drop(element: Element) -> None:
    """Takes an element out of its page, and leaves what stands behind it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _walk(tree: Element) -> Iterator[tuple[Element, bool]]:
    """Every element twice: on entering it and on leaving it; what is not seen is left at once."""
    from lxml import etree

    skipped = None
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if skipped is None and node.tail:
                yield node, False
            continue
        if skipped is not None:
            if node is skipped and event == "end":
                skipped = None
                yield node, False
            continue
        if event == "start" and node.tag in _UNSEEN:
            skipped = node
            continue
        yield node, event == "start"


def _pieces(element: Element) -> Iterator[str]:
    for node, entering in _walk(element):
        if node.tag in BLOCKS and node is not element:
            yield " "
        text = node.text if entering else node.tail
        if text and not (not entering and node is element):
            yield text


def _texts(element: Element) -> Iterator[str]:
    for node, entering in _walk(element):
        text = node.text if entering else node.tail
        if text and not (not entering and node is element):
            yield text
