"""A filter, checked against the library that it is to narrow. Knows nothing of options or questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import QuestionError
from index.records import Filter

if TYPE_CHECKING:
    from index.store import Library


def narrowed(library: Library, within: Filter) -> Filter:
    """`within`, checked against the library.

    Raises `QuestionError` for what is no date and for a source that names no article.
    """
    return among([info.source for info in library.sources()] if within.sources else [], within)


def among(known: Sequence[str], within: Filter) -> Filter:
    """`within`, checked against the articles that are `known`. Raises `QuestionError` as `narrowed` does."""
    from index.filters import admits, in_period

    in_period(within, None)  # refuses what is no date
    for pattern in within.sources:
        if pattern not in known and not any(admits(Filter(sources=(pattern,)), name, None, None) for name in known):
            raise QuestionError(f"no article of the library is called “{pattern}”", "qa sources list")
    return within
