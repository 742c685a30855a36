"""The commands from end to end, with fakes for the models: what is written where, and with which exit code."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from index.errors import ModelError
from qa import __version__
from qa.cli import COMMANDS, run
from qa.commands.session import Loaders, Session
from qa.models.engine import Message
from qa.settings import Settings
from tests.fakes import FakeEmbedder, FakeModel

REPOSITORY = Path(__file__).parent.parent
SCHEMA = Draft202012Validator(json.loads((REPOSITORY / "docs" / "answer.schema.json").read_text(encoding="utf-8")))
RIVER = (
    "The river Alder rises in the northern hills. It is 210 kilometres long and carries timber to the port of Brandt.\n"
)
MAYOR = "Mayor Ilse Brandt opened the bridge on Monday. The bridge cost 40 million crowns.\n"
REPLY = "The river Alder is 210 kilometres long."


@dataclass
class Place:
    """A folder to work in, with a way to give commands there and read what they wrote."""

    folder: Path
    capture: Callable[[], Any]
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    model: FakeModel = field(default_factory=lambda: FakeModel(lambda _: REPLY))
    environ: dict[str, str] = field(default_factory=dict)

    def qa(self, *arguments: str, stdin: bytes = b"", loaders: Loaders | None = None) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        own = Loaders(embedder=lambda _: self.embedder, model=lambda _: self.model)
        session = Session(
            loaders=loaders or own,
            environ=self.environ,
            cwd=self.folder,
            user_file=self.folder / "user.toml",
            stdin=io.BytesIO(stdin),
        )
        code = run(arguments, session)
        out, err = self.capture()
        return code, out, err


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return Place(tmp_path, capsys.readouterr)


@pytest.fixture
def shelf(place: Place) -> Place:
    """A place with two articles in its library."""
    articles = place.folder / "articles"
    articles.mkdir()
    (articles / "river.txt").write_text(RIVER, encoding="utf-8")
    (articles / "mayor.txt").write_text(MAYOR, encoding="utf-8")
    assert place.qa("index", "articles")[0] == 0
    return place


def refuse(_: Settings) -> Any:
    raise ModelError("the model is missing", "qa models fetch")


def test_version_is_printed_to_standard_output(place: Place) -> None:
    assert place.qa("--version") == (0, f"qa {__version__}\n", "")


def test_a_misspelt_command_is_guessed(place: Place) -> None:
    code, out, err = place.qa("batsh")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == "Error: No such command 'batsh'. Did you mean 'batch'?"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_explains_itself(place: Place, command: str, flag: str) -> None:
    code, out, err = place.qa(command, flag)
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: qa {command} ")


@pytest.mark.parametrize(
    "arguments",
    [["ask"], ["nonsense"], ["ask", "x", "--nonsense"], ["search", "x", "-k", "many"], ["batch", "in.jsonl"]],
)
def test_wrong_usage_is_exit_code_2(place: Place, arguments: list[str]) -> None:
    code, out, err = place.qa(*arguments)
    assert (code, out) == (2, "")
    assert "Usage: qa" in err


def test_a_library_is_built_once_and_kept_up_to_date(shelf: Place) -> None:
    embedded = len(shelf.embedder.texts)
    code, out, err = shelf.qa("index", "--json")
    again = json.loads(out)
    assert (code, err) == (0, "")
    assert {key: again[key] for key in ("added", "changed", "unchanged", "removed", "skipped", "embedded")} == {
        "added": 0, "changed": 0, "unchanged": 2, "removed": 0, "skipped": [], "embedded": 0,
    }  # fmt: skip
    assert len(shelf.embedder.texts) == embedded == 2


def test_index_says_in_a_line_what_it_did(place: Place) -> None:
    (place.folder / "a.txt").write_text(RIVER)
    (place.folder / "empty.txt").write_text("")
    code, out, err = place.qa("index", ".")
    assert (code, out) == (0, "")
    skipped, summary = err.splitlines()
    assert skipped.startswith(f"skipped: {place.folder / 'empty.txt'}: ")
    assert summary.startswith(
        "articles: 1 added, 0 changed, 0 unchanged, 0 removed, 1 skipped; 1 passage, 1 embedded; "
    )


def test_quiet_index_speaks_only_of_changes(shelf: Place) -> None:
    assert shelf.qa("index", "--quiet") == (0, "", "")
    (shelf.folder / "articles" / "river.txt").write_text(RIVER + "\nIt freezes in January.\n")
    assert shelf.qa("index", "--quiet")[2].startswith("articles: 0 added, 1 changed, 1 unchanged")


def test_without_a_path_the_seeds_are_indexed(place: Place) -> None:
    shutil.copytree(REPOSITORY / "seeds", place.folder / "seeds")
    assert "articles: 5 added" in place.qa("index")[2]
    sources = json.loads(place.qa("sources", "list", "--json")[1])["sources"]
    assert [each["source"] for each in sources] == sorted(file.name for file in (REPOSITORY / "seeds").iterdir())


def test_name_tells_roots_apart(shelf: Place) -> None:
    other = shelf.folder / "other"
    other.mkdir()
    (other / "river.txt").write_text(MAYOR)
    code, _, err = shelf.qa("index", "other")
    assert code == 1
    assert "would both be called “river.txt”" in err
    assert shelf.qa("index", "other", "--name", "old")[0] == 0
    assert "old/river.txt" in shelf.qa("sources", "list")[1]
    assert shelf.qa("index", "--name", "x") == (
        1,
        "",
        "error: --name names one path\nhint: qa index PATH --name NAME\n",
    )


def test_rebuild_starts_over(shelf: Place) -> None:
    code, _, err = shelf.qa("index", "--rebuild")
    assert code == 0
    assert err.startswith("articles: 2 added")


def test_an_answer_in_plain_text_off_a_terminal(shelf: Place) -> None:
    code, out, err = shelf.qa("ask", "How long is the river Alder?")
    assert (code, err) == (0, "")
    assert out.startswith("The river Alder is 210 kilometres long. [1]")
    assert "“It is 210 kilometres long and carries timber to the port of Brandt.”" in out
    assert ", undated  river.txt:" in out
    assert "\x1b" not in out


def test_an_answer_as_json_satisfies_the_schema_and_its_quotes_stand_in_the_file(shelf: Place) -> None:
    code, out, err = shelf.qa("ask", "How long is the river Alder?", "--json")
    answer = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert list(SCHEMA.iter_errors(answer)) == []
    assert answer["status"] == "answered"
    assert answer["question"] == "How long is the river Alder?"
    assert answer["citations"]
    for citation in answer["citations"]:
        text = (shelf.folder / "articles" / citation["source"]).read_bytes().decode()
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_unanswered_is_exit_code_3_with_the_nearest_passages(shelf: Place) -> None:
    shelf.model = FakeModel(yes=0.0)
    code, out, _ = shelf.qa("ask", "Who wrote the anthem?")
    assert code == 3
    assert "Nearest passages:" in out
    code, out, _ = shelf.qa("ask", "Who wrote the anthem?", "--json")
    assert (code, json.loads(out)["status"]) == (3, "unanswered")
    assert list(SCHEMA.iter_errors(json.loads(out))) == []


def test_the_question_may_come_from_standard_input(shelf: Place) -> None:
    question = "How long is the river Alder — “exactly”, in $ or `km`?\n"
    code, out, _ = shelf.qa("ask", "-", "--json", stdin=b"\xef\xbb\xbf" + question.encode())
    assert code == 0
    assert json.loads(out)["question"] == question.strip()


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["ask", ""], b"", "the question is empty"),
        (["ask", " \n"], b"", "the question is empty"),
        (["ask", "-"], b"", "the question is empty"),
        (["ask", "?!"], b"", "the question is empty"),
        (["search", ""], b"", "the question is empty"),
        (["ask", "-"], b"\xff\xfe\xfa", "the question is not UTF-8 text"),
        (["ask", "caf\udce9"], b"", "the question is not UTF-8 text"),
        (["ask", "x" * 100_000], b"", "the question has 100,000 characters; at most 2,000 can be asked"),
        (["ask", "x", "--since", "yesterday"], b"", "“yesterday” is not a date"),
        (["search", "x", "--until", "2025-13"], b"", "“2025-13” is not a date"),
        (["ask", "x", "-s", "moon.txt"], b"", "no article of the library is called “moon.txt”"),
        (["ask", "x", "-k", "0"], b"", "passages is 0 in flag --passages"),
        (["ask", "x", "--engine", "steam"], b"", 'engine is "steam" in flag --engine'),
        (["sources", "show", "moon.txt"], b"", "the library holds no article “moon.txt”"),
        (["sources", "remove", "moon.txt"], b"", "the library holds no article or root “moon.txt”"),
        (
            ["sources", "set", "moon.txt", "date=2021"],
            b"",
            "the library holds no article “moon.txt” that was read from a file",
        ),
        (["sources", "set", "river.txt", "colour=red"], b"", "“colour=red” sets nothing"),
        (["sources", "set", "river.txt", "date=soon"], b"", "not a date: 'soon'"),
        (["index", "moon"], b"", "does not exist"),
        (["batch", "moon.jsonl", "-o", "out.jsonl"], b"", "moon.jsonl cannot be read: No such file or directory"),
        (["eval", "moon.jsonl"], b"", "moon.jsonl cannot be read: No such file or directory"),
    ],
)
def test_bad_input_gets_one_line_and_a_hint(shelf: Place, arguments: list[str], stdin: bytes, message: str) -> None:
    code, out, err = shelf.qa(*arguments, stdin=stdin)
    error, hint = err.splitlines()
    assert (code, out) == (1, "")
    assert error.startswith("error: ")
    assert message in error
    assert hint.startswith("hint: ")
    assert len(hint) > len("hint: ")
    assert shelf.model.calls == []


def test_another_alphabet_is_asked_like_any_other(shelf: Place) -> None:
    shelf.model = FakeModel(yes=0.0)
    assert shelf.qa("ask", "कौन सी नदी सबसे लंबी है?")[0] == 3


@pytest.mark.parametrize(
    "arguments", [["ask", "x"], ["search", "x"], ["sources", "list"], ["sources", "check"], ["sources", "remove", "x"]]
)
def test_no_library_yet(place: Place, arguments: list[str]) -> None:
    code, out, err = place.qa(*arguments)
    assert (code, out) == (1, "")
    assert err == f"error: there is no library in {place.folder / '.qa'}\nhint: qa index FOLDER\n"


def test_under_json_an_error_is_an_object_on_standard_output(place: Place) -> None:
    code, out, err = place.qa("ask", "x", "--json")
    assert (code, err) == (1, "")
    assert json.loads(out) == {
        "error": {"message": f"there is no library in {place.folder / '.qa'}", "hint": "qa index FOLDER"}
    }


def test_another_embedder_is_refused_with_the_command_that_rebuilds(shelf: Place) -> None:
    shelf.embedder = FakeEmbedder(dimension=64)
    code, _, err = shelf.qa("search", "river")
    assert code == 1
    assert "the library was built with the embedder fake-embedder (fake256), not with fake-embedder (fake64)" in err
    assert err.endswith("hint: qa index --rebuild\n")
    assert shelf.qa("index")[0] == 1
    assert shelf.qa("index", "--rebuild")[0] == 0
    assert shelf.qa("search", "river")[0] == 0


def test_a_missing_model_is_said_and_the_answering_one_is_not_needed_to_search(shelf: Place) -> None:
    without = Loaders(embedder=lambda _: shelf.embedder, model=refuse)
    assert shelf.qa("ask", "How long is it?", loaders=without) == (
        1,
        "",
        "error: the model is missing\nhint: qa models fetch\n",
    )
    assert shelf.qa("search", "river", loaders=without)[0] == 0
    assert shelf.qa("search", "river", loaders=Loaders(embedder=refuse, model=refuse))[0] == 1


def test_a_damaged_library_is_named_with_its_repair(shelf: Place) -> None:
    file = shelf.folder / ".qa" / "library.sqlite"
    file.write_bytes(b"nonsense" * 1000)
    for side in ("-wal", "-shm"):
        file.with_name(file.name + side).unlink(missing_ok=True)
    code, _, err = shelf.qa("ask", "x")
    assert code == 1
    assert str(file) in err
    assert err.endswith("hint: qa index --rebuild\n")


def test_passages_are_found_and_shown(shelf: Place) -> None:
    code, out, err = shelf.qa("search", "bridge cost", "-k", "1")
    assert (code, err) == (0, "")
    assert out.startswith("[1] “Mayor Ilse Brandt opened the bridge on Monday…”, undated  mayor.txt:0-")
    found = json.loads(shelf.qa("search", "bridge cost", "--json", "--source", "mayor.txt")[1])
    assert found["query"] == "bridge cost"
    assert [list(hit) for hit in found["hits"]] == [["source", "title", "date", "start", "end", "text", "score"]]
    assert found["hits"][0]["text"] == MAYOR.strip()


def test_undated_articles_that_a_period_leaves_out_are_counted(shelf: Place) -> None:
    code, out, err = shelf.qa("search", "river", "--since", "2020", "--json")
    assert (code, json.loads(out)["hits"]) == (0, [])
    assert err == "note: 2 articles without a date left out by --since and --until\n"


def test_what_is_known_can_be_listed_set_and_dropped(shelf: Place) -> None:
    assert shelf.qa("sources", "list")[1].splitlines() == ["mayor.txt  undated", "river.txt  undated"]
    missing = json.loads(shelf.qa("sources", "check", "--json")[1])["missing"]
    assert missing == [{"source": name, "fields": ["title", "author", "date"]} for name in ("mayor.txt", "river.txt")]
    code, _, err = shelf.qa("sources", "set", "river.txt", "date=2021-12", "title=On the Alder")
    assert code == 0
    assert err == f"written to {shelf.folder / 'articles' / 'sources.toml'}; to bring it into the library: qa index\n"
    shelf.qa("index")
    assert shelf.qa("sources", "list")[1].splitlines() == ["mayor.txt  undated", "river.txt  2021-12     On the Alder"]
    assert shelf.qa("sources", "remove", "river.txt") == (0, "", "1 article removed\n")
    assert shelf.qa("sources", "list")[1].splitlines() == ["mayor.txt  undated"]
    assert (shelf.folder / "articles" / "river.txt").read_text() == RIVER


def test_the_text_of_an_article_is_shown_letter_for_letter(place: Place) -> None:
    text = "Line one is here.\r\nÄ line — “two” \x1b[2J is here.\r\n"
    (place.folder / "a.txt").write_bytes(text.encode())
    place.qa("index", "a.txt")
    code, out, err = place.qa("sources", "show", "a.txt")
    assert (code, out) == (0, text)
    assert "encoding: utf-8\n" in err
    assert "author: unknown\n" in err
    shown = json.loads(place.qa("sources", "show", "a.txt", "--json")[1])
    assert (shown["text"], shown["encoding"], shown["characters"]) == (text, "utf-8", len(text))


def test_settings_say_where_they_come_from(place: Place) -> None:
    (place.folder / "qa.toml").write_text("passages = 5\n")
    place.environ["QA_MODEL"] = "mine"
    code, out, _ = place.qa("settings", "--json", "--engine", "transformers")
    settings = json.loads(out)
    assert code == 0
    assert settings["passages"] == {"value": 5, "from": str(place.folder / "qa.toml")}
    assert settings["model"] == {"value": "mine", "from": "environment QA_MODEL"}
    assert settings["engine"] == {"value": "transformers", "from": "flag --engine"}
    assert settings["evidence"] == {"value": 7, "from": "default"}
    assert "passages          5  " in place.qa("settings")[1]


def test_an_unknown_setting_is_refused_by_every_command_that_reads_them(place: Place) -> None:
    (place.folder / "qa.toml").write_text("pasages = 5\n")
    for command in (["settings"], ["ask", "x"], ["index", "."], ["doctor"]):
        assert place.qa(*command) == (
            1,
            "",
            f'error: {place.folder / "qa.toml"} holds "pasages", which is not a setting\nhint: did you mean "passages"?\n',
        )


def test_a_batch_answers_row_by_row(shelf: Place) -> None:
    rows: Sequence[dict[str, object]] = [
        {"id": "r", "question": "How long is the river Alder?", "must": [["SECRET"]]},
        {"question": " "},
        {"id": "r", "question": "How long is the river Alder?", "source": "moon.txt"},
    ]
    (shelf.folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, out, err = shelf.qa("batch", "in.jsonl", "-o", "out.jsonl")
    assert (code, out) == (0, "")
    assert err == (
        'warning: more than one row has the id "r"; all are kept\n'
        "warning: 2 rows cannot be asked: row 2 (the row has no question), row 3 (no article of the library is called "
        "“moon.txt”)\n"
        "3 rows: 1 answered, 0 conflicting, 0 refused, 2 failed; written to out.jsonl\n"
    )
    lines = [json.loads(line) for line in (shelf.folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["r", 2, "r"]
    assert [line["row"] for line in lines] == rows
    assert list(SCHEMA.iter_errors(lines[0])) == []
    assert [line.get("error", {}).get("message") for line in lines] == [
        None,
        "the row has no question",
        "no article of the library is called “moon.txt”",
    ]
    assert not any("SECRET" in message.content for call in (*shelf.model.calls, *shelf.model.asked) for message in call)


def test_eval_scores_and_never_shows_the_model_what_is_expected(shelf: Place) -> None:
    asked = FakeModel(lambda _: REPLY, yes=lambda messages: 0.0 if "anthem" in content(messages) else 1.0)
    shelf.model = asked
    rows = [
        {
            "id": "1",
            "question": "How long is the river Alder?",
            "expect": "answered",
            "must": [["210|SECRET"]],
            "sources": ["river"],
            "kind": "fact",
        },
        {"id": "2", "question": "Who wrote the anthem?", "expect": "unanswered", "kind": "unanswerable"},
        {
            "id": "3",
            "question": "How long is the river Alder?",
            "expect": "answered",
            "must": [["SECRET"]],
            "kind": "fact",
        },
    ]
    (shelf.folder / "q.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, out, err = shelf.qa("eval", "q.jsonl")
    lines = [line.split() for line in out.splitlines()]
    assert code == 0
    assert lines[0] == ["kind", "n", "right", "wrong", "refused", "quotes", "valid", "furniture", "seconds"]
    assert [line[:6] for line in lines[1:]] == [
        ["fact", "2", "1", "(50%)", "1", "0"],
        ["unanswerable", "1", "1", "(100%)", "0", "0"],
        ["all", "3", "2", "(67%)", "1", "0"],
    ]
    assert err.startswith("wrong: How long is the river Alder? → answered: The river Alder is 210 kilometres long.")
    report = json.loads(shelf.qa("eval", "q.jsonl", "--json")[1])
    assert [each["verdict"] for each in report["questions"]] == ["right", "right", "wrong"]
    assert report["kinds"][-1]["valid"] == report["kinds"][-1]["quotes"] > 0
    assert not any("SECRET" in content(call) for call in (*asked.calls, *asked.asked))


def content(messages: Sequence[Message]) -> str:
    return "\n".join(message.content for message in messages)


def test_doctor_is_unwell_without_a_library_and_says_what_mends_it(place: Place) -> None:
    place.environ["QA_MODELS"] = "models"
    code, out, _ = place.qa("doctor")
    assert code == 1
    assert f"BAD  library: there is no library in {place.folder / '.qa'}\n     → qa index FOLDER\n" in out
    code, out, _ = place.qa("doctor", "--json")
    findings = {each["what"]: each for each in json.loads(out)["findings"]}
    assert (code, json.loads(out)["well"]) == (1, False)
    assert findings["python"]["well"] is True
    assert findings["library"]["hint"] == "qa index FOLDER"
