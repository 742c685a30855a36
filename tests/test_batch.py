"""Batches: rows as they came, one whole line an answer, resuming after anything, renewing what changed, and bad rows that stop nothing."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import LibraryError, ModelError, QuestionError
from index.records import Filter
from qa.batch.ahead import one_by_one
from qa.batch.answers import Tally
from qa.batch.run import Progress, Render, run
from qa.batch.target import alone, before, target
from qa.questions.read import read
from qa.questions.rows import parsed
from qa.records import Answer, Provenance
from qa.render.answers import document
from qa.render.csv import table
from tests.examples import ANSWERED, CONFLICTING, PROVENANCE, UNANSWERED

ANSWERS = {"What is the target?": ANSWERED, "Which target?": CONFLICTING}
QUESTIONS = "What is the target?\nWho won?\nWhich target?\nWho lost?\n"
FORMS = ["jsonl", "csv", "md"]


class Asked:
    """Answers by heart; `questions` holds what it was asked.

    Stops with `stop` when `stop_at` questions were answered.
    """

    def __init__(
        self, *, stop_at: int | None = None, stop: BaseException | None = None, by: Provenance = PROVENANCE
    ) -> None:
        self.questions: list[tuple[str, Filter]] = []
        self.by = by
        self._stop_at = stop_at
        self._stop = stop or ModelError("the model is gone", "qa models fetch")

    def __call__(self, question: str, within: Filter) -> Answer:
        if len(self.questions) == self._stop_at:
            raise self._stop
        self.questions.append((question, within))
        if question == "bad?":
            raise QuestionError("the answer is withheld", "qa index --rebuild")
        return replace(
            ANSWERS.get(question, UNANSWERED),
            question=question,
            provenance=self.by,
            timings_ms={"total": float(len(self.questions))},
        )


def batch(
    folder: Path,
    text: str,
    asked: Asked,
    *,
    form: str = "jsonl",
    name: str = "q.txt",
    out: str = "out",
    force: bool = False,
) -> Tally:
    """What `qa batch` does, from the text of a question file on."""
    questions = read(text.encode(), name=name)
    rows = parsed(questions.rows)
    to = target(folder / f"{out}.{form}", f"{out}.{form}", questions=None)
    columns = tuple(dict.fromkeys(column for row in rows for column in row.columns or ()))
    renders: dict[str, Render | None] = {
        "jsonl": None,
        "csv": lambda outcomes, _: table(outcomes, columns),
        "md": lambda outcomes, tally: document(outcomes, tally, title="Answers"),
    }
    with alone(to):
        return run(
            rows,
            to,
            before(to, rows, questions=name, force=force),
            one_by_one(asked),
            asked.by,
            render=renders[form],
            report=lambda _: None,
            stopped=lambda: None,
        )


def lines(folder: Path, out: str = "out") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{out}.jsonl").read_text(encoding="utf-8").splitlines()]


def timeless(content: bytes) -> bytes:
    return re.sub(rb'"timings_ms": \{[^}]*\}', b"", content)


def unbroken(folder: Path, text: str, form: str, name: str = "q.txt", by: Provenance = PROVENANCE) -> bytes:
    """The output of a run that nothing happened to."""
    fresh = folder / "unbroken"
    fresh.mkdir(exist_ok=True)
    batch(fresh, text, Asked(by=by), form=form, name=name, force=True)
    return timeless((fresh / f"out.{form}").read_bytes())


def found(folder: Path, form: str) -> bytes:
    return timeless((folder / f"out.{form}").read_bytes())


def left_behind(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.is_file())


def test_ids_and_columns_stay_as_they_came(tmp_path: Path) -> None:
    text = '{"id": "a", "question": " A?", "topic": ["x", 1.5], "expect": "secret"}\n\n{"id": 7, "question": "B?"}\n{"Question": "C?", "since": 2025}\n'
    asked = Asked()
    assert batch(tmp_path, text, asked, name="q.jsonl") == Tally(
        rows=3, answered=0, conflicting=0, unanswered=3, failed=0, asked=3, kept=0
    )
    assert [(keys[0], keys[-1]) for keys in map(list, lines(tmp_path))] == [("id", "row")] * 3
    assert [(line["id"], line["question"], line["status"], line["row"]) for line in lines(tmp_path)] == [
        ("a", "A?", "unanswered", {"id": "a", "question": " A?", "topic": ["x", 1.5], "expect": "secret"}),
        (7, "B?", "unanswered", {"id": 7, "question": "B?"}),
        (3, "C?", "unanswered", {"Question": "C?", "since": 2025}),
    ]
    assert asked.questions == [("A?", Filter()), ("B?", Filter()), ("C?", Filter(since="2025"))]


def test_a_bad_row_becomes_an_error_and_the_rest_goes_on(tmp_path: Path) -> None:
    text = 'nonsense\n{"id": "x"}\n{"question": "A?", "since": true}\n{"question": "bad?"}\n{"question": "B?"}\n'
    assert batch(tmp_path, text, Asked(), name="q.jsonl") == Tally(
        rows=5, answered=0, conflicting=0, unanswered=1, failed=4, asked=2, kept=0
    )
    assert [(line["id"], line["row"], line["error"]["message"]) for line in lines(tmp_path)[:4]] == [
        (1, None, "row 1: not JSON: Expecting value: line 1 column 1 (char 0): nonsense"),
        ("x", {"id": "x"}, "the row has no question"),
        (3, {"question": "A?", "since": True}, "since or until is not a date"),
        (4, {"question": "bad?"}, "the answer is withheld"),
    ]
    assert [list(line) for line in lines(tmp_path)[:4]] == [["id", "row", "error"]] * 4
    again = Asked()  # what failed when it was asked is asked again, what cannot be asked is not
    assert batch(tmp_path, text, again, name="q.jsonl").kept == 1
    assert again.questions == [("bad?", Filter())]
    assert found(tmp_path, "jsonl") == unbroken(tmp_path, text, "jsonl", "q.jsonl")


def test_the_same_question_is_put_once(tmp_path: Path) -> None:
    text = '{"id": 1, "question": "A?"}\n{"id": 2, "question": "A? ", "x": "y"}\n{"id": 3, "question": "A?", "since": "2025"}\n{"id": 1, "question": "A?"}\n'
    asked = Asked()
    assert batch(tmp_path, text, asked, name="q.jsonl") == Tally(
        rows=4, answered=0, conflicting=0, unanswered=4, failed=0, asked=2, kept=0
    )
    assert asked.questions == [("A?", Filter()), ("A?", Filter(since="2025"))]
    assert [(line["id"], line["row"].get("x")) for line in lines(tmp_path)] == [
        (1, None),
        (2, "y"),
        (3, None),
        (1, None),
    ]
    first, second = lines(tmp_path)[:2]
    assert {**first, "id": 2, "row": second["row"]} == second


def test_every_line_is_one_line_to_everybody(tmp_path: Path) -> None:
    batch(tmp_path, '{"question": "A?", "x": "a\\u2028b\\u0085c\\u2029d\\u000be\\ud83d"}\n', Asked(), name="q.jsonl")
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert lines(tmp_path)[0]["row"]["x"] == "a\u2028b\x85c\u2029d\x0be\ud83d"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "stop", [ModelError("the model is gone", "qa models fetch"), KeyboardInterrupt()], ids=["error", "Ctrl-C"]
)
def test_a_batch_that_stopped_goes_on_where_it_was(tmp_path: Path, form: str, stop: BaseException) -> None:
    with pytest.raises(type(stop)):
        batch(tmp_path, QUESTIONS, Asked(stop_at=2, stop=stop), form=form)
    # what is done is there to be read
    assert (tmp_path / f"out.{form}").read_bytes().count(b"Who won?") == (2 if form == "jsonl" else 1)
    assert b"Which target?" not in (tmp_path / f"out.{form}").read_bytes()
    asked = Asked()
    assert batch(tmp_path, QUESTIONS, asked, form=form) == Tally(
        rows=4, answered=1, conflicting=1, unanswered=2, failed=0, asked=2, kept=2
    )
    assert [question for question, _ in asked.questions] == ["Which target?", "Who lost?"]
    assert found(tmp_path, form) == unbroken(tmp_path, QUESTIONS, form)
    assert left_behind(tmp_path) == [f"out.{form}"] + ([f"out.{form}.resume"] if form != "jsonl" else [])


@pytest.mark.parametrize("form", FORMS)
def test_cut_off_at_any_byte_it_goes_on_and_repeats_nothing(tmp_path: Path, form: str) -> None:
    expected = unbroken(tmp_path, QUESTIONS, form)
    whole = tmp_path / "unbroken" / (f"out.{form}" if form == "jsonl" else f"out.{form}.resume")
    content = whole.read_bytes()
    answers = [place.end() for place in re.finditer(rb'^\{"id": .*\n', content, re.MULTILINE)]  # where each answer ends
    assert len(answers) == 4
    first = 0 if form == "jsonl" else content.index(b'{"id": ')  # before that, the output is not there yet
    for cut in [
        *range(first, len(content), 211),
        *answers,
        *(end - 1 for end in answers),
        *(end + 1 for end in answers[:-1]),
    ]:
        place = tmp_path / f"cut{cut}"
        place.mkdir(exist_ok=True)
        (place / whole.name).write_bytes(content[:cut])
        if form != "jsonl":
            (place / f"out.{form}").write_bytes(empty(form))
        asked = Asked()
        batch(place, QUESTIONS, asked, form=form)
        assert len(asked.questions) == 4 - sum(end <= cut for end in answers), cut
        assert found(place, form) == expected, cut


def empty(form: str) -> bytes:
    """The output as a run puts it in place before the first answer."""
    if form == "csv":
        return b"".join(table([], ["question"]))
    return b"".join(document([], Tally(4, 0, 0, 0, 0, 0, 0), title="Answers"))


@pytest.mark.parametrize("form", FORMS)
def test_a_finished_batch_asks_nothing_and_changes_nothing(tmp_path: Path, form: str) -> None:
    batch(tmp_path, QUESTIONS, Asked(), form=form)
    files = {name: (tmp_path / name).read_bytes() for name in left_behind(tmp_path)}
    asked = Asked()
    assert batch(tmp_path, QUESTIONS, asked, form=form).kept == 4
    assert asked.questions == []
    assert {name: (tmp_path / name).read_bytes() for name in left_behind(tmp_path)} == files


EDITS: dict[str, tuple[str, list[str]]] = {
    "a question is changed": (QUESTIONS.replace("Who won?", "Who was second?"), ["Who was second?"]),
    "one is added at the end": (QUESTIONS + "Who was third?\n", ["Who was third?"]),
    "one is added at the beginning": ("Who was third?\n" + QUESTIONS, ["Who was third?"]),
    "one is taken out": (QUESTIONS.replace("Who won?\n", ""), []),
    "the order is another": ("".join(reversed(QUESTIONS.splitlines(keepends=True))), []),
    "one is asked again": (QUESTIONS + "Who won?\n", []),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("stopped", [False, True])
def test_only_what_changed_is_asked_again(tmp_path: Path, form: str, edit: str, stopped: bool) -> None:
    text, expected = EDITS[edit]
    batch(tmp_path, QUESTIONS, Asked(), form=form)
    if stopped and expected:
        with pytest.raises(KeyboardInterrupt):
            batch(tmp_path, text, Asked(stop_at=0, stop=KeyboardInterrupt()), form=form)
    asked = Asked()
    batch(tmp_path, text, asked, form=form)
    assert [question for question, _ in asked.questions] == expected
    assert found(tmp_path, form) == unbroken(tmp_path, text, form)


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_row_is_noticed_in_every_column(tmp_path: Path, form: str) -> None:
    old = "id,question,since,topic\n1,What is the target?,,trade\n2,Who won?,,sport\n3,Who lost?,2025,sport\n"
    new = "id,question,since,topic\n1,What is the target?,,money\n2x,Who won?,,sport\n3,Who lost?,2024,sport\n"
    batch(tmp_path, old, Asked(), form=form, name="q.csv")
    asked = Asked()
    batch(tmp_path, new, asked, form=form, name="q.csv")
    # an answer depends on the question and on which articles are asked
    assert asked.questions == [("Who lost?", Filter(since="2024"))]
    assert found(tmp_path, form) == unbroken(tmp_path, new, form, "q.csv")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("field", ["version", "library", "embedder", "model", "settings"])
def test_another_library_model_or_setting_answers_everything_again(tmp_path: Path, form: str, field: str) -> None:
    newer = replace(PROVENANCE, **{field: "another"})
    batch(tmp_path, QUESTIONS, Asked(), form=form)
    complete = (tmp_path / f"out.{form}").read_bytes()
    with pytest.raises(ModelError):
        batch(tmp_path, QUESTIONS, Asked(stop_at=3, by=newer), form=form)
    if form == "jsonl":
        # the old answers stay until all the new ones are there
        assert (tmp_path / "out.jsonl").read_bytes() == complete
    asked = Asked(by=newer)
    assert batch(tmp_path, QUESTIONS, asked, form=form) == Tally(
        rows=4, answered=1, conflicting=1, unanswered=2, failed=0, asked=1, kept=3
    )
    assert [question for question, _ in asked.questions] == ["Who lost?"]
    assert found(tmp_path, form) == unbroken(tmp_path, QUESTIONS, form, by=newer)
    assert left_behind(tmp_path) == [f"out.{form}"] + ([f"out.{form}.resume"] if form != "jsonl" else [])


def test_renewing_survives_a_kill_at_any_byte_of_the_resume_file(tmp_path: Path) -> None:
    newer = replace(PROVENANCE, library="l2")
    batch(tmp_path, QUESTIONS, Asked())
    old = (tmp_path / "out.jsonl").read_bytes()
    with pytest.raises(ModelError):
        batch(tmp_path, QUESTIONS, Asked(stop_at=3, by=newer))
    resume = (tmp_path / "out.jsonl.resume").read_bytes()
    ends = [place for place in range(1, len(resume) + 1) if resume[:place].endswith(b"\n")][1:]
    expected = unbroken(tmp_path, QUESTIONS, "jsonl", by=newer)
    for cut in (*range(0, len(resume), 211), *ends):
        (tmp_path / "out.jsonl").write_bytes(old)
        (tmp_path / "out.jsonl.resume").write_bytes(resume[:cut])
        asked = Asked(by=newer)
        batch(tmp_path, QUESTIONS, asked)
        assert len(asked.questions) == 4 - sum(end <= cut for end in ends), cut
        assert found(tmp_path, "jsonl") == expected, cut


@pytest.mark.parametrize("form", FORMS)
def test_a_resume_file_without_its_output_is_ignored(tmp_path: Path, form: str) -> None:
    batch(tmp_path, QUESTIONS, Asked(), form="csv")
    resume = (tmp_path / "out.csv.resume").read_bytes()
    (tmp_path / "out.csv").unlink()
    (tmp_path / "out.csv.resume").rename(tmp_path / f"out.{form}.resume")
    for content in (None, b""):
        if content is not None:
            (tmp_path / f"out.{form}").write_bytes(content)
            (tmp_path / f"out.{form}.resume").write_bytes(resume)
        with pytest.raises(ModelError):
            batch(tmp_path, QUESTIONS, Asked(stop_at=1), form=form)
        asked = Asked()
        batch(tmp_path, QUESTIONS, asked, form=form)
        assert len(asked.questions) == 3  # nor is it taken up again when the new run is gone on with
        assert found(tmp_path, form) == unbroken(tmp_path, QUESTIONS, form)
        (tmp_path / f"out.{form}").unlink()


@pytest.mark.parametrize("form", FORMS)
def test_force_starts_over(tmp_path: Path, form: str) -> None:
    output = tmp_path / f"out.{form}"
    output.write_bytes(b"a letter to a friend")
    with pytest.raises(QuestionError, match="is not an output of qa batch"):
        batch(tmp_path, QUESTIONS, Asked(), form=form)
    assert output.read_bytes() == b"a letter to a friend"
    with pytest.raises(ModelError):
        batch(tmp_path, QUESTIONS, Asked(stop_at=1), form=form, force=True)
    asked = Asked()
    batch(tmp_path, QUESTIONS, asked, form=form)  # an interrupted one is gone on with as ever
    assert len(asked.questions) == 3
    batch(tmp_path, QUESTIONS, asked, form=form, force=True)
    assert len(asked.questions) == 7
    assert found(tmp_path, form) == unbroken(tmp_path, QUESTIONS, form)


@pytest.mark.parametrize(
    "content",
    [
        b"a letter\n",
        b'{"question": "Who won?"}\n',
        b'{"id": 0, "row": {}}\n',
        b'{"id": 1, "row": {"question": "Who won?"}, "status": "perhaps", "provenance": {}}\n',
        b'{"id": 1, "row": {}, "status": "answered", "provenance": {}}\n',
        b'{"id": [[[',
        b'[{"id": 1}]\n',
        b"\x00" * 5000,
    ],
)
def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    output = tmp_path / "out.jsonl"
    output.write_bytes(content)
    if content == b'{"id": [[[':  # begins as our lines begin: taken for one that was cut short
        assert batch(tmp_path, QUESTIONS, Asked()).asked == 4
        return
    with pytest.raises(QuestionError, match=r"out\.jsonl exists and is not an output of qa batch") as caught:
        batch(tmp_path, QUESTIONS, Asked())
    assert "--force" in caught.value.hint
    assert output.read_bytes() == content
    assert left_behind(tmp_path) == ["out.jsonl"]


@pytest.mark.parametrize("form", FORMS)
def test_the_answers_to_other_questions_are_left_alone(tmp_path: Path, form: str) -> None:
    batch(tmp_path, QUESTIONS, Asked(), form=form)
    files = {name: (tmp_path / name).read_bytes() for name in left_behind(tmp_path)}
    with pytest.raises(
        QuestionError,
        match=r"holds the answers to other "
        r"questions: 1 of its 4 are to those of other\.txt",
    ):
        batch(tmp_path, "Who won?\nWhen?\nWhere?\nHow?\n", Asked(), form=form, name="other.txt")
    assert {name: (tmp_path / name).read_bytes() for name in left_behind(tmp_path)} == files


def test_an_output_that_a_person_changed_is_left_alone(tmp_path: Path) -> None:
    batch(tmp_path, QUESTIONS, Asked(), form="csv")
    output = tmp_path / "out.csv"
    output.write_bytes(output.read_bytes() + b"a remark\r\n")
    with pytest.raises(QuestionError, match=r"out\.csv was changed since it was written"):
        batch(tmp_path, QUESTIONS, Asked(), form="csv")
    assert output.read_bytes().endswith(b"a remark\r\n")
    (tmp_path / "out.csv.resume").unlink()
    with pytest.raises(QuestionError, match="or its resume file is gone"):
        batch(tmp_path, QUESTIONS, Asked(), form="csv")


def test_a_file_that_happens_to_be_called_like_a_resume_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out.csv.resume").write_text("my curriculum vitae")
    for force in (False, True):
        with pytest.raises(QuestionError, match="is in the way: it is not a resume file of qa batch"):
            batch(tmp_path, QUESTIONS, Asked(), form="csv", force=force)
    assert left_behind(tmp_path) == ["out.csv.resume"]
    assert (tmp_path / "out.csv.resume").read_text() == "my curriculum vitae"


def test_a_resume_file_does_not_grow_with_answers_that_nobody_asks_for(tmp_path: Path) -> None:
    batch(tmp_path, QUESTIONS, Asked(), form="csv")
    for number in range(6):  # each time a little: all of it together would be another file
        batch(tmp_path, QUESTIONS.replace("Who won?", f"Who was in place {number}?"), Asked(), form="csv")
    resume = (tmp_path / "out.csv.resume").read_bytes().splitlines()
    assert [json.loads(line).get("question") for line in resume] == [
        None,
        None,
        "What is the target?",
        "Who was in place 5?",
        "Which target?",
        "Who lost?",
    ]


def test_only_one_run_at_a_time(tmp_path: Path) -> None:
    to = target(tmp_path / "out.csv", "out.csv", questions=None)
    (tmp_path / ".out.csv.123.tmp").write_text("of a run that was killed while it put a file in place")
    with alone(to), pytest.raises(QuestionError, match=r"another qa batch is writing out\.csv"):
        batch(tmp_path, QUESTIONS, Asked(), form="csv")
    assert left_behind(tmp_path) == []


def test_links_and_permissions_stay(tmp_path: Path) -> None:
    (tmp_path / "real.csv").touch(mode=0o600)
    (tmp_path / "out.csv").symlink_to("real.csv")
    batch(tmp_path, QUESTIONS, Asked(), form="csv")
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes().startswith(b'\xef\xbb\xbf"id"')
    assert (tmp_path / "real.csv").stat().st_mode & 0o777 == 0o600


def unwritable(folder: Path) -> dict[str, tuple[str, str]]:
    (folder / "folder.csv").mkdir()
    (folder / "resumed.csv.resume").mkdir()
    return {
        "missing/out.csv": ("cannot be written: there is no folder", "mkdir -p"),
        "folder.csv": ("is a folder", "-o"),
        "resumed.csv": ("is a folder", "-o"),
        "q.csv": ("q.csv would be written over the questions", "-o"),
        "out.txt": ("out.txt is none of .jsonl, .csv and .md", "answers.csv"),
        f"{'x' * 252}.md": ("cannot be written: File name too long", "-o"),
        **({"/sys/out.csv": ("cannot be written: Permission denied", "-o")} if Path("/sys").is_dir() else {}),
        **({"full.csv": ("is no ordinary file", "-o")} if Path("/dev/full").exists() else {}),
    }


def test_what_cannot_be_written_is_said_before_anything_else(tmp_path: Path) -> None:
    questions = tmp_path / "q.csv"
    questions.write_text("question\nWhy?\n")
    (tmp_path / "full.csv").symlink_to("/dev/full")
    for name, (message, hint) in unwritable(tmp_path).items():
        with pytest.raises(QuestionError) as caught:
            target(tmp_path / name, name, questions=questions)
        assert message in caught.value.message, name
        assert hint in caught.value.hint, name
    assert questions.read_text() == "question\nWhy?\n"


def test_the_questions_are_not_taken_for_a_resume_file(tmp_path: Path) -> None:
    questions = tmp_path / "out.csv.resume"
    questions.write_text("question\nWhy?\n")
    with pytest.raises(QuestionError, match="would be written over the questions"):
        target(tmp_path / "out.csv", "out.csv", questions=questions)


def test_progress_counts_rows_and_questions(tmp_path: Path) -> None:
    rows = parsed(read(b"Who won?\nWho won?\n \nWho lost?\n", name="q.txt").rows)
    to = target(tmp_path / "out.jsonl", "out.jsonl", questions=None)
    seen: list[Progress] = []
    run(
        rows,
        to,
        before(to, rows, questions="q.txt", force=False),
        one_by_one(Asked()),
        PROVENANCE,
        render=None,
        report=seen.append,
        stopped=lambda: None,
    )
    assert seen == [Progress(0, 3, 0, 2), Progress(1, 3, 1, 2), Progress(2, 3, 1, 2), Progress(3, 3, 2, 2)]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_ten_thousand_rows_that_are_answered_already_take_no_time(tmp_path: Path, form: str) -> None:
    text = "".join(f"Question {number}?\n" for number in range(10_000))
    batch(tmp_path, text, Asked(), form=form)
    asked = Asked()
    began = os.times().user
    assert batch(tmp_path, text, asked, form=form).kept == 10_000
    assert asked.questions == []
    assert os.times().user - began < 20  # about two seconds


def test_a_library_that_is_gone_ends_the_batch_and_keeps_what_is_done(tmp_path: Path) -> None:
    with pytest.raises(LibraryError):
        batch(tmp_path, QUESTIONS, Asked(stop_at=2, stop=LibraryError("gone", "qa index")))
    assert [line["id"] for line in lines(tmp_path)] == [1, 2]
