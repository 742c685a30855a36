"""Read the blocks of a Pandoc document tree, in reading order.

Its node types: https://hackage.haskell.org/package/pandoc-types, module Text.Pandoc.Definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from index.ingest.blocks import Block, cell
from index.ingest.figures import written
from index.ingest.tables import LONGEST_MERGED, is_layout, pad, table

# what a cell holds where another covers it, in formats of which Pandoc reads no merged cells
LEFT, ABOVE = "\ufdd0", "\ufdd1"
Node = Any  # {"t": its kind, "c": what it holds}

_FIGURES = {
    "LowerAlpha": "lowerLetter",
    "UpperAlpha": "upperLetter",
    "LowerRoman": "lowerRoman",
    "UpperRoman": "upperRoman",
}
_LABELS = {"OneParen": "{})", "TwoParens": "({})"}
_SPACES = {"Space": " ", "SoftBreak": " ", "LineBreak": "\n"}
_UNSEEN = ("RawInline", "RawBlock", "Image", "HorizontalRule", "Null")
_QUOTES = {"SingleQuote": "‘{}’", "DoubleQuote": "“{}”"}
# where what is seen stands among what such a node holds
_INNER = {"Span": 1, "Link": 1, "Cite": 1, "Div": 1, "Figure": 2}


class Reader:
    """Reads blocks; notes come after the paragraph that refers to them."""

    def __init__(self) -> None:
        self.struck = False  # whether words were left out because they are struck out
        self._notes: list[Block] = []

    def blocks(self, nodes: Sequence[Node]) -> list[Block]:
        """The blocks of these nodes, in order."""
        found: list[Block] = []
        for node in nodes:
            found += self._block(node["t"], node.get("c"))
            found += self._notes
            self._notes = []
        return [block for block in found if block.text.strip()]

    def _block(self, kind: str, content: Any) -> list[Block]:
        if kind in ("Para", "Plain"):
            return [Block(self._text(content))]
        if kind == "Header":
            return [Block(self._text(content[2]).strip(), "heading")]
        if kind == "CodeBlock":
            return [Block(f"```\n{content[1]}\n```")]  # no prose: see `index.ingest.clean`
        if kind == "LineBlock":
            return [Block("\n".join(self._text(line) for line in content))]
        if kind == "BlockQuote":
            return self.blocks(content)
        if kind == "BulletList":
            return [block for item in content for block in self._item("•", item)]
        if kind == "OrderedList":
            (start, style, delimiter), items = content
            label = _LABELS.get(delimiter["t"], "{}.")
            figures = _FIGURES.get(style["t"], "decimal")
            return [
                block
                for number, item in enumerate(items, start)
                for block in self._item(label.format(written(number, figures)), item)
            ]
        if kind == "DefinitionList":
            return [block for term, meanings in content for block in self._defined(term, meanings)]
        if kind == "Table":
            return self._table(content)
        return self.blocks(content[_INNER[kind]]) if kind in _INNER else []

    def _item(self, label: str, nodes: Sequence[Node]) -> list[Block]:
        """An item of a list, its label before the first of its paragraphs."""
        first, *others = self.blocks(nodes) or [Block("")]
        return [Block(f"{label} {first.text}", first.role), *others] if first.role == "body" else [first, *others]

    def _defined(self, term: Sequence[Node], meanings: Sequence[Sequence[Node]]) -> list[Block]:
        """A term and what it means; in one line, where that is one paragraph."""
        blocks = [block for meaning in meanings for block in self.blocks(meaning)]
        text = self._text(term)
        return (
            [Block(f"{text}: {blocks[0].text}")]
            if len(blocks) == 1 and blocks[0].role == "body"
            else [Block(text), *blocks]
        )

    def _table(self, content: Any) -> list[Block]:
        _, (_, caption), _, (_, head), bodies, (_, foot) = content
        rows, inner = self._rows([*head, *(row for _, _, first, rest in bodies for row in (*first, *rest)), *foot])
        above = [Block(block.text, "caption") for block in self.blocks(caption)]
        notes = [block for block in inner if block.role == "note"]
        if is_layout(rows):
            return above + inner
        header = len(head) or (len(bodies[0][2]) if bodies else 0)
        return [*above, *(Block(line, "row") for line in table(rows, header=header or None)), *notes]

    def _rows(self, rows: Sequence[Any]) -> tuple[list[list[str | None]], list[Block]]:
        """The cells of each row, those that span several rows in each of them; and all that they hold, as blocks."""
        grid: list[list[str | None]] = []
        inner: list[Block] = []
        # by column: how many rows more a cell from above covers, and what it says
        hanging: dict[int, tuple[int, str]] = {}
        for _, cells in rows:
            made: list[str | None] = []
            for _, _, high, wide, nodes in cells:
                self._hang(made, hanging)
                blocks = self.blocks(nodes)
                inner += [block for block in blocks if block.text not in (LEFT, ABOVE)]
                text = cell(blocks)
                if high > 1:
                    hanging |= {
                        len(made) + place: (high - 1, text if len(text) <= LONGEST_MERGED and not place else "")
                        for place in range(min(wide, 1000))
                    }
                above = grid[-1][len(made)] if text == ABOVE and grid and len(made) < len(grid[-1]) else ""
                pad(made, 1, None if text == LEFT else (above or "") if text == ABOVE else text)
                pad(made, wide - 1, None)
            self._hang(made, hanging)
            grid.append(made)
        return grid, inner

    def _hang(self, made: list[str | None], hanging: dict[int, tuple[int, str]]) -> None:
        while len(made) in hanging:
            left, text = hanging.pop(len(made))
            if left > 1:
                hanging[len(made)] = (left - 1, text)
            pad(made, 1, text)

    def _text(self, nodes: Sequence[Node]) -> str:
        return "".join(self._inline(nodes))

    def _inline(self, nodes: Sequence[Node]) -> Iterator[str]:
        last = ""
        for node in nodes:
            kind, content = node["t"], node.get("c")
            if kind == "Str":
                text = content
            elif kind in _SPACES:
                text = _SPACES[kind]
            elif kind in ("Code", "Math"):
                text = content[1]
            elif kind == "Quoted":
                text = _QUOTES[content[0]["t"]].format(self._text(content[1]))
            elif kind == "Note":
                text = ""
                within = Reader()
                self._notes += [Block(block.text, "note") for block in within.blocks(content)]
                self.struck = self.struck or within.struck
            elif kind in _UNSEEN or (kind == "Span" and _is_mark(content[0][1])):
                text = ""
            elif kind == "Strikeout":
                text, self.struck = "", True
            else:
                text = self._text(content[_INNER[kind]] if kind in _INNER else content)
                if kind == "Superscript" and text[:1].isdecimal() and last[-1:].isalnum():
                    text = f"^{text}"  # "10" with a raised 6 is not 106
            last = text or last
            yield text


def _is_mark(classes: Sequence[str]) -> bool:
    """Whether it is what Org writes beside a heading: whether that is done, and its labels."""
    return bool({"todo", "done", "tag"} & {*classes})


def said(meta: Mapping[str, Node], *names: str) -> str | None:
    """What the metadata say under the first of these names, in words; several people with commas between."""
    for name in names:
        if text := ", ".join(part for part in _parts(meta.get(name)) if part):
            return text
    return None


def blocks_of(meta: Mapping[str, Node], name: str) -> list[Block]:
    """What the metadata hold under this name, as blocks: LaTeX and reStructuredText keep the abstract there."""
    node = meta.get(name, {"t": "", "c": ""})
    if node["t"] == "MetaInlines":
        return Reader().blocks([{"t": "Para", "c": node["c"]}])
    return Reader().blocks(node["c"]) if node["t"] == "MetaBlocks" else []


def _parts(node: Node | None) -> list[str]:
    if node is None:
        return []
    kind, content = node["t"], node["c"]
    if kind == "MetaList":
        return [part for each in content for part in _parts(each)]
    if kind == "MetaMap":  # a person, and what she did for the book
        return _parts(content.get("text"))
    if kind == "MetaInlines":
        return [Reader()._text(content).strip()]
    if kind == "MetaBlocks":
        return [block.text for block in Reader().blocks(content)]
    return [str(content)]
