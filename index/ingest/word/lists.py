"""Compute the labels of lists and headings, which a Word file does not hold: it says how to count.

Takes the parts "numbering" and "styles"; labels have to be asked for in the order of the paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.ingest.figures import written
from index.ingest.word.package import Element, attribute, child, is_on, local, number
from index.ingest.word.styles import Styles

_DEEPEST = 9  # levels that a list may have
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level counts: from where, in what figures, and its label.

    In the label, %1 stands for the count of the first level.
    """

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
        linked = {
            attribute(child(kind, "styleLink")): kind for kind in kinds.values() if child(kind, "styleLink") is not None
        }
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
        """The label of the next paragraph, "" where it has none.

        `properties` are its own, which go before those of its style.
        """
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
            return written(count, "decimal" if level.legal or of is None else of.figures)

        return _PLACE.sub(figures, level.label).strip()


def _level(element: Element) -> tuple[int | None, _Level]:
    start, figures = number(child(element, "start")), attribute(child(element, "numFmt")) or "decimal"
    label = attribute(child(element, "lvlText")) or ""
    return number(element, "ilvl"), _Level(
        1 if start is None else start,
        figures,
        label[:60],
        is_on(child(element, "isLgl")),
        number(child(element, "lvlRestart")),
    )


def _all(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [each for each in element if local(each) == name]
