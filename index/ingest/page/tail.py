"""The text of a page without what follows its article: told by the element that holds the article.

Nearly all paragraphs of an article stand in one element; what an extractor takes along from behind it (calls to
register, headings of lists of other articles) does not. A heading with nothing below it heads a list that is gone. What
stands before the element may be the lead, and stays. Knows nothing of metadata.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.ingest.page.elements import HEADINGS, Block, Element, bare

_NEARLY_ALL = 0.9  # of the characters; a second part of the article has more than the rest
_MARKS = "#-*•> "


def cut(text: str, tree: Element, shown: Sequence[Block]) -> str:
    """`text`, a paragraph a line, to the last line of the article; `shown` are the blocks of `tree`."""
    by_words = {bare(block.text): block.element for block in shown}
    lines = text.splitlines()
    places = [by_words.get(bare(line.lstrip(_MARKS))) for line in lines]
    order = {element: number for number, element in enumerate(tree.iter())}
    sizes: dict[Element, int] = {}
    for line, place in zip(lines, places, strict=True):
        if place is not None:
            sizes[place] = sizes.get(place, 0) + len(line)
    end = _end(tree, sizes, order)
    last = len(lines)
    while last > 1 and _is_behind(places[last - 1], order, end):
        last -= 1
    return "\n".join(lines[:last])


def _is_behind(place: Element | None, order: Mapping[Element, int], end: int) -> bool:
    return place is not None and (order.get(place, 0) > end or place.tag in HEADINGS)


def _end(tree: Element, sizes: Mapping[Element, int], order: Mapping[Element, int]) -> int:
    """The number of the last element in the smallest one that holds nearly all."""
    held = dict.fromkeys(order, 0)
    last = dict(order)
    for element in reversed(list(order)):
        held[element] += sizes.get(element, 0)
        parent = element.getparent()
        if parent is not None and parent in held:
            held[parent] += held[element]
            last[parent] = max(last[parent], last[element])
    least = _NEARLY_ALL * held[tree]
    inner: Element | None = tree
    while inner is not None:
        container = inner
        inner = next((each for each in container if held.get(each, 0) >= least), None) if least else None
    return last[container]
