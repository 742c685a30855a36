"""Doctor: what it finds and the command that mends it."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from index.build import build
from index.schema import FILE
from qa.doctor import LEAST_SPACE, Finding, library, models, packages, python, space
from qa.models.catalog import LocalModel
from qa.models.processor import SLOW
from qa.settings import Settings
from tests.fakes import FakeEmbedder


def test_an_old_python_is_named() -> None:
    assert python((3, 11, 0)).well
    assert python((3, 10, 9)).hint == "install Python 3.11 or newer, then: make setup"


def test_packages_are_compared_with_what_is_needed_here() -> None:
    version = metadata.version("rich")
    found = list(
        packages(
            [
                "rich>=1",
                "no-such-thing>=2",
                "rich>=999",
                'rich>=999; extra == "dev"',
                'rich>=999; sys_platform == "amiga"',
            ]
        )
    )
    assert found == [
        Finding("no-such-thing", "missing", "make setup"),
        Finding("rich", version),
        Finding("rich", f"{version}, but >=999 is needed", "make setup"),
    ]


def test_a_healthy_library_has_nothing_to_mend(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The river is long.\n")
    (tmp_path / "empty.txt").write_text("")
    build(tmp_path / ".qa", [tmp_path], FakeEmbedder())
    assert list(library(tmp_path / ".qa")) == [
        Finding("library", f"{tmp_path / '.qa'}: 1 article, 1 passage, 1 undated"),
        Finding("search", "exact: a question is compared with every passage, which is quick up to 20,000"),
        Finding("library", "left out: 1 file; qa sources check lists them"),
    ]


def test_a_missing_and_a_damaged_library_are_named(tmp_path: Path) -> None:
    assert list(library(tmp_path)) == [Finding("library", f"there is no library in {tmp_path}", "qa index FOLDER")]
    (tmp_path / FILE).write_bytes(b"nonsense" * 1000)
    (finding,) = library(tmp_path)
    assert (finding.what, finding.hint) == ("library", "qa index --rebuild")


@pytest.mark.parametrize("folder", [".", "not/there/yet"])
def test_the_disk_is_that_of_the_nearest_folder_there_is(tmp_path: Path, folder: str) -> None:
    finding = space("library", tmp_path / folder)
    assert finding.state.endswith(f" GB free in {tmp_path}")
    assert finding.well == (float(finding.state.split()[0]) * 1e9 >= LEAST_SPACE)


@pytest.mark.parametrize(("in_bytes", "told"), [(True, []), (None, []), (False, [SLOW])])
def test_a_processor_that_makes_answers_slow_is_named(
    in_bytes: bool | None, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "qa.models.resolve.intact",
        lambda name, _task, folder: LocalModel(name, "answer", "0123456789ab", folder, folder, None, None),
    )
    monkeypatch.setattr("qa.models.processor.multiplies_bytes", lambda: in_bytes)
    assert [
        each.state for each in models(Settings(library=tmp_path, models=tmp_path), tmp_path) if each.what == "processor"
    ] == told
