"""Read a plain-text draft that `qa cite` has checked: its numbers and the notes at its end."""

from __future__ import annotations

import re

from qa.citing.plain import BEGIN, END
from qa.memo.errors import MemoError
from qa.verify.places import hashes
from qa.verify.records import Document, Footnote

_NOTE = re.compile(r"^\[(\d+)\] (.*(?:\n {4}.*)*)", re.MULTILINE)
_MARK = re.compile(r" \[(\d+)(?: [a-z ]+)?\]")


def text(content: str, name: str) -> Document:
    """The notes and the marks that lead to them. Raises MemoError where there are none."""
    draft, begin, rest = content.partition(f"{BEGIN}\n")
    notes, end, _ = rest.partition(f"\n{END}")
    if not begin or not end:
        raise MemoError(f"{name} holds no notes of qa cite", "name a draft that qa cite wrote, or another memo")
    found = {number: tuple(line.strip() for line in words.splitlines()) for number, words in _NOTE.findall(notes)}
    footnotes = tuple(Footnote(f"note {number}", lines) for number, lines in found.items())
    marks = tuple(f"note {number}" for number in _MARK.findall(draft) if number in found)
    return Document(footnotes, marks=marks, hashes=hashes(notes), cited=True)
