"""Kept answers from end to end, with fakes for the models: what the commands say, what they ask, and what they drop."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from index.errors import ModelError
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.kept.cache import FOLDER
from qa.memo import output
from qa.models.names import Names
from qa.render.moments import moment
from qa.settings import Settings
from tests.fakes import FakeEmbedder, FakeModel
from tests.test_memo_command import MAYOR, PLAN, RIVER, reply

LONG = "How long is the river Alder?"
KEPT = r"kept answer of \d{4}-\d\d-\d\d \d\d:\d\d UTC; --fresh asks again\n"


@dataclass
class Desk:
    """A folder with a library of two articles and a plan, and a way to give commands there; `loaded` says which models were loaded."""

    folder: Path
    capture: Callable[[], Any]
    model: FakeModel = field(default_factory=lambda: FakeModel(reply, yes=0.99))
    loaded: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)

    def qa(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        loaders = Loaders(
            embedder=self._embedder,
            model=self._model,
            names=lambda _: Names("fake-embedder fake256", "fake-model fake", "fake"),
        )
        self.loaded.clear()
        self.environ["QA_STATE"] = str(self.folder / "state")
        session = Session(
            loaders=loaders,
            environ=self.environ,
            cwd=self.folder,
            user_file=self.folder / "user.toml",
            stdin=io.BytesIO(stdin),
        )
        code = run(arguments, session)
        out, err = self.capture()
        return code, out, err

    def _embedder(self, _: Settings) -> FakeEmbedder:
        self.loaded.append("embedder")
        return FakeEmbedder()

    def _model(self, _: Settings) -> FakeModel:
        self.loaded.append("model")
        return self.model

    @property
    def kept(self) -> list[Path]:
        return [file for file in (self.folder / ".qa" / FOLDER).rglob("*") if file.is_file()]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys.readouterr)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "river.txt").write_text(RIVER, encoding="utf-8")
    (tmp_path / "articles" / "mayor.txt").write_text(MAYOR, encoding="utf-8")
    (tmp_path / "plan.md").write_text(PLAN, encoding="utf-8")
    assert made.qa("index", "articles")[0] == 0
    return made


def test_a_second_ask_says_so_and_loads_nothing(desk: Desk) -> None:
    code, out, err = desk.qa("ask", LONG)
    assert (code, err, sorted(desk.loaded)) == (0, "", ["embedder", "model"])
    again = desk.qa("ask", LONG)
    assert (again[:2], desk.loaded) == ((0, out), [])
    assert re.fullmatch(KEPT, again[2])
    assert desk.qa("ask", LONG, "--fresh") == (0, out, "")
    held, new = (json.loads(desk.qa("ask", LONG, "--json", *more)[1]) for more in ((), ("--fresh",)))
    assert (bool(held.pop("kept")), new.pop("kept")) == (True, None)
    assert {**held, "timings_ms": {}} == {**new, "timings_ms": {}}
    assert len(desk.model.calls) == 3


def test_the_explanation_is_kept_too(desk: Desk) -> None:
    code, out, _ = desk.qa("ask", LONG, "--explain")
    assert (code, "Decision" in out) == (0, True)
    again = desk.qa("ask", LONG, "--explain")
    assert (again[0], again[1], desk.loaded) == (0, out, [])


def test_a_refusal_is_kept_with_its_exit_code(desk: Desk) -> None:
    desk.model = FakeModel(lambda _: "not stated", yes=0.0)
    first = desk.qa("ask", "Who is the king of Alder?")
    again = desk.qa("ask", "Who is the king of Alder?")
    assert (first[0], again[0], first[1] == again[1], desk.loaded) == (3, 3, True, [])


def test_with_none_to_be_kept_everything_is_asked(desk: Desk) -> None:
    desk.environ["QA_KEPT_MB"] = "0"
    assert [desk.qa("ask", LONG)[2] for _ in range(2)] == ["", ""]
    assert (desk.kept, len(desk.model.calls)) == ([], 2)


def test_another_format_of_a_memo_asks_nothing(desk: Desk) -> None:
    assert desk.qa("memo", "plan.md", "-o", "memo.md")[0] == 0
    asked = len(desk.model.calls)
    code, _, err = desk.qa("memo", "plan.md", "-o", "memo.html")
    assert (code, len(desk.model.calls), desk.loaded) == (0, asked, [])
    assert err.startswith("note: 3 of 3 questions answered before: kept answers of 20")
    assert err.splitlines()[0].endswith(" UTC; --fresh asks again")
    code, out, err = desk.qa("memo", "plan.md", "-o", "third.md", "--json")
    assert (code, json.loads(out)["kept"], err) == (0, 3, "")
    assert (desk.folder / "third.md").read_bytes() == (desk.folder / "memo.md").read_bytes()
    code, _, err = desk.qa("memo", "plan.md", "-o", "fourth.md", "--fresh")
    assert (code, "kept" in err, len(desk.model.calls)) == (0, False, 2 * asked)


def test_what_was_answered_before_an_interruption_is_told_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    assert desk.qa("memo", "plan.md", "-o", "memo.md")[0] == 0
    with monkeypatch.context() as patched:
        patched.setattr(output, "put", interrupted)
        assert desk.qa("memo", "plan.md", "-o", "memo.html")[0] == 130
    code, _, err = desk.qa("memo", "plan.md", "-o", "memo.html")
    assert (code, err.splitlines()[0]) == (0, "note: 3 of 3 questions had been answered before the interruption")
    assert "kept answers" not in err


def test_an_ask_and_a_memo_and_a_conversation_share_what_is_kept(desk: Desk) -> None:
    assert desk.qa("ask", LONG)[0] == 0
    code, _, err = desk.qa("memo", "plan.md", "-o", "memo.md")
    assert (code, err.partition(":")[2].startswith(" 1 of 3 questions answered before")) == (0, True)
    code, out, _ = desk.qa("chat", "--json", stdin=f"{LONG}\n/retry\n/fresh\n".encode())
    assert (code, [json.loads(line)["kept"] is not None for line in out.splitlines()]) == (0, [True, True, False])
    code, out, err = desk.qa("chat", stdin=f"{LONG}\n/fresh\n".encode())
    assert (code, err.count("kept answer of "), err.count("; /fresh asks again")) == (0, 1, 1)


def test_what_is_removed_or_indexed_anew_is_not_kept(desk: Desk) -> None:
    desk.qa("ask", LONG)
    desk.qa("index")
    assert len(desk.kept) == 1  # nothing was changed
    (desk.folder / "articles" / "mayor.txt").write_text("The bridge cost 50 million crowns.\n", encoding="utf-8")
    desk.qa("index")
    assert desk.kept == []
    desk.qa("ask", LONG)
    assert desk.qa("sources", "remove", "river.txt")[0] == 0
    assert desk.kept == []
    assert b"210 kilometres" not in b"".join(
        file.read_bytes() for file in (desk.folder / ".qa").rglob("*") if file.is_file() and file.parent.name != ".qa"
    )
    desk.qa("ask", "What did the bridge cost?")
    desk.qa("index", "--rebuild")
    assert desk.kept == []


def test_scoring_asks_every_time(desk: Desk) -> None:
    (desk.folder / "expected.jsonl").write_text(
        json.dumps({"question": LONG, "expect": "answered", "must": [["210"]]}) + "\n"
    )
    for runs in (1, 2):
        desk.qa("ask", LONG)
        asked = len(desk.model.calls)
        assert desk.qa("eval", "expected.jsonl")[0] == 0
        assert len(desk.model.calls) == asked + 1, runs


def test_doctor_shows_what_is_kept(desk: Desk) -> None:
    def line() -> str:
        return next(each for each in desk.qa("doctor")[1].splitlines() if "kept answers" in each)

    assert (line(), (desk.folder / "state").exists()) == ("ok   kept answers: none yet", False)
    desk.qa("ask", LONG)
    desk.qa("ask", "What did the bridge cost?")
    assert line() == f"ok   kept answers: 2 answers, 0.0 of at most 64 MB in {desk.folder / '.qa' / FOLDER}"
    desk.kept[0].write_bytes(b"damaged")
    assert line().startswith("ok   kept answers: 1 answer, 0.0 of at most 64 MB in ")
    assert line().endswith("; 1 file damaged or not of this user, asked anew")
    desk.environ["QA_KEPT_MB"] = "0"
    assert line() == "ok   kept answers: none (kept_mb is 0)"


def test_a_missing_model_is_said_as_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> Any:
        raise ModelError("the model is missing", "qa models fetch")

    monkeypatch.setattr(Loaders, "named", missing)
    monkeypatch.setattr(Desk, "_model", missing)
    assert desk.qa("ask", LONG) == (1, "", "error: the model is missing\nhint: qa models fetch\n")


def test_a_moment_is_told_in_one_way() -> None:
    assert (moment("2026-11-29T08:40:31+01:00"), moment("soon")) == ("2026-11-29 07:40 UTC", "soon")
