"""An article with a quote in it, shown at the quote.

Takes an article and where the quote stands; returns a pager, or the paragraph around it.

The words of the article are made harmless; lines are broken at `width` for reading only.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.called import called
from index.records import Article
from qa.render.harmless import harmless, one_line

ABOVE = 4  # lines of context over the quote
AROUND = 400  # characters of context on each side where there is no pager
WIDEST = 100
_ON, _OFF = "\x1b[7m", "\x1b[27m"  # reverse video, whatever the colours of the terminal
# private letters that mark the quote while lines are broken; those of the article are shown as what they are
_BEGIN, _END = "\ue000", "\ue001"
_OPEN, _CLOSE = ">>>", "<<<"


@dataclass(frozen=True, slots=True)
class View:
    """What is to be shown: `article.text[start:end]` in its article."""

    article: Article
    start: int
    end: int


def paged(view: View, environ: Mapping[str, str], width: int) -> bool:
    """Show the whole article in the pager of the environment, else in less.

    False where there is none, or where it would not start.
    """
    command = shlex.split(environ.get("PAGER", "less"))
    if not command or shutil.which(command[0], path=environ.get("PATH")) is None:
        return False
    less = Path(command[0]).stem == "less"
    lines, line = laid_out(view, min(width, WIDEST), marks=(_ON, _OFF) if less else (_OPEN, _CLOSE))
    arguments = [*command, "-R", f"+{max(1, line - ABOVE)}"] if less else command
    with _file("\n".join(lines) + "\n") as file, _deaf():
        try:
            subprocess.run([*arguments, str(file)], env=dict(environ), check=False)
        except OSError:
            return False
    return True


def context(view: View) -> str:
    """The quote between >>> and <<< in the text around it, under the name of its article."""
    text = view.article.text
    before, after = text[max(0, view.start - AROUND) : view.start], text[view.end : view.end + AROUND]
    if view.start > AROUND:
        before = f"… {before.partition(' ')[2]}"
    if view.end + AROUND < len(text):
        after = f"{after.rpartition(' ')[0]} …"
    shown = f"{harmless(before)}{_OPEN}{harmless(text[view.start : view.end])}{_CLOSE}{harmless(after)}"
    return f"{_heading(view)}\n\n" + "\n".join(line.strip() for line in shown.splitlines() if line.strip()) + "\n"


def laid_out(view: View, width: int, *, marks: tuple[str, str]) -> tuple[list[str], int]:
    """The heading and the article in lines of `width`, with `marks` around the quote on every line that holds a part of it; and the line where it begins."""
    text = view.article.text
    marked = f"{_own(text[: view.start])}{_BEGIN}{_own(text[view.start : view.end])}{_END}{_own(text[view.end :])}"
    lines = [_heading(view), ""]
    for paragraph in marked.splitlines():
        lines += textwrap.wrap(paragraph, width, break_long_words=True, break_on_hyphens=False) or [""]
    first = next(number for number, line in enumerate(lines, start=1) if _BEGIN in line)
    return list(_highlighted(lines, marks)), first


def _highlighted(lines: list[str], marks: tuple[str, str]) -> Iterator[str]:
    on, off = marks
    inside = False
    for line in lines:
        begins, ends = _BEGIN in line, _END in line
        shown = line.replace(_BEGIN, on).replace(_END, off)
        if inside and line:
            shown = on + shown
        inside = (inside or begins) and not ends
        yield shown + off if inside and line else shown


def _own(text: str) -> str:
    return (
        harmless(text.replace("\r\n", "\n").replace("\r", "\n"))
        .replace(_BEGIN, "‹U+E000›")
        .replace(_END, "‹U+E001›")
        .expandtabs(4)
    )


def _heading(view: View) -> str:
    known = view.article.metadata
    credit = [
        one_line(part)
        for part in (called(view.article), known.author, known.publisher, known.date or "undated")
        if part
    ]
    return f"{', '.join(credit)}  {one_line(view.article.source)}:{view.start}-{view.end}"


@contextmanager
def _file(content: str) -> Iterator[Path]:
    """A temporary file that only its owner can read."""
    descriptor, name = tempfile.mkstemp(prefix="qa-", suffix=".txt")
    file = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(content)
        yield file
    finally:
        file.unlink(missing_ok=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore Ctrl-C while the pager runs, which handles it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
