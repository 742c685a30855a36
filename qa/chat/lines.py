"""Lines without any drawing: for screen readers, dumb terminals and pipes.

Takes a stream, or the terminal's own line editing; returns a way to read lines.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from index.errors import QuestionError

PROMPT = "> "


def piped(stream: BinaryIO, *, prompt: Callable[[], None] | None = None) -> Callable[[str], str]:
    """A function that reads the next line of a stream; a given beginning of the line is ignored.

    Raises EOFError at the end, QuestionError for a line that is not UTF-8.
    """

    def read(_: str) -> str:
        if prompt is not None:
            prompt()
        line = stream.readline()
        if not line:
            raise EOFError
        try:
            return line.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise QuestionError("the line is not UTF-8 text", "write the questions in UTF-8") from error

    return read


def typed(history: Path | None) -> Callable[[str], str]:
    """A function that reads a line as the terminal edits it, with readline where Python has it.

    It draws nothing but what is typed.
    """
    try:
        import readline
    except ImportError:  # Windows edits lines itself
        return lambda _: input(PROMPT)
    if history is not None and history.stat().st_size:
        readline.read_history_file(history)

    def read(draft: str) -> str:
        readline.set_startup_hook((lambda: readline.insert_text(draft)) if draft else None)
        try:
            line = input(PROMPT)
        except KeyboardInterrupt:
            os.write(1, b"\n")
            raise
        finally:
            readline.set_startup_hook(None)
        if history is not None and line.strip():
            readline.append_history_file(1, history)
        return line

    return read
