"""Read the sentences of a plain-text draft, and write it back with marks and notes.

A mark is ` [7]`, or ` [7 contradicted]` where something needs saying; the notes are at the end, between two lines that
name `qa cite`. What an earlier run added is removed first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.citing.records import Addition, Additions, Said
from qa.citing.text import Block, Reading, decoded, inserted, placed, said
from qa.citing.wording import AUTHOR, NAMES, SOURCES
from qa.memo.records import anchor, plain
from qa.render.harmless import one_line

BEGIN, END = f"---- {AUTHOR}: notes ----", f"---- {AUTHOR}: end ----"
_BLOCK = re.compile(rf"\n\n{re.escape(BEGIN)}\n(.*?)\n{re.escape(END)}\n", re.DOTALL)
_NUMBER = re.compile(r"\[(\d+)(?: [a-z ]+)?\]")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+")
_LONGEST_HEADING = 12  # words


def read(content: bytes, name: str) -> tuple[Said, ...]:
    """The sentences of a draft. Raises MemoError where it is not UTF-8."""
    _, text = decoded(content, name)
    return said(_blocks(_bare(text)))


def written(content: bytes, name: str, additions: Additions) -> bytes:
    """The draft with these additions, one for each of its sentences."""
    mark, text = decoded(content, name)
    text = _bare(text)
    first = max((int(number) for number in _NUMBER.findall(text)), default=0) + 1
    new, notes = [], []
    for number, (place, addition) in enumerate(placed(_blocks(text), additions.sentences), start=first):
        new.append(
            (place, f" [{number}]" if addition.verdict == "supported" else f" [{number} {NAMES[addition.verdict]}]")
        )
        notes.append(_note(number, addition))
    if not new:
        return (mark + text).encode()
    lines = ["\n".join(notes)]
    if additions.references:
        lines.append("\n".join([SOURCES, *(plain(reference.entry) for reference in additions.references)]))
    body = "\n\n".join([*lines, *additions.colophon])
    return f"{mark}{inserted(text, new, lambda _, at: at)}\n\n{BEGIN}\n{body}\n{END}\n".encode()


def _note(number: int, addition: Addition) -> str:
    lines = [
        *addition.comment,
        *(f"{plain(cite.credit)} “{one_line(cite.quote)}” {anchor(cite)}" for cite in addition.cites),
    ]
    return "\n    ".join([f"[{number}] {lines[0]}", *lines[1:]])


def _bare(text: str) -> str:
    """The draft without what an earlier run added."""
    ours = {found[1] for block in _BLOCK.findall(text) for found in re.finditer(r"^\[(\d+)\] ", block, re.MULTILINE)}
    return re.sub(
        r" \[(\d+)(?: (?:[a-z ]+))?\]", lambda found: "" if found[1] in ours else found[0], _BLOCK.sub("", text)
    )


def _blocks(text: str) -> list[Block]:
    return [block for start, end in _paragraphs(text) if (block := _block(text, start, end)) is not None]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Lines that no empty line parts; an item of a list begins anew."""
    start, at = 0, 0
    for line in text.splitlines(keepends=True):
        if not line.strip() or _ITEM.match(line):
            yield start, at
            start = at
        at += len(line)
    yield start, at


def _block(text: str, start: int, end: int) -> Block | None:
    held = text[start:end].strip()
    reading = Reading()
    lead = _ITEM.match(text, start, end)
    for at in range(lead.end() if lead else start, end):
        reading.add(text[at], at, at + 1)
    heading = (
        bool(held)
        and len(held.split()) <= _LONGEST_HEADING
        and "\n" not in held
        and not held.endswith((".", "!", "”", '"', ")"))
        and not lead
    )
    return reading.block(heading=heading)
