"""The line that a person types on, key by key, through prompt-toolkit's own input and output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from qa.chat.completion import Offer
from qa.chat.prompting import prompting

ENTER, ESCAPE, CTRL_C, CTRL_D, UP, TAB = "\r", "\x1b", "\x03", "\x04", "\x1b[A", "\t"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        yield typed


def reader(history: Path | None = None) -> Callable[[str], str]:
    return prompting(lambda _before, _asked: (), lambda _: False, lambda: "", history=history, colour=False)


def test_enter_ends_the_question(keys: PipeInput) -> None:
    keys.send_text(f"How long is it?{ENTER}")
    assert reader()("") == "How long is it?"


def test_alt_enter_begins_a_new_line(keys: PipeInput) -> None:
    keys.send_text(f"one{ESCAPE}{ENTER}two{ENTER}")
    assert reader()("") == "one\ntwo"


def test_lines_that_are_pasted_stay_one_question(keys: PipeInput) -> None:
    keys.send_text(f"\x1b[200~one\ntwo\r\nthree\n\x1b[201~{ENTER}")
    assert reader()("") == "one\ntwo\nthree\n"


def test_ctrl_c_clears_the_line_and_is_raised_on_an_empty_one(keys: PipeInput) -> None:
    read = reader()
    keys.send_text(f"half a quest{CTRL_C}another{ENTER}")
    assert read("") == "another"
    keys.send_text(CTRL_C)
    with pytest.raises(KeyboardInterrupt):
        read("")


def test_ctrl_d_leaves_from_an_empty_line(keys: PipeInput) -> None:
    keys.send_text(CTRL_D)
    with pytest.raises(EOFError):
        reader()("")


def test_a_draft_stands_on_the_line_already(keys: PipeInput) -> None:
    keys.send_text(f" in 2024?{ENTER}")
    assert reader()("What happened") == "What happened in 2024?"


def test_what_was_typed_is_there_in_the_next_run(keys: PipeInput, tmp_path: Path) -> None:
    history = tmp_path / "history"
    keys.send_text(f"first{ENTER}")
    reader(history)("")
    keys.send_text(f"{UP}{ENTER}")
    assert reader(history)("") == "first"


def test_tab_takes_what_is_offered_and_enter_goes_on(keys: PipeInput) -> None:
    def offers(before: str, _: bool) -> Iterator[Offer]:
        yield Offer("/sources ", len(before), "lists the articles")
        if before == "/so":  # the rest is typed once there is something to see
            keys.send_text(f"{TAB}{ENTER}river{ENTER}")

    keys.send_text("/so")
    assert prompting(offers, lambda _: False, lambda: "", history=None, colour=False)("") == "/sources river"
