"""Read from the part "styles" of a Word file what a paragraph's style says: its role, and its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.ingest.blocks import Role
from index.ingest.word.package import Element, attribute, child, is_on, local, number

_DEEPEST = 20  # styles that a style may be based on, one on the other
_ROLES: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"title"), "title"),
    (re.compile(r"subtitle|heading [1-9]|toc heading"), "heading"),
    (re.compile(r"caption"), "caption"),
    (re.compile(r"toc [1-9]|table of figures"), "contents"),
)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number of a list and the level in it."""

    list: str
    depth: int


class Styles:
    """Looks styles up by their ids. Their names are English in a Word file of any language."""

    def __init__(self, styles: Element | None) -> None:
        each = [one for one in styles if local(one) == "style"] if styles is not None else []
        self._styles = {name: one for one in each if (name := attribute(one, "styleId"))}

    def role(self, properties: Element | None) -> Role:
        """What a paragraph is, by its own level in the outline or its style."""
        if (level := number(child(properties, "outlineLvl"))) is not None:
            return "heading" if level < 9 else "body"
        for style in self._chain(attribute(child(properties, "pStyle"))):
            name = (attribute(child(style, "name")) or "").lower()
            for pattern, role in _ROLES:
                if pattern.fullmatch(name):
                    return role
            if (level := number(child(style, "pPr", "outlineLvl"))) is not None:
                return "heading" if level < 9 else "body"
        return "body"

    def numbering(self, style: str | None) -> Numbering | None:
        """The list that paragraphs of a style belong to."""
        depth: int | None = None
        for each in self._chain(style):
            own = child(each, "pPr", "numPr")
            depth = number(child(own, "ilvl")) if depth is None else depth
            if (name := attribute(child(own, "numId"))) is not None:
                return Numbering(name, depth or 0)
        return None

    def hides(self, style: str | None) -> bool:
        """Whether what has this style is hidden."""
        return any(is_on(child(each, "rPr", "vanish")) for each in self._chain(style))

    def marks_first_row(self, style: str | None) -> bool:
        """Whether tables of a style show their first row in another way than the others."""
        return any(
            attribute(part, "type") == "firstRow"
            for each in self._chain(style)
            for part in each
            if local(part) == "tblStylePr"
        )

    def _chain(self, name: str | None) -> Iterator[Element]:
        """The style and those that it is based on."""
        for _ in range(_DEEPEST):
            if name is None or name not in self._styles:
                return
            yield self._styles[name]
            name = attribute(child(self._styles[name], "basedOn"))
