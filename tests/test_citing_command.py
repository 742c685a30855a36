"""`qa cite DRAFT`: what it writes, what it says, how it ends; interrupted, refused, and done twice."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.build import add_articles
from index.store import Library
from qa.citing import journal
from qa.citing.records import Judged, Otherwise, Said
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.memo.errors import MemoError
from qa.records import Quote
from tests.draft_files import word_draft
from tests.fakes import FakeEmbedder, FakeModel, said_literally
from tests.test_cite import article
from tests.test_citing_judge import ARTICLES, GAZETTE

DRAFT = """# The bridge

We recommend that the council waits. The mayor of Malmo did not sign the contract with Skanska.
The mayor of Malmo signed the contract with Skanska. Rosatom employs some 350,000 people.
"""
SOUND = "# The bridge\n\nThe mayor of Malmo did not sign the contract with Skanska.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Library.create(tmp_path / ".qa", FakeEmbedder()) as made:
        add_articles(
            made, [article(source, text, known, ()) for source, (text, known) in ARTICLES.items()], FakeEmbedder()
        )
    (tmp_path / "draft.md").write_text(DRAFT)
    return tmp_path


def qa(folder: Path, capture: Callable[[], Any], *arguments: str) -> tuple[int, str, str]:
    loaders = Loaders(embedder=lambda _: FakeEmbedder(), model=lambda _: FakeModel(yes=said_literally))
    session = Session(loaders=loaders, environ={}, cwd=folder, user_file=folder / "user.toml", stdin=io.BytesIO())
    code = run([*arguments, "--library", ".qa"], session)
    return code, *capture()


def test_a_draft_is_given_back_with_what_came_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = qa(folder, capsys.readouterr, "cite", "draft.md", "-o", "out.md")
    assert (code, out) == (0, "")
    assert err == (
        "out.md: 5 sentences: 1 supported, 0 partly, 1 contradicted, 1 not in the sources, 2 no claim; 1 "
        "footnote, 1 quote from 1 article\n"
    )
    text = (folder / "out.md").read_text()
    assert (
        "We recommend that the council waits. The mayor of Malmo did not sign the contract with Skanska.[^1]\n" in text
    )
    assert (
        "employs some 350,000 people. <!-- qa cite: Not in the sources: no article was found that says this. -->\n"
        in text
    )
    assert sorted(file.name for file in folder.iterdir()) == [".qa", "draft.md", "out.md"]
    assert qa(folder, capsys.readouterr, "verify", "out.md")[0] == 0
    assert qa(folder, capsys.readouterr, "cite", "out.md", "-o", "again.md")[0] == 0
    assert (folder / "again.md").read_bytes() == (folder / "out.md").read_bytes()


def test_without_an_output_the_judgements_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = qa(folder, capsys.readouterr, "cite", "draft.md")
    assert (code, err) == (
        0,
        "draft.md: 5 sentences: 1 supported, 0 partly, 1 contradicted, 1 not in the sources, 2 no claim\n",
    )
    lines = out.splitlines()
    assert lines[:3] == [
        "supported",
        "  The mayor of Malmo did not sign the contract with Skanska.",
        "    “The mayor of Malmo did not sign the contract with Skanska.” (ledger.txt:76-134)",
    ]
    assert lines[-2:] == ["not in the sources", "  Rosatom employs some 350,000 people."]


def test_strict_ends_with_1_where_something_is_not_in_the_sources(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = qa(folder, capsys.readouterr, "cite", "draft.md", "-o", "out.md", "--strict")
    assert code == 1
    assert err.splitlines()[:2] == [
        "contradicted: The mayor of Malmo signed the contract with Skanska.",
        "not in the sources: Rosatom employs some 350,000 people.",
    ]
    (folder / "sound.md").write_text(SOUND)
    assert qa(folder, capsys.readouterr, "cite", "sound.md", "--strict")[0] == 0


def test_json_holds_every_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = qa(folder, capsys.readouterr, "cite", "draft.md", "--json")
    held = json.loads(out)
    assert (code, err, held["draft"], held["output"]) == (0, "", "draft.md", None)
    assert held["counts"] == {"supported": 1, "partly": 0, "contradicted": 1, "absent": 1, "no claim": 2}
    assert [one["verdict"] for one in held["sentences"]] == [
        "no claim",
        "no claim",
        "supported",
        "contradicted",
        "absent",
    ]
    assert (
        held["sentences"][3]["otherwise"][0]["quote"]["text"]
        == "The mayor of Malmo did not sign the contract with Skanska."
    )


def test_a_word_draft_becomes_a_word_draft(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "draft.docx").write_bytes(word_draft())
    assert qa(folder, capsys.readouterr, "cite", "draft.docx", "-o", "out.docx")[0] == 0
    assert qa(folder, capsys.readouterr, "cite", "out.docx", "-o", "out.docx", "--force")[0] == 0
    assert (folder / "out.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["gone.md", "-o", "out.md"], "error: there is no file"),
        (["draft.md", "-o", "out.docx"], "error: out.docx: a draft in .md is given back in .md"),
        (["draft.md", "-o", "draft.md"], "error: "),
        (["draft.md", "-o", "nowhere/out.md"], "error: "),
        (["draft.pdf", "-o", "out.pdf"], "error: "),
        (["locked.docx", "-o", "out.docx"], "error: locked.docx is locked with a password"),
        (["draft.md", "-o", "out.md", "--style", "apaa"], "error: there is no citation style"),
        (["draft.md", "-o", "out.md", "--source", "none.txt"], "error: no article of the library is called"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line_and_a_hint(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], error: str
) -> None:
    (folder / "locked.docx").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 100)
    code, out, err = qa(folder, capsys.readouterr, "cite", *arguments)
    assert (code, out) == (1, "")
    assert err.startswith(error)
    assert [line.partition(":")[0] for line in err.splitlines()] == ["error", "hint"]
    assert not (folder / "out.md").exists()


def test_a_full_disk_loses_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = qa(folder, capsys.readouterr, "cite", "draft.md", "-o", "out.md")
    assert code == 1
    assert "cannot be written: No space left on device" in err
    assert (folder / "draft.md").read_text() == DRAFT
    assert not (folder / "out.md").exists()


def test_an_interrupted_draft_goes_on_where_it_was(tmp_path: Path) -> None:
    said = [Said(f"Sentence number {number}.") for number in range(4)] + [Said("Sentence number 0.")]
    file = journal.beside(tmp_path / "out.md")
    asked: list[str] = []

    def judge(one: Said) -> Judged:
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(one.text)
        quote = Quote("a.txt", 0, 3, "The")
        return Judged("partly", (quote,), 0.5, ("x",), (Otherwise(quote, "newer"),), "so")

    with pytest.raises(KeyboardInterrupt):
        journal.judged(said, judge, file, provenance="p", report=lambda _: None)
    file.write_bytes(file.read_bytes() + b'\n{"key": "cut sh')
    asked.clear()
    made, kept = journal.judged(said[:2] + said[4:], judge, file, provenance="p", report=lambda _: None)
    assert (kept, asked) == (2, [])
    assert made[0] == Judged(
        "partly", (Quote("a.txt", 0, 3, "The"),), 0.5, ("x",), (Otherwise(Quote("a.txt", 0, 3, "The"), "newer"),), "so"
    )
    _, other = journal.judged(said[:1], judge, file, provenance="another library", report=lambda _: None)
    assert (other, asked) == (0, ["Sentence number 0."])


def test_a_journal_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    journal.beside(tmp_path / "out.md").mkdir()
    with pytest.raises(MemoError, match="cannot be read"):
        journal.judged(
            [Said("One.")],
            lambda _: Judged("absent"),
            journal.beside(tmp_path / "out.md"),
            provenance="",
            report=lambda _: None,
        )


def test_words_are_still_looked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = qa(folder, capsys.readouterr, "cite", GAZETTE)
    assert (code, out.splitlines()[0]) == (0, f"gazette.txt:0-{len(GAZETTE)}")


@pytest.mark.skipif(os.name == "nt", reason="the hooks are run by bash")
@pytest.mark.parametrize(("fails", "code"), [("none", 0), ("b.md", 1)])
def test_the_hooks_of_pre_commit_check_every_file_and_fail_if_one_does(tmp_path: Path, fails: str, code: int) -> None:
    hooks = yaml.safe_load((Path(__file__).parent.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["qa-cite", "qa-verify"]
    program = tmp_path / "qa"
    program.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/told\ncase "$*" in *{fails}*) exit 1;; esac\n')
    program.chmod(0o755)
    for hook in hooks:
        done = subprocess.run(
            [*shlex.split(hook["entry"]), "a.md", "b.md", "c d.md"],
            env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
            check=False,
        )
        assert done.returncode == code
    assert (tmp_path / "told").read_text().splitlines() == [
        *(f"cite {file} --strict" for file in ("a.md", "b.md", "c d.md")),
        *(f"verify --quiet {file}" for file in ("a.md", "b.md", "c d.md")),
    ]
