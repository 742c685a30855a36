"""What is published installs and works.

The sdist becomes a wheel, and the wheel alone, in an environment of its own, indexes and finds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

import qa

ROOT = Path(__file__).parent.parent
BIN, PROGRAM = ("Scripts", "qa.exe") if os.name == "nt" else ("bin", "qa")
SMOKE = """
import sys
from pathlib import Path

import numpy as np

import qa
from qa import Assistant


class Letters:
    name, digest, dimension = "letters", "0", 26

    def encode_passages(self, texts):
        return np.array([self.encode_query(text) for text in texts], dtype=np.float32)

    def encode_query(self, text):
        row = np.array([text.lower().count(chr(97 + place)) for place in range(26)], dtype=np.float32)
        return row / np.linalg.norm(row)


with Assistant.open("articles", embedder=Letters()) as assistant:
    assert [info.source for info in assistant.sources()] == ["bridge.eml", "river.txt"], assistant.index()
    print(assistant.search("river", limit=1)[0].passage.text)
    print(assistant.cite("40 million crowns")[0].note)
assert "index" not in sys.modules
assert Path(qa.__file__).is_relative_to(sys.prefix)
print("index" in {path.name for path in Path(qa.__file__).parents[1].iterdir()})
"""


def done(command: list[str | Path], cwd: Path) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the sdist of a copy of the checkout."""
    work = tmp_path_factory.mktemp("build")
    for name in ("qa", "index"):
        shutil.copytree(ROOT / name, work / "checkout" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, work / "checkout")
    build = "import sys; from setuptools import build_meta; build_meta.build_sdist(sys.argv[1])"
    done([sys.executable, "-c", build, work], work / "checkout")
    with tarfile.open(next(work.glob("*.tar.gz"))) as sdist:
        sdist.extractall(work / "unpacked", filter="data")
    source = next((work / "unpacked").iterdir())
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    done([sys.executable, "-c", build, work], source)
    return next(work.glob("*.whl"))


def test_the_wheel_holds_one_package_and_everything_of_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as held:
        names = set(held.namelist())
        metadata = held.read(f"vouch_qa-{qa.__version__}.dist-info/METADATA").decode()
        assert held.read(f"vouch_qa-{qa.__version__}.dist-info/top_level.txt") == b"qa\n"
    assert {name.partition("/")[0] for name in names} == {"qa", f"vouch_qa-{qa.__version__}.dist-info"}
    ours = {
        file.relative_to(ROOT)
        for folder in ("qa", "index")
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    expected = {
        file.as_posix().replace("index/", "qa/_index/", 1) if file.parts[0] == "index" else file.as_posix()
        for file in ours
    }
    assert {name for name in names if name.startswith("qa/")} == expected
    required = [
        line.removeprefix("Requires-Dist: ") for line in metadata.splitlines() if line.startswith("Requires-Dist: ")
    ]
    core = [each for each in required if "extra ==" not in each]
    assert {"numpy>=2.0", "typer>=0.20"} <= set(core)
    assert not [each for each in core if each.startswith(("torch", "transformers", "sentence-transformers"))]
    assert not [each for each in required if "==" in each.partition(";")[0]]


def test_the_wheel_alone_indexes_and_finds(wheel: Path, tmp_path: Path) -> None:
    done([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], tmp_path)
    python = tmp_path / "env" / BIN / Path(sys.executable).with_suffix(".exe" if os.name == "nt" else "").name
    done(
        [sys.executable, "-m", "pip", "--quiet", "--python", python, "install", "--no-deps", "--no-index", wheel],
        tmp_path,
    )
    packages = Path(done([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], tmp_path).strip())
    # what is needed, but no package of ours
    (packages / "project.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    assert done([tmp_path / "env" / BIN / PROGRAM, "--version"], tmp_path) == f"qa {qa.__version__}\n"
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "river.txt").write_text("The river Alder is 210 kilometres long.\n", encoding="utf-8")
    # read in another process
    (tmp_path / "articles" / "bridge.eml").write_text(
        "Subject: Bridge\n\nThe bridge cost 40 million crowns.\n", encoding="utf-8"
    )
    assert done([python, "-c", SMOKE], tmp_path).splitlines() == [
        "The river Alder is 210 kilometres long.",
        "Bridge, n.d.",
        "False",
    ]
    listed = done([tmp_path / "env" / BIN / PROGRAM, "sources", "list", "--library", "articles/.qa"], tmp_path)
    assert "river.txt" in listed
