"""What to call an article where people read of it: its title, else its first words in quotation marks. A file's name says little of what stands in it."""

from __future__ import annotations

from index.ingest.lines import plain
from index.records import Article
from index.visible import visible

_WORDS, _CHARACTERS = 8, 60  # of the first words; writing without spaces has no words to count


def called(article: Article) -> str:
    """The title; of an article without one “The first words of its text…”; the source where it has no text."""
    if article.metadata.title:
        return article.metadata.title
    region = next((region for region in article.regions if region.kind != "credit"), None)
    said = plain(visible(article.text[region.start : region.end])) if region else ""
    words = " ".join(said.split()[:_WORDS])[:_CHARACTERS].rstrip(" .,;:")
    return f"“{words.replace('“', '‘').replace('”', '’')}{'…' if len(words) < len(said.rstrip(' .')) else ''}”" if words else article.source
