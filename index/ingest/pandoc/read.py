"""Read a file in one of Pandoc's formats: its text and what it says of itself.

What Pandoc would lose or falsify is repaired first.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from dataclasses import dataclass
from typing import Any

from index.errors import SourceError
from index.extras import install_line
from index.ingest.blocks import Block, joined
from index.ingest.encoding import decode
from index.ingest.jsonl import listed
from index.ingest.pandoc.odt import opendocument
from index.ingest.pandoc.rtf import rich_text
from index.ingest.pandoc.tree import Reader, blocks_of, said
from index.limits import Limits
from index.pandoc import program

FORMATS = {".epub": "epub", ".odt": "odt", ".rtf": "rtf", ".tex": "latex", ".org": "org", ".rst": "rst"}
_DATED = (".epub", ".tex", ".org", ".rst")  # elsewhere the date is that of the file
_LEAVE = "mend it in the program it came from, or leave it out of the folder"
# what names another file whose text belongs here: Pandoc is given no files
_INCLUDES = {
    ".tex": re.compile(r"^[^%\n]*?\\(?:input|include|subfile)\s*\{?\s*([^\s{}%\\]+)", re.MULTILINE),
    ".org": re.compile(r"^[ \t]*#\+include:[ \t]*\"?([^\s\"]+)", re.MULTILINE | re.IGNORECASE),
    ".rst": re.compile(r"^[ \t]*\.\. include::[ \t]*(\S+)", re.MULTILINE),
}
_ISO = re.compile(r"^[<\[](\d{4}-\d\d-\d\d)\b.*")  # with the day of the week, as Org has it
_OUT_OF_MEMORY = 251  # the exit code of Haskell programs


@dataclass(frozen=True, slots=True)
class Document:
    """The text, where its headings are, what its metadata say in words, and what is told of it."""

    text: str
    headings: tuple[tuple[int, int], ...]
    title: str | None
    author: str | None
    date: str | None
    publisher: str | None
    encoding: str
    notes: tuple[str, ...]


def read(data: bytes, name: str, suffix: str, limits: Limits) -> Document:
    """The document as a reader sees it.

    Raises SourceError where it is locked, damaged or too large, and where Pandoc is not installed.
    """
    encoding, title, author = "binary", None, None
    notes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    if suffix == ".odt":
        found = opendocument(data)
        data, notes, after, title, author = found.data, found.notes, found.edges, found.title, found.author
    elif suffix == ".rtf":
        if not data.lstrip().startswith(b"{\\rtf"):
            raise SourceError(f"{name} is no Rich Text", _LEAVE)
        data, notes = rich_text(data)
    elif suffix == ".epub":
        _check_unlocked(data, name)
    else:
        decoded = decode(data, name)
        data, encoding, notes = (
            decoded.text.replace("\x00", "\ufffd").encode("utf-8", "replace"),
            decoded.encoding,
            decoded.notes,
        )
        if named := list(dict.fromkeys(_INCLUDES[suffix].findall(decoded.text))):
            notes += (f"refers to other files for text, which is not read here: {listed(named)}",)
    tree = _tree(data, name, FORMATS[suffix], limits)
    reader = Reader()
    blocks = [*blocks_of(tree["meta"], "abstract"), *reader.blocks(tree["blocks"])]
    if reader.struck:
        notes += ("holds words that are struck out, which are not read",)
    present = {block.text.strip() for block in blocks}
    text, headings = joined([*blocks, *(Block(line) for line in dict.fromkeys(after) if line not in present)])
    meta = tree["meta"]
    return Document(
        text=text,
        headings=headings,
        title=said(meta, "title") or title,
        author=said(meta, "author", "creator") or author,
        date=_ISO.sub(r"\1", said(meta, "date") or "") if suffix in _DATED else None,
        publisher=said(meta, "publisher"),
        encoding=encoding,
        notes=notes,
    )


def _tree(data: bytes, name: str, form: str, limits: Limits) -> dict[str, Any]:
    """Pandoc's tree of a document. It is given no file, no network and only so much memory."""
    pandoc = program()
    if pandoc is None:
        line = install_line("docs")
        raise SourceError(f"{name} is read by Pandoc, which is not installed: {line}", line)
    command = [
        str(pandoc),
        f"--from={form}",
        "--to=json",
        "--standalone",
        "--sandbox",
        "+RTS",
        f"-M{limits.memory // 1_000_000}m",
        "-RTS",
    ]
    try:
        done = subprocess.run(command, input=data, capture_output=True, check=False, timeout=limits.seconds)
    except subprocess.TimeoutExpired as error:
        raise SourceError(
            f"{name} takes more than {limits.seconds} s to read (the setting max_file_seconds)", _LEAVE
        ) from error
    if done.returncode == _OUT_OF_MEMORY:
        raise SourceError(f"{name} needs more than {limits.memory // 1_000_000:,} MB of memory to read", _LEAVE)
    if done.returncode:
        raise SourceError(f"{name} is damaged, or not what its name says", _LEAVE)
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


def _check_unlocked(data: bytes, name: str) -> None:
    """Raises SourceError for a book whose text is encrypted; fonts often are, and nobody reads those."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            locked = archive.read("META-INF/encryption.xml").lower()
    except KeyError:
        return
    if any(kind in locked for kind in (b".xhtml", b".html", b'.htm"')):
        raise SourceError(
            f"{name} is locked by its publisher", "leave it out of the folder, or put a copy without a lock there"
        )
