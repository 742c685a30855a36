"""The text of a .jsonl file -> its rows: a text each and what is said about it. Knows nothing of files or articles.

A row is an object with `text` and, if known, `title`, `author`, `date`, `publisher`, `url`; other keys are nobody's business here. Empty lines are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import SourceError
from index.ingest import dates
from index.ingest.formats import sound
from index.ingest.lines import plain
from index.records import Metadata

_EXAMPLE = 'a row is written {"text": "...", "title": "...", "author": "...", "date": "2025-12-10", "url": "..."}'


@dataclass(frozen=True, slots=True)
class Row:
    """A row, and its number: the line it stands in, from 1."""

    number: int
    text: str
    metadata: Metadata


def read_rows(text: str, name: str) -> tuple[Row, ...]:
    """The rows of a file, in order.

    Raises `SourceError`, naming the row, if one is no JSON object, has no text, or a value of the wrong type.
    """
    return tuple(_rows(text, name))


def _rows(text: str, name: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):  # a JSON string may hold other line breaks
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"row {number} of {name} is not JSON", _EXAMPLE) from error
        if not isinstance(row, dict):
            raise SourceError(f"row {number} of {name} is not a JSON object", _EXAMPLE)
        words = row.get("text")
        if not isinstance(words, str) or not plain(words):
            raise SourceError(f'row {number} of {name} has no "text"', _EXAMPLE)
        values = {key: _value(row.get(key), key, number, name) for key in ("title", "author", "date", "publisher", "url")}
        if values["date"]:
            values["date"] = dates.parse(values["date"])  # what is no date is unknown, and `qa sources check` lists it
        yield Row(number, sound(words), Metadata(**values))


def _value(value: object, key: str, number: int, name: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and key == "date":
        value = str(value)
    if key == "author" and isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    if not isinstance(value, str):
        raise SourceError(f'"{key}" in row {number} of {name} is not text', _EXAMPLE)
    return plain(sound(value)) or None
