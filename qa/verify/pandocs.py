"""Read what a Markdown or Word memo shows, through Pandoc; in Word with every tracked change accepted."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from qa.citing.wording import AUTHOR, CHECKED
from qa.memo.errors import MemoError
from qa.memo.inlines import rich
from qa.memo.pandoc import Pandoc, find
from qa.memo.records import plain
from qa.verify.places import hashes
from qa.verify.records import Document, Footnote

_MARK = re.compile(r"(?<!\\)\[\^([^\]\s]+)\](:?)")
_COMMENT = re.compile(rf"<!-- {AUTHOR}: (.*?) -->", re.DOTALL)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KINDS = ("footnote", "endnote")
# megabytes, and bytes for each of the file: 300 footnotes take half of that, 3,000 less
_HEAP, _HEAP_PER_BYTE = 64, 1024
_TEXT = ("Para", "Plain", "Header", "LineBlock", "CodeBlock")


def markdown(text: str, name: str) -> Document:
    """A memo in Markdown.

    A mark without its footnote is only letters to a reader of Markdown, so marks are looked for in the text itself.
    """
    content = text.encode()
    tree = _tree(find(), ["--from=commonmark+footnotes"], content, name, size=len(content))
    found = [
        (mark[1], bool(mark[2]) and _begins_a_line(text, mark.start())) for mark in _MARK.finditer(_FENCE.sub("", text))
    ]
    defined = [label for label, definition in found if definition]
    marks = [label for label, definition in found if not definition]
    notes = list(_notes(tree["blocks"]))
    used = [label for label in marks if label in defined]
    labels = used if len(used) == len(notes) else [str(number) for number in range(1, len(notes) + 1)]
    shown = {label: Footnote(f"note {label}", _paragraphs(note)) for label, note in zip(labels, notes, strict=True)}
    unused = tuple(
        Footnote(f"note {label}", (_definition(text, label),)) for label in dict.fromkeys(defined) if label not in marks
    )
    seen = tuple(f"note {mark}" for mark in marks) if len(used) == len(notes) else None
    comments = tuple(
        Footnote(f"comment {number}", (_uncommented(words),))
        for number, words in enumerate(_COMMENT.findall(text), start=1)
    )
    return Document(
        (*shown.values(), *unused),
        marks=seen,
        hashes=hashes(text.replace("\\", "")),
        comments=comments,
        cited=CHECKED in text,
    )


def docx(content: bytes, name: str) -> Document:
    """A memo in Word.

    Marks and footnotes are counted in the file itself, for Pandoc is silent about those that do not belong together.
    """
    marks, numbers = _references(content, name)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "memo.docx")
        file.write_bytes(content)
        tree = _tree(find(), ["--from=docx", str(file)], b"", name, size=len(content))
    notes = list(_notes(tree["blocks"]))
    label = {mark: f"note {number}" for number, mark in enumerate(dict.fromkeys(marks), start=1)}
    if len(marks) != len(notes):
        raise MemoError(
            f"{name}: its {len(notes)} footnotes do not fit its {len(marks)} marks",
            "open it in a word processor and save it again",
        )
    footnotes = tuple(
        Footnote(label[mark], _paragraphs(note)) for mark, note in zip(marks, notes, strict=True) if mark in numbers
    )
    unused = tuple(Footnote(f"note ({number})", ("",)) for number in numbers if number not in marks)
    told = _text(tree["blocks"])
    made = (*footnotes, *unused)
    return Document(
        made,
        marks=tuple(label[mark] for mark in marks),
        hashes=hashes(told),
        comments=_comments(content),
        cited=CHECKED in told,
    )


def _uncommented(words: str) -> str:
    return words.replace("--&gt;", "-->").replace("&#124;", "|")


def _comments(content: bytes) -> tuple[Footnote, ...]:
    """The comments of `qa cite` in a Word file."""
    from lxml import etree

    with zipfile.ZipFile(BytesIO(content)) as archive:
        if "word/comments.xml" not in archive.namelist():
            return ()
        root = etree.fromstring(
            archive.read("word/comments.xml"), etree.XMLParser(resolve_entities=False, no_network=True)
        )
    ours = [comment for comment in root.iter(f"{_WORD}comment") if comment.get(f"{_WORD}author") == AUTHOR]
    paragraphs = [
        tuple("".join(text.text or "" for text in line.iter(f"{_WORD}t")) for line in comment.iter(f"{_WORD}p"))
        for comment in ours
    ]
    return tuple(Footnote(f"comment {number}", lines) for number, lines in enumerate(paragraphs, start=1))


def _tree(pandoc: Pandoc, options: list[str], content: bytes, name: str, *, size: int) -> dict[str, Any]:
    """Return Pandoc's tree of a document of `size` bytes, read within memory that fits it.

    A footnote that holds its own mark would go on for ever.
    """
    bounded = ["+RTS", f"-M{_HEAP + _HEAP_PER_BYTE * size // 1_000_000}m", "-RTS"]
    try:
        tree: dict[str, Any] = json.loads(pandoc.run([*options, "--to=json", "--sandbox", *bounded], content))
    except MemoError as error:
        if "Heap exhausted" in error.message:
            raise MemoError(
                f"{name} cannot be read: it never ends",
                "take out what refers to itself, such as a footnote that holds its own mark",
            ) from error
        raise MemoError(
            f"{name} cannot be read: {error.message}", "open it in a word processor and save it again"
        ) from error
    return tree


def _references(content: bytes, name: str) -> tuple[list[str], list[str]]:
    """The ids that the text refers to, in order, and those of the footnotes that are there, without the separators."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            body = etree.fromstring(archive.read("word/document.xml"), parser)
            parts = {kind: f"word/{kind}s.xml" for kind in _KINDS}
            held = {
                kind: etree.fromstring(archive.read(part), parser)
                for kind, part in parts.items()
                if part in archive.namelist()
            }
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise MemoError(f"{name} is not a Word document", "name a .docx file") from error
    deleted = {mark for gone in body.iter(f"{_WORD}del") for mark in gone.iter()}
    marks = [
        f"{kind} {mark.get(f'{_WORD}id')}"
        for mark in body.iter()
        for kind in _KINDS
        if mark.tag == f"{_WORD}{kind}Reference" and mark not in deleted
    ]
    notes = [
        (kind, note)
        for kind, root in held.items()
        for note in root.iter(f"{_WORD}{kind}")
        if note.get(f"{_WORD}type") in (None, "normal")
    ]
    return marks, [f"{kind} {note.get(f'{_WORD}id')}" for kind, note in notes]


def _notes(node: object) -> Iterator[list[Any]]:
    """The contents of every footnote, in order."""
    if isinstance(node, dict):
        if node.get("t") == "Note":
            yield node["c"]
            return
        yield from _notes(list(node.values()))
    elif isinstance(node, list):
        for part in node:
            yield from _notes(part)


def _paragraphs(blocks: object) -> tuple[str, ...]:
    """The paragraphs within, however deep, as text."""
    return tuple(_lines(blocks))


def _lines(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        kind, content = node.get("t"), node.get("c")
        if kind in _TEXT:
            yield _words(kind, content)
        elif kind != "Note":
            yield from _lines(content)
    elif isinstance(node, list):
        for part in node:
            yield from _lines(part)


def _words(kind: object, content: Any) -> str:
    if kind == "CodeBlock":
        return str(content[1])
    if kind == "LineBlock":
        return " ".join(plain(rich(line)) for line in content)
    return plain(rich(content[2] if kind == "Header" else content))


def _text(blocks: object) -> str:
    return "\n".join(_lines(blocks))


def _definition(text: str, label: str) -> str:
    """The first line of a footnote that nothing refers to."""
    return next(line.split(":", 1)[1].strip() for line in text.splitlines() if line.lstrip().startswith(f"[^{label}]:"))


def _begins_a_line(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip()
