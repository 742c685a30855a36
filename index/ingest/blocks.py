"""The parts of a document of any format in reading order: paragraphs, headings, rows of tables, notes.

Joins them into the document's text, and says where its headings are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Role = Literal["body", "title", "heading", "caption", "contents", "row", "note"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a row of a table as `index.ingest.tables` writes it, or a paragraph of a note."""

    text: str
    role: Role = "body"


def joined(blocks: Sequence[Block]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text, a line for each block, and the spans of its headings."""
    headings, reached = [], 0
    for block in blocks:
        if block.role == "heading":
            headings.append((reached, reached + len(block.text)))
        reached += len(block.text) + 1
    return "\n".join(block.text for block in blocks), tuple(headings)


def cell(blocks: Iterable[Block]) -> str:
    """Return what a cell says, a line for each paragraph, without its notes.

    The rows of a table within it come in one line, without their bars.
    """
    lines = []
    for role, group in groupby((block for block in blocks if block.text.strip()), key=lambda block: block.role):
        texts = [block.text for block in group]
        if role == "row":
            lines.append("; ".join(text[2:-2].replace(" | ", ", ") for text in texts))
        elif role != "note":
            lines += texts
    return "\n".join(lines)
