"""What every command that asks something needs: the question as text, the library open, the options as a filter."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import QuestionError
from qa.commands.session import Session
from qa.render.counted import counted

if TYPE_CHECKING:
    from index.records import Filter
    from index.store import Library
    from qa.choices import Narrowing
    from qa.settings import Settings


def read_question(argument: str, session: Session) -> str:
    """The words of the argument, or of standard input where it is "-".

    Raises `QuestionError` where they are no text or none at all.
    """
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
    from qa.opening import opened as whole

    with whole(settings.library, told=lambda line: print(line, file=sys.stderr)) as library:
        yield library


def narrowing(sources: list[str] | None, since: str | None, until: str | None, author: str | None) -> Narrowing:
    """The options that every asking command has, as `Assistant.ask` takes them."""
    return {"sources": tuple(sources or ()), "since": since, "until": until, "author": author}


def asked_for(sources: list[str] | None, since: str | None, until: str | None, author: str | None) -> Filter:
    """The filter of the options that every asking command has."""
    from index.records import Filter

    return Filter(sources=tuple(sources or ()), since=since, until=until, author=author)


def say_what_is_left_out(session: Session, library: Library, within: Filter) -> None:
    """How many articles a period leaves out only because they carry no date."""
    if count := library.undated_left_out(within):
        session.say(f"note: {counted(count, 'article')} without a date left out by --since and --until")
