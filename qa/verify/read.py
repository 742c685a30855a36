"""What a file shows, whatever its format. In: a file. Out: a `Document`. Looks nothing up. Raises MemoError for what cannot be read."""

from __future__ import annotations

from pathlib import Path

from qa.memo.errors import MemoError
from qa.verify import answers, html, pandocs, pdf
from qa.verify.records import Document

KINDS = (".md", ".html", ".docx", ".pdf", ".jsonl", ".json", ".csv")


def read(file: Path) -> Document:
    """The document in `file`, of a kind that its name tells."""
    kind = {".markdown": ".md", ".htm": ".html"}.get(file.suffix.lower(), file.suffix.lower())
    if kind not in KINDS:
        raise MemoError(f"{file.name}: “{file.suffix or 'no extension'}” cannot be checked", f"name a memo or a file of answers: {', '.join(KINDS)}")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise MemoError(f"{file} cannot be read: {error.strerror or error}", "name a file that is there") from error
    if kind == ".docx":
        return pandocs.docx(content, file.name)
    if kind == ".pdf":
        return pdf.pdf(content, file.name)
    text = _decoded(content, file)
    if kind in (".jsonl", ".json"):
        return answers.json_lines(text, file.name) if kind == ".jsonl" else answers.json_file(text, file.name)
    readers = {".md": pandocs.markdown, ".html": html.html, ".csv": answers.table}
    return readers[kind](text, file.name)


def _decoded(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MemoError(f"{file} is not UTF-8 text", "save it as UTF-8") from error
