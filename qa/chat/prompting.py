"""The line a person types on, with prompt-toolkit: history, completion, several lines, paste.

Takes what Tab offers; returns a way to read lines.

Enter asks, Alt-Enter (Esc, Enter) begins a new line, and lines that are pasted stay one question. Ctrl-C clears the
line; on an empty one it is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from qa.chat.completion import Offer
from qa.render.harmless import one_line

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import CompleteEvent, Completer
    from prompt_toolkit.document import Document
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

PROMPT = "> "
_SHOWN = 60  # characters of what an offer is about, and of a filter


def prompting(
    offers: Callable[[str, bool], Iterable[Offer]],
    wants_path: Callable[[str], bool],
    narrowed: Callable[[], str],
    *,
    history: Path | None,
    colour: bool,
) -> Callable[[str], str]:
    """A function that reads a line which begins with a given text.

    Raises KeyboardInterrupt on Ctrl-C on an empty line, EOFError on Ctrl-D on one.
    """
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, InMemoryHistory
    from prompt_toolkit.output import ColorDepth

    session: PromptSession[str] = PromptSession(
        history=InMemoryHistory() if history is None else FileHistory(str(history)),
        completer=_completer(offers, wants_path),
        complete_while_typing=True,
        multiline=True,
        prompt_continuation="  ",
        key_bindings=_keys(),
        color_depth=None if colour else ColorDepth.DEPTH_1_BIT,
        enable_suspend=True,
        reserve_space_for_menu=6,
    )
    return lambda draft: _read(session, draft, narrowed())


def _read(session: PromptSession[str], draft: str, narrowed: str) -> str:
    shown = one_line(narrowed)
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
    return session.prompt(f"{shown} {PROMPT}".lstrip(), default=draft)


def _keys() -> KeyBindings:
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None  # takes what is chosen in the menu, and lets the person go on
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    return keys


def _completer(offers: Callable[[str, bool], Iterable[Offer]], wants_path: Callable[[str], bool]) -> Completer:
    from prompt_toolkit.completion import Completer, Completion, PathCompleter
    from prompt_toolkit.document import Document

    paths = PathCompleter(expanduser=True)

    class Offers(Completer):
        def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
            before = document.text_before_cursor
            if wants_path(before):
                yield from paths.get_completions(Document(before.partition(" ")[2]), complete_event)
                return
            for offer in offers(before, complete_event.completion_requested):
                yield Completion(
                    offer.text, start_position=-offer.replaces, display_meta=one_line(offer.about)[:_SHOWN]
                )

    return Offers()
