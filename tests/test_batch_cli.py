"""`qa batch` from end to end with fakes.

Mistakes before anything slow, warnings, filters, standard input, and what survives a stop.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from qa.batch.run import Progress
from qa.cli import run
from qa.commands.pace import pace
from qa.commands.session import Loaders, Session
from qa.models.engine import Message
from qa.settings import Settings
from tests.fakes import FakeEmbedder, FakeModel

RIVER = "2025-12-10\n\nThe river Alder rises in the northern hills. It is 210 kilometres long and carries timber to the port of Brandt.\n"
QUESTIONS = "How long is the Alder?\nWho wrote the anthem?\nWhere does the timber of the Alder go?\n"


def reply(_: object) -> str:
    return "It is 210 kilometres long and carries timber to the port of Brandt."


def judge(messages: Any) -> float:
    return 0.0 if any("anthem" in message.content for message in messages) else 1.0


@dataclass
class Place:
    """A folder with a library of two articles, and a way to give commands there."""

    folder: Path
    capture: Callable[[], Any]
    model: FakeModel = field(default_factory=lambda: FakeModel(reply, yes=judge))
    loaded: int = 0

    def qa(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        loaders = Loaders(embedder=lambda _: FakeEmbedder(), model=self._load)
        code = run(
            arguments,
            Session(
                loaders=loaders,
                environ={},
                cwd=self.folder,
                user_file=self.folder / "user.toml",
                stdin=io.BytesIO(stdin),
            ),
        )
        out, err = self.capture()
        return code, out, err

    def lines(self, name: str = "out.jsonl") -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / name).read_text(encoding="utf-8").splitlines()]

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def _load(self, _: Settings) -> FakeModel:
        self.loaded += 1
        return self.model


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    found = Place(tmp_path, capsys.readouterr)
    (tmp_path / "articles").mkdir()
    found.write("articles/river.txt", RIVER)
    found.write("articles/undated.txt", "The port of Brandt was built by the mayor.\n")
    assert found.qa("index", "articles")[0] == 0
    found.write("q.txt", QUESTIONS)
    return found


@pytest.mark.parametrize(
    ("arguments", "content", "message"),
    [
        (["moon.txt", "-o", "out.csv"], None, "error: moon.txt cannot be read: No such file or directory"),
        (["bad.csv", "-o", "out.csv"], "Frage\nWas?\n", "error: bad.csv has no column called question; it has: Frage"),
        (["bad.yaml", "-o", "out.csv"], "title: T\n", "error: bad.yaml holds a mapping (title), not a list"),
        (["bad.txt", "-o", "out.csv"], "\n", "error: bad.txt holds no questions"),
        (["q.txt", "-o", "missing/out.csv"], None, "error: missing/out.csv cannot be written: there is no folder"),
        (["q.txt", "-o", "articles"], None, "error: articles is none of .jsonl, .csv and .md"),
        (
            ["q.txt", "-o", "letter.md"],
            "a letter",
            "error: letter.md exists and is not an output of qa batch, or its resume file is gone",
        ),
        (["q.txt", "-o", "letter.jsonl"], "a letter", "error: letter.jsonl exists and is not an output of qa batch"),
        (["q.jsonl", "-o", "q.jsonl"], '{"question": "Why?"}', "error: q.jsonl would be written over the questions"),
    ],
)
def test_mistakes_are_found_before_a_model_is_loaded(
    place: Place, arguments: list[str], content: str | None, message: str
) -> None:
    if content is not None:
        place.write(arguments[2] if content == "a letter" else arguments[0], content)
    before = {file.name: file.read_bytes() for file in place.folder.iterdir() if file.is_file()}
    code, out, err = place.qa("batch", *arguments)
    error, hint = err.splitlines()
    assert (code, out, place.loaded) == (1, "", 0)
    assert error.startswith(message)
    assert hint.startswith("hint: ")
    # nothing is lost, nothing lies about
    assert {file.name: file.read_bytes() for file in place.folder.iterdir() if file.is_file()} == before
    assert json.loads(place.qa("batch", *arguments, "--json")[1])["error"]["message"] == error.removeprefix("error: ")


@pytest.mark.parametrize("form", ["jsonl", "csv", "md"])
def test_every_format_goes_out(place: Place, form: str) -> None:
    code, out, err = place.qa("batch", "q.txt", "-o", f"out.{form}")
    assert (code, out) == (0, "")
    assert err == f"3 rows: 2 answered, 0 conflicting, 1 refused, 0 failed; written to out.{form}\n"
    text = (place.folder / f"out.{form}").read_text(encoding="utf-8-sig")
    assert [text.index(question) for question in QUESTIONS.splitlines()] == sorted(
        text.index(question) for question in QUESTIONS.splitlines()
    )
    assert place.qa("batch", "q.txt", "-o", f"out.{form}")[2].startswith(
        "3 rows: 2 answered, 0 conflicting, 1 refused, 0 failed; 3 of them from before;"
    )


def test_a_changed_library_or_setting_is_noticed(place: Place) -> None:
    place.qa("batch", "q.txt", "-o", "out.jsonl")
    assert "from before" not in place.qa("batch", "q.txt", "-o", "out.jsonl", "--passages", "5")[2]
    place.write("articles/new.txt", "The anthem was written by Ilse Brandt.\n")
    place.qa("index")
    assert "from before" not in place.qa("batch", "q.txt", "-o", "out.jsonl", "--passages", "5")[2]
    place.model = FakeModel(reply, yes=judge, digest="another")
    assert "from before" not in place.qa("batch", "q.txt", "-o", "out.jsonl", "--passages", "5")[2]
    assert "3 of them from before" in place.qa("batch", "q.txt", "-o", "out.jsonl", "--passages", "5")[2]
    assert "from before" not in place.qa("batch", "q.txt", "-o", "out.jsonl", "--passages", "5", "--force")[2]


def test_a_source_that_is_new_to_the_library_mends_its_row(place: Place) -> None:
    place.write("q.csv", "question,source\nHow long is the Alder?,river.txt\nHow long is the Alder?,new.txt\n")
    assert "1 answered, 0 conflicting, 0 refused, 1 failed" in place.qa("batch", "q.csv", "-o", "out.csv")[2]
    place.write("articles/new.txt", RIVER)
    place.qa("index")
    assert "2 answered, 0 conflicting, 0 refused, 0 failed" in place.qa("batch", "q.csv", "-o", "out.csv")[2]


def test_filters_hold_for_their_row(place: Place) -> None:
    place.write(
        "q.csv",
        "id,question,source,since,until\n"
        "a,Where does the timber of the port of Brandt go?,,,\n"
        "b,Where does the timber of the port of Brandt go?,river.txt,,\n"
        "c,Where does the timber of the port of Brandt go?,,2026,\n"
        "d,Where does the timber of the port of Brandt go?,,,yesterday\n"
        "e,Where does the timber of the port of Brandt go?,moon*,,\n"
        "e,,,,\n",
    )
    code, _, err = place.qa("batch", "q.csv", "-o", "out.jsonl")
    assert code == 0
    assert err == (
        'warning: more than one row has the id "e"; all are kept\n'
        "warning: 3 rows cannot be asked: row 4 (“yesterday” is not a date), row 5 (no article of the library is "
        "called “moon*”),"
        " row 6 (the row has no question)\n"
        "note: since and until leave out up to 1 article without a date, in 1 row\n"
        "6 rows: 2 answered, 0 conflicting, 1 refused, 3 failed; written to out.jsonl\n"
    )
    found = place.lines()
    assert [line.get("status", "error") for line in found] == [
        "answered",
        "answered",
        "unanswered",
        "error",
        "error",
        "error",
    ]
    assert {each["source"] for each in found[1]["citations"]} == {"river.txt"}
    assert found[2]["nearest"] == []
    assert [line["row"]["id"] for line in found] == ["a", "b", "c", "d", "e", "e"]
    assert found[3]["error"] == {
        "message": "“yesterday” is not a date",
        "hint": "write it as 2025-12-10, 2025-12 or 2025",
    }


def test_what_is_expected_is_never_shown_to_a_model(place: Place) -> None:
    place.write("q.csv", "question,must,answer,expect\nHow long is the Alder?,SECRET,SECRET,SECRET\n")
    place.qa("batch", "q.csv", "-o", "out.csv")
    assert place.model.calls
    assert not any("SECRET" in message.content for call in (*place.model.calls, *place.model.asked) for message in call)
    assert (place.folder / "out.csv").read_text(encoding="utf-8-sig").count("SECRET") == 3


def test_questions_from_standard_input(place: Place) -> None:
    code, out, err = place.qa(
        "batch", "-", "-o", "out.jsonl", "--json", stdin=b"id,question\na,Who wrote the anthem?\n"
    )
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "rows": 1, "answered": 0, "conflicting": 0, "unanswered": 1, "failed": 0, "asked": 1, "kept": 0, "output": "out.jsonl",
    }  # fmt: skip
    assert place.lines()[0]["id"] == "a"
    code, _, err = place.qa(
        "batch", "-", "-o", "list.jsonl", "--format", "yaml", stdin=b"- {id: 7, question: Who wrote the anthem?}\n"
    )
    assert (code, place.lines("list.jsonl")[0]["row"]) == (0, {"id": 7, "question": "Who wrote the anthem?"})
    assert place.qa("batch", "-", "-o", "x.jsonl", "--format", "toml")[0] == 2


@pytest.mark.parametrize("form", ["jsonl", "csv", "md"])
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(place: Place, form: str) -> None:
    def interrupted(messages: Any) -> str:
        if any("timber of the Alder go" in message.content for message in messages):
            raise KeyboardInterrupt
        return reply(messages)

    place.model = FakeModel(interrupted, yes=judge)
    code, out, err = place.qa("batch", "q.txt", "-o", f"out.{form}")
    assert (code, out) == (130, "")
    assert err == "stopped: 2 of 3 rows are done and kept; the same command goes on from there\n"
    text = (place.folder / f"out.{form}").read_text(encoding="utf-8-sig")
    assert "How long is the Alder?" in text
    assert "Who wrote the anthem?" in text
    assert "Where does" not in text
    place.model = FakeModel(reply, yes=judge)
    assert "2 of them from before" in place.qa("batch", "q.txt", "-o", f"out.{form}")[2]


def test_a_damaged_article_is_its_rows_failure_and_a_damaged_library_the_end(place: Place) -> None:
    def damage(_: tuple[Message, ...]) -> str:
        (place.folder / ".qa" / "library.sqlite").write_bytes(b"nonsense" * 1000)
        return "nothing"

    place.model = FakeModel(lambda messages: damage(tuple(messages)), yes=judge)
    code, _, err = place.qa("batch", "q.txt", "-o", "out.jsonl")
    assert code == 1
    assert err.splitlines()[-1] == "hint: qa index --rebuild"
    assert place.lines() == []


@pytest.mark.parametrize(
    ("progress", "seconds", "shown"),
    [
        (Progress(0, 10, 0, 10), 5.0, ""),
        (Progress(6, 10, 2, 6), 20.0, "6.0 a minute, 0:00:40 left"),
        (Progress(6, 10_000, 6, 9_000), 60.0, "6.0 a minute, 1 day, 0:59:00 left"),
        (Progress(10, 10, 2, 2), 0.0, ""),
    ],
)
def test_the_pace(progress: Progress, seconds: float, shown: str) -> None:
    assert pace(progress, seconds) == shown
