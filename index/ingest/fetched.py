"""`fetched.json`: the record of the pages that were fetched from the web, which lies in the folder that keeps them.

Read and written here.

Of each page it says from where it came, when, as what, and what the machine said to know it by the next time. Knows
nothing of how pages are fetched.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.ingest import contents
from index.limits import Limits

NAME = "fetched.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A fetched page.

    Its file, relative to the folder; its final address; when it was fetched (UTC, ISO 8601), and as what.

    `title`, `author` and `date` are what a feed said of it. `sha256` is that of the file.
    """

    file: str
    url: str
    fetched: str
    content_type: str
    sha256: str
    etag: str | None = None
    modified: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a feed that was read whole, as the machine names it."""

    etag: str | None
    modified: str | None


@dataclass(slots=True)
class Record:
    """Pages by the address that was asked for, and feeds."""

    pages: dict[str, Kept] = field(default_factory=dict)
    feeds: dict[str, Version] = field(default_factory=dict)


def read(folder: Path) -> Record:
    """What the record of this folder says; an empty one where there is none. Raises SourceError where it is damaged."""
    path = folder / NAME
    if not path.is_file():
        return Record()
    try:
        told = json.loads(contents.read(path, Limits()))
        if told["version"] != _VERSION:
            raise ValueError(f"version {told['version']!r}")
        pages = {str(url): Kept(**_texts(page, Kept)) for url, page in told["pages"].items()}
        return Record(pages, {str(url): Version(**_texts(version, Version)) for url, version in told["feeds"].items()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SourceError(
            f"{path} is no record of fetched pages: {error}",
            "move it away: the pages stay, and are fetched once more when they are asked for",
        ) from error


def write(folder: Path, record: Record) -> None:
    """Replaces the record at once. Raises OSError."""
    told = {"version": _VERSION, "pages": _plain(record.pages), "feeds": _plain(record.feeds)}
    replace(folder / NAME, json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8"))


def replace(path: Path, data: bytes) -> None:
    """Puts these bytes there: the old file stands, or the new one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _plain(known: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        url: {name: value for name, value in asdict(each).items() if value is not None}
        for url, each in sorted(known.items())
    }


def _texts(told: Any, kind: type[Kept] | type[Version]) -> dict[str, Any]:
    """The fields of a record, all of which are text."""
    names = {each.name for each in fields(kind)}
    found = {name: value for name, value in told.items() if name in names}
    if not all(isinstance(value, str) for value in found.values()):
        raise ValueError("a field is not text")
    return dict.fromkeys(("etag", "modified")) | found
