"""Words to nodes of Pandoc's tree, and formatted nodes back to words.

Text becomes `Str` and `Space` and nothing else, so none of it can turn into markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from qa.memo.pandoc import Node
from qa.memo.records import Rich, Span
from qa.render.harmless import harmless, one_line, safe_url

_QUOTED = {"DoubleQuote": ("“", "”"), "SingleQuote": ("‘", "’")}


def words(text: str) -> list[Node]:
    """`text`, made harmless, as words with spaces between them."""
    nodes: list[Node] = []
    for word in one_line(text).split(" "):
        nodes += [{"t": "Space"}, {"t": "Str", "c": word}] if nodes else [{"t": "Str", "c": word}]
    return nodes


def nodes(rich: Rich) -> list[Node]:
    """Formatted words as nodes."""
    return [node for span in rich for node in _styled(span)]


def rich(inlines: Iterable[Node]) -> Rich:
    """Formatted nodes as words; what has no form here (a span, a small cap within a link) keeps its words."""
    spans: list[Span] = []
    for span in _spans(inlines, Span("")):
        if spans and replace(spans[-1], text="") == replace(span, text=""):
            spans[-1] = replace(span, text=spans[-1].text + span.text)
        elif span.text:
            spans.append(span)
    return tuple(spans)


def _styled(span: Span) -> list[Node]:
    found = _spaced(span.text)
    for wanted, kind in (
        (span.small_caps, "SmallCaps"),
        (span.superscript, "Superscript"),
        (span.italic, "Emph"),
        (span.bold, "Strong"),
    ):
        if wanted:
            found = [{"t": kind, "c": found}]
    return [{"t": "Link", "c": [["", [], []], found, [span.url, ""]]}] if span.url else found


def _spaced(text: str) -> list[Node]:
    """Words with a space wherever `text` has white space, also at its ends."""
    pieces: list[Node] = []
    for place, word in enumerate(" ".join(f".{text}.".split())[1:-1].split(" ")):
        pieces += [{"t": "Space"}] if place else []
        pieces += [{"t": "Str", "c": word}] if word else []
    return pieces


def _spans(inlines: Iterable[Node], style: Span) -> Iterator[Span]:
    for node in inlines:
        kind: str = node["t"]
        content: Any = node.get("c")
        if kind in ("Str", "Code", "Math"):
            yield replace(style, text=harmless(content if kind == "Str" else content[1]))
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            yield replace(style, text=" ")
        elif kind == "Emph":
            yield from _spans(content, replace(style, italic=not style.italic))
        elif kind == "Strong":
            yield from _spans(content, replace(style, bold=True))
        elif kind == "SmallCaps":
            yield from _spans(content, replace(style, small_caps=True))
        elif kind == "Superscript":
            yield from _spans(content, replace(style, superscript=True))
        elif kind == "Quoted":
            before, after = _QUOTED[content[0]["t"]]
            yield replace(style, text=before)
            yield from _spans(content[1], style)
            yield replace(style, text=after)
        elif kind == "Link":
            yield from _spans(content[1], replace(style, url=safe_url(content[2][0])))
        elif kind in ("Span", "Cite"):
            yield from _spans(content[1], style)
        elif kind in ("Underline", "Strikeout", "Subscript"):
            yield from _spans(content, style)
