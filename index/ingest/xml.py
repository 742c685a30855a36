"""Parse XML from anywhere, and walk its tree by local names, whatever the namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.ingest.lines import plain

Element = Any  # of lxml, which says nothing of its types


def parse(data: bytes) -> Element:
    """The tree; entities are not expanded and nothing is fetched. Raises SyntaxError for what is no XML."""
    from lxml import etree

    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def within(element: Element, *names: str) -> Iterator[Element]:
    """The elements below, at any depth, of one of these names, in order."""
    return (each for each in element.iter() if each is not element and local(each) in names)


def first(element: Element | None, *names: str) -> Element | None:
    """The first element below of the first of these names that there is."""
    return None if element is None else next((found for name in names for found in within(element, name)), None)


def words(element: Element | None) -> str:
    """All the text in an element, in a line; "" where there is none."""
    return "" if element is None else plain("".join(element.itertext()))
