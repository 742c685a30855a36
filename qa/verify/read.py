"""Read what a file shows, whatever its format. Looks nothing up. Raises MemoError for a file that cannot be read.

The file may come from anybody, so it is read within limits, and in a process of its own where a parser cannot be
trusted to stop, as articles are.
"""

from __future__ import annotations

from pathlib import Path

from index.errors import SourceError
from index.ingest import contents
from index.ingest.formats import check_archive
from index.isolated import Isolated
from index.limits import Limits
from index.naming import readable
from qa.memo.errors import MemoError
from qa.verify import answers, html, pandocs, pdf, plain
from qa.verify.records import Document

KINDS = (".md", ".html", ".docx", ".pdf", ".txt", ".jsonl", ".json", ".csv")
_PLAIN = (".jsonl", ".json", ".csv")  # the standard library reads them, in time that grows with the file


def read(file: Path, limits: Limits = Limits()) -> Document:  # noqa: B008 (frozen)
    """The document in `file`, of a kind that its name tells."""
    kind = {".markdown": ".md", ".htm": ".html"}.get(file.suffix.lower(), file.suffix.lower())
    if kind not in KINDS:
        raise MemoError(
            f"{file.name}: “{file.suffix or 'no extension'}” cannot be checked",
            f"name a memo or a file of answers: {', '.join(KINDS)}",
        )
    name = readable(file.name)
    try:
        content = contents.read(file, limits)
        if kind in _PLAIN:
            return shown(content, name, kind, limits)
        with Isolated(limits) as isolated:
            return isolated.call(name, shown, content, name, kind, limits)
    except SourceError as error:
        raise MemoError(error.message, error.hint) from error


def shown(content: bytes, name: str, kind: str, limits: Limits) -> Document:
    """What the bytes of a file of this kind show.

    Raises MemoError, and whatever its parser does with a damaged file.
    """
    if kind == ".docx":
        check_archive(content, name, limits)
        return pandocs.docx(content, name)
    if kind == ".pdf":
        return pdf.pdf(content, name)
    text = _decoded(content, name)
    if kind in (".jsonl", ".json"):
        return answers.json_lines(text, name) if kind == ".jsonl" else answers.json_file(text, name)
    readers = {".md": pandocs.markdown, ".html": html.html, ".csv": answers.table, ".txt": plain.text}
    return readers[kind](text, name)


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MemoError(f"{name} is not UTF-8 text", "save it as UTF-8") from error
