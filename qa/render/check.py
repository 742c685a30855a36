"""The last check before an answer is shown or written: every quote is in its article, as the library holds it now.

It trusts neither the pipeline nor the caller: an answer may come from a file that somebody edited.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from index.errors import LibraryError, SourceError
from index.records import Article
from qa import verbatim
from qa.records import Answer, Citation


class Articles(Protocol):
    """What the check needs of a library."""

    def article(self, source: str) -> Article:
        """The article as it was read. Raises `SourceError` where there is none of this name."""


def check_quotes(answer: Answer, library: Articles) -> None:
    """Raise `LibraryError` unless every quote of `answer` is in its article at its offsets.

    The nearest passages of a refusal are checked too.
    """
    check_citations((*answer.citations, *answer.nearest), library)


def check_citations(citations: Iterable[Citation], library: Articles) -> None:
    """Raise `LibraryError` for the first citation whose words are not in its article at its offsets."""
    texts: dict[str, str | None] = {}  # each article is read once, however many quotes it gives
    for citation in citations:
        if citation.source not in texts:
            texts[citation.source] = _text(citation.source, library)
        if not _stands(citation, texts[citation.source]):
            message = (
                f"a quote is not in {citation.source} at {citation.start}-{citation.end}, so the answer is withheld"
            )
            raise LibraryError(message, "qa index --rebuild")


def is_verbatim(citation: Citation, library: Articles) -> bool:
    """Whether the citation's words stand in its article at its offsets, and its phrase within them."""
    return _stands(citation, _text(citation.source, library))


def _text(source: str, library: Articles) -> str | None:
    try:
        return library.article(source).text
    except SourceError:
        return None


def _stands(citation: Citation, text: str | None) -> bool:
    return text is not None and verbatim.is_verbatim(
        text, citation.start, citation.end, citation.quote, citation.phrase
    )
