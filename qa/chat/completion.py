"""What Tab offers: commands and what they take, names of articles.

Takes the line before the cursor; returns completions. Knows nothing of how they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.records import Filter
from qa.chat.commands import COMMANDS, Takes
from qa.chat.narrowing import admitted, names
from qa.chat.talk import Talk

DATES = 8  # of the library, the latest first


@dataclass(frozen=True, slots=True)
class Offer:
    """A text that could stand in place of the last `replaces` characters, and what it is."""

    text: str
    replaces: int
    about: str = ""


def offers(talk: Talk, before: str, *, asked: bool) -> Iterator[Offer]:
    """What could follow `before`. In a question, names of articles are offered only where Tab `asked` for them."""
    if before.startswith("/"):
        name, blank, argument = before[1:].partition(" ")
        if not blank:
            yield from (
                Offer(f"/{each.name}" + (" " if each.takes else ""), len(before), each.help)
                for each in COMMANDS
                if each.name.startswith(name.casefold())
            )
        elif command := next((each for each in COMMANDS if each.name == name.casefold()), None):
            yield from _arguments(talk, command.takes, argument)
    elif asked and (word := before.rpartition(" ")[2]):
        yield from (offer for offer in _sources(talk, word) if offer.text.casefold() != word.casefold())


def takes(before: str) -> Takes:
    """What the command on the line takes; "" where there is none."""
    name, blank, _ = before[1:].partition(" ")
    return next(
        (each.takes for each in COMMANDS if before.startswith("/") and blank and each.name == name.casefold()), ""
    )


def _arguments(talk: Talk, takes: Takes, argument: str) -> Iterator[Offer]:
    word = argument.rpartition(" ")[2]
    match takes:
        case "sources":
            yield from _sources(talk, word)
        case "number" if talk.turns:
            answer = talk.turns[-1].answer
            for citation in answer.citations or answer.nearest:
                if str(citation.number).startswith(word):
                    yield Offer(str(citation.number), len(word), f"{citation.source}: {citation.quote}")
        case "style":
            from qa.chat.citing import styles

            yield from (Offer(style, len(word)) for style in styles() if style.startswith(word))
        case "date":
            dates = sorted(
                {info.metadata.date for info in talk.assistant.library.sources() if info.metadata.date}, reverse=True
            )
            yield from (Offer(date, len(word)) for date in dates[:DATES] if date.startswith(word))
        case _:
            return


def _sources(talk: Talk, word: str) -> Iterator[Offer]:
    """Articles whose name holds `word`, those whose name begins with it first."""
    found = admitted(talk.assistant.library, Filter())
    titles = {name: info.metadata.title or "" for name, info in zip(names(found), found, strict=True)}
    wanted = word.casefold().strip("'\"")
    matching = [name for name in titles if wanted in name.casefold()]
    for name in sorted(matching, key=lambda name: (not name.casefold().strip("'").startswith(wanted), name)):
        yield Offer(name, len(word), titles[name])
