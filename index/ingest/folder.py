"""List the article files below a folder. Reads names, never what a file holds.

Hidden files and folders are left out. Links are followed, and what two paths lead to is listed once; a link out of the
folder is followed only on request, because it reads what nobody put there. A folder that may not be read loses only
itself, not the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.errors import SourceError
from index.ingest.contents import unreadable
from index.ingest.unread import described, tally

SUFFIXES = (
    ".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".mhtml", ".mht", ".pdf", ".docx", ".odt", ".rtf", ".epub", ".tex", ".org", ".rst",
    ".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods", ".pptx", ".xml", ".eml", ".mbox", ".jsonl",
)  # fmt: skip
_SYSTEM = ("/proc", "/sys")  # no links lead there for articles, and from there they lead everywhere
_OURS = ("sources.toml",)  # what is read beside articles, about them
_KINDS = "articles are " + ", ".join(SUFFIXES[:-1]) + " or " + SUFFIXES[-1]


@dataclass(frozen=True, slots=True)
class Closed:
    """A folder that may not be read, and why."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class Below:
    """What lies below a folder: article files and, of folders, those to look into, those that cannot be; `outside` are links that were not followed.

    `unread` are files of no kind that is read.
    """

    files: tuple[Path, ...]
    folders: tuple[Path, ...]
    closed: tuple[Closed, ...]
    outside: tuple[Path, ...]
    unread: tuple[Path, ...] = ()


def find(root: Path, *, follow_links: bool = False) -> Below:
    """The article files below a folder, in the order of their paths, or the file itself.

    Raises `SourceError` if there is no such path, it may not be read, or it holds no article.
    """
    try:
        if not root.exists():
            raise SourceError(
                f"there is no file or folder {root}", "check the path, or pass the folder that holds your articles"
            )
        alone = Below((root,) if root.suffix.lower() in SUFFIXES else (), (), (), ())
        below = walk(root, follow_links=follow_links) if root.is_dir() else alone
    except OSError as error:
        raise unreadable(root, error) from error
    if not below.files and not below.closed:
        if below.outside:
            raise SourceError(
                f"{root} holds no article, only links that lead out of it", f"qa index --follow-links {root}"
            )
        only = f", only {described(tally(below.unread))}" if below.unread else ""
        raise SourceError(
            f"{root} holds no article{only}" if root.is_dir() else f"{root.name} is of no kind that can be read", _KINDS
        )
    return below


def walk(root: Path, *, follow_links: bool) -> Below:
    """What lies below a folder, each folder and file once, also where links lead round in a circle.

    Raises `SourceError` if the folder itself may not be read.
    """
    home = os.path.realpath(root)
    files: list[Path] = []
    folders: list[Path] = []
    closed: list[Closed] = []
    outside: list[Path] = []
    unread: list[Path] = []
    seen: set[str] = set()
    # links come last: a folder that is linked to as well is known by its own name
    waiting, links = [root], list[Path]()
    while waiting or links:
        folder = (waiting or links).pop()
        real = os.path.realpath(folder)
        if real in seen:
            continue
        seen.add(real)
        try:
            held = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
            os.stat(os.path.join(folder, "."))  # noqa: PTH116, PTH118 - Path drops the dot; a folder may be listed and yet not entered
        except OSError as error:
            if folder == root:
                raise unreadable(folder, error) from error
            closed.append(Closed(folder, unreadable(folder, error).message))
            continue
        folders.append(folder)
        inner = {path for path in held if os.path.isdir(path)}  # noqa: PTH112 - Path.is_dir may raise
        for path in held:
            is_link = path.is_symlink()
            if is_link and not _allowed(os.path.realpath(path), home, follow_links=follow_links):
                if path in inner or path.suffix.lower() in SUFFIXES:
                    outside.append(path)
            elif path not in inner and path.suffix.lower() in SUFFIXES:
                files.append(path)
            elif path in inner:
                (links if is_link else waiting).append(path)
            elif path.name not in _OURS:
                unread.append(path)
    ordered = sorted(_distinct(files), key=lambda path: path.relative_to(root).as_posix())
    return Below(
        tuple(ordered),
        tuple(folders),
        tuple(sorted(closed, key=lambda each: each.path)),
        tuple(sorted(outside)),
        tuple(sorted(unread)),
    )


def _allowed(path: str, home: str, *, follow_links: bool) -> bool:
    """Whether what a link leads to is looked at."""
    return _inside(path, home) or (follow_links and not any(_inside(path, folder) for folder in _SYSTEM))


def _inside(path: str, home: str) -> bool:
    return path == home or path.startswith(os.path.join(home, ""))  # noqa: PTH118 - with the separator at its end


def _distinct(paths: Iterable[Path]) -> list[Path]:
    """Each file once: under its own name if that is among them, else under that of the first link."""
    by_file: dict[str, Path] = {}
    for path in sorted(paths, key=lambda path: (path.is_symlink(), path.as_posix())):
        by_file.setdefault(os.path.realpath(path), path)
    return list(by_file.values())
