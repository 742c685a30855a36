"""`qa memo` and `qa verify` from end to end, with fakes for the models.

What is asked, written, kept after an interruption, and refused at once.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from index.errors import ModelError
from index.records import Filter
from qa.answering.answer import provenance
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.memo import output
from qa.memo.journal import answered, beside, kept, note
from qa.models.engine import Message
from qa.records import Answer
from qa.settings import Settings
from tests.fakes import FakeEmbedder, FakeModel
from tests.memo_made import ANSWERS

RIVER = (
    "The river Alder rises in the northern hills. It is 210 kilometres long and carries timber to the port of Brandt.\n"
)
MAYOR = "Mayor Ilse Brandt opened the bridge on Monday. The bridge cost 40 million crowns.\n"
PLAN = """\
# Alder

Date: 2026-01-02

## River

- How long is the river Alder?
- Where does the river Alder rise?

## Bridge

- What did the bridge cost?
"""


def reply(messages: Sequence[Message]) -> str:
    asked = messages[-1].content
    if "subtopics" in asked:
        return "1. The river\n2. A heading that has far too many words to be one of a memo\n- **The bridge**\nWhat?"
    if "three different short questions" in asked:
        return (
            "1. How long is the river Alder?\n2. Too short?\nno question"
            if "questions about The river that" in asked
            else "* What did the bridge cost?"
        )
    question = asked.rsplit("Question: ", 1)[1].splitlines()[0]
    if "How long" in question:
        return "It is 210 kilometres long and carries timber to the port of Brandt."
    return (
        "The bridge cost 40 million crowns." if "cost" in question else "The river Alder rises in the northern hills."
    )


@dataclass
class Desk:
    """A folder with a library and a plan, and a way to give commands there."""

    folder: Path
    capture: Callable[[], Any]
    model: FakeModel = field(default_factory=lambda: FakeModel(reply, yes=0.99))
    environ: dict[str, str] = field(default_factory=dict)

    def qa(
        self, *arguments: str, stdin: io.BytesIO | None = None, loaders: Loaders | None = None
    ) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        own = Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: self.model)
        session = Session(
            loaders=loaders or own,
            environ=self.environ,
            cwd=self.folder,
            user_file=self.folder / "user.toml",
            stdin=stdin or io.BytesIO(),
        )
        code = run(arguments, session)
        out, err = self.capture()
        return code, out, err


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys.readouterr)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "river.txt").write_text(RIVER, encoding="utf-8")
    (tmp_path / "articles" / "mayor.txt").write_text(MAYOR, encoding="utf-8")
    (tmp_path / "plan.md").write_text(PLAN, encoding="utf-8")
    assert made.qa("index", "articles")[0] == 0
    return made


def never(_: Settings) -> Any:
    raise ModelError("the model is asked for", "do not")


def test_a_memo_is_written_in_every_format_and_each_stands(desk: Desk) -> None:
    outputs = [argument for kind in ("md", "html", "docx", "pdf") for argument in ("-o", f"memo.{kind}")]
    code, out, err = desk.qa("memo", "plan.md", *outputs, "--bibliography", "refs.bib")
    assert (code, out) == (0, "")
    files, report = err.split(": ")
    assert files == "memo.md, memo.html, memo.docx, memo.pdf, refs.bib"
    assert (
        report
        == "3 answered, 0 with sources that differ, 0 not in the sources; 3 footnotes, 3 quotes from 2 articles\n"
    )
    for kind in ("md", "html", "docx", "pdf"):
        assert desk.qa("verify", f"memo.{kind}")[0] == 0
    assert "It is 210 kilometres long and carries timber to the port of Brandt.[^1]" in (
        desk.folder / "memo.md"
    ).read_text(encoding="utf-8")
    assert not beside(desk.folder / "memo.md").exists()
    assert sorted(file.name for file in desk.folder.iterdir()) == [
        ".qa", "articles", "memo.docx", "memo.html", "memo.md", "memo.pdf", "plan.md", "refs.bib",
    ]  # fmt: skip


def test_verify_lists_every_check_and_names_what_was_changed(desk: Desk) -> None:
    assert desk.qa("memo", "plan.md", "-o", "memo.md")[0] == 0
    code, out, err = desk.qa("verify", "memo.md")
    assert (code, err) == (0, "memo.md: 3 checks, 0 failed\n")
    assert (
        out.splitlines()[0]
        == "ok  note 1  river.txt:45-112  “It is 210 kilometres long and carries timber to the port of…”"
    )
    memo = desk.folder / "memo.md"
    memo.write_text(
        memo.read_text(encoding="utf-8").replace("“The bridge cost 40", "“The bridge cost 4"), encoding="utf-8"
    )
    code, out, err = desk.qa("verify", "memo.md", "--quiet")
    assert (code, err) == (1, "memo.md: 3 checks, 1 failed\n")
    assert out == "changed words  note 3  mayor.txt:47-81  “4” stands for “40”\n"
    code, out, err = desk.qa("verify", "memo.md", "--json")
    held = json.loads(out)
    assert (code, err, held["ok"], held["checked"], held["failed"]) == (1, "", False, 3, 1)
    assert held["checks"][2] == {
        "where": "note 3", "outcome": "changed words", "source": "mayor.txt", "start": 47, "end": 81, "quote": "The bridge cost 4 million crowns.",
        "detail": "“4” stands for “40”",
    }  # fmt: skip


def test_a_document_without_a_quotation_fails(desk: Desk) -> None:
    (desk.folder / "empty.md").write_text("# Nothing\n\nNothing at all.\n")
    assert desk.qa("verify", "empty.md")[::2] == (
        1, "error: empty.md holds no quotation that could be checked\nhint: name a memo or a file of answers that qa "
        "wrote\n"
    )  # fmt: skip


def test_the_same_plan_is_the_same_bytes(desk: Desk) -> None:
    for name in ("one", "two"):
        assert desk.qa("memo", "plan.md", "-o", f"{name}.docx", "-o", f"{name}.md")[0] == 0
    for kind in ("docx", "md"):
        assert (desk.folder / f"one.{kind}").read_bytes() == (desk.folder / f"two.{kind}").read_bytes()


def test_an_interruption_loses_no_answer(desk: Desk) -> None:
    def breaks(messages: Sequence[Message]) -> str:
        if "What did the bridge cost?" in messages[-1].content:
            raise KeyboardInterrupt
        return reply(messages)

    desk.model = FakeModel(breaks, yes=0.99)
    assert desk.qa("memo", "plan.md", "-o", "memo.md")[0] == 130
    assert not (desk.folder / "memo.md").exists()
    journal = beside(desk.folder / "memo.md")
    with journal.open("a") as stream:
        stream.write('{"question": "What did the bri')  # as a kill in the middle of a line leaves it
    desk.model = FakeModel(reply, yes=0.99)
    code, _, err = desk.qa("memo", "plan.md", "-o", "memo.md")
    assert (code, err.splitlines()[0]) == (0, "note: 2 of 3 questions had been answered before the interruption")
    assert {
        message.content.rsplit("Question: ", 1)[1].splitlines()[0] for call in desk.model.calls for message in call[-1:]
    } == {"What did the bridge cost?"}
    assert not journal.exists()
    straight = Desk(desk.folder, desk.capture)
    assert straight.qa("memo", "plan.md", "-o", "straight.md")[0] == 0
    assert (desk.folder / "straight.md").read_bytes() == (desk.folder / "memo.md").read_bytes()


def test_a_memo_killed_after_one_of_three_files_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("memo", "plan.md", "-o", "memo.md", "-o", "memo.html", "-o", "memo.docx", "--bibliography", "refs.bib")
    real = output.put
    put: list[str] = []

    def killed(file: Path, content: bytes) -> None:
        if len(put) == 1:
            raise KeyboardInterrupt
        put.append(file.name)
        real(file, content)

    monkeypatch.setattr(output, "put", killed)
    assert desk.qa(*arguments)[0] == 130
    monkeypatch.undo()
    assert (put, (desk.folder / "memo.html").exists()) == (["memo.md"], False)
    written, asked = (desk.folder / "memo.md").read_bytes(), len(desk.model.calls)
    code, _, err = desk.qa(*arguments)
    assert (code, err.splitlines()[0]) == (0, "note: 3 of 3 questions had been answered before the interruption")
    assert len(desk.model.calls) == asked
    assert (desk.folder / "memo.md").read_bytes() == written
    assert all((desk.folder / name).exists() for name in ("memo.html", "memo.docx", "refs.bib"))
    assert not beside(desk.folder / "memo.md").exists()
    assert desk.qa(*arguments)[0] == 1  # now they are the user's


def test_a_file_that_somebody_else_has_written_meanwhile_is_not_written_over(desk: Desk) -> None:
    (desk.folder / "memo.html").write_text("mine")
    note(beside(desk.folder / "memo.md"), desk.folder / "memo.html", b"ours")
    code, _, err = desk.qa("memo", "plan.md", "-o", "memo.md", "-o", "memo.html")
    assert (code, err.splitlines()[0]) == (1, f"error: {desk.folder / 'memo.html'} exists")
    assert (desk.folder / "memo.html").read_text() == "mine"


def test_a_journal_counts_only_for_the_same_library_and_filter(tmp_path: Path) -> None:
    asked: list[str] = []
    known = {answer.question: answer for answer in ANSWERS}
    made_with = ANSWERS[0].provenance

    def ask(question: str) -> Answer:
        asked.append(question)
        return known[question]

    journal, questions = tmp_path / "j", tuple(known)
    done: list[int] = []
    first = answered(questions[:2], ask, journal, provenance=made_with, within=Filter(), report=done.append)
    assert (asked, done, first[questions[1]].citations) == (list(questions[:2]), [0, 1, 2], ANSWERS[1].citations)
    again = answered(questions, ask, journal, provenance=made_with, within=Filter(), report=done.append)
    assert asked == list(questions)
    assert {question: (answer.answer, answer.citations, answer.conflicts) for question, answer in again.items()} == {
        answer.question: (answer.answer, answer.citations, answer.conflicts) for answer in ANSWERS
    }
    assert len(kept(journal, made_with, Filter())) == 5
    assert kept(journal, made_with, Filter(since="2025")) == {}
    assert provenance.__doc__  # the journal compares what this gives


def test_a_topic_becomes_a_plan_that_is_only_shown_with_dry_run(desk: Desk) -> None:
    code, out, err = desk.qa("memo", "--topic", "the river and the bridge", "-n")
    assert (code, err) == (0, "")
    assert out == (
        "# The river and the bridge\n\n## The river\n\n- How long is the river Alder?\n\n## The "
        "bridge\n\n- What did the bridge cost?\n"
    )


def test_a_topic_is_written_about_only_when_a_person_agrees(desk: Desk) -> None:
    class Terminal(io.BytesIO):
        def isatty(self) -> bool:
            return True

    arguments = ("memo", "--topic", "the river", "-o", "memo.md")
    code, out, err = desk.qa(*arguments)
    assert (code, out) == (1, "")
    assert "- How long is the river Alder?" in err
    assert "error: the questions above are a proposal, and there is nobody to agree to it\nhint: add --yes, " in err
    code, out, err = desk.qa(*arguments, stdin=Terminal(b"n\n"))
    assert (code, (desk.folder / "memo.md").exists()) == (0, False)
    assert "nothing was written; to edit the questions first: " in err
    assert desk.qa(*arguments, stdin=Terminal(b"y\n"))[0] == 0
    assert (desk.folder / "memo.md").read_text(encoding="utf-8").startswith("# The river\n")
    assert desk.qa(*arguments, "--yes", "--force")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "a memo needs a plan or a topic, one of the two"),
        (["plan.md", "--topic", "x", "-o", "m.md"], "a memo needs a plan or a topic, one of the two"),
        (["plan.md"], "nothing says where to write the memo"),
        (["none.md", "-o", "m.md"], "none.md cannot be read: No such file or directory"),
        (["plan.md", "-o", "m.odt"], "m.odt: a memo cannot be written as “.odt”"),
        (["plan.md", "-o", "m"], "m: a memo cannot be written as “no extension”"),
        (["plan.md", "-o", "nowhere/m.md"], "m.md cannot be written: No such file or directory"),
        (["plan.md", "-o", "there.md"], "there.md exists"),
        (["plan.md", "-o", "plan.md", "--force"], "plan.md is the plan itself"),
        (["plan.md", "-o", "m.md", "-o", "./m.md"], "m.md is to be written twice"),
        (
            ["plan.md", "-o", "m.md", "--bibliography", "refs.txt"],
            "refs.txt: a bibliography cannot be written as “.txt”",
        ),
        (["plan.md", "-o", "m.md", "--style", "nonsense"], "there is no citation style “nonsense”"),
        (["plan.md", "-o", "m.md", "--date", "tomorrow"], "“tomorrow” is no date of a memo"),
        (["empty.md", "-o", "m.md"], "empty.md has no title"),
        (["plan.md", "-o", "m.md", "--source", "none.txt"], "no article of the library is called “none.txt”"),
    ],
)
def test_what_cannot_be_done_is_said_before_a_model_is_loaded(desk: Desk, arguments: list[str], message: str) -> None:
    (desk.folder / "there.md").write_text("kept")
    (desk.folder / "empty.md").write_text("")
    code, out, err = desk.qa("memo", *arguments, loaders=Loaders(embedder=never, model=never))
    assert (code, out) == (1, "")
    first, second = err.splitlines()
    assert first.startswith("error: ")
    assert first.endswith(message)
    assert second.startswith("hint: ")
    assert (desk.folder / "there.md").read_text() == "kept"
    assert desk.model.calls == []


def test_the_report_is_json_where_it_is_asked_for(desk: Desk) -> None:
    code, out, err = desk.qa("memo", "plan.md", "-o", "m.md", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "outputs": ["m.md"],
        "answered": 3,
        "conflicting": 0,
        "unanswered": 0,
        "footnotes": 3,
        "quotes": 3,
        "articles": 2,
        "kept": 0,
    }
    code, out, err = desk.qa("memo", "plan.md", "-o", "m.md", "--json")
    assert (code, json.loads(out)["error"]["hint"]) == (1, "name another file, or write over it with --force")


def test_a_brief_needs_no_questions(desk: Desk) -> None:
    (desk.folder / "heads.md").write_text(
        "# Alder\n\nDate: 2026-01-02\n\n## River\n\n- How long is the river Alder?\n\n## The bridge: what did it cost\n"
    )
    assert desk.qa("memo", "heads.md", "-o", "m.md")[::2] == (
        1, "error: heads.md: the section “The bridge: what did it cost” has no questions\n"
        "hint: add some under it, each after a -, take the section out, or write it with --form brief\n",
    )  # fmt: skip
    code, out, err = desk.qa("memo", "heads.md", "--form", "brief", "-n")
    assert (code, out.endswith("## The bridge\n\n- The bridge: what did it cost?\n"), err) == (0, True, "")
    assert desk.qa("memo", "heads.md", "--form", "brief", "-o", "brief.md")[0] == 0
    text = (desk.folder / "brief.md").read_text(encoding="utf-8")
    assert ("\n**Bottom line:** " in text, "###" in text, "The bridge cost 40 million crowns.[^" in text) == (
        True,
        False,
        True,
    )
    assert desk.qa("verify", "brief.md")[0] == 0
    assert desk.qa("memo", "heads.md", "--form", "letter", "-o", "x.md")[0] == 2


@pytest.mark.parametrize("command", ["memo", "cite", "verify"])
def test_the_commands_explain_themselves(desk: Desk, command: str) -> None:
    code, out, _ = desk.qa(command, "--help")
    assert (code, out.splitlines()[0].startswith(f"Usage: qa {command} ")) == (0, True)
