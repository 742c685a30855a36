"""Read the text of a Word file and its properties. Raises whatever zipfile and lxml raise for a damaged file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.ingest.blocks import Block, joined
from index.ingest.told import held
from index.ingest.word.body import Note, Reader
from index.ingest.word.lists import Lists
from index.ingest.word.package import Element, Package, attribute, child, local, opened
from index.ingest.word.styles import Styles

_CHANGES = ("ins", "del", "moveFrom", "moveTo")
# by what they are to the main part
_NOT_READ = {
    "chart": ("chart", "chartex"),
    "diagram": ("diagramdata",),
    "embedded document": ("afchunk",),
    "embedded object": ("oleobject", "package"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """The text, a line for each paragraph and row.

    Where its headings are; its title, as a paragraph and as a property; its author; what is told of it.
    """

    text: str
    headings: tuple[tuple[int, int], ...]
    title: str | None
    properties_title: str | None
    properties_author: str | None
    notes: tuple[str, ...]


def read(data: bytes) -> Document:
    """The document as a reader sees it with every tracked change accepted.

    The text of its page headers and footers at the end, each once.
    """
    package = opened(data)
    styles = Styles(package.part("styles"))
    lists = Lists(package.part("numbering"), styles)
    reader = Reader(
        styles, lists, {note: element for kind in ("footnote", "endnote") for note, element in _notes(package, kind)}
    )
    blocks = reader.blocks(child(package.main, "body"))
    said = {block.text.strip() for block in blocks}
    for part in (*package.parts.get("header", ()), *package.parts.get("footer", ())):
        for block in reader.blocks(part):
            if block.text.strip() not in said and any(map(str.isalpha, block.text)):
                said.add(block.text.strip())
                blocks.append(Block(block.text))
    text, headings = joined(blocks)
    core = package.part("core")
    return Document(
        text=text,
        headings=headings,
        title=next((block.text.strip() for block in blocks if block.role == "title" and block.text.strip()), None),
        properties_title=_text(child(core, "title")),
        properties_author=_text(child(core, "creator")),
        notes=tuple(_told(package, reader)),
    )


def _notes(package: Package, kind: str) -> Iterator[tuple[Note, Element]]:
    part = package.part(f"{kind}s")
    for each in part if part is not None else ():
        if local(each) == kind and attribute(each, "type") in (None, "normal"):
            yield (kind, attribute(each, "id")), each


def _told(package: Package, reader: Reader) -> Iterator[str]:
    """What somebody who quotes from the file should know."""
    parts = (package.main, *(part for kind in ("footnotes", "endnotes") for part in package.parts.get(kind, ())))
    if any(next(part.iter(*_CHANGES), None) is not None for part in parts):
        yield "holds tracked changes: what they insert is read, what they delete is not"
    if reader.hidden:
        yield "holds hidden text, which is not read"
    if reader.struck:
        yield "holds words that are struck out, which are not read"
    comments = sum(local(each) == "comment" for part in package.parts.get("comments", ()) for each in part)
    counts = {name: sum(package.unread[kind] for kind in kinds) for name, kinds in _NOT_READ.items()}
    for name, count in (counts | {"comment": comments}).items():
        yield from held(count, name)
    if package.unreadable:
        yield f"is damaged: {', '.join(dict.fromkeys(package.unreadable))} cannot be read"


def _text(element: Element | None) -> str | None:
    return element.text if element is not None else None
