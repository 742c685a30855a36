"""List the files to index below the given roots, each with the name of its source. Opens no file.

A name may hold anything that a system allows: no-break spaces, marks of writing direction, line breaks, bytes that are
not text (`index.naming`). Whoever shows it makes it harmless.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import SourceError
from index.ingest.folder import find, walk
from index.listing import Root
from index.naming import readable, storable


@dataclass(frozen=True, slots=True)
class Found:
    """A file to index.

    `home` and `relative` say where the library records it: the root as stored, and the path from there ("" for the root
    itself).

    `problem` says why it cannot be, where that is known: it may be a folder, too.
    """

    path: Path
    root: Path
    home: str
    relative: str
    source: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Scanned:
    """The files of all roots, by source.

    How many links lead out of their root and were not followed; files of no kind that is read.
    """

    files: tuple[Found, ...]
    outside: int
    unread: tuple[Path, ...]


def merged(kept: Sequence[Root], wanted: Sequence[Root]) -> tuple[Root, ...]:
    """The roots after adding `wanted`.

    What lies in a root already adds nothing, and a name given anew replaces the old one.

    Raises SourceError where a new root holds an old one.
    """
    roots = {root.path: root for root in kept}
    for root in wanted:
        if root.path in roots:
            roots[root.path] = root if root.name is not None else roots[root.path]
        elif not any(other in root.path.parents for other in roots):
            inside = [other for other in roots if root.path in other.parents]
            if inside:
                raise SourceError(
                    f"{root.path} holds {inside[0]}, which is in the library already", f"qa sources remove {inside[0]}"
                )
            roots[root.path] = root
    return tuple(roots[path] for path in sorted(roots))


def scan(roots: Sequence[Root], library: Path, *, follow_links: bool = False) -> Scanned:
    """Every file of the roots but those of the library itself.

    Raises SourceError for a root that is gone or empty, and for roots whose files collide.
    """
    found: dict[str, Found] = {}
    left_out: list[Found] = []
    outside = 0
    unread: list[Path] = []
    for root in roots:
        if not root.path.exists():
            raise SourceError(
                f"{root.path} does not exist",
                f"check the path, or drop what the library holds of it: qa sources remove {root.path}",
            )
        below = find(root.path, follow_links=follow_links)
        files = _foreign(below.files, library)
        if not files and not below.closed:
            raise SourceError(
                f"{root.path} holds no articles", f"put articles into it, or drop it: qa sources remove {root.path}"
            )
        for path in files:
            file = _placed(path, root, library.resolve().parent)
            other = found.setdefault(file.source, file)
            if other is not file and other.root == file.root:
                left_out.append(replace(file, problem=f"would be called “{file.source}”, as another file beside it is"))
            elif other is not file:
                raise SourceError(
                    f"{other.path} and {path} would both be called “{file.source}”", f"qa index {root.path} --name NAME"
                )
        left_out += [
            replace(_placed(each.path, root, library.resolve().parent), problem=each.message) for each in below.closed
        ]
        outside += len(below.outside)
        unread += _foreign(below.unread, library)
    return Scanned((*(found[source] for source in sorted(found)), *left_out), outside, tuple(unread))


def unread_below(roots: Iterable[Root], library: Path) -> tuple[Path, ...]:
    """The files below these roots that are of no kind that is read; nothing of a root that is gone or closed now."""
    unread: list[Path] = []
    for root in roots:
        with suppress(SourceError, OSError):
            if root.path.is_dir():
                unread += _foreign(walk(root.path, follow_links=False).unread, library)
    return tuple(unread)


def stored(root: Root, base: Path) -> str:
    """A root as the library records it: relative where it lies beside the library, so that both can be moved together."""
    return storable(root.path.relative_to(base).as_posix() if root.path.is_relative_to(base) else os.fspath(root.path))


def sourced(root: Root, path: str) -> str:
    """The source of a file of this root: its path from there, the root's own name before it where it has one."""
    return f"{root.name}/{path}" if root.name else path


def _placed(path: Path, root: Root, base: Path) -> Found:
    relative = "" if path == root.path else path.relative_to(root.path).as_posix()
    return Found(
        path, root.path, stored(root, base), storable(relative), sourced(root, readable(relative or path.name))
    )


def _foreign(paths: Iterable[Path], library: Path) -> list[Path]:
    """Those that are not the library's own."""
    return [path for path in paths if library.resolve() not in _real(path).parents]


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
