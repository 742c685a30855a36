"""The last look before an answer is shown: every quote stands in its article, at its offsets, letter for letter.

In: citations and the library. Out: nothing, or `LibraryError`. Trusts nobody: not the pipeline, not the caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from index.errors import LibraryError, SourceError
from index.records import Article
from qa.records import Answer, Citation


class Articles(Protocol):
    """What the check needs of a library."""

    def article(self, source: str) -> Article:
        """The article as it was read. Raises `SourceError` where there is none of this name."""


def check_quotes(answer: Answer, library: Articles) -> None:
    """Raise `LibraryError` unless every quote of `answer`, the nearest passages included, is in its article at its offsets."""
    check_citations((*answer.citations, *answer.nearest), library)


def check_citations(citations: Iterable[Citation], library: Articles) -> None:
    """Raise `LibraryError` for the first citation whose words are not in its article at its offsets."""
    for citation in citations:
        if not is_verbatim(citation, library):
            message = f"a quote is not in {citation.source} at {citation.start}-{citation.end}, so the answer is withheld"
            raise LibraryError(message, "qa index --rebuild")


def is_verbatim(citation: Citation, library: Articles) -> bool:
    """Whether the citation's words, at least one, stand in its article at its offsets, and its phrase within them."""
    try:
        text = library.article(citation.source).text
    except SourceError:
        return False
    phrase = citation.phrase
    within = phrase is None or (citation.start <= phrase.start < phrase.end <= citation.end and text[phrase.start : phrase.end] == phrase.text)
    return within and 0 <= citation.start < citation.end <= len(text) and text[citation.start : citation.end] == citation.quote
