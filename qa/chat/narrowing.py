"""Set and show which articles the answers of a conversation may come from.

Takes a talk and a filter; narrows the talk, or lists articles.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import QuestionError
from index.filters import admits
from index.records import Filter
from qa.chat.talk import Talk
from qa.render.counted import counted
from qa.render.harmless import one_line

if TYPE_CHECKING:
    from index.listing import SourceInfo
    from index.store import Library


def set_filter(talk: Talk, within: Filter) -> None:
    """Answer within this filter from now on, and say what that leaves.

    Raises `QuestionError` for what is no date, and where nothing is left.
    """
    library = talk.assistant.library
    found = admitted(library, within)
    for pattern in within.sources:
        if not admitted(library, Filter(sources=(pattern,))):
            raise QuestionError(f"no article is called “{pattern}”", "/sources lists them; * and ? match")
    total = library.summary().articles
    if not found:
        raise QuestionError(
            f"no article is left: {told(within)}", "/only, /since and /until with nothing after them let all in again"
        )
    talk.within = within
    undated = library.undated_left_out(within)
    every = counted(total, "article")
    left_out = f"; {counted(undated, 'article')} without a date left out" if undated else ""
    talk.screen.say(
        f"answers come from {len(found)} of {every}{left_out}" if told(within) else f"answers come from all {every}"
    )


def list_sources(talk: Talk, wanted: str) -> None:
    """Show the articles that answers may come from; those that hold `wanted` in name, title or author.

    A star marks those that the last answer cites.
    """
    cited = {citation.source for citation in talk.turns[-1].answer.citations} if talk.turns else set()
    library = talk.assistant.library
    found = [info for info in admitted(library, talk.within) if wanted.casefold() in _spoken(info).casefold()]
    if not found:
        raise QuestionError(f"no article holds “{wanted}” in its name, title or author", "/sources lists all")
    width = max(len(one_line(info.source)) for info in found)
    lines = [
        f"{'*' if info.source in cited else ' '} {one_line(info.source).ljust(width)} "
        f" {(info.metadata.date or 'undated').ljust(10)}  {_credit(info)}".rstrip()
        for info in found
    ]
    talk.screen.show("\n".join(lines))
    if note := told(talk.within):
        talk.screen.say(note)


def admitted(library: Library, within: Filter) -> list[SourceInfo]:
    """The articles that the filter lets through."""
    return [info for info in library.sources() if admits(within, info.source, info.metadata.author, info.metadata.date)]


def patterns(argument: str) -> tuple[str, ...]:
    """The sources that were typed; those with blanks are in quotation marks."""
    try:
        return tuple(shlex.split(argument, posix=True))
    except ValueError as error:
        raise QuestionError("a quotation mark is not closed", "/only 'a source with blanks.txt' other.txt") from error


def told(within: Filter) -> str:
    """The filter in words; "" where it lets everything through."""
    parts = [
        f"only {', '.join(within.sources)}" if within.sources else "",
        f"by {within.author}" if within.author else "",
    ]
    parts += [f"since {within.since}" if within.since else "", f"until {within.until}" if within.until else ""]
    return ", ".join(part for part in parts if part)


def _spoken(info: SourceInfo) -> str:
    return " ".join(filter(None, (info.source, info.metadata.title, info.metadata.author)))


def _credit(info: SourceInfo) -> str:
    return " — ".join(one_line(part) for part in (info.metadata.title, info.metadata.author) if part)


def names(infos: Sequence[SourceInfo]) -> list[str]:
    """The sources as they are typed: in quotation marks where they hold a blank."""
    return [shlex.quote(info.source) for info in infos]
