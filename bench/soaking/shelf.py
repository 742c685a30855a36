"""The articles that a soak works with, and all that a library holds, so that two of them can be compared."""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import cache
from pathlib import Path
from random import Random

from bench.fuzzing import seeds
from index.errors import VouchError
from index.health import check
from index.store import Library

Contents = tuple[object, ...]

QUESTIONS = (
    "How long is the river Alder?",
    "Who opened the bridge at Westerby?",
    "How many people did the ferry carry in 2021?",
    "What did the harbour board approve?",
    "Who is Zanthor Quux?",
)
_PLACES = "Alder Birch Westerby Midland Harlow Fenwick Ostrava Larne Selby Tarn".split()
_THINGS = "bridge ferry harbour tunnel library market hospital railway museum dam".split()


def sentence(random: Random) -> str:
    """A plain sentence with a name and a figure in it."""
    place, thing, number = random.choice(_PLACES), random.choice(_THINGS), random.randint(2, 999)
    return random.choice(
        (
            f"The {thing} at {place} is {number} metres long.",
            f"The mayor of {place} opened the {thing} on {number % 28 + 1} March 20{number % 24:02}.",
            f"It carried {number},000 people in 20{number % 24:02}, a spokeswoman said.",
            f"The board of {place} did not approve the {thing}, which costs ${number} million.",
        )
    )


def article(random: Random, *, sentences: int = 14) -> str:
    """A small article: two paragraphs."""
    told = [sentence(random) for _ in range(sentences)]
    return " ".join(told[: sentences // 2]) + "\n\n" + " ".join(told[sentences // 2 :]) + "\n"


def stock(folder: Path, random: Random, *, articles: int = 10) -> None:
    """Put articles of every kind into `folder`; the first says how long the river Alder is."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "alder.txt").write_text("The river Alder is 210 kilometres long. It does not freeze.\n", encoding="utf-8")
    for number in range(articles):
        (folder / f"story {number}.{'md' if number % 3 else 'txt'}").write_text(article(random), encoding="utf-8")
    (folder / "page.html").write_bytes(seeds.page(article(random)))
    (folder / "report.pdf").write_bytes(seeds.pdf(article(random)))
    (folder / "letter.docx").write_bytes(seeds.docx(article(random)))
    (folder / "rows.jsonl").write_bytes(seeds.rows(article(random)))


def change(folder: Path, random: Random) -> None:
    """What happens to a folder between two runs: an article changed, one gone, one new."""
    (folder / "story 1.md").write_text(article(random), encoding="utf-8")
    (folder / "story 3.txt").unlink()
    (folder / "new.txt").write_text(article(random), encoding="utf-8")


def contents(folder: Path) -> Contents:
    """Everything that a search could find, with its vectors.

    Equal for two libraries exactly where nothing tells them apart. Names what is wrong instead.
    """
    try:
        with Library.open(folder) as library:
            problems = check(library)
            if problems:
                return ("unsound", *problems)
            known = tuple((info.source, library.article(info.source)) for info in library.sources())
            vectors = dict(library.rows("SELECT p.id, v.value FROM passages p JOIN vectors v ON v.id = p.vector"))
            passages = [
                (each.source, each.start, each.end, each.text, hashlib.sha256(vectors[each.id]).hexdigest())
                for each in library.passages(list(vectors))
            ]
            return (library.digest, known, tuple(sorted(passages)))
    except VouchError as error:
        return ("unreadable", error.message)


def files(folder: Path) -> dict[str, bytes]:
    """The files below a folder, by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@cache
def undisturbed(folder: Path) -> Contents:
    """The contents of a library that nobody changes any more."""
    return contents(folder)


def copied(source: Path, target: Path) -> Path:
    """A copy of a folder, times kept, so that nothing in it looks changed.

    What SQLite keeps while others read is not copied.
    """
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.sqlite-wal", "*.sqlite-shm"))
    return target


def written(place: Path) -> dict[str, object]:
    """What a command wrote for its user, timings aside."""
    found: dict[str, object] = {}
    for name, data in files(place).items():
        if name.startswith((".", "articles")) or name.endswith(".lock"):  # a hidden leftover blocks nobody
            continue
        lines = name.endswith((".jsonl", ".resume"))
        found[name] = [_timeless(line) for line in data.splitlines()] if lines else data
    return found


def _timeless(line: bytes) -> object:
    try:
        row = json.loads(line)
    except ValueError:  # a line that was cut off
        return line
    return (
        {key: value for key, value in row.items() if key not in ("timings_ms", "written", "kept")}
        if isinstance(row, dict)
        else row
    )
