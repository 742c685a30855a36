"""What every command that asks something needs: the question as text, the library open, the options as a filter."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import QuestionError
from qa.commands.session import Session
from qa.render.counted import counted

if TYPE_CHECKING:
    from index.records import Filter
    from index.store import Library
    from qa.settings import Settings


def read_question(argument: str, session: Session) -> str:
    """The words of the argument, or of standard input where it is "-". Raises `QuestionError` where they are no text or none at all."""
    try:
        text = session.stdin.read().decode("utf-8-sig") if argument == "-" else argument
        text.encode()  # what the shell could not decode has become lone surrogates
    except UnicodeError as error:
        raise QuestionError("the question is not UTF-8 text", "write it in a UTF-8 terminal or file") from error
    if not text.strip():
        raise QuestionError("the question is empty", 'qa ask "What was agreed?"')
    return text.strip()


@contextmanager
def opened(settings: Settings) -> Iterator[Library]:
    """The library of these settings, open, and known to be whole. Raises `LibraryError`."""
    from index.change import look_through
    from index.store import Library

    with Library.open(settings.library) as library:
        look_through(library, told=lambda line: print(line, file=sys.stderr))
        yield library


def asked_for(sources: list[str] | None, since: str | None, until: str | None, author: str | None) -> Filter:
    """The filter of the options that every asking command has."""
    from index.records import Filter

    return Filter(sources=tuple(sources or ()), since=since, until=until, author=author)


def narrowed(library: Library, within: Filter) -> Filter:
    """`within`, checked against the library. Raises `QuestionError` for what is no date and for a source that names no article."""
    return among([info.source for info in library.sources()] if within.sources else [], within)


def among(known: Sequence[str], within: Filter) -> Filter:
    """`within`, checked against the articles that are `known`. Raises `QuestionError` as `narrowed` does."""
    from index.filters import admits, in_period
    from index.records import Filter

    in_period(within, None)  # refuses what is no date
    for pattern in within.sources:
        if pattern not in known and not any(admits(Filter(sources=(pattern,)), name, None, None) for name in known):
            raise QuestionError(f"no article of the library is called “{pattern}”", "qa sources list")
    return within


def say_what_is_left_out(session: Session, library: Library, within: Filter) -> None:
    """How many articles a period leaves out only because they carry no date."""
    if count := library.undated_left_out(within):
        session.say(f"note: {counted(count, 'article')} without a date left out by --since and --until")
