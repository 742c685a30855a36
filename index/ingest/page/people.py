"""A page -> who wrote its article, by name.

Organisations, photographers and the words around a name are none. Knows nothing of files.

What the page's linked data say is believed first, then what is shown beside the heading, then what stands in the page's
head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from index.ingest.bylines import read_line
from index.ingest.lines import is_prose
from index.ingest.names import AND, bare_name, is_person, is_unspaced, proper, without_by
from index.ingest.page.elements import Block, Element, bare, chunks, meta, tokens, words
from index.ingest.page.linked import Linked
from index.ingest.page.pruned import BYLINE

_META = (
    "author", "article:author", "og:article:author", "article:author_name", "og:author", "sailthru.author", "parsely-author", "cxenseparse:author", "byl",
    "dc.creator", "dcterms.creator", "dcsext.author",
)  # fmt: skip
_APART = re.compile(r"\s*[|•·]\s*|\s+[-–—]\s+|\s*\n\s*")
_PEOPLE = re.compile(
    r"auth?or|auteur|people|person|profil|staff|team|writer|contribut|columnist|journalist|reporter"
    r"|redac|redak",
    re.IGNORECASE,
)
_MOST_PIECES = 20
_LONGEST = 300  # characters of a byline
_NEAR = 12  # blocks before the heading in which a byline can stand
_LABEL = re.compile(r"([^\W\d_][^:：\d]{2,30}?)\s*[:：]")


def read(tree: Element, linked: Linked, place: range, shown: Sequence[Block], sites: Sequence[str]) -> str | None:
    """The names, with commas between; None where the page names nobody.

    `place` is where in `shown` the article stands, from its heading to its last prose.
    """
    names = [bare(site) for site in (*sites, *linked.organisations) if bare(site)]
    labels = [found[1] for block in shown if len(block.text) <= _LONGEST for found in _LABEL.finditer(block.text)]
    persons = [name for text in linked.persons for name in named(text, names, labels)]
    persons = persons or _displayed(tree, place, shown, names, labels)
    persons = persons or next(
        (found for text in meta(tree, *_META) if "://" not in text and (found := named(text, names, labels))), []
    )
    return ", ".join(dict.fromkeys(persons)) or None


def named(text: str, sites: Sequence[str], labels: Sequence[str] = ()) -> list[str]:
    """The persons that a byline names; none if a part of it is prose, or there is no person in it."""
    if len(text) > _LONGEST:
        return []
    led, text = text, without_by(text)
    for label in labels:
        text = text.removesuffix(label) if text != label and not is_person(label) else text
    found = []
    for part in (bare_name(each) for piece in _APART.split(text) for each in AND.split(piece)):
        bared = bare(part)
        if (is_person(part) or (is_unspaced(part) and led != text)) and not any(
            f" {name} " in f" {bared} " for name in sites
        ):
            found.append(proper(part))
    return found


def _displayed(
    tree: Element, place: range, shown: Sequence[Block], sites: Sequence[str], labels: Sequence[str]
) -> list[str]:
    """The persons of the first byline in the article, else just before it; else of those behind it, if they agree."""
    order = {element: number for number, element in enumerate(tree.iter())}
    first, last = (
        order.get(shown[number].element, 0) if 0 <= number < len(shown) else 0
        for number in (place.start, place.stop - 1)
    )
    early = order.get(shown[max(place.start - _NEAR, 0)].element, 0) if shown else 0
    found = [
        (order[element], persons, any(each.tag == "li" for each in element.iterancestors()))
        for element in tree.iter()
        if _is_byline(element) and (persons := _of_element(element, sites, labels))
    ]
    for inside in (
        [each for each in found if first <= each[0] <= last],
        [each for each in found if early <= each[0] < first],
    ):
        if inside:
            return inside[0][1]
    text = next((number for number in place if number > place.start and is_prose(shown[number].text)), place.stop)
    for number in (*range(place.start, text), *range(max(place.start - _NEAR, 0), place.start)):
        if (stated := read_line(shown[number].text).author) and (persons := named(stated, sites, labels)):
            return persons
    begun = order.get(shown[text].element, last) if text < len(shown) else last
    linked = [words(link) for link in tree.iter("a") if first <= order[link] <= begun and _is_own_page(link)]
    if linked:
        return named(linked[0], sites, labels)
    behind = [persons for number, persons, listed in found if number > last and not listed]
    return behind[0] if behind and all(persons == behind[0] for persons in behind) else []


def _is_byline(element: Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in (
        "meta",
        "link",
        "body",
        "html",
        "article",
        "form",
        "button",
        "input",
        "img",
        "figure",
    ):
        return False
    marks = {word for attribute in ("rel", "itemprop") for word in (element.get(attribute) or "").lower().split()}
    return "author" in marks or bool(tokens(element) & BYLINE)


def _of_element(element: Element, sites: Sequence[str], labels: Sequence[str]) -> list[str]:
    """The persons of a byline: those of its first piece that has any and of what is joined to it, else of the whole."""
    found: list[str] = []
    joined = True
    for chunk in chunks(element)[:_MOST_PIECES]:
        persons = named(chunk, sites, labels)
        joins = not persons and (AND.fullmatch(f" {chunk} ") or AND.fullmatch(chunk)) is not None
        if found and not joins and not (persons and (joined or AND.match(chunk) or AND.match(f" {chunk}"))):
            break
        joined = joins or bool(AND.match(f"{chunk[-1]} "))
        found += persons
    return found or named(words(element), sites, labels)


def _is_own_page(link: Element) -> bool:
    """Whether a link is that of a person to a page of theirs: "/newsteam/mary-hale"."""
    text = words(link)
    folder, _, page = urlsplit(link.get("href") or "").path.rstrip("/").rpartition("/")
    return is_person(text) and page in _slugs(text) and bool(_PEOPLE.search(folder))


def _slugs(name: str) -> Iterator[str]:
    parts = [unquote(part) for part in bare(name).split()]
    yield "-".join(parts)
    yield "_".join(parts)
