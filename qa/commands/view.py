"""An answer as a person sees it come: on a terminal the passages at once and each sentence when it is vouched for, elsewhere all at the end."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from qa.commands.session import Session

if TYPE_CHECKING:
    from rich.status import Status

    from index.records import Hit
    from index.store import Library
    from qa.records import Answer, Citation, Claim


@dataclass(slots=True)
class View:
    """One answer while it comes. `still`: nothing moves on the screen, and passages are only counted, as a screen reader wants it.

    `explain`: how it came about is shown behind it. `shown` holds the sentences that are on the screen, `busy` the line that says that something is under way.
    """

    session: Session
    library: Library
    as_json: bool
    still: bool = False
    explain: bool = False
    shown: list[str] = field(default_factory=list)
    busy: Status | None = None

    def __enter__(self) -> Self:
        if not self.still and self.session.err.is_terminal and not self.session.err.is_dumb_terminal:
            self.busy = self.session.err.status("loading", spinner="dots")
            self.busy.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.quiet()

    def quiet(self) -> None:
        """Take away the line that says that something is under way, before anything is written to standard output."""
        if self.busy is not None:
            self.busy.stop()

    def hits(self, hits: tuple[Hit, ...]) -> None:
        """The passages that the answer is looked for in."""
        from qa.render.counted import counted
        from qa.render.terminal import reading

        if self.still:
            names = ", ".join(dict.fromkeys(hit.passage.source for hit in hits))
            self.session.say(f"reading {counted(len(hits), 'passage')}" + (f" of {names}" if names else ""))
        elif not self.as_json and self.session.err.is_terminal:
            console = self.session.err if self.busy is None else self.busy.console  # prints above the line that says it is busy
            console.print("reading:", style="dim")
            console.print(reading(hits, width=console.width - 1), end="", soft_wrap=True)
        if self.busy is not None:
            self.busy.update("answering")

    def claim(self, claim: Claim, citations: tuple[Citation, ...]) -> None:
        """One sentence, final. Raises `LibraryError` where a quote of it is not verbatim."""
        from qa.render.check import check_citations
        from qa.render.terminal import sentence

        if not self.as_json and self.session.out.is_terminal:
            check_citations(citations, self.library)
            self.quiet()
            self.session.out.print(sentence(claim))
            self.shown.append(claim.text)

    def end(self, answer: Answer) -> None:
        """The rest, or everything where nothing was shown yet."""
        from rich.text import Text

        from qa.render.json import to_object
        from qa.render.terminal import rest, whole

        self.quiet()
        if self.as_json:
            self.session.write(to_object(answer, explain=self.explain))
            return
        whole_was_shown = answer.status != "unanswered" and self.shown == [sentence.text for sentence in answer.sentences]
        self.session.out.print(rest(answer) if whole_was_shown else whole(answer), end="")
        if self.explain:
            from qa.render.explanation import explanation

            self.session.out.print(Text("\n").append_text(explanation(answer)), end="")
        sys.stdout.flush()
