"""Measures what damage to a library and to a model does: `python -m bench.damage`.

One file of a library, or of a model, is damaged: a bit flipped (its time kept, as when a disk rots), a run of bytes
overwritten, cut off, emptied, a folder put in its place, a log left beside it. Then a search must give the same hits or
one clear error, `qa doctor` must find what changed anything, every hint that either prints is run, and after it the
hits must be the old ones and doctor content. The functions are for other programs of bench, too.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from bench.program import SEEDS
from index.arrange import arrange
from qa import doctor
from qa.cli import run
from qa.commands.session import Loaders, Session
from qa.settings import Settings, load
from tests.fakes import FakeEmbedder, FakeModel

QUERIES = ("trade target 2030", "who visited New Delhi", "oil corridor coal", "defence and energy")
Kind = Literal["flip", "burst", "cut", "empty", "folder", "log"]
KINDS: tuple[Kind, ...] = ("flip", "flip", "flip", "flip", "burst", "cut", "empty", "folder", "log")
Said = tuple[int, str, str]  # exit code (or -1: a traceback), standard output, standard error


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one damaged file.

    `search` is what searching did, `found` whether doctor had a hint; `failed` names the hints that did not mend, with
    what was wrong after them.
    """

    file: str
    kind: Kind
    place: int
    search: Literal["same", "told", "changed", "traceback"]
    found: bool
    traceback: str = ""
    failed: tuple[str, ...] = ()

    @property
    def unseen(self) -> bool:
        """Whether doctor missed what searching felt."""
        return self.search != "same" and not self.found


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


def damaged(file: Path, kind: Kind, draw: random.Random) -> int:
    """Damages a file and returns where. A flip keeps the file's times."""
    if kind == "log":
        file.with_name(file.name + "-wal").write_bytes(draw.randbytes(50_000))
        file.with_name(file.name + "-shm").write_bytes(draw.randbytes(32_768))
        return 0
    status = file.stat()
    place = draw.randrange(max(status.st_size, 1))
    if kind == "folder":
        file.unlink()
        file.mkdir()
        (file / "something").write_text("in the way")
        return 0
    with file.open("r+b") as opened:
        if kind in ("flip", "burst"):
            opened.seek(place)
            was = opened.read(16)
            opened.seek(place)
            opened.write(
                bytes([was[0] ^ 1 << draw.randrange(8)]) if kind == "flip" and was else draw.randbytes(len(was))
            )
        else:
            opened.truncate(0 if kind == "empty" else place)
    if kind == "flip":
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    return place


def tried(
    place: Place, file: Path, kind: Kind, draw: random.Random, expected: tuple[Said, ...], *, hints: bool = True
) -> Outcome:
    """Damages a file of a sound place, looks, follows every hint, and says what became of it.

    The place is left mended, or not.
    """
    at = damaged(file, kind, draw)
    said = place.hits()
    found = place.findings()
    raised = next((err for code, _, err in said if code == -1), found if isinstance(found, str) else "")
    told = any(
        (code == 1 and err.startswith("error: ") and len(err.splitlines()) == 2) or '"error"' in out
        for code, out, err in said
    )
    search: Literal["same", "told", "changed", "traceback"] = (
        "traceback" if raised else "same" if _equal(said, expected) else "told" if told else "changed"
    )
    wanted = [finding.hint for finding in found if finding.hint is not None] if not isinstance(found, str) else []
    outcome = Outcome(file.name, kind, at, search, bool(wanted), raised)
    if not hints:
        return outcome
    wanted += [json.loads(out)["error"]["hint"] for code, out, _ in said if code == 1 and out.startswith("{")]
    failed = [f"{hint}: {problem}" for hint in dict.fromkeys(wanted) if (problem := followed(place, hint))]
    if not failed and wanted:
        after = place.findings()
        if isinstance(after, str) or any(finding.hint for finding in after):
            failed.append(f"after {', '.join(dict.fromkeys(wanted))}, doctor says: {after}")
        if not _equal(place.hits(), expected):
            failed.append(f"after {', '.join(dict.fromkeys(wanted))}, searching gives: {place.hits()[0]}")
    return replace(outcome, failed=tuple(failed))


def followed(place: Place, hint: str) -> str:
    """Does what a hint says; what went wrong, or an empty string."""
    words = shlex.split(hint)
    if words[0] == "chmod":
        return subprocess.run(hint, shell=True, capture_output=True, text=True, check=False).stderr
    if words[0] != "qa":
        return "this is no command"
    code, _, err = place.qa(*words[1:])
    return "" if code == 0 else f"exit code {code}: {err.strip()}"


def over(
    place: Place, files: Callable[[], Sequence[Path]], draw: random.Random, count: int, *, kinds: Sequence[Kind] = KINDS
) -> Iterator[Outcome]:
    """Damages one file after the other, each in turn, restoring the place between."""
    expected = place.hits()
    assert all(code == 0 for code, _, _ in expected), expected
    with tempfile.TemporaryDirectory() as name:
        sound = Path(name) / "sound"
        shutil.copytree(place.folder, sound)
        for number in range(count):
            there = files()
            file, kind = there[number % len(there)], draw.choice(kinds)
            if kind == "log" and file.suffix != ".sqlite":
                kind = "flip"
            yield tried(place, file, kind, draw, expected)
            shutil.rmtree(place.folder)
            shutil.copytree(sound, place.folder, copy_function=shutil.copy2)


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


def table(outcomes: Iterable[Outcome]) -> str:
    """Markdown: a row for each file."""
    rows: dict[str, Counter[str]] = {}
    for one in outcomes:
        for name in (one.file, "**all**"):
            row = rows.setdefault(name, Counter())
            row.update({"tried": 1, one.search: 1, "unseen": int(one.unseen), "failed": int(bool(one.failed))})
    heads = ("tried", "changed", "traceback", "unseen", "failed")
    lines = [
        "| file | tried | silent change | traceback | felt, not found by doctor | a hint failed |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    names = sorted(rows, key=lambda name: (name == "**all**", name))
    return "\n".join(
        [*lines, *(f"| {name} | {' | '.join(str(rows[name][head]) for head in heads)} |" for name in names)]
    )


def main() -> None:
    """Damage what was asked for, and print the table and every failure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--library", type=int, default=400, help="faults in a small library")
    options.add_argument(
        "--cells", type=int, default=100, help="faults in the block file of a library that is searched by cells"
    )
    options.add_argument("--embedder", type=int, default=28, help="faults in a copy of the real embedder")
    options.add_argument("--models", type=Path, help="the folder of the real models (default: the usual one)")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    draw, began, outcomes = random.Random(given.seed), time.perf_counter(), list[Outcome]()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if given.library:
            place = small_library(work / "small")
            outcomes += _told(over(place, lambda: library_files(place), draw, given.library))
        if given.cells:
            with cells_from(20):
                celled = small_library(work / "celled")
                outcomes += _told(
                    over(
                        celled,
                        lambda: block_files(celled),
                        draw,
                        given.cells,
                        kinds=("flip", "flip", "burst", "cut", "empty", "folder"),
                    )
                )
        if given.embedder:
            from qa.paths import models_folder

            real = real_embedder(work / "real", given.models or models_folder())
            outcomes += _told(
                over(
                    real,
                    lambda: model_files(real),
                    draw,
                    given.embedder,
                    kinds=("flip", "flip", "flip", "burst", "cut", "empty", "folder"),
                )
            )
    print(table(outcomes))
    print(
        f"\nin {time.perf_counter() - began:.0f} s; harmless (same hits, doctor "
        f"content): {sum(one.search == 'same' and not one.found for one in outcomes)}"
    )


def _told(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    for one in outcomes:
        if one.search in ("changed", "traceback") or one.unseen or one.failed:
            last = one.traceback.strip().splitlines()[-1:] if one.traceback else ""
            print(
                f"{one.file} {one.kind} at {one.place}: {one.search}, "
                f"found {one.found} {last} {' / '.join(one.failed)}"[:600],
                file=sys.stderr,
                flush=True,
            )
        yield one


def _equal(said: tuple[Said, ...], expected: tuple[Said, ...]) -> bool:
    return [one[:2] for one in said] == [one[:2] for one in expected]


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


if __name__ == "__main__":
    main()
