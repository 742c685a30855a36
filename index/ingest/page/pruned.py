"""A page -> the same without what stands around its article: menus, captions, comments, teasers.

Judged by structure, and by what elements are called.

What elements are called is English on pages of every language. Knows nothing of titles or dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice, takewhile

from index.ingest.lines import is_prose, is_terminal
from index.ingest.page.elements import BLOCKS, Block, Element, blocks, drop, is_element, tokens, words

_AROUND = frozenset("nav aside dialog form iframe button".split())
BYLINE = frozenset(
    "author authors byline bylines autor autores autora auteur auteurs autore autori verfasser firma "
    "writer writers contributor".split()
)
_COMMENTS = frozenset("comments commentlist respond disqus".split())
_NAMED = frozenset("related newsletter breadcrumb breadcrumbs cookie cookies consent gdpr sharing share teaser".split())
_CAPTION = frozenset("caption captions figcaption".split())
_PLACED = frozenset("breadcrumb breadcrumbs share sharing".split())  # of this article, not of others
_LONGEST_CAPTION = 400  # characters; more is an article that stands in a caption by mistake
_MOST_PROSE = 0.3  # of the page's words: what holds more is no furniture, whatever it is called
_LEAST_COMMENTS, _LEAST_TEASERS = 2, 3
_LEAST_PAIRED = 2  # teasers, where only the text is at stake
_DEEPEST = 8  # elements around a link, up to the box that it stands in
_WHOLE = frozenset("html body main article".split())
_OFFER = re.compile(r"(?:^|[/.])(?:newsletters?|subscribe|subscriptions?|sign-?up)(?:[/?#]|$)", re.IGNORECASE)
_LINKED = 0.8  # of a paragraph: it leads elsewhere
_LONGEST_HEAD = 80  # characters of a reader's name and the time
_LONGEST_TEASER = 600  # characters
_LONGEST_PLACE = 200  # characters
_LONGEST_BOX = 300  # characters around a field for an e-mail address
_LONGEST_NAME = 3  # words of the name that a reader has
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d")


def prune(tree: Element, *, is_live: bool = False) -> None:
    """Takes out of the page what is not its article; the entries of a live page have the form of readers' comments."""
    for element in list(
        _boxes(tree, [each for each in tree.iter("input") if each.get("type") == "email"], _LONGEST_BOX)
    ):
        drop(element)
    for element in _called(tree, _COMMENTS):
        _drop(element, len(words(tree)))
    most = int(_MOST_PROSE * len(words(tree)))
    for element in [*_called(tree, _NAMED), *tree.iter(*_AROUND)]:
        if not _tells_day(element):
            _drop(element, most)
    captions = [each for each in _called(tree, _CAPTION) if each.tag not in ("caption", "table")]
    for element in [*tree.iter("figcaption"), *captions]:
        _drop(element, _LONGEST_CAPTION)
    prose = _paragraphs(tree)
    comments = (
        [] if is_live else [each for each in _series(tree, _is_comment, _LEAST_COMMENTS) if _are_readers(each, prose)]
    )
    teasers = [each for each in _series(tree, _is_teaser, _LEAST_TEASERS) if not _is_thread(each, prose)]
    for children in [*comments, *teasers]:
        for child in children:
            drop(child)


def prune_links(tree: Element) -> None:
    """Takes out of the text what leads elsewhere: paragraphs that are a link and no sentence, pairs of teasers, offers.

    What they name may still say who wrote the article, and when: that is read before.
    """
    prose = _paragraphs(tree)
    series = [each for each in _series(tree, _is_teaser, _LEAST_PAIRED) if not _is_thread(each, prose)]
    teasers = [child for children in series for child in children]
    offers = [link for link in tree.iter("a") if _OFFER.search(link.get("href") or "")]
    for element in [*teasers, *_boxes(tree, offers, _LONGEST_TEASER)]:
        drop(element)
    for block in blocks(tree):
        is_link = block.linked >= _LINKED * len(block.text) and (not is_terminal(block.text) or block.text[-1] in "?!")
        if (
            is_link
            and block.element.tag in ("p", "li", "div")
            and words(block.element) == block.text
            and block.element.getparent().tag != "td"
        ):
            drop(block.element)


def _boxes(tree: Element, marks: Sequence[Element], longest: int) -> Iterator[Element]:
    """The boxes, else the paragraphs, that hold one of `marks` (links to a newsletter, fields for an address), and little else."""
    most = min(longest, int(_MOST_PROSE * len(words(tree)))) if marks else 0
    length = cache(lambda element: len(words(element)))  # the box of many links is measured once
    for mark in marks:
        around = [mark, *islice(mark.iterancestors(), _DEEPEST)]
        fits = list(takewhile(lambda each: each.tag not in _WHOLE and length(each) <= most, around))
        if len(fits) > 1 and next(fits[-1].iter("h1"), None) is None:
            yield fits[-1]


def _called(tree: Element, names: frozenset[str]) -> list[Element]:
    return [
        each
        for each in tree.iter()
        if is_element(each)
        and each.tag not in ("html", "body", "main")
        and tokens(each) & names
        and not tokens(each) & BYLINE
    ]


def _tells_day(element: Element) -> bool:
    """Whether it is the line of the article's place or of what can be done with it, and its day stands there, too."""
    return (
        bool(tokens(element) & _PLACED)
        and not tokens(element) & (_NAMED - _PLACED)
        and len(words(element)) <= _LONGEST_PLACE
        and any(not any(each.tag == "nav" for each in time.iterancestors()) for time in element.iter("time"))
    )


def _drop(element: Element, most: int) -> None:
    """Drops what holds no heading of the page, and so many characters at most."""
    if next(element.iter("h1"), None) is None and len(words(element)) <= most:
        drop(element)


def _series(tree: Element, belongs: Callable[[list[Block]], bool], least: int) -> Iterator[list[Element]]:
    """The elements that stand side by side, all of one make, where all of them belong."""
    for parent in list(tree.iter("div", "ul", "ol", "section")):
        alike: dict[tuple[str, frozenset[str]], list[Element]] = {}
        for child in parent:
            if is_element(child) and child.tag in BLOCKS and not tokens(parent) & BYLINE:
                make = frozenset() if child.tag in ("li", "article") else tokens(child)
                alike.setdefault((child.tag, make), []).append(child)
        for children in alike.values():
            if len(children) >= least and all(belongs(blocks(child)) for child in children):
                yield children


def _are_readers(children: Sequence[Element], prose: int) -> bool:
    """Whether different persons wrote them, below something else: the posts of a forum are what the page is about."""
    heads = {
        _CLOCK.sub(
            "",
            " ".join(block.text for block in blocks(child) if not is_prose(block.text) and block.element.tag != "time"),
        )
        for child in children
    }
    return len(heads) > 1 and not _hold_all(children, prose)


def _is_thread(children: Sequence[Element], prose: int) -> bool:
    """Whether they are posts, each below the link to a person of few words, and all that the page has to say."""
    firsts = [blocks(child)[0].text for child in children]
    return all(len(first.split()) <= _LONGEST_NAME for first in firsts) and _hold_all(children, prose)


def _hold_all(children: Sequence[Element], prose: int) -> bool:
    """Whether there is no prose on the page but theirs; `prose` is how many paragraphs of it there are."""
    return 0 < sum(map(_paragraphs, children)) == prose


def _paragraphs(element: Element) -> int:
    return sum(is_prose(block.text) for block in blocks(element))


def _is_comment(shown: list[Block]) -> bool:
    """Whether it is a name and a time above some words, and no heading: what a reader wrote."""
    head, rest = (
        " ".join(block.text for block in shown if not is_prose(block.text)),
        [block for block in shown if is_prose(block.text)],
    )
    has_time = any(map(str.isdecimal, head)) or any(block.element.tag == "time" for block in shown)
    return (
        bool(rest)
        and has_time
        and not is_prose(shown[0].text)
        and len(head) <= _LONGEST_HEAD
        and not any(_is_heading(block) for block in shown)
    )


def _is_teaser(shown: list[Block]) -> bool:
    """Whether its first words are a link, and not many others follow: what leads to another article."""
    return (
        bool(shown)
        and shown[0].linked >= _LINKED * len(shown[0].text)
        and sum(len(block.text) for block in shown) <= _LONGEST_TEASER
    )


def _is_heading(block: Block) -> bool:
    return any(each.tag in ("h1", "h2", "h3", "h4") for each in (block.element, *block.element.iterancestors()))
