"""What a cited article is called where a person reads of it.

Takes a citation; returns words on one line, made harmless.
"""

from __future__ import annotations

from index.called import shortened
from qa.records import Citation
from qa.render.harmless import one_line

LONGEST = 60  # characters of a title in a sentence; the footnote gives all of it


def name(citation: Citation) -> str:
    """The title; the first words in quotation marks; the name of the file where neither is known."""
    return one_line(citation.name)


def voice(citation: Citation) -> str:
    """Who says something, in a sentence: `“The ferry” (2024-05-01)`, `“The river Alder rises …” (undated)`."""
    title = f"“{shortened(one_line(citation.title), LONGEST)}”" if citation.title else name(citation)
    return f"{title} ({one_line(citation.date) if citation.date else 'undated'})"
