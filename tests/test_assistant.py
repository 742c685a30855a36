"""`qa.Assistant`: what the program does, from Python, on fakes that enter where a user's own models would."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import qa
from qa import Assistant, LibraryError, MemoError, Part, Plan, QuestionError, SettingsError, SourceError, VouchError
from qa.choices import Choices
from qa.models.engine import LanguageModel
from qa.settings import Settings
from tests.fakes import FakeEmbedder, FakeModel
from tests.test_memo_command import MAYOR, RIVER, reply

ROOT = Path(__file__).parent.parent
LONG = "How long is the river Alder?"
SAID = "It is 210 kilometres long and carries timber to the port of Brandt."
PUBLIC = """\
Answer Article Assistant BuildReport Check Citation Cited Claim Conflict Embedder Generation Hit LanguageModel LibraryError Memo MemoError Message Metadata
ModelError Near Opinion Part Passage Phrase Plan Provenance QuestionError Quote Rejected Sentence Settings SettingsError SourceError SourceInfo Value
VouchError __version__""".split()
METHODS = "article ask batch cite close embedder index memo narrowed nearest open pipeline provenance search sources verify".split()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "river.txt").write_text(RIVER, encoding="utf-8")
    (folder / "mayor.txt").write_text(MAYOR, encoding="utf-8")
    return folder


@pytest.fixture
def assistant(articles: Path) -> Iterator[Assistant]:
    with Assistant.open(articles, embedder=FakeEmbedder(), model=FakeModel(reply, yes=0.99)) as opened:
        yield opened


def test_the_public_names_stay() -> None:
    assert sorted(qa.__all__) == PUBLIC
    assert all(getattr(qa, name) is not None for name in PUBLIC)
    assert set(PUBLIC) <= set(dir(qa))
    assert [name for name in dir(Assistant) if not name.startswith("_")] == METHODS
    with pytest.raises(AttributeError, match="module 'qa' has no attribute 'Asistant'"):
        qa.Asistant  # type: ignore[attr-defined]  # noqa: B018


def test_every_error_is_of_one_family() -> None:
    errors = [getattr(qa, name) for name in PUBLIC if name.endswith("Error")]
    assert len(errors) == 7
    assert all(issubclass(error, VouchError) for error in errors)


def test_every_setting_can_be_given_by_name() -> None:
    assert {*Choices.__annotations__, "library", "embedder", "model"} == {field.name for field in fields(Settings)}


def test_types_are_published() -> None:
    assert (ROOT / "qa" / "py.typed").read_bytes() == b""


def test_importing_it_loads_nothing_heavy() -> None:
    program = (
        "import json, sys, qa; from qa import Assistant, VouchError, Answer; print(json.dumps(sorted(sys.modules)))"
    )
    loaded = json.loads(
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    )
    heavy = {
        "faiss",
        "lxml",
        "numpy",
        "openvino",
        "openvino_genai",
        "rich",
        "sentence_transformers",
        "sqlite3",
        "torch",
        "transformers",
        "typer",
        "yaml",
    }
    assert heavy.isdisjoint(loaded)


def test_a_folder_is_indexed_the_first_time_and_answers(articles: Path, assistant: Assistant) -> None:
    result = assistant.ask(LONG)
    assert (result.status, [claim.text for claim in result.sentences]) == ("answered", [SAID])
    (citation,) = result.citations
    assert (citation.source, citation.quote) == ("river.txt", SAID)
    assert assistant.article("river.txt").text[citation.start : citation.end] == SAID
    assert [info.source for info in assistant.sources()] == ["mayor.txt", "river.txt"]
    assert (articles / ".qa" / "library.sqlite").is_file()


def test_passages_are_told_as_soon_as_they_are_found(assistant: Assistant) -> None:
    told: list[int] = []
    assistant.ask(LONG, on_passages=lambda hits: told.append(len(hits)))
    assert told == [2]


def test_a_second_time_nothing_is_read_again_until_asked(articles: Path, assistant: Assistant) -> None:
    (articles / "tower.txt").write_text("The tower is green.\n", encoding="utf-8")
    embedder = FakeEmbedder()
    with Assistant.open(articles, embedder=embedder, model=FakeModel()) as again:
        assert embedder.texts == []
        assert len(again.sources()) == 2
        done = again.index()
        assert (done.added, done.unchanged, len(again.sources())) == (1, 2, 3)
    assert len(assistant.sources()) == 3  # the one that was open all the while sees it


def test_another_folder_is_taken_into_the_same_library(articles: Path, assistant: Assistant, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "tower.txt").write_text("The tower is green.\n", encoding="utf-8")
    with Assistant.open(more, library=articles / ".qa", embedder=FakeEmbedder(), model=FakeModel()) as both:
        assert [info.source for info in both.sources()] == ["mayor.txt", "river.txt", "tower.txt"]
    with pytest.raises(SettingsError, match="name is put before the sources of one path"):
        assistant.index(name="x")


def test_passages_are_found_without_a_language_model(articles: Path, assistant: Assistant) -> None:
    def never(_: object) -> str:
        raise AssertionError("the model was asked")

    assistant.close()
    with Assistant.open(articles, embedder=FakeEmbedder(), model=FakeModel(never)) as searching:
        (hit,) = searching.search("bridge crowns", limit=1)
        assert hit.passage.source == "mayor.txt"
        assert [hit.passage.source for hit in searching.search("bridge", sources=["river.txt"])] == ["river.txt"]
        assert len(searching.search("bridge")) == 2


def test_a_batch_asks_each_question_when_its_answer_is_wanted(assistant: Assistant) -> None:
    taken: list[str] = []

    def questions() -> Iterator[str]:
        for question in (LONG, "What did the bridge cost?", " "):
            taken.append(question)
            yield question

    answers = assistant.batch(questions())
    assert (next(answers).citations[0].source, taken) == ("river.txt", [LONG])
    assert next(answers).citations[0].source == "mayor.txt"
    with pytest.raises(QuestionError, match="the question is empty"):
        next(answers)


def test_a_memo_is_written_and_verified(assistant: Assistant, tmp_path: Path) -> None:
    plan = Plan("Alder", (Part("River", (LONG,)),), date="2026-01-02")
    counts: list[int] = []
    memo = assistant.memo(plan, tmp_path / "memo.md", bibliography=[tmp_path / "refs.json"], on_answer=counts.append)
    assert (len(memo.notes), memo.written, counts) == (1, "2026-01-02", [0, 1])
    assert f"{SAID}[^1]" in (tmp_path / "memo.md").read_text(encoding="utf-8")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["articles", "memo.md", "refs.json"]
    assert [check.outcome for check in assistant.verify(tmp_path / "memo.md")] == ["ok"]
    changed = (
        (tmp_path / "memo.md")
        .read_text(encoding="utf-8")
        .replace("carries timber to the port of Brandt.”", "carries gold to the port of Brandt.”")
    )
    (tmp_path / "memo.md").write_text(changed, encoding="utf-8")
    assert [check.outcome for check in assistant.verify(tmp_path / "memo.md")] == ["changed words"]
    (tmp_path / "plan.md").write_text(f"# Alder\n\n## River\n\n- {LONG}\n", encoding="utf-8")
    assert assistant.memo(tmp_path / "plan.md", tmp_path / "memo.html", date="2026-01-02").title == "Alder"
    with pytest.raises(MemoError, match="nothing says where to write the memo"):
        assistant.memo(plan)
    with pytest.raises(MemoError, match=r"memo\.md exists"):
        assistant.memo(plan, tmp_path / "memo.md")


def test_words_are_cited_or_the_nearest_named(assistant: Assistant) -> None:
    (cited,) = assistant.cite("210 kilometres  long")
    assert (cited.source, cited.quote, cited.note) == (
        "river.txt",
        "210 kilometres long",
        "The river Alder rises in the northern hills…, n.d.",
    )
    assert assistant.cite("220 kilometres long") == ()
    assert assistant.nearest("It is 220 kilometres long")[0].quote.text == SAID


def test_a_mistake_says_what_mends_it(articles: Path, assistant: Assistant, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="there is no library"):
        Assistant.open(library=tmp_path / "nowhere")
    with pytest.raises(SourceError, match="nowhere does not exist"):
        Assistant.open(tmp_path / "nowhere", embedder=FakeEmbedder())
    assert not (tmp_path / "nowhere").exists()
    assert not (tmp_path / ".qa").exists()
    with pytest.raises(SettingsError, match="passages is 0"):
        Assistant.open(articles, passages=0)
    with pytest.raises(QuestionError, match=r"no article of the library is called “x\.txt”"):
        assistant.ask(LONG, sources=["x.txt"])
    with pytest.raises(QuestionError, match="the question is empty"):
        assistant.ask("?")
    with Assistant.open(articles, embedder=FakeEmbedder(dimension=8)) as other, pytest.raises(LibraryError) as refused:
        other.search("bridge")
    assert refused.value.hint.startswith("qa index --rebuild")
    with Assistant.open(articles, embedder=FakeEmbedder(dimension=8)) as other:
        assert other.index(rebuild=True).embedded == 2
        assert len(other.search("bridge")) == 2


def test_without_a_folder_the_library_of_this_place_is_opened(
    articles: Path, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    (articles / "notes").mkdir()
    monkeypatch.chdir(articles / "notes")
    with Assistant.open(embedder=FakeEmbedder(), model=FakeModel()) as here:
        assert here.settings.library == articles / ".qa"
        assert here.sources() == assistant.sources()


def example() -> object:
    spec = importlib.util.spec_from_file_location("example", ROOT / "docs" / "examples" / "library.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.report


def test_the_example_prints_answers_with_their_quotes(assistant: Assistant, capsys: pytest.CaptureFixture[str]) -> None:
    report = example()
    assert callable(report)
    report(assistant, [LONG])
    said = capsys.readouterr().out.splitlines()
    assert said[0] == LONG
    assert said[1].startswith("  answered (")
    assert said[1].endswith(f": {SAID} [1]")
    assert said[2:] == [f"  [1] river.txt:45-112 “{SAID}”"]


@pytest.mark.model
def test_the_example_runs_with_the_real_models(
    language_model: LanguageModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Assistant.open(ROOT / "seeds", library=tmp_path / "library", model=language_model) as real:
        report = example()
        assert callable(report)
        report(real, ["What trade target did India and Russia set, and by when?"])
    assert "100 billion by 2030" in capsys.readouterr().out


def test_the_python_of_the_page_names_what_there_is() -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    used = {
        name.strip()
        for line in page.splitlines()
        if line.startswith("from qa import ")
        for name in line.removeprefix("from qa import ").split(",")
    }
    assert used <= set(PUBLIC)
    assert "Assistant" in used
    assert {*METHODS} - {"close", "embedder", "narrowed", "pipeline"} <= {*re.findall(r"\w+", page)}
