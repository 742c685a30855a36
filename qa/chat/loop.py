"""The loop: a line is read, a question asked or a command obeyed, until there are no more.

Takes a talk and a way to read lines; returns the talk, changed.

Ctrl-C stops what is under way and keeps the conversation. A mistake is said in a line, and the loop goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from index.errors import VouchError
from qa.chat.commands import Ask, Draft, Leave, obey
from qa.chat.talk import Talk, again, ask

Read = Callable[[str], str]
HINT = "Ctrl-D leaves, /help says what there is"
STOPPED = "stopped; /retry asks again, /edit brings the question back"


def converse(talk: Talk, read: Read, *, failed: Callable[[VouchError], None]) -> None:
    """Read lines until `read` raises EOFError.

    `read` gets the text with which the line begins; `failed` gets every error, and may raise it.
    """
    draft = ""
    while True:
        try:
            line = read(draft)
        except KeyboardInterrupt:
            draft = ""
            talk.screen.say(HINT)
            continue
        except EOFError:
            return
        except VouchError as error:  # a line that is no text
            failed(error)
            continue
        draft = ""
        try:
            outcome = _taken(talk, line.strip())
        except KeyboardInterrupt:
            talk.screen.say(STOPPED)
            continue
        except VouchError as error:
            failed(error)
            continue
        match outcome:
            case Leave():
                return
            case Draft(text):
                draft = text


def _taken(talk: Talk, line: str) -> Leave | Draft | None:
    if not line:
        return None
    if not line.startswith("/"):
        ask(talk, line)
        return None
    outcome = obey(talk, line)
    if isinstance(outcome, Ask):
        again(talk, outcome.asked)
        return None
    return outcome
