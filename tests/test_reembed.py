"""Changing the embedder says what that costs, and asks; nothing is embedded anew that nobody agreed to."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.build import build
from index.embed import FloatArray
from index.reembed import SAMPLE, cost
from index.store import Library
from qa.cli import run
from qa.commands.reembed import agreed
from qa.commands.session import Loaders, Session
from tests.fakes import FakeEmbedder

PASSAGES = 100
CHANGED = "the library was built with the embedder fake-embedder (fake256), not with other (fake64)"


class Clocked(FakeEmbedder):
    """Takes two seconds a passage on a clock of its own."""

    def __init__(self) -> None:
        super().__init__(dimension=64, name="other")
        self.time = 0.0

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        self.time += 2.0 * len(texts)
        return super().encode_passages(texts)


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


Index = Callable[..., tuple[int, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of a hundred passages, built with another embedder."""
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(PASSAGES):
        (articles / f"{number:03}.txt").write_text(f"The river number {number} is long.\n")
    build(tmp_path / ".qa", [articles], FakeEmbedder())
    return tmp_path / ".qa"


@pytest.fixture
def index(folder: Path, capsys: pytest.CaptureFixture[str]) -> Index:
    """Gives `qa index`, typed at a terminal that says something, or where there is none."""

    def command(*arguments: str, says: bytes | None = None) -> tuple[int, str]:
        stdin = io.BytesIO() if says is None else Terminal(says)
        loaders = Loaders(
            embedder=lambda _: FakeEmbedder(dimension=64, name="other"),
            model=lambda _: pytest.fail("no model is needed"),
        )
        session = Session(loaders=loaders, environ={}, cwd=folder.parent, user_file=folder / "user.toml", stdin=stdin)
        code = run(["index", *arguments], session)
        return code, capsys.readouterr().err

    return command


def dimension(folder: Path) -> int:
    with Library.open(folder) as library:
        return library.identity.dimension


def test_the_cost_is_measured_on_passages_from_all_over_the_library(folder: Path) -> None:
    embedder = Clocked()
    found = cost(folder, embedder, clock=lambda: embedder.time)
    assert found is not None
    assert (found.passages, found.seconds) == (PASSAGES, 2.0 * PASSAGES)
    assert (found.before, found.now) == ("fake-embedder (fake256)", "other (fake64)")
    assert len(embedder.texts) == SAMPLE
    numbers = sorted(int(text.split()[3]) for text in embedder.texts)
    assert (numbers[0], numbers[-1] > 90) == (0, True)


def test_the_same_embedder_costs_nothing_and_neither_does_no_library(folder: Path, tmp_path: Path) -> None:
    assert cost(folder, FakeEmbedder()) is None
    assert cost(tmp_path / "none", FakeEmbedder()) is None
    (folder / "library.sqlite").write_bytes(b"nonsense" * 1000)
    assert cost(folder, Clocked()) is None  # what is damaged is said elsewhere


def test_where_nobody_can_be_asked_the_cost_is_the_error(folder: Path, index: Index) -> None:
    said = f"error: {CHANGED}; to change it takes 100 passages embedded anew, less than a minute (estimated on some of them)\nhint: qa index --rebuild\n"
    assert index() == (1, said)
    assert index("--quiet", says=b"y\n") == (1, said)
    assert dimension(folder) == 256


def test_a_person_is_asked_and_may_say_no(folder: Path, index: Index) -> None:
    question = f"{CHANGED}. To change it takes 100 passages embedded anew, less than a minute (estimated on some of them), and all articles read anew.\n"
    code, err = index(says=b"\n")
    assert (code, err) == (
        0, f"{question}Change it now? [y/N] nothing was changed; the old embedder is named with: embedder in qa.toml, "
        f"or QA_EMBEDDER\n"
    )  # fmt: skip
    assert dimension(folder) == 256
    code, err = index(says=b"y\n")
    assert code == 0
    assert err.startswith(f"{question}Change it now? [y/N] ")
    assert "100 passages, 100 embedded" in err
    assert dimension(folder) == 64


def test_who_asks_for_a_rebuild_is_told_and_not_asked(folder: Path, index: Index) -> None:
    code, err = index("--rebuild", says=b"n\n")
    assert code == 0
    assert err.startswith(f"{CHANGED}: 100 passages embedded anew, less than a minute (estimated on some of them)\n")
    assert dimension(folder) == 64


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (59, "less than a minute"),
        (89, "about 1 minute"),
        (3600, "about 60 minutes"),
        (7300, "about 2 hours"),
        (16_200, "about 4 hours"),
    ],
)
def test_times_are_told_as_people_tell_them(seconds: float, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    from index.reembed import Cost

    agreed(Cost(5, seconds, "a", "b"), Session(), rebuild=True, quiet=False)
    assert (
        capsys.readouterr().err
        == f"the library was built with the embedder a, not with b: 5 passages embedded anew, {said} (estimated on "
        f"some of them)\n"
    )
