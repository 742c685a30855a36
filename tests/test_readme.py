"""The README is true: its commands exist, its transcript quotes the articles as they are, and its Python does what it says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from qa.cli import run
from qa.commands.session import Session

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TRANSCRIPT = README.partition("<!-- transcript -->")[2].partition("<!-- end -->")[0]


def commands() -> list[str]:
    """Every `qa WORD` of the README, the words of a table row's list too."""
    found = set(re.findall(r"\bqa ([a-z]+)\b", README))
    for row in re.findall(r"`qa (\w+) \w+`((?:, `\w+`)+)", README):
        found |= {f"{row[0]} {word}" for word in re.findall(r"\w+", row[1])}
    return sorted(found)


@pytest.mark.parametrize("command", commands())
def test_every_command_exists(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(" "), "--help"], Session(environ={}, cwd=tmp_path, user_file=tmp_path / "none")) == 0
    assert "Usage: qa " + command in capsys.readouterr().out


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    benches = makefile.partition("BENCHES := ")[2].partition("\n")[0].split()
    targets = {*re.findall(r"^([a-z-]+):", makefile, re.MULTILINE), *(f"bench-{name}" for name in benches)}
    assert set(re.findall(r"(?:`|\$ )make ([a-z-]+)", README)) <= targets


def test_the_python_prints_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code = README.partition("```python\n")[2].partition("```")[0]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, {})
    assert printed.getvalue() == "The two countries have set a target of $100 billion by 2030.\n"


def test_the_transcript_quotes_the_seeds() -> None:
    places = re.findall(r"(\S+\.txt):(\d+)-(\d+)\s+“?(.+?)”?$", TRANSCRIPT.replace("\n    ", "  "), re.MULTILINE)
    assert len(places) >= 2
    for source, start, end, quote in places:
        text = (ROOT / "seeds" / source).read_text(encoding="utf-8")
        assert " ".join(text[int(start) : int(end)].split()) == quote.strip()


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
