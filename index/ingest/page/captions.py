"""A page -> the same without captions and notes on persons, where the page says elsewhere that they are such.

The words below a picture are often those of its alternative text, or those that the page's linked data give as its
caption; what tells of the author is what they give as a person's description. So no word of any language is looked for.
Knows nothing of titles or dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from index.ingest.page.elements import HEADINGS, Block, Element, bare, blocks, drop, words

_ALIKE = 30  # characters with which both begin; what is shorter names something
_CREDIT = 150  # characters that may follow the words of a caption: who took the picture
_LONGEST = 1200  # characters of a caption
_MOST = 0.3  # of the page's words: what repeats more of it is the article


def alternatives(tree: Element) -> list[str]:
    """What the pictures of the page show, as it says for those who do not see them."""
    return [text for image in tree.iter("img", "amp-img") if (text := image.get("alt") or "")]


def prune(tree: Element, said: Iterable[str], own: Iterable[str]) -> None:
    """Takes out of the page the paragraphs that repeat what is `said` of pictures and persons.

    `own` is what the page says of the article: its title and its summary, which pictures carry as well.
    """
    kept = {bare(text)[:_ALIKE] for text in own}
    known: dict[str, list[str]] = {}
    for text in dict.fromkeys(bare(each) for each in said):
        if len(text) >= _ALIKE and text[:_ALIKE] not in kept:
            known.setdefault(text[:_ALIKE], []).append(text)
    shown = blocks(tree)
    found = list(_repeated(shown, known)) if known else []
    if sum(len(block.text) for block in found) <= _MOST * sum(len(block.text) for block in shown):
        for block in found:
            drop(block.element)


def _repeated(shown: Sequence[Block], known: dict[str, list[str]]) -> Iterator[Block]:
    for block in shown:
        if len(block.text) > _LONGEST or block.element.tag in HEADINGS:
            continue
        text = bare(block.text)
        if (
            any(
                (text.startswith(each) and len(text) - len(each) <= _CREDIT)
                or (each.startswith(text) and len(text) >= 2 * _ALIKE)
                for each in known.get(text[:_ALIKE], ())
            )
            and words(block.element) == block.text
        ):
            yield block
