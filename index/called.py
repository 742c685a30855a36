"""What an article is called where a person reads of it: by its title, else by its first words in quotation marks. Takes an article; returns words."""

from __future__ import annotations

import textwrap

from index.records import Article

LONGEST = 60  # characters of the first words
_WITHIN = str.maketrans("“”", "‘’")  # quotation marks within quotation marks


def called(article: Article, longest: int | None = None) -> str:
    """`The ferry`, `“The river Alder rises in the northern hills”`; the name of its file where an article has no words. Cut at `longest`, if that is given."""
    title, first = article.metadata.title, opening(article)
    if title:
        return title if longest is None else shortened(title, longest)
    return f"“{shortened(first, longest or LONGEST)}”" if first else article.source


def opening(article: Article) -> str | None:
    """The first words of an article's prose on one line, at most `LONGEST` characters, cut at a word; `None` where it has a title or no words.

    Without the full stop of a sentence that fits: it is a name.
    """
    if article.metadata.title:
        return None
    prose = next((region for region in article.regions if region.kind == "body"), None) or next(iter(article.regions), None)
    words = " ".join(article.text[prose.start : prose.end].split()).translate(_WITHIN) if prose else ""
    return shortened(words).rstrip(" .,;:") or None


def shortened(words: str, longest: int = LONGEST) -> str:
    """Words on one line, at most `longest` characters, cut at a word, or within the first where that is longer."""
    kept = textwrap.shorten(words, longest, placeholder=" …")
    return kept if kept != "…" else f"{words.strip()[: longest - 1]}…"
