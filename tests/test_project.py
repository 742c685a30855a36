"""What surrounds the program agrees with it.

The workflow calls targets that exist, versions are one, links lead somewhere.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import qa

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


def test_the_workflow_runs_the_matrix_through_make() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    commands = [step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step]
    assert [command.split()[:2] for command in commands] == [["make", "check"], ["make", "test"], ["make", "package"]]
    assert {command.split()[1] for command in commands} <= set(targets)
    assert WORKFLOW["jobs"]["check"]["strategy"]["matrix"] == {
        "os": ["ubuntu-latest", "macos-latest", "windows-latest"],
        "python": PYTHONS,
    }


def test_the_metadata_names_those_pythons_and_nobody() -> None:
    versions = [each.rpartition(" ")[2] for each in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", each)]
    assert (versions, PROJECT["requires-python"]) == (PYTHONS, ">=3.11")
    assert not {"authors", "maintainers"} & set(PROJECT)


def test_the_citation_is_of_this_version() -> None:
    held = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (held["cff-version"], str(held["version"]), held["license"]) == ("1.2.0", qa.__version__, PROJECT["license"])
    assert {"message", "title", "authors"} <= set(held)


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "docs/library.md", "docs/install.md"])
def test_links_lead_somewhere(page: str) -> None:
    file = ROOT / page
    links = re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8"))
    assert [target for target in links if not (file.parent / target).exists()] == []
