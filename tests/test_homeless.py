"""Without a home folder everything that only reads works, and what must write says in a line what to set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import SettingsError
from qa import paths

REPOSITORY = Path(__file__).parent.parent
HOMELESS = """
import os, sys
from pathlib import Path
if "UNKNOWN" in os.environ:
    import pwd
    def nobody(number): raise KeyError(number)
    pwd.getpwuid = nobody
from qa.cli import run
from qa.commands.session import Loaders, Session
from tests.fakes import FakeEmbedder, FakeModel
fakes = Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: FakeModel(lambda _: "The river Alder is 210 kilometres long."))
sys.exit(run(sys.argv[1:], Session(loaders=fakes)))
"""


def qa(folder: Path, environ: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("HOME", "USERPROFILE") and not name.startswith(("XDG_", "QA_"))
    }
    command = [sys.executable, "-c", HOMELESS, *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        env=kept | {"PYTHONPATH": str(REPOSITORY)} | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="takes the password database away")
@pytest.mark.parametrize(
    "environ", [{}, {"UNKNOWN": "1"}, {"HOME": "", "UNKNOWN": "1"}, {"HOME": "river.txt"}, {"HOME": "/proc/none"}]
)
def test_without_a_home_the_program_works(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "river.txt").write_text(
        "The river Alder is long. The river Alder is 210 kilometres long.\n", encoding="utf-8"
    )
    if environ.get("HOME") == "river.txt":
        environ = {"HOME": str(tmp_path / "river.txt")}
    assert qa(tmp_path, environ, "--help")[::2] == (0, "")
    assert qa(tmp_path, environ, "index", "river.txt")[0] == 0
    code, out, err = qa(tmp_path, environ, "search", "river")
    assert (code, err, out.startswith("[1] “The river Alder is long. The river Alder…”, undated  river.txt:0-64")) == (
        0,
        "",
        True,
    )
    code, out, err = qa(tmp_path, environ, "ask", "How long is the river Alder?")
    assert (code, "The river Alder is 210 kilometres long. [1]" in out, "Traceback" in err) == (0, True, False)
    code, out, err = qa(tmp_path, environ, "doctor")
    assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == [".qa", "river.txt"]  # and no folder called ~


@pytest.mark.parametrize("name", ["QA_LIBRARY", "QA_MODELS"])
def test_a_home_that_is_not_known_is_named(tmp_path: Path, name: str) -> None:
    code, out, err = qa(tmp_path, {name: "~nobody-of-this-name/x"}, "search", "river")
    told = "error: “~nobody-of-this-name/x” lies in a home folder that is not known here\nhint: write the whole path, or set HOME\n"
    assert (code, out, err) == (1, "", told)


def test_a_state_folder_in_such_a_home_is_refused() -> None:
    with pytest.raises(SettingsError):
        paths.state_folder({"QA_STATE": "~nobody-of-this-name/x"})
