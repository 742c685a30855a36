"""Count the files of kinds that are not read, by kind. Reads names alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.naming import readable

_NAMED = 3  # files of a kind that are told by their names


@dataclass(frozen=True, slots=True)
class Unread:
    """A kind of file: its suffix ("" where names have none), how many there are, and what some are called."""

    suffix: str
    count: int
    names: tuple[str, ...]


def tally(paths: Iterable[Path]) -> tuple[Unread, ...]:
    """The kinds, the commonest first."""
    kinds = defaultdict[str, list[str]](list)
    for path in paths:
        kinds[readable(path.suffix.lower())].append(readable(path.name))
    found = (Unread(suffix, len(names), tuple(sorted(names)[:_NAMED])) for suffix, names in kinds.items())
    return tuple(sorted(found, key=lambda kind: (-kind.count, kind.suffix)))


def described(kinds: Sequence[Unread]) -> str:
    """The kinds in a line: `3 .png (a.png, b.png, c.png), 1 .doc (a.doc)`."""
    return ", ".join(
        f"{kind.count:,} {kind.suffix or 'without a suffix'} "
        f"({', '.join(kind.names)}{', …' if kind.count > _NAMED else ''})"
        for kind in kinds
    )
