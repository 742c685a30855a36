"""The numbers of lists and headings, which a Word file does not hold: it says how to count, and every reader counts anew.

In: the parts "numbering" and "styles". Out: the label of each paragraph, asked for in their order. Knows nothing of what paragraphs say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from index.ingest.word.package import Element, attribute, child, is_on, local, number
from index.ingest.word.styles import Styles

_DEEPEST = 9  # levels that a list may have
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level counts: from where, in what figures, and its label, in which %1 stands for the count of the first level."""

    start: int
    figures: str
    label: str
    legal: bool  # all counts in plain figures
    restarts: int | None  # after a count of this level or a higher one, from 1; 0 never; None: of any higher one


class Lists:
    """Counts as it is asked."""

    def __init__(self, numbering: Element | None, styles: Styles) -> None:
        self._styles = styles
        kinds = {attribute(each, "abstractNumId"): each for each in _all(numbering, "abstractNum")}
        linked = {attribute(child(kind, "styleLink")): kind for kind in kinds.values() if child(kind, "styleLink") is not None}
        self._kind: dict[str, str] = {}  # of each list, by its number: those of one kind count on
        self._levels: dict[str, dict[int, _Level]] = {}
        self._anew: dict[str, set[int]] = {}  # levels that begin anew where the list does
        for each in _all(numbering, "num"):
            name, kind = attribute(each, "numId"), attribute(child(each, "abstractNumId"))
            if name is None or kind is None or kind not in kinds:
                continue
            of = kinds[kind]
            of = linked.get(attribute(child(of, "numStyleLink")), of)
            levels = {depth: level for depth, level in map(_level, _all(of, "lvl")) if depth is not None}
            for change in _all(each, "lvlOverride"):
                depth, start = number(change, "ilvl"), number(child(change, "startOverride"))
                if depth is None:
                    continue
                if child(change, "lvl") is not None:
                    levels[depth] = _level(child(change, "lvl"))[1]
                if start is not None and depth in levels:
                    level = levels[depth]
                    levels[depth] = _Level(start, level.figures, level.label, level.legal, level.restarts)
                    self._anew.setdefault(name, set()).add(depth)
            self._kind[name], self._levels[name] = kind, levels
        self._counts: dict[str, dict[int, int]] = {}

    def label(self, properties: Element | None, style: str | None) -> str:
        """The label of the next paragraph, "" where it has none. `properties` are its own, which go before those of its style."""
        own, named = child(properties, "numPr"), self._styles.numbering(style)
        name = attribute(child(own, "numId")) or (named.list if named else None)
        depth = number(child(own, "ilvl"))
        depth = depth if depth is not None else named.depth if named else 0
        level = self._levels.get(name or "", {}).get(depth)
        if name is None or level is None or not 0 <= depth < _DEEPEST:
            return ""
        counts = self._counts.setdefault(self._kind[name], {})
        if depth in self._anew.get(name, ()):
            self._anew[name].discard(depth)
            counts.pop(depth, None)
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for deeper in [each for each in counts if each > depth]:
            below = self._levels[name].get(deeper)
            if below is None or below.restarts is None or depth < below.restarts:
                del counts[deeper]
        return self._shown(name, level, counts)

    def _shown(self, name: str, level: _Level, counts: dict[int, int]) -> str:
        if level.figures == "bullet":
            return "•"

        def figures(found: re.Match[str]) -> str:
            depth = int(found[1]) - 1
            of = self._levels[name].get(depth)
            count = counts.get(depth, of.start if of else 1)
            return _written(count, "decimal" if level.legal or of is None else of.figures)

        return _PLACE.sub(figures, level.label).strip()


def _level(element: Element) -> tuple[int | None, _Level]:
    start, figures = number(child(element, "start")), attribute(child(element, "numFmt")) or "decimal"
    label = attribute(child(element, "lvlText")) or ""
    return number(element, "ilvl"), _Level(
        1 if start is None else start, figures, label[:60], is_on(child(element, "isLgl")), number(child(element, "lvlRestart"))
    )


def _written(count: int, figures: str) -> str:
    """A count in the figures of a level; plain ones where those are of no alphabet that is known here."""
    style = _FIGURES.get(figures)
    return style(count) if style and 0 < count < 4000 else "" if figures == "none" else str(count)


def _letters(count: int) -> str:
    """The letters from a to z, then aa to zz."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _roman(count: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        written += letters * (count // value)
        count %= value
    return written


def _ordinal(count: int) -> str:
    return f"{count}{'th' if 10 < count % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"


_FIGURES: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "ordinal": _ordinal,
    "decimalZero": lambda count: f"{count:02}",
}


def _all(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [each for each in element if local(each) == name]
