"""Files -> articles. In: a file or folder; out: frozen articles with text, metadata and regions. Knows nothing of libraries, passages or questions."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.errors import SourceError
from index.ingest import metadata as meta
from index.ingest.clean import regions
from index.ingest.encoding import decode
from index.ingest.formats import Extract, read_docx, read_html, read_pdf
from index.ingest.jsonl import read_rows
from index.ingest.lines import plain
from index.records import Article, Metadata

MAX_CHARACTERS = 10_000_000  # a long book has two million: longer is a collection, or no article at all
SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".jsonl")
_KINDS = "articles are " + ", ".join(SUFFIXES[:-1]) + " or " + SUFFIXES[-1]


def find(root: Path) -> tuple[Path, ...]:
    """The article files below a folder, in the order of their paths, or the file itself.

    Hidden files and folders are left out. Links are followed; what two paths lead to is listed once.
    Raises `SourceError` if there is no such path, it may not be read, or it holds no article.
    """
    try:
        if not root.exists():
            raise SourceError(f"there is no file or folder {root}", "check the path, or pass the folder that holds your articles")
        if root.is_dir():
            files = _distinct(path for folder in walk(root) for path in folder.iterdir() if _is_article(path))
        else:
            files = [root] if root.suffix.lower() in SUFFIXES else []
    except OSError as error:
        raise _unreadable(root, error) from error
    if not files:
        raise SourceError(f"{root} holds no article" if root.is_dir() else f"{root.name} is of no kind that can be read", _KINDS)
    return tuple(sorted(files, key=lambda path: path.relative_to(root).as_posix()))


def walk(root: Path) -> Iterator[Path]:
    """The folder and all below it that are not hidden, each once, also where links lead round in a circle.

    Raises `SourceError` if one may not be read.
    """
    seen: set[Path] = set()
    waiting, links = [root], list[Path]()  # links come last: a folder that is linked to as well is known by its own name
    while waiting or links:
        folder = (waiting or links).pop()
        try:
            resolved = folder.resolve()
            if resolved in seen:
                continue
            seen.add(resolved)
            inner = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
        except (OSError, RuntimeError) as error:
            raise _unreadable(folder, error) from error
        for path in reversed(inner):
            (links if path.is_symlink() else waiting).append(path)
        yield folder


def load(path: Path, source: str, overrides: Mapping[str, Metadata]) -> tuple[Article, ...]:
    """The articles of a file: one, or of a .jsonl file one a row, whose sources end in `#` and the number of the row.

    `overrides` maps sources to what a person wrote about them; where that is known, it wins. What is said of a .jsonl file holds for each of its rows.
    Raises `SourceError` if the file cannot be read as what its suffix says, is empty, or is longer than `MAX_CHARACTERS`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    name, suffix = path.name, path.suffix.lower()
    if not data.strip():
        raise _empty(name)
    if suffix != ".jsonl":
        extract = _extract(data, name, suffix)
        if len(extract.text) > MAX_CHARACTERS:
            message = f"{name} has {len(extract.text):,} characters; an article may have {MAX_CHARACTERS:,}"
            raise SourceError(message, "split it into articles, one a file or one a row of a .jsonl file")
        if not plain(extract.text):
            raise _empty(name)
        return (_article(extract, source, suffix, overrides.get(source, Metadata())),)
    decoded = decode(data, name)
    whole = overrides.get(source, Metadata())
    articles = []
    for row in read_rows(decoded.text, name):
        one = f"{source}#{row.number}"
        written = meta.merge(overrides.get(one, Metadata()), whole)
        articles.append(_article(Extract(row.text, decoded.encoding, row.metadata), one, suffix, written))
    if not articles:
        raise _empty(name)
    return tuple(articles)


def _extract(data: bytes, name: str, suffix: str) -> Extract:
    if suffix in (".html", ".htm"):
        return read_html(data, name)
    if suffix == ".pdf":
        return read_pdf(data, name)
    if suffix == ".docx":
        return read_docx(data, name)
    decoded = decode(data, name)
    return Extract(decoded.text, decoded.encoding, Metadata())


def _article(extract: Extract, source: str, suffix: str, written: Metadata) -> Article:
    text = extract.text
    stated, credited = meta.read(text, hints=extract.metadata, suffix=suffix)
    known = meta.merge(written, stated)
    return Article(
        source=source,
        text=text,
        encoding=extract.encoding,
        metadata=known,
        regions=regions(text, credited, page_starts=extract.page_starts),
        credits=tuple(credit for credit in credited if getattr(known, credit.field) == getattr(stated, credit.field)),
        page_starts=extract.page_starts,
        digest=hashlib.sha256(text.encode("utf-8")).hexdigest(),
    )


def _is_article(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()


def _distinct(paths: Iterator[Path]) -> list[Path]:
    """Each file once: under its own name if that is among them, else under that of the first link."""
    by_file: dict[Path, Path] = {}
    for path in sorted(paths, key=lambda path: (path.is_symlink(), path.as_posix())):
        by_file.setdefault(path.resolve(), path)
    return list(by_file.values())


def _unreadable(path: Path, error: OSError | RuntimeError) -> SourceError:
    if isinstance(error, PermissionError):
        return SourceError(f"no permission to read {path.name}", f"allow it: chmod u+r{'x' if os.path.isdir(path) else ''} {path}")  # noqa: PTH112 - Path.is_dir may raise here
    reason = getattr(error, "strerror", None) or str(error)
    return SourceError(f"{path.name} cannot be read: {reason}", "check the path and the disk it is on")


def _empty(name: str) -> SourceError:
    return SourceError(f"{name} is empty", "put text into it, or leave it out of the folder")
