"""`qa models`, and what questions get where a model is missing or damaged. No network, no real model."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import build
from qa.cli import run
from qa.commands.session import Session
from qa.models.catalog import CATALOG
from qa.models.installed import Installed, identity, record, write
from tests.fakes import FakeEmbedder

QA = Callable[..., tuple[int, str, str]]


@pytest.fixture
def qa(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> QA:
    """Gives a command in an empty folder with a models folder of its own and the real loaders."""

    def command(*arguments: str, **environ: str) -> tuple[int, str, str]:
        session = Session(
            environ={"QA_MODELS": "models", **environ},
            cwd=tmp_path,
            user_file=tmp_path / "user.toml",
            stdin=io.BytesIO(),
        )
        code = run(arguments, session)
        out, err = capsys.readouterr()
        return code, out, err

    return command


@pytest.fixture
def tiny(tmp_path: Path) -> Installed:
    """A model of 3,000 bytes, installed as `qa models fetch` leaves one."""
    folder = tmp_path / "models" / "someone--tiny"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"x" * 2998)
    files = record(folder, ["config.json", "model.safetensors"])
    digest = identity((file.path, file.sha256) for file in files)
    model = Installed("someone/tiny", "answer", digest, "hub", "someone/tiny", "r1", "MIT", "", folder, files)
    write(model)
    return model


def test_the_catalogue_and_what_is_here_are_listed(qa: QA, tiny: Installed, tmp_path: Path) -> None:
    listed = json.loads(qa("models", "list", "--json")[1])
    assert listed["folder"] == str(tmp_path / "models")
    assert [each["name"] for each in listed["models"]] == [*(model.name for model in CATALOG), "someone/tiny"]
    assert [each["installed"] for each in listed["models"]] == [False] * len(CATALOG) + [True]
    assert {key: listed[
        "models"][-1][key] for key in ("task", "disk", "upstream", "revision", "licence", "from", "digest")} == {
        "task": "answer", "disk": 3000, "upstream": "someone/tiny", "revision": "r1", "licence": "MIT", "from": "hub", "digest": tiny.digest,
    }  # fmt: skip
    first = listed["models"][0]
    assert [file["sha256"] for file in first["files"]] == [file.sha256 for file in CATALOG[0].files]
    assert first["download"] == CATALOG[0].size
    out = qa("models", "list")[1]
    assert "* all-MiniLM-L6-v2  (embed, Apache-2.0; to download: 92 MB, 400 MB of memory)\n" in out
    assert "  someone/tiny  (answer, MIT; on this disk, 0 MB)\n" in out


def test_what_is_here_is_not_fetched_again(qa: QA, tiny: Installed) -> None:
    assert qa("models", "fetch", tiny.name) == (0, "", "someone/tiny is there already\n")
    assert qa("models", "fetch", tiny.name, "--quiet") == (0, "", "")


def test_a_folder_of_ones_own_needs_no_fetching(qa: QA, tiny: Installed) -> None:
    assert qa("models", "fetch", str(tiny.folder)) == (0, "", "")


def test_verify_reads_every_byte(qa: QA, tiny: Installed) -> None:
    assert qa("models", "verify") == (0, f"ok  someone/tiny  2 files, 0 MB, {tiny.digest}\n", "")
    assert json.loads(qa("models", "verify", tiny.name, "--json")[1]) == {
        "verified": [{"name": "someone/tiny", "digest": tiny.digest}]
    }
    weights = tiny.folder / "model.safetensors"
    weights.write_bytes(b"y" + b"x" * 2997)  # the same size
    assert qa("models", "verify") == (
        1,
        "",
        f"error: the model someone/tiny is damaged: {weights}\nhint: qa models fetch someone/tiny\n",
    )


def test_verify_goes_on_after_a_failure(qa: QA, tiny: Installed) -> None:
    code, out, err = qa("models", "verify", "no/such", tiny.name)
    assert (code, out) == (1, f"ok  someone/tiny  2 files, 0 MB, {tiny.digest}\n")
    assert err == "error: the model no/such is not on this machine\nhint: qa models fetch no/such\n"


def test_nothing_to_verify_is_said(qa: QA, tmp_path: Path) -> None:
    assert qa("models", "verify") == (
        1,
        "",
        f"error: there are no models in {tmp_path / 'models'}\nhint: qa models fetch\n",
    )


def test_remove_deletes_the_folder(qa: QA, tiny: Installed) -> None:
    code, out, err = qa("models", "remove", tiny.name)
    assert (code, out) == (0, "")
    assert err.startswith("someone/tiny removed, ")
    assert not tiny.folder.exists()
    assert qa("models", "remove", tiny.name) == (
        1,
        "",
        "error: the model someone/tiny is not on this machine\nhint: qa models list\n",
    )


@pytest.mark.parametrize("command", [["index", "."], ["search", "x"], ["ask", "x"]])
def test_without_models_each_command_names_the_one_that_fetches_them(
    qa: QA, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "a.txt").write_text("The river is long.\n")
    build(tmp_path / ".qa", [tmp_path / "a.txt"], FakeEmbedder())
    assert qa(*command) == (
        1,
        "",
        "error: the model all-MiniLM-L6-v2 is not on this machine\nhint: qa models fetch all-MiniLM-L6-v2\n",
    )


def test_a_truncated_model_is_named_with_its_repair(qa: QA, tiny: Installed, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The river is long.\n")
    weights = tiny.folder / "model.safetensors"
    weights.write_bytes(b"x" * 100)
    code, _, err = qa("index", "a.txt", QA_EMBEDDER=tiny.name)
    assert code == 1
    assert err == f"error: the model someone/tiny is damaged: {weights}\nhint: qa models fetch someone/tiny\n"


def test_a_model_for_another_task_is_refused(qa: QA, tiny: Installed, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The river is long.\n")
    code, _, err = qa("index", "a.txt", QA_EMBEDDER=tiny.name)
    assert code == 1
    assert err == "error: someone/tiny is an answering model, and an embedder is wanted\nhint: qa models list\n"


def test_doctor_names_what_to_fetch(qa: QA) -> None:
    findings = {each["what"]: each for each in json.loads(qa("doctor", "--json")[1])["findings"]}
    assert findings["embedder"]["hint"] == "qa models fetch all-MiniLM-L6-v2"
    assert findings["model"]["hint"] == "qa models fetch qwen2.5-coder-1.5b-instruct"
