"""A conversation put together from its parts.

The library, the models, the screen, a way to read lines, the file it is kept in.

Takes the session, the settings and what was wished for; shows the conversation.
"""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelError, QuestionError, VouchError
from qa import paths
from qa.commands.asking import opened, say_what_is_left_out
from qa.commands.bars import indexing
from qa.commands.session import Session
from qa.commands.view import View
from qa.narrowing import narrowed

if TYPE_CHECKING:
    from index.records import Filter
    from index.store import Library
    from qa.answering.answer import Assistant
    from qa.chat.talk import Asked, Talk
    from qa.kept.answers import Keeping
    from qa.records import Answer, Provenance
    from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a conversation is to begin.

    What it may be answered from, whether an earlier one goes on, and whether nothing may move on the screen.
    """

    within: Filter
    resume: bool = False
    which: str | None = None
    plain: bool = False


def on_terminal(session: Session) -> bool:
    """Whether a person types and reads here."""
    return session.stdin.isatty() and sys.stdout.isatty()


def converse(session: Session, settings: Settings, wishes: Wishes) -> None:
    """Hold a conversation: as the terminal allows, or line by line where there is none."""
    from qa.chat import loop
    from qa.chat.keep import find

    state = paths.state_folder(session.environ)
    person = session.stdin.isatty() and not session.as_json
    session.plain = session.plain or wishes.plain
    still = wishes.plain or not on_terminal(session) or session.environ.get("TERM") == "dumb"
    with opened(settings) as library:
        before = find(state, wishes.which) if wishes.resume else None
        within = narrowed(library, wishes.within)
        say_what_is_left_out(session, library, within)
        talk = _talk(session, settings, library, state, still=still)
        talk.within = within
        if before is not None:
            talk.resume(before)
        if not person:
            loop.converse(talk, _piped(session), failed=lambda error: _noted(error, session))
            return
        # Ctrl-C stops an answer, not the program: what ends it at once elsewhere is no longer told
        signal.set_wakeup_fd(-1)
        _greet(talk, resumed=before is not None)

        def failed(error: VouchError) -> None:
            session.say(f"error: {error.message}")
            session.say(f"hint: {error.hint}")
            if isinstance(error, ModelError):
                talk.assistant = session.assistant(settings, library)  # what was missing may be there the next time

        loop.converse(talk, _typed(session, talk, _history(talk, state)), failed=failed)


def _talk(session: Session, settings: Settings, library: Library, state: Path, *, still: bool) -> Talk:
    from qa.chat.keep import Keeper, begun
    from qa.chat.talk import Means, Screen, Talk
    from qa.kept.answers import Keeping
    from qa.provenance import made_with

    def fresh() -> Keeper:
        return Keeper(state, begun(state, library.folder, _now()))

    def index(path: Path) -> str:
        from qa.commands.library import left_out, summary
        from qa.opening import built

        with indexing(session, quiet=still) as report:
            done = built(settings, [path], talk.assistant.embedder, report=report)
        for line in left_out(done, follow_links=settings.follow_links):
            session.say(line)
        return summary(done)

    cache = session.cache(settings)
    names = functools.cache(lambda: session.loaders.named(settings))  # what is missing is looked for again

    def answer(assistant: Assistant, asked: Asked, within: Filter) -> Answer:
        made = lambda: made_with(assistant.library, settings, names(), assistant.decisions(names().digest))  # noqa: E731
        return _answered(session, assistant, asked, within, Keeping(cache, fresh=asked.fresh), made, still=still)

    means = Means(
        answer=answer,
        index=index,
        now=_now,
        fresh=fresh,
        environ=session.environ,
        cwd=session.cwd,
    )
    screen = Screen(session.err if session.as_json else session.out, session.err, still)
    talk = Talk(session.assistant(settings, library), screen, means, fresh())
    return talk


def _answered(
    session: Session,
    assistant: Assistant,
    asked: Asked,
    within: Filter,
    keeping: Keeping,
    made: Callable[[], Provenance],
    *,
    still: bool,
) -> Answer:
    """The answer, kept or new, shown: the one path that every question takes."""
    from qa.answering.answer import answer
    from qa.kept.answers import answered
    from qa.render.json import to_object

    with View(
        session, as_json=session.as_json, still=still, listed=" (/read lists them)", again="/fresh asks again"
    ) as view:
        result = answered(
            asked.question,
            assistant.library,
            keeping,
            within=within,
            made=made,
            ask=lambda: answer(asked.question, assistant, within=within, on_hits=view.hits),
        )
        if session.as_json:
            session.write({**to_object(result), "typed": asked.typed})
        else:
            view.end(result)
            session.out.print()
    return result


def _greet(talk: Talk, *, resumed: bool) -> None:
    from qa.chat import banner

    for line in banner.banner(talk):
        talk.screen.say(line)
    if resumed and talk.turns:
        for line in banner.resumed(talk.keeper.conversation, talk.assistant.library.folder):
            talk.screen.say(line)


def _history(talk: Talk, state: Path) -> Path | None:
    """The file of what was typed before; `None` where there can be none."""
    from qa.chat.keep import private_file

    try:
        return private_file(state / ("lines" if talk.screen.still else "history"))
    except OSError as error:
        talk.screen.say(f"warning: what is typed cannot be kept in {state}: {error.strerror or error}")
        return None


def _typed(session: Session, talk: Talk, history: Path | None) -> Callable[[str], str]:
    """How a person's lines are read."""
    from qa.chat import lines
    from qa.chat.narrowing import told

    if talk.screen.still:
        if on_terminal(session):
            return lines.typed(history)
        return lines.piped(session.stdin, prompt=lambda: session.err.print(lines.PROMPT, end=""))
    from qa.chat.completion import offers, takes
    from qa.chat.prompting import prompting

    return prompting(
        lambda before, asked: offers(talk, before, asked=asked),
        lambda before: takes(before) in ("file", "path"),
        lambda: told(talk.within),
        history=history,
        colour=session.out.color_system is not None,
    )


def _piped(session: Session) -> Callable[[str], str]:
    from qa.chat import lines

    return lines.piped(session.stdin)


def _noted(error: VouchError, session: Session) -> None:
    """Report an error of one question and go on; an error that every question would meet ends the program."""
    if not isinstance(error, QuestionError):
        raise error
    if session.as_json:
        from qa.render.json import error_to_object

        session.write(error_to_object(error))
    else:
        session.say(f"error: {error.message}")
        session.say(f"hint: {error.hint}")


def _now() -> datetime:
    return datetime.now(UTC)
