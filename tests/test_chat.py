"""`qa chat` from end to end without a terminal.

What a pipe gives, in plain words and in JSON, and the conversations that are kept.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from index.errors import ModelError
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.settings import Settings
from tests.chat_place import ARTICLES, reply
from tests.fakes import FakeEmbedder, FakeModel

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parent.parent / "docs" / "answer.schema.json").read_text(encoding="utf-8"))
)
LONG = "How long is the river Alder?"
TALK = f"{LONG}\nwhere does it rise?\n".encode()
ANSWERS = """\
The river Alder is 210 kilometres long. [1]

[1] “The river Alder rises in the northern hills…”, undated  river.txt:45-125
    “The river Alder is 210 kilometres long and carries timber to the port of Brandt.”

note: source “The river Alder rises in the northern hills…” carries no date

The river Alder rises in the northern hills. [1]

[1] “The river Alder rises in the northern hills…”, undated  river.txt:0-44
    “The river Alder rises in the northern hills.”

note: source “The river Alder rises in the northern hills…” carries no date

"""


@dataclass
class Place:
    """A folder with a library, and a way to give commands there."""

    folder: Path
    capture: Callable[[], Any]
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)

    def qa(
        self, *arguments: str, stdin: bytes = b"", model: Callable[[Settings], Any] = lambda _: FakeModel(reply)
    ) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        session = Session(
            loaders=Loaders(embedder=lambda _: self.embedder, model=model),
            environ={"QA_STATE": str(self.folder / "state")},
            cwd=self.folder,
            user_file=self.folder / "user.toml",
            stdin=io.BytesIO(stdin),
        )
        code = run(arguments, session)
        return code, *self.capture()


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    (tmp_path / "articles").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
    place = Place(tmp_path, capsys.readouterr)
    assert place.qa("index", "articles")[0] == 0
    return place


def identifier(place: Place) -> str:
    (row,) = json.loads(place.qa("chat", "--list", "--json")[1])["conversations"]
    return str(row["id"])


def test_one_question_a_line_through_a_pipe(place: Place) -> None:
    code, out, err = place.qa("chat", stdin=TALK)
    assert (code, out) == (0, ANSWERS)
    assert err.splitlines() == [
        "reading 3 passages of 3 articles (/read lists them)",
        "asking: Where does the river Alder rise?",
        "reading 3 passages of 3 articles (/read lists them)",
    ]


def test_an_answer_is_the_one_that_ask_gives(place: Place) -> None:
    assert place.qa("chat", stdin=LONG.encode())[1] == place.qa("ask", LONG)[1] + "\n"


def test_json_gives_one_object_a_line(place: Place) -> None:
    code, out, _ = place.qa("chat", "--json", stdin=TALK + b"?!\n/sources\n\xff\n" + LONG.encode())
    objects = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [each.get("question") for each in objects] == [LONG, "Where does the river Alder rise?", None, None, LONG]
    assert [each.get("typed") for each in objects] == [LONG, "where does it rise?", None, None, LONG]
    for each in (objects[0], objects[1], objects[4]):
        SCHEMA.validate(each)
    assert [each["error"]["message"] for each in objects[2:4]] == [
        "the question is empty",
        "the line is not UTF-8 text",
    ]
    assert (objects[0]["kept"], bool(objects[4]["kept"])) == (None, True)
    first, last = ({**each, "kept": None} for each in (objects[0], objects[4]))
    assert first == last


def test_commands_work_through_a_pipe(place: Place) -> None:
    code, out, err = place.qa("chat", stdin=b"/only mayor.txt\n/sources\n/nonsense\n/quit\nnever asked\n")
    assert (code, out) == (0, "  mayor.txt  undated\n")
    assert (
        err == "answers come from 1 of 3 articles\nonly mayor.txt\nerror: there is no command /nonsense\nhint: /help "
        "lists them\n"
    )


def test_what_was_read_is_listed_when_asked_for(place: Place) -> None:
    code, out, err = place.qa("chat", stdin=f"/read\n{LONG}\n/read\n".encode())
    assert code == 0
    assert out.removeprefix(ANSWERS[: ANSWERS.index("The river Alder rises in the northern hills. [1]")]) == (
        f"  “The river Alder rises in the …”: {ARTICLES['river.txt']}"
        "  The ferry: The ferry Aurora sank in 2024. The ferry Aurora carried 90 people.\n"
        f"  “Mayor Ilse Brandt opened the …”: {ARTICLES['mayor.txt']}"
    )
    assert err.startswith("error: nothing has been answered yet\nhint: ask a question first\n")


def test_what_was_read_in_an_earlier_session_is_not_known(place: Place) -> None:
    place.qa("chat", stdin=LONG.encode())
    code, out, err = place.qa("chat", "--resume", stdin=b"/read\n")
    assert (code, out) == (0, "")
    assert err.endswith("error: it is not known what was read for the last answer\nhint: /retry asks again\n")


def test_the_filters_of_ask_are_there(place: Place) -> None:
    code, _, err = place.qa("chat", "--since", "2024", stdin=b"When did the ferry Aurora sink?")
    assert code == 0
    assert "note: 2 articles without a date left out" in err
    assert "reading 1 passage of 1 article (/read lists them)\n" in err
    assert place.qa("chat", "--source", "nothing.txt", stdin=b"x")[0] == 1


def test_no_input_is_no_conversation(place: Place) -> None:
    assert place.qa("chat") == (0, "", "")
    assert place.qa("chat", "--list") == (0, "", "no conversation has been kept yet\n")


def test_what_would_fail_for_every_question_ends_the_program(place: Place) -> None:
    def missing(_: Settings) -> Any:
        raise ModelError("the model is missing", "qa models fetch")

    code, out, err = place.qa("chat", stdin=TALK, model=missing)
    assert (code, out) == (1, "")
    assert err.endswith("error: the model is missing\nhint: qa models fetch\n")
    assert json.loads(place.qa("chat", "--json", stdin=TALK, model=missing)[1]) == {
        "error": {"message": "the model is missing", "hint": "qa models fetch"}
    }


def test_a_conversation_is_listed_and_resumed(place: Place) -> None:
    place.qa("chat", stdin=LONG.encode())
    name = identifier(place)
    assert re.fullmatch(r"\d{8}-\d{6}", name)
    assert re.fullmatch(
        rf"{name}  \d{{4}}-\d\d-\d\d \d\d:\d\d    1 "
        rf" {re.escape(LONG)}\n",
        place.qa("chat", "--list")[1],
    )
    assert "asking: Where does the river Alder rise?\n" in place.qa("chat", "--resume", stdin=b"where does it rise?")[2]
    assert (
        "asking: Where does the river Alder rise?\n"
        in place.qa("chat", "--resume", name, stdin=b"where does it rise?")[2]
    )
    assert identifier(place) == name
    assert place.qa("chat", "--list")[1].split()[3] == "3"


def test_a_conversation_is_exported(place: Place) -> None:
    place.qa("chat", stdin=TALK)
    name = identifier(place)
    shown = place.qa("chat", "--export", name)[1]
    assert shown.startswith("# Conversation of ")
    assert json.loads(place.qa("chat", "--export", name[:8], "--json")[1])["id"] == name
    assert place.qa("chat", "--export", name, "-o", "talk.md") == (0, "", f"conversation {name}: talk.md\n")
    assert (place.folder / "talk.md").read_text(encoding="utf-8") == shown
    code, _, err = place.qa("chat", "--export", name, "-o", "talk.md")
    assert (code, err) == (1, f"error: {place.folder / 'talk.md'} exists\nhint: name another file\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2025"], "“2025” is given without --resume"),
        (["-o", "x.md"], "-o is given without --export"),
        (["--resume"], "no conversation has been kept yet"),
        (["--resume", "x"], "no conversation is called “x”"),
        (["--export", "x"], "no conversation is called “x”"),
    ],
)
def test_what_cannot_be_meant_is_said(place: Place, arguments: list[str], message: str) -> None:
    code, out, err = place.qa("chat", *arguments)
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {message}\nhint: ")


def test_a_library_that_is_not_there_is_said_before_anything_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place(tmp_path, capsys.readouterr)
    assert place.qa("chat", stdin=TALK) == (
        1,
        "",
        f"error: there is no library in {tmp_path / '.qa'}\nhint: qa index FOLDER\n",
    )


def test_without_a_terminal_and_without_a_command_there_is_help(place: Place) -> None:
    code, out, err = place.qa()
    assert (code, out) == (2, "")
    assert err.startswith("Usage: qa [OPTIONS] COMMAND")
