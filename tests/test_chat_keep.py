"""Conversations on disk: private, a line a turn, whole or not at all."""

from __future__ import annotations

import json
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.errors import QuestionError
from index.records import Filter
from qa.chat.keep import FOLDER, Keeper, begun, find, kept
from qa.chat.records import Conversation, Turn
from tests.examples import ANSWERED

NOW = datetime(2025, 12, 10, 14, 32, 5, tzinfo=UTC)
LIBRARY = Path("articles/.qa")


def turn(question: str = "How long is it?", at: str = "2025-12-10T14:33:00+00:00") -> Turn:
    return Turn(
        question, replace(ANSWERED, question="How long is the river?"), Filter(sources=("a.txt",), since="2025"), at
    )


def test_a_conversation_comes_back_as_it_was(tmp_path: Path) -> None:
    conversation = begun(tmp_path, LIBRARY, NOW)
    assert conversation == Conversation("20251210-143205", "2025-12-10T14:32:05+00:00", str(LIBRARY))
    assert kept(tmp_path) == ()  # nothing is written before there is something to keep
    keeper = Keeper(tmp_path, conversation)
    keeper.add(turn())
    keeper.add(turn("why?"))
    assert find(tmp_path, None) == keeper.conversation
    assert [each.typed for each in find(tmp_path, "20251210").turns] == ["How long is it?", "why?"]
    assert find(tmp_path, "20251210-143205").turns[0] == turn()


def test_every_line_is_json(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, begun(tmp_path, LIBRARY, NOW))
    keeper.add(turn("“why”\n?"))
    head, line = [
        json.loads(each)
        for each in (tmp_path / FOLDER / "20251210-143205.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert head == {
        "format": 1,
        "id": "20251210-143205",
        "started": "2025-12-10T14:32:05+00:00",
        "library": str(LIBRARY),
    }
    assert (line["typed"], line["within"]) == (
        "“why”\n?",
        {"sources": ["a.txt"], "since": "2025", "until": None, "author": None, "without": []},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another matter there")
def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    state = tmp_path / "state"
    Keeper(state, begun(state, LIBRARY, NOW)).add(turn())
    modes = [
        stat.S_IMODE(path.stat().st_mode) for path in (state, state / FOLDER, state / FOLDER / "20251210-143205.jsonl")
    ]
    assert modes == [0o700, 0o700, 0o600]


def test_a_line_that_was_cut_short_is_left_out_and_does_not_spoil_the_next(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, begun(tmp_path, LIBRARY, NOW))
    keeper.add(turn("first?"))
    keeper.add(turn("second?"))
    file = tmp_path / FOLDER / "20251210-143205.jsonl"
    file.write_bytes(file.read_bytes()[:-40])
    assert [each.typed for each in find(tmp_path, None).turns] == ["first?"]
    Keeper(tmp_path, find(tmp_path, None)).add(turn("third?"))
    assert [each.typed for each in find(tmp_path, None).turns] == ["first?", "third?"]


def test_two_that_begin_in_the_same_second_are_told_apart(tmp_path: Path) -> None:
    for _ in range(3):
        Keeper(tmp_path, begun(tmp_path, LIBRARY, NOW)).add(turn())
    assert sorted(each.id for each in kept(tmp_path)) == ["20251210-143205", "20251210-143205b", "20251210-143205c"]
    with pytest.raises(QuestionError, match="3 conversations begin with “2025”"):
        find(tmp_path, "2025")
    assert find(tmp_path, "20251210-143205").id == "20251210-143205"


def test_the_latest_is_the_one_that_was_spoken_in_last(tmp_path: Path) -> None:
    early, late = begun(tmp_path, LIBRARY, NOW), begun(tmp_path, LIBRARY, NOW.replace(hour=15))
    Keeper(tmp_path, late).add(turn(at="2025-12-10T15:00:00+00:00"))
    Keeper(tmp_path, early).add(turn(at="2025-12-11T09:00:00+00:00"))
    assert [each.id for each in kept(tmp_path)] == [early.id, late.id]


def test_what_is_no_conversation_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "a.jsonl").write_text("")
    (folder / "b.jsonl").write_text('{"format": 99}\n')
    (folder / "c.jsonl").write_bytes(b"\xff\xfe\n[]\n")
    assert kept(tmp_path) == ()
    for wanted, message in ((None, "no conversation has been kept yet"), ("x", "no conversation is called “x”")):
        with pytest.raises(QuestionError) as caught:
            find(tmp_path, wanted)
        assert caught.value.message == message


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, no folder")
    with pytest.raises(QuestionError, match="cannot be kept in"):
        Keeper(tmp_path / "state", begun(tmp_path / "state", LIBRARY, NOW)).add(turn())
