"""Find the running heads, feet and page numbers of a PDF, and the page numbers as printed. By place, in any language.

A head or foot stands at the same place on neighbouring pages and says the same except for figures; a page number stands
alone at an edge and grows by one from page to page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.ingest.lines import is_prose
from index.ingest.pdf.layout import Cell, Line

_LEVELS = 3  # lines from an edge of the page in which a head can stand
_NEAR = 2  # pages from one to the next that has it: heads of left and right pages may differ
_ENOUGH = 3  # pages that have it; two, where there are no more than
_FEW = 3
_SAME_PLACE = 0.5  # heights of a line
_NUMBER = re.compile(r"[^\w]*(\d{1,5})[^\w]*|(?i:[^\w]*([ivxlc]{1,8})[^\w]*)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

Place = tuple[int, int]  # the number of a page, from 0, and of a line on it


@dataclass(frozen=True, slots=True)
class Heads:
    """Which lines are no text, and by how much the printed number of a page is more than that of its place, from 0.

    None where none are printed.
    """

    lines: frozenset[Place]
    shift: int | None


def heads(pages: Sequence[Sequence[Line]], heights: Sequence[float], labels: Sequence[str] = ()) -> Heads:
    """The heads of pages of these heights; `labels` are the numbers that the file says its pages have."""
    edges = {place: pages[place[0]][place[1]] for number, page in enumerate(pages) for place in _edges(number, page)}
    repeated = _repeated(edges, heights, len(pages))
    repeated |= _whole(edges, heights, repeated)
    numbers = _numbers(edges)
    shifts = Counter(
        shift for (kind, shift), places in numbers.items() if kind == "figure" for _ in {page for page, _ in places}
    )
    for place in repeated:
        shifts.update({int(figure) - place[0] for figure in re.findall(r"\d{1,5}", edges[place].text)})
    shift, count = max(shifts.items(), key=lambda each: (each[1], -abs(each[0])), default=(0, 0))
    alone = {place for places in numbers.values() if len({page for page, _ in places}) > 1 for place in places}
    named = {place for place, line in edges.items() if labels and line.text.strip(" -–—") == labels[place[0]]}
    found = repeated | alone | named
    if len(found) == sum(map(len, pages)):
        found = set()  # there is no other text
    return Heads(frozenset(found), shift if count >= _ENOUGH and 2 * count >= len(pages) else None)


def _edges(number: int, page: Sequence[Line]) -> Iterable[Place]:
    """The lines at the top and the bottom of a page."""
    levels: list[float] = []
    for line in sorted(page, key=lambda line: line.y):
        if not levels or line.y - levels[-1] > _SAME_PLACE * line.size:
            levels.append(line.y)
    upper, lower = levels[:_LEVELS], levels[-_LEVELS:]
    for which, line in enumerate(page):
        if line.y <= max(upper) + _SAME_PLACE * line.size or line.y >= min(lower):
            yield number, which


def _repeated(edges: Mapping[Place, Line], heights: Sequence[float], count: int) -> set[Place]:
    """Those that say the same at the same place on enough pages near each other.

    A sentence has to be on at least three.
    """
    same: dict[str, list[Place]] = defaultdict(list)
    for place, line in edges.items():
        if any(map(str.isalpha, line.text)):
            same[_spelt(line)].append(place)
    found: set[Place] = set()
    for places in same.values():
        runs: list[list[Place]] = []
        for place in sorted(places):
            run = next(
                (
                    run
                    for run in runs
                    if place[0] - run[-1][0] <= _NEAR and _at_same_place(edges, heights, run[-1], place)
                ),
                None,
            )
            if run is None:
                runs.append([place])
            else:
                run.append(place)
        enough = _ENOUGH if count > _FEW or is_prose(edges[places[0]].text) else 2
        found.update(place for run in runs if len({page for page, _ in run}) >= enough for place in run)
    return found


def _whole(edges: Mapping[Place, Line], heights: Sequence[float], halves: set[Place]) -> set[Place]:
    """Lines all of whose cells are heads elsewhere, at the same height: on a page of columns each has one of them."""
    said: dict[tuple[str, int], Place] = {(_spelt(edges[half]), half[0]): half for half in halves}

    def is_head(cell: Cell, place: Place) -> bool:
        pages = range(place[0] - _NEAR, place[0] + _NEAR + 1)
        found = (said.get((_spelt(cell), page)) for page in pages)
        return any(half is not None and _at_same_place(edges, heights, half, place) for half in found)

    return {
        place
        for place, line in edges.items()
        if len(line.cells) > 1 and place not in halves and all(is_head(cell, place) for cell in line.cells)
    }


def _spelt(said: Line | Cell) -> str:
    return re.sub(r"\d+", "#", said.text.casefold())


def _at_same_place(edges: Mapping[Place, Line], heights: Sequence[float], one: Place, two: Place) -> bool:
    """Whether two lines are as far from the top of their pages, or from the bottom."""
    down = abs(edges[one].y - edges[two].y)
    up = abs((heights[one[0]] - edges[one].y) - (heights[two[0]] - edges[two].y))
    return min(down, up) <= _SAME_PLACE * edges[one].size


def _numbers(edges: Mapping[Place, Line]) -> dict[tuple[str, int], list[Place]]:
    """Lines that are a number and nothing else, by how much it is more than that of the page."""
    found: dict[tuple[str, int], list[Place]] = defaultdict(list)
    for place, line in edges.items():
        if number := _NUMBER.fullmatch(line.text):
            found[
                "figure" if number[1] else "roman", (int(number[1]) if number[1] else _roman(number[2])) - place[0]
            ].append(place)
    return found


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text.casefold()]
    return sum(-value if value < max(values[number:]) else value for number, value in enumerate(values))
