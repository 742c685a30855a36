"""`qa index --watch`: the library follows its folders until Ctrl-C, with a line for each change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import VouchError
from qa.commands.noise import leave_at_once
from qa.commands.session import Session
from qa.render.counted import counted
from qa.render.harmless import one_line

if TYPE_CHECKING:
    from index.progress import BuildReport


def follow(
    session: Session,
    library: Path,
    first: BuildReport,
    refresh: Callable[[], BuildReport],
    lines: Callable[[BuildReport], Iterator[str]],
    *,
    quiet: bool,
) -> None:
    """Brings the library up to date whenever its folders change; returns after Ctrl-C.

    `lines` are those of a build that speak of single files: each is said when it is new, which those of the `first`
    build are not. What goes wrong is said once, and tried again.
    """
    from index.store import Library
    from index.watch import moments

    with Library.open(library) as opened:
        roots = [root.path for root in opened.roots()]
    leave_at_once(0)  # whatever it is at, what is written is whole
    if not quiet and not session.as_json:
        session.say(
            f"following {', '.join(map(str, roots)) if len(roots) <= 3 else counted(len(roots), 'folder')}; "
            f"Ctrl-C ends it"
        )
    known, said, due = _articles(library), set(lines(first)), False
    try:
        for changed in moments(roots, library):
            due = due or changed
            if not due:
                continue
            try:
                done = refresh()
            except VouchError as error:
                _tell(session, [line for line in [f"error: {error.message}"] if line not in said], quiet=False)
                said = {f"error: {error.message}"}
                continue
            now, due, told = _articles(library), False, set(lines(done))
            _tell(session, [*_changes(known, now), *sorted(told - said)], quiet=quiet)
            known, said = now, told
    except KeyboardInterrupt:
        return


def _articles(library: Path) -> dict[str, int]:
    """The articles by source, each with a number that changes when the article is rewritten."""
    from index.store import Library

    with Library.open(library) as opened:
        return dict(opened.rows("SELECT source, id FROM articles"))


def _changes(before: dict[str, int], now: dict[str, int]) -> list[str]:
    verbs = {
        source: "added" if source not in before else "removed" if source not in now else "changed"
        for source in before | now
    }
    return [f"{verb}: {source}" for source, verb in sorted(verbs.items()) if before.get(source) != now.get(source)]


def _tell(session: Session, lines: list[str], *, quiet: bool) -> None:
    for line in lines:
        if session.as_json:
            what, _, rest = line.partition(": ")
            session.write({"change": what, "source": rest})
        elif not quiet:
            session.say(one_line(line))
