"""A page -> the same without what stands around its article: menus, captions, comments. Judged by structure. Knows nothing of titles or dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from index.ingest.lines import is_prose
from index.ingest.page.elements import Element, drop, is_element, tokens, words

_AROUND = ("nav", "aside", "dialog", "form", "iframe", "button")
_NAMED = frozenset(
    "comments commentlist respond disqus comentarios kommentare related newsletter breadcrumb breadcrumbs cookie cookies consent gdpr"
    " sharing share teaser".split()
)
_LONGEST_CAPTION = 400  # characters; more is an article that stands in a caption by mistake
_MOST_PROSE = 0.3  # of the page's words: what holds more is no furniture, whatever it is called
_LEAST_COMMENTS = 2
_LONGEST_HEAD = 80  # characters of a reader's name and the time


def prune(tree: Element) -> None:
    """Takes out of the page what is not its article."""
    total = max(len(words(tree)), 1)
    for element in list(_furniture(tree)):
        if len(words(element)) <= _MOST_PROSE * total and next(element.iter("h1"), None) is None:
            drop(element)
    for element in list(tree.iter("figcaption")):
        if len(words(element)) <= _LONGEST_CAPTION:
            drop(element)
    for element in list(_comments(tree)):
        drop(element)


def _furniture(tree: Element) -> Iterator[Element]:
    for element in tree.iter():
        if is_element(element) and element.tag not in ("html", "body", "main") and (element.tag in _AROUND or tokens(element) & _NAMED):
            yield element


def _comments(tree: Element) -> Iterator[Element]:
    """What holds several things of one make, each a name and a time above some words, and no heading: what readers wrote."""
    for parent in tree.iter("div", "ul", "ol", "section"):
        makes = Counter(_make(child) for child in parent if is_element(child))
        for make, count in makes.items():
            alike = [child for child in parent if is_element(child) and _make(child) == make] if count >= _LEAST_COMMENTS else []
            if alike and all(_is_comment(child) for child in alike):
                yield from alike


def _make(element: Element) -> tuple[str, str]:
    return (element.tag, " ".join(sorted(tokens(element) - {"first", "last", "even", "odd"}))) if element.tag != "li" else ("li", "")


def _is_comment(element: Element) -> bool:
    parts = [child for child in element.iterdescendants() if (is_element(child) and len(child) == 0) or child.tag in ("p", "div")]
    if next(element.iter("h1", "h2", "h3", "h4"), None) is not None or len(parts) < 2:
        return False
    head, *rest = [text for child in element if is_element(child) and (text := words(child))] or [""]
    has_time = any(map(str.isdecimal, head)) or next(element.iter("time"), None) is not None
    return len(head) <= _LONGEST_HEAD and has_time and any(is_prose(text) for text in rest)
