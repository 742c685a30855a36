"""Read what an item of CSL-JSON, which Zotero exports and Pandoc makes of BibTeX, says of an article.

What items hold: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.errors import SettingsError
from index.ingest import dates
from index.ingest.lines import plain
from index.records import Metadata

Item = dict[str, Any]

_TAG = re.compile(r"</?(?:i|b|sc|sub|sup|span)\b[^<>]*>", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{3,9}/\S+)", re.IGNORECASE)
_MOST_NAMED = 3  # entries that are told by their names


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of a bibliography: its key, what it says, and the files that it names, as written."""

    key: str
    metadata: Metadata
    doi: str | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class References:
    """The entries of a file, in order, and what is told of it."""

    entries: tuple[Reference, ...]
    notes: tuple[str, ...] = ()


def read(data: bytes) -> References | None:
    """The entries of a CSL-JSON file; None where it is none. An item that is none costs itself."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") or b'"id"' not in data or b'"type"' not in data:
        return None
    try:
        items = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not any(is_item(item) for item in items):
        return None
    lost = [f"item {number}" for number, item in enumerate(items, 1) if not is_item(item)]
    return References(tuple(reference(item) for item in items if is_item(item)), left_out(lost, len(items)))


def is_item(item: object) -> bool:
    """Whether this has what every item has."""
    return isinstance(item, dict) and isinstance(item.get("type"), str) and isinstance(item.get("id"), str | int)


def left_out(lost: Sequence[str], total: int) -> tuple[str, ...]:
    """The line that says which of so many entries are not read; none where all are."""
    if not lost:
        return ()
    names = ", ".join(lost[:_MOST_NAMED]) + (", …" if len(lost) > _MOST_NAMED else "")
    return (f"{len(lost):,} of {total:,} entries left out: {names}",)


def reference(item: Item, files: Sequence[str] = ()) -> Reference:
    """What this item says; `files` are those that it names elsewhere."""
    doi = _doi(item.get("DOI"))
    url = _text(item.get("URL")) or (f"https://doi.org/{doi}" if doi else None)
    authors = ", ".join(name for name in map(_name, _list(item.get("author"))) if name) or None
    publisher = _text(item.get("container-title")) or _text(item.get("publisher"))
    return Reference(
        str(item["id"]),
        Metadata(_text(item.get("title")), authors, _date(item.get("issued")), publisher, url),
        doi,
        (*files, *_files(item)),
    )


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return plain(html.unescape(_TAG.sub("", value))).replace("ı\u0301", "í") or None if isinstance(value, str) else None


def _name(name: object) -> str | None:
    """A person as a byline has it, given name first; an institution as it calls itself."""
    if not isinstance(name, dict):
        return _text(name)
    parts = (
        _text(name.get(part)) for part in ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    )
    return _text(name.get("literal")) or " ".join(part for part in parts if part) or None


def _date(issued: object) -> str | None:
    """As precise as it is given; of a span, its beginning."""
    if not isinstance(issued, dict):
        return None
    for parts in _list(issued.get("date-parts"))[:1]:
        figures = [str(part) for part in _list(parts)[:3]]
        if figures and all(figure.isascii() and figure.isdigit() for figure in figures):
            for count in range(len(figures), 0, -1):
                try:
                    return dates.valid(
                        "-".join(figure.zfill(2 if place else 4) for place, figure in enumerate(figures[:count]))
                    )
                except SettingsError:
                    continue
    for name in ("raw", "literal"):
        if text := _text(issued.get(name)):
            return dates.parse(text[:60])
    return None


def _doi(value: object) -> str | None:
    found = _DOI.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[1].lower() if found else None


def _files(item: Item) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("file", "attachment", "attachments"):
        for each in _list(item.get(name)):
            path = each.get("path") if isinstance(each, dict) else each
            found += [path] if isinstance(path, str) and path else []
    return tuple(found)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
