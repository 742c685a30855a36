"""What a library says of itself: frozen data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.records import Metadata


@dataclass(frozen=True, slots=True)
class Identity:
    """How a library was built. Two libraries with different identities cannot be mixed."""

    format: int
    chunking: int
    embedder: str
    embedder_digest: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Root:
    """A file or folder whose articles the library holds; `name` is put before their sources, where one was given."""

    path: Path
    name: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, and why it was left out, or what of it was."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of an article without reading it.

    `file` is None where it was not read from one; `indexed_at` is UTC, ISO 8601.
    """

    source: str
    file: Path | None
    metadata: Metadata
    encoding: str
    characters: int
    passages: int
    indexed_at: str
    note: str | None = None  # what was lost of its file


@dataclass(frozen=True, slots=True)
class Summary:
    """A library at a glance; dates are those of publication."""

    articles: int
    passages: int
    earliest: str | None
    latest: str | None
    undated: int
