"""The progress bar of a batch: rows done, rate, time left. On standard error, if that is a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from qa.commands.session import Session

if TYPE_CHECKING:
    from qa.batch.run import Progress


@contextmanager
def pacing(session: Session, total: int) -> Iterator[Callable[[Progress], None]]:
    """A bar over `total` rows that vanishes when the work is done.

    The clock of its rate starts with the first report.
    """
    console = session.err
    if session.as_json or not console.is_terminal or console.is_dumb_terminal:
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("loading", total=total, pace="")
        began: list[float] = []

        def report(now: Progress) -> None:
            began[:] = began or [monotonic()]
            bar.update(task, completed=now.done, description="asking", pace=pace(now, monotonic() - began[0]))

        yield report


def pace(now: Progress, seconds: float) -> str:
    """The rate, and how long the rest will take at that; nothing before the first answer."""
    if not now.asked or seconds <= 0:
        return ""
    rate = now.asked / seconds
    left = timedelta(seconds=round((now.to_ask - now.asked) / rate))
    return f"{60 * rate:.1f} a minute, {left} left"
