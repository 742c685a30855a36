"""What a build says of itself: how far it is, and what it did."""

from __future__ import annotations

from dataclasses import dataclass

from index.ingest.unread import Unread
from index.listing import Problem


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is.

    `done` of `total` files that have to be read, passages cut and vectors computed so far, and the source being read.
    """

    done: int
    total: int
    passages: int
    embedded: int
    source: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    The first four count articles, `passages` is those of the whole library, `embedded` the vectors computed,
    `not_followed` links.

    Files in `skipped` were left out; of those in `flawed`, read this time or speaking of others, something was lost;
    `unread` are of no kind that is read.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    skipped: tuple[Problem, ...]
    passages: int
    embedded: int
    not_followed: int
    seconds: float
    flawed: tuple[Problem, ...] = ()
    unread: tuple[Unread, ...] = ()
