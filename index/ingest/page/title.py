"""A page -> the title of its article, without the name of the site, and the heading that shows it.

Knows nothing of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.ingest import dates
from index.ingest.page.elements import Element, bare, words

_SEPARATOR = re.compile(r"(\s+[|–—·•»«›:/~-]+\s+|\s*[|│｜»«]\s*|\s+[-–—]{1,2}(?=\S)|(?<=\S)[–—]\s+|\s+l\s+(?=[A-Z]))")
_LONGER = 2.5  # times the name of a site: what holds it among as many other words is no name
_LONGEST = 400  # characters of a heading
_LEAST = 0.25  # of the length of a title: a shorter heading names a section
_SHARED = 0.5  # of the words of a heading, where it says what the title says in other words


@dataclass(frozen=True, slots=True)
class Title:
    """The title, and the heading on the page that shows it, if one does."""

    text: str | None
    heading: Element | None


def read(headings: Sequence[tuple[Element, str]], stated: Sequence[str], sites: Iterable[str]) -> Title:
    """The title of the article: the heading that says what the page calls itself, else what it calls itself.

    `headings` are those of the page, the highest first, with their words; `stated` what it says of itself, the surest
    first; `sites` what its site is called.
    """
    names = [bare(site) for site in sites if bare(site)]
    said = [cut for title in stated if (cut := without_site(title, names))]
    ranked = [
        (rank, element, text)
        for element, text in headings
        if (rank := _agreement(text, said)) is not None and not _is_site(text, names)
    ]
    if ranked:
        _, element, text = min(ranked, key=lambda item: item[0])
        return Title(_trimmed(text, said, names), element)
    first = [(element, text) for element, text in headings if element.tag == "h1" and not _is_site(text, names)]
    if len(first) == 1 and not said:
        return Title(_trimmed(first[0][1], said, names), first[0][0])
    return Title(_trimmed(said[0], said, names) if said else None, None)


def headings(tree: Element) -> list[tuple[Element, str]]:
    """The headings of a page that can be its title's, the highest first."""
    found = [(element, words(element)) for element in tree.iter("h1", "h2", "h3")]
    return sorted(
        [(element, text) for element, text in found if 0 < len(text) <= _LONGEST], key=lambda item: str(item[0].tag)
    )


def without_site(title: str, names: Sequence[str]) -> str:
    """The title without the name of the site before or behind it."""
    parts = _SEPARATOR.split(title)
    while len(parts) > 2 and _is_site(parts[-1], names):
        parts = parts[:-2]
    while len(parts) > 2 and _is_site(parts[0], names):
        parts = parts[2:]
    return "".join(parts).strip()


def _is_site(text: str, names: Sequence[str]) -> bool:
    """Whether the words name the site: the same, or its name in another length ("NPR", "NPR News")."""
    said = bare(text)
    return any(
        said.replace(" ", "") == name.replace(" ", "")
        or f" {said} " in f" {name} "
        or (f" {name} " in f" {said} " and len(said) <= _LONGER * len(name))
        for name in names
    )


def _agreement(heading: str, said: Sequence[str]) -> tuple[float, int] | None:
    """How near a heading is to what is said, 0 the same; None where it is something else."""
    own = bare(heading)
    best: tuple[float, int] | None = None
    for place, title in enumerate(said):
        other = bare(title)
        shared = len(set(own.split()) & set(other.split())) / max(len(set(own.split())), 1)
        likeness = min(len(own), len(other)) / max(len(own), len(other), 1)
        contained = (f" {own} " in f" {other} " or f" {other} " in f" {own} ") and likeness >= _LEAST
        rank = (
            0.0
            if own == other
            else 1 - likeness
            if contained
            else 2 - shared
            if shared >= _SHARED and likeness >= _LEAST
            else None
        )
        if rank is not None and (best is None or (rank, place) < best):
            best = (rank, place)
    return best


def _trimmed(text: str, said: Sequence[str], names: Sequence[str]) -> str:
    """A title without its site, the section it stands in, or the day it appeared."""
    text = without_site(text, names)
    parts = _SEPARATOR.split(text)
    known = {bare(title) for title in said}
    for part in parts[::2]:
        if len(parts) > 1 and bare(part) in known:
            return part.strip()
    if len(parts) > 2 and dates.parse(parts[0]):
        return "".join(parts[2:]).strip()
    return text
