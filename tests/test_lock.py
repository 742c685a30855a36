"""The lock: everything pinned, every file by its hash, for every platform; nothing that calls home."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bench.lock import CUDA, HEADER, LOCAL, hashes_in, hashes_of, lock

REPOSITORY = Path(__file__).parent.parent
LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
A, B, C = "a" * 64, "b" * 64, "c" * 64
RESOLVED = f"""\
nvidia-nvtx==13.0.85 ; sys_platform == 'linux' \\
    --hash=sha256:{B}
Torch==2.13.0 \\
    --hash=sha256:{B} \\
    --hash=sha256:{A}
"""


def test_hashes_of_this_machine_are_added_and_what_not_everybody_needs_stands_apart() -> None:
    more = {
        ("torch", "2.13.0"): {C, A},
        ("torch", "2.13.0+cpu"): {B},
        ("torch", "2.13.01"): {B},
        ("torch", "2.12.0+cpu"): {B},
    }
    assert lock(RESOLVED, more) == HEADER + (
        f"# cuda: nvidia-nvtx==13.0.85 ; sys_platform == 'linux' \\\n"
        f"# cuda:     --hash=sha256:{B}\n"
        f"Torch==2.13.0 \\\n    --hash=sha256:{A} \\\n    --hash=sha256:{B} \\\n    --hash=sha256:{C}\n"
        f"# local: torch==2.13.0+cpu \\\n"
        f"# local:     --hash=sha256:{B}\n"
    )


def test_a_hash_that_was_added_stays_while_the_version_does() -> None:
    before = hashes_of(lock(RESOLVED, {("torch", "2.13.0"): {C}, ("torch", "2.13.0+cpu"): {C}}))
    assert before == {("torch", "2.13.0"): {A, B, C}, ("torch", "2.13.0+cpu"): {C}, ("nvidia-nvtx", "13.0.85"): {B}}
    assert hashes_of(lock(RESOLVED, before)) == before
    newer = lock(RESOLVED.replace("2.13.0", "2.14.0"), before)
    assert C not in newer


def test_wheels_on_this_machine_are_known_by_name_and_label(tmp_path: Path) -> None:
    (tmp_path / "torch-2.13.0+cpu-cp311-cp311-linux_x86_64.whl").write_bytes(b"wheel")
    (tmp_path / "no_wheel.whl").write_bytes(b"")
    assert hashes_in([tmp_path]) == {("torch", "2.13.0+cpu"): {hashlib.sha256(b"wheel").hexdigest()}}


def test_what_is_not_pinned_is_no_lock() -> None:
    with pytest.raises(ValueError, match="no pinned requirement: torch>=2"):
        lock("torch>=2 \\\n    --hash=sha256:" + A, {})


def test_every_requirement_of_the_lock_has_hashes_and_nothing_else_is_in_it() -> None:
    body = LOCK.removeprefix(HEADER).replace(LOCAL, "").replace(CUDA, "")
    assert LOCK.startswith(HEADER)
    requirement = r"[\w.-]+==[\w.+]+(?: ; [^\n\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n"
    assert re.fullmatch(f"(?:{requirement})+", body)


def test_the_lock_fits_the_ranges_of_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = hashes_of(LOCK)
    extras = [
        each
        for given in project["optional-dependencies"].values()
        for each in given
        if not each.startswith(f"{project['name']}[")
    ]
    for requirement in map(Requirement, [*project["dependencies"], *extras]):
        versions = [version for name, version in pinned if name == canonicalize_name(requirement.name)]
        assert versions, requirement
        assert all(version in requirement.specifier for version in versions), requirement


def test_telemetry_is_not_installed_and_cuda_is_for_those_who_have_it() -> None:
    assert "telemetry" not in LOCK
    plain = [line for line in LOCK.splitlines() if not line.startswith("#")]
    assert not [line for line in plain if line.startswith(("nvidia", "cuda", "triton"))]
    assert f"\n{CUDA}nvidia-cublas==" in LOCK
    assert f"\n{LOCAL}torch==2.13.0+cpu " in LOCK


@pytest.mark.skipif(os.name == "nt", reason="the Makefile is for systems with a POSIX shell")
def test_setup_installs_by_hash_and_without_anything_of_its_own_choice(tmp_path: Path) -> None:
    """What is installed by index comes with `--require-hashes`, without dependencies, and as wheels, which run no code."""
    run = ["make", "-n", "-f", str(REPOSITORY / "Makefile"), "setup", "VENV=none"]
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    plan = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    installs = [line for line in plan.splitlines() if "pip install" in line]
    assert len(installs) == 4
    assert all("--no-deps" in line for line in installs)
    assert all(
        "--require-hashes" in line and "--only-binary :all:" in line for line in installs if "--editable ." not in line
    )
