"""The files that a memo becomes.

In: their names, then the memo. Out: the files, each whole or not at all. What cannot be written is found before all
else.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from index.extras import explaining, install_line
from index.records import Article
from qa.memo.bibliography import KINDS
from qa.memo.errors import MemoError
from qa.memo.pandoc import Pandoc
from qa.memo.records import Memo

FORMATS = (".md", ".html", ".docx", ".pdf")


def check_outputs(
    outputs: Sequence[Path],
    bibliographies: Sequence[Path],
    plan: Path | None,
    *,
    force: bool,
    ours: Callable[[Path], bool] = lambda _: False,
) -> None:
    """Raises MemoError unless every file can be written, is of a known kind, and is neither there already, save where it is `ours`, nor the plan itself."""
    for output in outputs:
        _known(output, FORMATS, "memo")
        if output.suffix.lower() == ".docx" and importlib.util.find_spec("docx") is None:
            raise MemoError(
                "python-docx, which writes Word files, is not installed",
                f"{install_line('memo')}, or write .md or .html",
            )
        if output.suffix.lower() == ".pdf" and importlib.util.find_spec("typst") is None:
            raise MemoError("typst, which sets PDF, is not installed", f"{install_line('memo')}, or write .md or .html")
    for bibliography in bibliographies:
        _known(bibliography, KINDS, "bibliography")
    everything = [*outputs, *bibliographies]
    for place, file in enumerate(everything):
        if file.resolve() in [other.resolve() for other in everything[:place]]:
            raise MemoError(f"{file.name} is to be written twice", "name another file")
        if plan is not None and file.resolve() == plan.resolve():
            raise MemoError(f"{file.name} is the plan itself", "name another file with -o")
        if file.is_dir():
            raise MemoError(f"{file} is a folder", f"name a file in it: -o {file / f'memo{FORMATS[0]}'}")
        if file.exists() and not force and not ours(file):
            raise MemoError(f"{file} exists", "name another file, or write over it with --force")
        _writable(file)


@explaining()
def render(memo: Memo, output: Path, articles: Mapping[str, Article], pandoc: Pandoc) -> bytes:
    """The memo in the format that the file's name asks for. Raises MemoError where pandoc or Typst fails."""
    from qa.memo.docx import docx
    from qa.memo.markdown import markdown
    from qa.memo.pdf import pdf
    from qa.render.html import page

    formats: dict[str, Callable[[], bytes]] = {
        ".md": lambda: markdown(memo).encode(),
        ".html": lambda: page(memo, articles).encode(),
        ".docx": lambda: docx(memo, pandoc),
        ".pdf": lambda: pdf(memo, pandoc),
    }
    return formats[output.suffix.lower()]()


def put(output: Path, content: bytes) -> None:
    """Write the file whole: under another name first. Raises MemoError where that fails."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
            Path(name).replace(output)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise MemoError(
            f"{output} cannot be written: {error.strerror or error}",
            "mend that and run the same command: no answer is lost",
        ) from error


def _known(file: Path, kinds: Sequence[str], what: str) -> None:
    if file.suffix.lower() not in kinds:
        raise MemoError(
            f"{file.name}: a {what} cannot be written as “{file.suffix or 'no extension'}”",
            f"name it {', '.join(kinds[:-1])} or {kinds[-1]}",
        )


def _writable(file: Path) -> None:
    """Tries it: permissions alone do not tell."""
    try:
        with tempfile.NamedTemporaryFile(prefix=f".{file.name}.", dir=file.parent):
            pass
        if file.exists():
            with file.open("r+b"):
                pass
    except OSError as error:
        raise MemoError(f"{file} cannot be written: {error.strerror or error}", "name another file with -o") from error


def check_writable(file: Path) -> None:
    """Raises MemoError where a file cannot be written."""
    _writable(file)
