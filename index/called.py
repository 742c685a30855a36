"""The name of an article for people: its title, else its first words in quotation marks.

A file's name says little about its content.
"""

from __future__ import annotations

import textwrap

from index.ingest.lines import plain
from index.records import Article
from index.visible import visible

LONGEST = 60  # characters of a title in a sentence
_WORDS, _CHARACTERS = 8, 60  # of the first words; writing without spaces has no words to count


def called(article: Article, longest: int | None = None) -> str:
    """The title; of an article without one “The first words of its text…”; the source where it has no text.

    Cut at `longest` characters, if that is given.
    """
    title, first = article.metadata.title, opening(article)
    if title:
        return title if longest is None else shortened(title, longest)
    return f"“{first if longest is None else shortened(first, longest)}”" if first else article.source


def opening(article: Article) -> str | None:
    """Return the first words of an article's text, without quotation marks around them.

    None where it has a title, or no text.
    """
    region = next((region for region in article.regions if region.kind != "credit"), None)
    if article.metadata.title or region is None:
        return None
    said = plain(visible(article.text[region.start : region.end]))
    words = " ".join(said.split()[:_WORDS])[:_CHARACTERS].rstrip(" .,;:")
    return (
        words.replace("“", "‘").replace("”", "’") + ("…" if len(words) < len(said.rstrip(" .,;:")) else "")
        if words
        else None
    )


def shortened(words: str, longest: int = LONGEST) -> str:
    """Words on one line, at most `longest` characters, cut at a word, or within the first where that is longer."""
    kept = textwrap.shorten(words, longest, placeholder=" …")
    return kept if kept != "…" else f"{words.strip()[: longest - 1]}…"
