"""Read the entries of a .bib file (BibTeX or BibLaTeX), through Pandoc.

The files that an entry names are read here, since Pandoc has no word for them. Pandoc gives up a whole file for one
broken entry, so that one is found by halving, left out and reported. Only useful fields are handed on.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.extras import install_line
from index.ingest.csl import Item, Reference, References, is_item, left_out, reference
from index.ingest.encoding import decode
from index.limits import Limits
from index.pandoc import program

_ENTRY = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)\s*[{(]", re.MULTILINE)
_KEY = re.compile(r"@[ \t]*[A-Za-z]+\s*[{(]\s*([^\s,{}]+)\s*,")
_FIELD = re.compile(r"\s*(?:,\s*)?([A-Za-z][\w:.+-]*)\s*=\s*")
_BARE = re.compile(r"[^\s,{}\"#]+")
_USELESS = (
    "abstract",
    "annotation",
    "annote",
    "comment",
    "file",
    "groups",
    "hyphenation",
    "keywords",
    "langid",
    "language",
    "mendeley-tags",
    "note",
    "owner",
    "review",
    "timestamp",
    "tags",
)
# Pandoc puts English titles into lower case, so that styles of citation can put them into capitals again
_AS_WRITTEN = "\n langid = {ngerman},"
_MOST_FILES = 50  # of an entry
_MOST_RUNS = 200  # of Pandoc, in search of what is broken


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    text: str
    files: tuple[str, ...]


class _Pandoc:
    """Runs Pandoc on some entries after the other, so many times and for so long."""

    def __init__(self, pandoc: Path, macros: str, limits: Limits) -> None:
        self._command = [
            str(pandoc),
            "--from=biblatex",
            "--to=csljson",
            "--sandbox",
            "+RTS",
            f"-M{limits.memory // 1_000_000}m",
            "-RTS",
        ]
        self._macros = macros
        self._runs = 0
        self._until = time.monotonic() + limits.seconds

    def items(self, entries: Sequence[_Entry]) -> list[Item]:
        """The entries that can be read; where all of them together cannot, each half by itself."""
        self._runs += 1
        found = self._read(entries)
        if found is not None:
            return found
        if len(entries) == 1 or self._runs >= _MOST_RUNS or time.monotonic() > self._until:
            return []
        half = len(entries) // 2
        return self.items(entries[:half]) + self.items(entries[half:])

    def _read(self, entries: Sequence[_Entry]) -> list[Item] | None:
        """None where Pandoc refuses them, or finds others than these."""
        text = self._macros + "\n\n".join(entry.text for entry in entries)
        try:
            done = subprocess.run(
                self._command,
                input=text.encode("utf-8", "replace"),
                capture_output=True,
                check=False,
                timeout=max(self._until - time.monotonic(), 1),
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode:
            return None
        items = [item for item in json.loads(done.stdout) if is_item(item)]
        return items if {str(item["id"]) for item in items} == {entry.key for entry in entries} else None


@lru_cache(maxsize=8)
def read(data: bytes, name: str, limits: Limits) -> References:
    """The entries that can be read, and what is told of the others. Raises SourceError where the bytes are no text."""
    text = decode(data, name).text.replace("\x00", "\ufffd")
    pandoc = program()
    if pandoc is None:
        return References((), (f"is read by Pandoc, which is not installed: {install_line('docs')}",))
    macros, entries, lost = "", dict[str, _Entry](), list[str]()
    for kind, piece, line in _pieces(text):
        if kind == "string":
            macros += piece + "\n"
        elif kind not in ("comment", "preamble"):
            key = _KEY.match(piece)
            if key is None or key[1] in entries:
                lost.append(f"line {line}" if key is None else f"{key[1]} a second time (line {line})")
            else:
                entries[key[1]] = _entry(key[1], piece, key.end())
    found: dict[str, Reference] = {}
    if entries:
        for item in _Pandoc(pandoc, macros, limits).items(list(entries.values())):
            found[str(item["id"])] = reference(item, entries[str(item["id"])].files)
    lost += [key for key in entries if key not in found]
    return References(
        tuple(found[key] for key in entries if key in found),
        left_out(lost, len(entries) + len(lost) - sum(key in entries for key in lost)),
    )


def _pieces(text: str) -> Iterator[tuple[str, str, int]]:
    """What kind of thing each begins with, the text from there to the next, and its line.

    An entry begins a line: so a brace too many costs one entry.
    """
    starts = list(_ENTRY.finditer(text))
    line, counted = 1, 0
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        line += text.count("\n", counted, start.start())
        counted = start.start()
        piece = text[start.start() : end].strip()
        if start[0][-1] == "(" and piece.endswith(")"):  # BibTeX knows both, Pandoc braces
            piece = f"{start[0].strip()[:-1]}{{{text[start.end() : end].strip()[:-1]}}}"
        yield start[1].lower(), piece, line


def _entry(key: str, piece: str, begin: int) -> _Entry:
    """The entry without the fields that are of no use; as it is, where its fields cannot be told apart."""
    kept, files, place = [piece[:begin], _AS_WRITTEN], list[str](), begin
    for name, start, value, end in _fields(piece, begin):
        if name == "file":
            files += _named(piece[value:end])
        if name in _USELESS:
            kept.append(piece[place:start])
            place = end
    return _Entry(key, "".join([*kept, piece[place:]]), tuple(files))


def _fields(piece: str, place: int) -> Iterator[tuple[str, int, int, int]]:
    """The name of each field, where it begins, where its value does, and where that ends."""
    while found := _FIELD.match(piece, place):
        end = _value_end(piece, found.end())
        if end is None:
            return
        yield found[1].lower(), found.start(), found.end(), end
        place = end


def _value_end(piece: str, place: int) -> int | None:
    """Return where the value ends that begins here.

    It is in braces, in quotation marks, or a word, or several of these joined by `#`.
    """
    while True:
        if piece[place : place + 1] == "{":
            end = _closed(piece, place + 1, "")
        elif piece[place : place + 1] == '"':
            end = _closed(piece, place + 1, '"')
        else:
            word = _BARE.match(piece, place)
            end = word.end() if word else None
        if end is None:
            return None
        joined = re.compile(r"\s*#\s*").match(piece, end)
        if joined is None:
            return end
        place = joined.end()


def _closed(piece: str, place: int, mark: str) -> int | None:
    """Where the brace closes that stands before this place, or this mark outside of braces."""
    depth = 0
    for found in re.compile(r'\\.|[{}"]', re.DOTALL).finditer(piece, place):
        if found[0] == mark and depth == 0:
            return found.end()
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            if depth == 0:
                return None if mark else found.end()
            depth -= 1
    return None


def _named(value: str) -> list[str]:
    """The paths that a field `file` may mean: Zotero and JabRef write `Title:path:type;…`, others the path alone.

    A backslash escapes.
    """
    value = value.strip().removeprefix("{").removesuffix("}").strip('"')
    found: list[str] = []
    for each in re.split(r"(?<!\\);", value)[:_MOST_FILES]:
        parts = re.split(r"(?<!\\):", each)[:_MOST_FILES]
        for part in dict.fromkeys((parts[1] if len(parts) > 2 else each, *parts)):
            path = re.sub(r"\\([:;\\_&%#$ {}])", r"\1", part).replace("\\", "/").strip()
            if "." in path and path not in found:
                found.append(path)
    return found
