"""Read a draft in any of its formats, and write it back with what is added. Reads within limits."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from index.errors import SourceError
from index.ingest import contents
from index.ingest.formats import check_archive
from index.limits import Limits
from index.naming import readable
from qa.citing import markdown, page, plain, word
from qa.citing.records import Additions, Said
from qa.memo.errors import MemoError

FORMATS: dict[str, ModuleType] = {
    ".docx": word,
    ".md": markdown,
    ".markdown": markdown,
    ".html": page,
    ".htm": page,
    ".txt": plain,
}


def is_draft(argument: str) -> bool:
    """Whether an argument names a file and no words: it ends as the name of a draft does, and is one line."""
    return Path(argument).suffix.lower() in FORMATS and "\n" not in argument


def content_of(file: Path, limits: Limits) -> bytes:
    """The bytes of a draft. Raises MemoError where it cannot be read, is locked, or is larger than its limits."""
    if not file.is_file():
        raise MemoError(
            f"there is no file {readable(str(file))}",
            'name a draft (.docx, .md, .html, .txt), or put the words in quotation marks: qa cite "words"',
        )
    try:
        content = contents.read(file, limits)
        if _kind(file) is word:
            check_archive(content, readable(file.name), limits)
    except SourceError as error:
        raise MemoError(error.message, error.hint) from error
    return content


def read(content: bytes, file: Path) -> tuple[Said, ...]:
    """The sentences of a draft, in their order."""
    made: tuple[Said, ...] = _kind(file).read(content, readable(file.name))
    return made


def written(content: bytes, file: Path, additions: Additions) -> bytes:
    """The draft with these additions, in its own format."""
    made: bytes = _kind(file).written(content, readable(file.name), additions)
    return made


def check_output(output: Path, draft: Path, *, force: bool) -> None:
    """Raises MemoError unless the output can be written in the draft's format, and is not there already.

    The draft itself may be written over with `force`.
    """
    from qa.memo.output import check_writable

    if _kind(output) is not _kind(draft):
        raise MemoError(
            f"{output.name}: a draft in {draft.suffix} is given back in {draft.suffix}",
            f"name it {output.with_suffix(draft.suffix).name}",
        )
    if output.is_dir():
        raise MemoError(f"{output} is a folder", f"name a file in it: -o {output / draft.name}")
    if output.exists() and not force:
        raise MemoError(f"{output} exists", "name another file, or write over it with --force")
    check_writable(output)


def _kind(file: Path) -> ModuleType:
    try:
        return FORMATS[file.suffix.lower()]
    except KeyError as error:
        raise MemoError(
            f"{file.name}: “{file.suffix or 'no extension'}” is no draft", "name a .docx, .md, .html or .txt file"
        ) from error
