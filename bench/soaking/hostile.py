"""Hostile files among the articles of a folder: the good ones are indexed as if the others were not there."""

from __future__ import annotations

import io
import os
import socket
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from bench.fuzzing import seeds
from bench.soaking.fault import Kind, Outcome, differs, failed, outcome
from bench.soaking.process import qa
from bench.soaking.shelf import copied, stock
from index.errors import VouchError
from index.store import Library

Maker = Callable[[Random, Path], None]
_NAMES = (
    "no\u00a0break",
    "bidi\u202etxt",
    "zwj\u200d",
    "new\nline",
    "tab\there",
    "\u2028line",
    "-dash",
    "a" * 240,
    "quote'\"",
    "%s{0}",
    "$(id)",
    "日本語",
    "e\u0301",
    "\u00e9",
    "#1",
    "a:1-5",
    "[x]",
)


def _bomb(random: Random, folder: Path) -> None:
    """A Word file whose text is thousands of times its size."""
    much = (
        b" " * random.choice((60, 300)) * 1_000_000
        if random.random() < 0.5
        else b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * random.choice((200_000, 2_000_000))
    )
    _write_word(folder / "bomb.docx", b"<w:sectPr/>", much + b"<w:sectPr/>")


def _wide(random: Random, folder: Path) -> None:
    """A Word file that asks for millions of columns."""
    columns = random.choice((10**6, 2 * 10**9, 10**30, -5))
    _write_word(folder / "wide.docx", b"gridSpan w:val='1'", b"gridSpan w:val='%d'" % columns)


def _write_word(file: Path, old: bytes, new: bytes) -> None:
    """A sound Word file with `new` in place of `old` in its text."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(seeds.docx())) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            held = source.read(name)
            target.writestr(name, held.replace(old, new) if name == "word/document.xml" else held)
    file.write_bytes(packed.getvalue())


def _locked(random: Random, folder: Path) -> None:
    """A Word file with members that say they are encrypted, or packed in a way of their own."""
    data = bytearray(seeds.docx())
    flag, method = random.choice(((1, 8), (0, 14), (0, 99), (1, 0)))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            struct.pack_into("<HH", data, at + place, flag, method)
            at = data.find(mark, at + 4)
    (folder / "locked.docx").write_bytes(data)


def _bent(random: Random, folder: Path) -> None:
    """A file of any kind with bytes changed."""
    suffix, build = random.choice(
        ((".docx", seeds.docx), (".pdf", seeds.pdf), (".html", seeds.page), (".jsonl", seeds.rows))
    )
    data = bytearray(build())
    for _ in range(random.randint(1, 40)):
        data[random.randrange(len(data))] = random.randrange(256)
    (folder / f"bent{suffix}").write_bytes(data[: random.choice((len(data), len(data) // 2, 7))])


def _pdf(random: Random, folder: Path) -> None:
    """A PDF with a filter, a length or a page tree that leads nowhere or round."""
    old, new = random.choice(
        (
            (b"/Length ", b"/Filter /Fl /Length "),
            (b"/Length ", b"/Filter [/FlateDecode /FlateDecode /ASCIIHexDecode /Crypt] /Length "),
            (b"/Count ", b"/Count 99999999999"),
            (b"/Parent 2 0 R", b"/Parent 4 0 R /Kids [5 0 R 5 0 R] /Type /Pages"),
            (
                b"/Root 1 0 R",
                b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /O () /U () /P 0 /Length 0 >> /ID [() ()]",
            ),
            (b"startxref\n", b"startxref\n-1"),
        )
    )
    (folder / "filter.pdf").write_bytes(seeds.pdf().replace(old, new))


def _named(random: Random, folder: Path) -> None:
    """A good article under a bad name, some of them no Unicode at all."""
    (folder / f"{random.choice(_NAMES)}.txt").write_text("The mayor said that 7 people came.\n", encoding="utf-8")
    with open(os.fsencode(folder) + b"/caf\xe9 \xff.txt", "wb") as out:  # noqa: PTH123 (a Path holds no such name as bytes)
        out.write(b"The caf\xe9 has 9 tables.\n")


def _sparse(random: Random, folder: Path) -> None:
    """A file that is large and holds nothing."""
    with (folder / f"sparse.{random.choice(('txt', 'html', 'pdf', 'docx', 'jsonl', 'md'))}").open("wb") as out:
        out.truncate(5 << 30)


def _special(random: Random, folder: Path) -> None:
    """What is no file, under an article's name."""
    name = folder / f"special.{random.choice(('txt', 'pdf', 'md'))}"
    made = random.choice(("fifo", "socket", "folder", "loop", "dangling", "zero", "proc", "inside", "above"))
    if made == "fifo":
        os.mkfifo(name)
    elif made == "socket":
        with socket.socket(socket.AF_UNIX) as one, _within(folder):
            one.bind(name.name)
    elif made == "folder":
        name.mkdir()
    else:
        targets = {
            "loop": name.name,
            "dangling": "nowhere.txt",
            "zero": "/dev/zero",
            "proc": "/proc/self/mem",
            "inside": ".",
            "above": "..",
        }
        name.symlink_to(targets[made])


class _within:  # noqa: N801 (used as a function)
    """In a folder for a moment: the path of a socket must be short."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        self._before = Path.cwd()
        os.chdir(self._folder)

    def __exit__(self, *_: object) -> None:
        os.chdir(self._before)


def _endless(random: Random, folder: Path) -> None:
    """Text that some way of reading it takes ages for."""
    unit, suffix = random.choice(
        (
            ("😀. ", "txt"),
            ("— ", "txt"),
            ("About the author\n\n", "txt"),
            ("<p>a</p>", "html"),
            ("<div>", "html"),
            ("a, ", "md"),
            ("| a ", "md"),
            ('{"text": "a"}\n', "jsonl"),
            ("“", "txt"),
        )
    )
    (folder / f"endless.{suffix}").write_text(unit * (300_000 // len(unit)), encoding="utf-8")


def _rows(random: Random, folder: Path) -> None:
    """Rows of which some are none."""
    bad = random.choice(
        (
            "{",
            "[]",
            '{"text": 5}',
            '{"text": ""}',
            "\x00",
            '{"text": "a", "date": []}',
            "[" * 100_000,
            '{"text": "\\ud800 a"}',
            "9" * 5_000,
        )
    )
    (folder / "bad.jsonl").write_text(f"{bad}\n" * random.choice((1, 3)), encoding="utf-8", errors="surrogatepass")


def _nothing(random: Random, folder: Path) -> None:
    """Nothing, noise, or a text in no encoding."""
    (folder / f"none{random.choice(('.txt', '.md', '.html', '.pdf', '.docx', '.jsonl'))}").write_bytes(
        random.choice((b"", b" \n", b"\x00" * 100, random.randbytes(3_000), b"\xff\xfe", b"\xd8\x00" * 50))
    )


MAKERS: Mapping[str, Maker] = {
    "bomb": _bomb, "wide": _wide, "locked": _locked, "bent": _bent, "pdf": _pdf, "named": _named, "sparse": _sparse, "special": _special, "endless": _endless,
    "rows": _rows, "nothing": _nothing,
}  # fmt: skip


def _prepared(random: Random, prepared: Path) -> None:
    stock(prepared / "articles", random, articles=5)
    if qa(["index", "articles"], prepared).code != 0:
        raise RuntimeError("an undisturbed run failed")


def _cause(random: Random, prepared: Path, folder: Path) -> Outcome:
    place = folder / "place"
    place.mkdir()
    articles = copied(prepared / "articles", place / "articles")
    good = {path.name for path in articles.iterdir()}
    chosen = [random.choice(list(MAKERS)) for _ in range(random.choice((1, 1, 2, 4)))]
    for name in dict.fromkeys(chosen):
        home = articles if random.random() < 0.7 else articles / f"sub {name}"
        home.mkdir(exist_ok=True)
        MAKERS[name](random, home)
    run = qa(["index", "articles"], place)
    if run.code is None:
        return outcome(f"among the articles: {', '.join(chosen)}", "it hangs", run)
    lost = failed(run, "the index") or differs(
        _of(place / ".qa", good), _of(prepared / ".qa", good), "the good articles"
    )
    again = qa(["index"], place)
    lost = (
        lost
        or failed(again, "the next run")
        or (None if ", 0 embedded" in again.err else f"indexing twice did something: {again.err[-300:]}")
    )
    return outcome(f"among the articles: {', '.join(chosen)}", lost, run, again)


def _of(library: Path, sources: set[str]) -> dict[str, object]:
    """What a library holds of these files."""
    try:
        with Library.open(library) as opened:
            return {
                info.source: opened.article(info.source)
                for info in opened.sources()
                if info.source.partition("#")[0] in sources
            }
    except VouchError as error:
        return {"": error.message}


KINDS: Sequence[Kind] = (Kind("hostile files", _cause, _prepared, 4),)
