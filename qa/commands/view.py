"""Show an answer as it comes: first how much is being read, then the whole answer."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from qa.commands.session import Session

if TYPE_CHECKING:
    from rich.status import Status

    from index.records import Hit
    from qa.records import Answer


@dataclass(slots=True)
class View:
    """One answer while it comes.

    `still`: nothing moves on the screen, as a screen reader wants it. `explain`: how it came about is shown behind it.

    `listed` says where the passages are listed that are only counted here, `again` how an answer that was kept is asked
    for anew; `busy` is the line that says that something is under way.
    """

    session: Session
    as_json: bool
    still: bool = False
    explain: bool = False
    listed: str = ""
    again: str = "--fresh asks again"
    busy: Status | None = None

    def __enter__(self) -> Self:
        if not self.still and self.session.err.is_terminal and not self.session.err.is_dumb_terminal:
            self.busy = self.session.err.status("loading", spinner="dots")
            self.busy.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.quiet()

    def quiet(self) -> None:
        """Remove the progress line before anything is written to standard output."""
        if self.busy is not None:
            self.busy.stop()

    def hits(self, hits: tuple[Hit, ...]) -> None:
        """Say how many passages are being read."""
        from qa.render.counted import counted

        articles = {hit.passage.source for hit in hits}
        line = f"reading {counted(len(hits), 'passage')}" + (
            f" of {counted(len(articles), 'article')}{self.listed}" if articles else ""
        )
        if self.still:
            self.session.say(line)
        elif not self.as_json and self.session.err.is_terminal:
            # prints above the line that says it is busy
            console = self.session.err if self.busy is None else self.busy.console
            console.print(line, style="dim", markup=False)
        if self.busy is not None:
            self.busy.update("answering")

    def end(self, answer: Answer) -> None:
        """Show the answer, and how it came about if that is asked for."""
        from rich.text import Text

        from qa.render.json import to_object
        from qa.render.moments import moment
        from qa.render.terminal import fitted, whole

        self.quiet()
        if self.as_json:
            self.session.write(to_object(answer, explain=self.explain))
            return
        if answer.kept is not None:
            self._told(f"kept answer of {moment(answer.kept)}; {self.again}")
        text = whole(answer)
        if self.explain:
            from qa.render.explanation import explanation

            text.append_text(Text("\n").append_text(explanation(answer)))
        out = self.session.out
        out.print(fitted(text, out), end="")
        sys.stdout.flush()

    def _told(self, line: str) -> None:
        """A line for a person, on standard error."""
        if self.still or not self.session.err.is_terminal:
            self.session.say(line)
        else:
            self.session.err.print(line, style="dim", markup=False)
