"""Without the extras, what answers from text still answers.

What needs one says so in a line, with the command that adds it.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from index import embedders
from index.build import build
from index.child import Refused, _answered
from index.errors import VouchError
from index.extras import EXTRAS, PACKAGE, MissingExtraError, explaining, install_line
from index.ingest.load import parsed
from index.limits import Limits
from qa.cli import run
from qa.commands.session import Session
from qa.memo import output
from qa.memo.errors import MemoError
from qa.models import engines
from qa.models.catalog import LocalModel
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RIVER = (
    "The river Alder rises in the northern hills. It is 210 kilometres long and carries timber to the port of Brandt.\n"
)
BARE = f"""
import sys

class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {sorted(module for _, modules in EXTRAS.values() for module in modules)}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Without())

from qa import Assistant
from qa.render.terminal import passages
from tests.fakes import FakeEmbedder, FakeModel

with Assistant.open(sys.argv[1], embedder=FakeEmbedder(), model=FakeModel(lambda _: "The river Alder rises in the northern hills.", yes=0.99)) as assistant:
    answer = assistant.ask("Where does the river Alder rise?")
    print(answer.status, [info.source for info in assistant.sources()])
    print("river.txt" in passages((hit, hit.passage.source) for hit in assistant.search("timber", limit=1)).plain)
"""


def requirements(extra: str) -> set[str]:
    return {canonicalize_name(Requirement(each).name) for each in PROJECT["optional-dependencies"][extra]}


def test_every_extra_is_one_of_the_project_and_its_modules_come_with_it() -> None:
    assert PROJECT["name"] == PACKAGE
    assert set(PROJECT["optional-dependencies"]) == {*EXTRAS, "all", "dev"}
    assert PROJECT["optional-dependencies"]["all"] == [f"{PACKAGE}[{','.join(sorted(EXTRAS))}]"]
    carriers = metadata.packages_distributions()
    core = {canonicalize_name(Requirement(each).name) for each in PROJECT["dependencies"]}
    for extra, (_, modules) in EXTRAS.items():
        for module in modules:
            assert {canonicalize_name(name) for name in carriers[module]} <= requirements(extra) - core


def test_without_any_extra_text_is_indexed_asked_and_searched(tmp_path: Path) -> None:
    (tmp_path / "river.txt").write_text(RIVER, encoding="utf-8")
    (tmp_path / "note.eml").write_text("Subject: Note\n\nNothing was decided about the dam.\n", encoding="utf-8")
    ran = subprocess.run([sys.executable, "-c", BARE, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == ["answered ['note.eml', 'river.txt']", "True"]


def test_only_the_modules_of_an_extra_are_explained() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"), explaining():
        import no_such_module  # type: ignore[import-not-found]  # noqa: F401
    with pytest.raises(MissingExtraError) as caught, explaining():
        raise ModuleNotFoundError("No module named 'torch.nn'", name="torch.nn")
    assert (caught.value.message, caught.value.hint) == (
        "this model or engine cannot be had without torch, which is not installed",
        "pip install 'vouch-qa[torch]'",
    )
    assert isinstance(caught.value, VouchError)


TORCH = LocalModel("toy", "answer", "d", Path("toy"), None, None, Path("toy"))


@pytest.mark.parametrize(
    ("module", "extra", "call"),
    [
        ("sentence_transformers", "torch", lambda folder: embedders.load(folder, name="toy", digest="d")),
        ("torch", "torch", lambda _: engines.load(TORCH, engine="transformers")),
    ],
)
def test_models_of_torch_name_its_extra(
    module: str, extra: str, call: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=module) as caught:
        call(tmp_path)
    assert caught.value.hint == install_line(extra)


@pytest.mark.parametrize(
    ("suffix", "module", "data"),
    [(".html", "trafilatura", b"<p>Words.</p>"), (".pdf", "pypdfium2", b"%PDF-1.7"), (".xlsx", "python_calamine", b"")],
)
def test_a_file_whose_reader_is_missing_is_left_out_with_the_line_that_adds_it(
    suffix: str, module: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    reply = _answered(parsed, (data, f"a{suffix}", suffix, Limits()))
    assert isinstance(reply, Refused)
    assert reply.hint == "pip install 'vouch-qa[docs]'"
    if suffix != ".xlsx":
        assert (
            reply.message
            == f"documents other than text, mail and Markdown cannot be had without {module}, which is not "
            f"installed: {reply.hint}"
        )


@pytest.mark.parametrize(("name", "module"), [("memo.docx", "docx"), ("memo.pdf", "typst")])
def test_a_memo_that_cannot_be_written_is_refused_before_anything_is_asked(
    name: str, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MemoError, match="is not installed") as caught:
        output.check_outputs([tmp_path / name], [], None, force=False)
    assert caught.value.hint == "pip install 'vouch-qa[memo]', or write .md or .html"


def test_the_program_says_it_in_two_lines_and_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "river.txt").write_text(RIVER, encoding="utf-8")
    build(tmp_path / ".qa", [tmp_path / "river.txt"], FakeEmbedder())
    session = Session(environ={}, cwd=tmp_path, user_file=tmp_path / "none", stdin=io.BytesIO())

    def missing(_: object) -> FakeEmbedder:
        raise ModuleNotFoundError("No module named 'transformers'", name="transformers")

    monkeypatch.setattr(session, "loaders", type(session.loaders)(embedder=missing, model=session.loaders.model))
    assert run(["search", "river"], session) == 1
    assert capsys.readouterr() == (
        "",
        "error: this model or engine cannot be had without transformers, which is not installed\nhint: pip install "
        "'vouch-qa[torch]'\n",
    )


def test_the_page_names_every_extra() -> None:
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`\[(\w+)\]`", page)) == {*EXTRAS, "all"}
