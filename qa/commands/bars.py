"""Progress bars on standard error, if that is a terminal. They disappear when the work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.commands.session import Session
from qa.render.harmless import one_line

if TYPE_CHECKING:
    from index.progress import Progress as Indexed
    from qa.models.install import Progress as Fetched

_NAME = 40  # characters of a file's name that are shown


@contextmanager
def indexing(session: Session, *, quiet: bool) -> Iterator[Callable[[Indexed], None]]:
    """A bar over the files that an index reads."""
    with _bar(session, "reading", shown=not quiet) as update:
        yield lambda now: update(now.done, now.total, now.source)


@contextmanager
def counting(session: Session, total: int) -> Iterator[Callable[[int], None]]:
    """A bar that counts questions up to `total`."""
    with _bar(session, "asking", shown=not session.as_json) as update:
        yield lambda done: update(done, total, "asking")


@contextmanager
def citing(session: Session, total: int) -> Iterator[Callable[[int], None]]:
    """A bar that counts the sentences of a draft up to `total`."""
    with _bar(session, "checking", shown=not session.as_json) as update:
        yield lambda done: update(done, total, "checking")


@contextmanager
def fetching(session: Session) -> Iterator[Callable[[Fetched], None]]:
    """A bar over the bytes of a download and a line for each step; off a terminal, the lines alone."""
    told: list[str] = []

    def tell(now: Fetched) -> None:
        line = {
            "download": f"{now.model}: downloading {now.detail}", "verify": f"{now.model}: verifying", "convert": f"{now.model}: converting {now.detail}",
                "note": f"{now.model}: {now.detail}"}.get(now.step, now.detail)  # fmt: skip
        if line not in told:
            told.append(line)
            session.say(line)

    with _bar(session, "fetching", shown=True, sizes=True) as update:

        def report(now: Fetched) -> None:
            tell(now)
            if now.total:
                update(now.done, now.total, now.model)

        yield report


@contextmanager
def verifying(session: Session, total: int) -> Iterator[Callable[[int], None]]:
    """A bar over the bytes that are read to verify a model."""
    with _bar(session, "verifying", shown=not session.as_json, sizes=True) as update:
        yield lambda done: update(done, total, "verifying")


@contextmanager
def _bar(session: Session, what: str, *, shown: bool, sizes: bool = False) -> Iterator[Callable[[int, int, str], None]]:
    console = session.err
    if not shown or not console.is_terminal or console.is_dumb_terminal:
        yield lambda _done, _total, _what: None
        return
    from rich.markup import escape
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn() if sizes else MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total, now: bar.update(
            task, completed=done, total=total, description=escape(one_line(now)[-_NAME:])
        )
