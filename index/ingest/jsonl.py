"""Read the rows of a .jsonl file: a text each, and what is said about it.

A row is an object with `text` and, if known, `title`, `author`, `date`, `publisher`, `url`, under any name that
programs which collect articles give them; other keys are ignored. Empty lines are skipped. A bad row loses only itself,
and is reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from index.errors import SourceError
from index.ingest import dates
from index.ingest.encoding import Decoded, decode
from index.ingest.formats import Extract, Extracts, sound
from index.ingest.frontmatter import field_of
from index.ingest.lines import plain
from index.ingest.names import without_by
from index.records import Field, Metadata

TEXT = ("text", "content", "body", "maintext", "articlebody", "fulltext")
_EXAMPLE = 'a row is written {"text": "...", "title": "...", "author": "...", "date": "2025-12-10", "url": "..."}'
_TOLD = 10  # rows that are named where some are left out


def read_rows(data: bytes, name: str) -> Extracts:
    """The rows of a file, numbered by the lines they stand in.

    Raises `SourceError`, naming the first, if there are some and none can be read.
    """
    decoded = decode(data, name)
    lines = enumerate(decoded.text.split("\n"), 1)  # a JSON string may hold other line breaks
    return gathered(((number, _parsed(line)) for number, line in lines if line.strip()), name, decoded)


def gathered(values: Iterable[tuple[int, Mapping[str, object] | str]], name: str, decoded: Decoded) -> Extracts:
    """Rows from the values of each by number, or why it has none. Raises `SourceError` as `read_rows` does."""
    rows: list[tuple[int, Extract]] = []
    lost: list[tuple[int, str]] = []
    dropped: list[str] = []
    for number, held in values:
        text = held if isinstance(held, str) else _text(held)
        if isinstance(held, str) or not text:
            lost.append((number, held if isinstance(held, str) else 'has no "text"'))
            continue
        metadata, wrong = _metadata(held)
        dropped += [f'"{key}" of row {number:,}' for key in wrong]
        rows.append((number, Extract(sound(text), decoded.encoding, metadata)))
    if lost and not rows:
        raise SourceError(f"row {lost[0][0]} of {name} {lost[0][1]}", _EXAMPLE)
    notes = (f"left out, for it is no text: {listed(dropped)}",) if dropped else ()
    return Extracts(tuple(rows), (*decoded.notes, *left_out("row", lost), *notes))


def _parsed(line: str) -> Mapping[str, object] | str:
    try:
        row = json.loads(line, strict=False)  # a NUL in a string is no reason to lose the row
    except (ValueError, RecursionError):
        return "is not JSON"
    return row if isinstance(row, dict) else "is not a JSON object"


def _text(row: Mapping[str, object]) -> str | None:
    """The text of a row, under the first of its names that holds any."""
    held = {normal(key): value for key, value in reversed(list(row.items()))}
    return next((value for key in TEXT if isinstance(value := held.get(key), str) and plain(value)), None)


def _metadata(row: Mapping[str, object]) -> tuple[Metadata, list[str]]:
    """Return what a row says of its text, and the keys whose values are not text.

    A field takes the first key that has a value for it.
    """
    known: dict[Field, str] = {}
    wrong: list[str] = []
    for key, value in row.items():
        field = field_of(key)
        if field is None or value is None or field in known:
            continue
        said = _date(value) if field == "date" else _value(value)
        said = without_by(said) if said and field == "author" else said
        if said is None:
            wrong.append(key)
        elif said:
            known[field] = said
    return Metadata(**known), wrong


def _value(value: object) -> str | None:
    """A text, or texts or objects with a name, in a line; None for anything else."""
    items = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in items]
    texts = [name for name in names if isinstance(name, str)]
    return ", ".join(filter(None, (plain(sound(text)) for text in texts))) if len(texts) == len(names) else None


def _date(value: object) -> str | None:
    """A date in ISO 8601; "" for what is none, which is then unknown.

    A large number counts seconds, or milliseconds, from 1970 on.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value >= 1e11 else value
        return (
            datetime.fromtimestamp(seconds, UTC).date().isoformat()
            if 1e8 <= seconds < 1e11
            else dates.parse(str(value)) or ""
        )
    said = _value(value)
    return said if said is None else dates.parse(said) or ""


def normal(key: str) -> str:
    """A key as `TEXT` has it."""
    return re.sub(r"[\s_-]", "", key.lower())


def left_out(what: str, lost: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Return what to report of lost rows, messages and the like, each with its number and why."""
    reasons = [f"{number:,} ({why})" for number, why in lost]
    return (f"{len(lost):,} {what}{'' if len(lost) == 1 else 's'} left out: {listed(reasons)}",) if lost else ()


def listed(items: Sequence[str]) -> str:
    """The first of them, in a line."""
    return ", ".join(items[:_TOLD]) + (", …" if len(items) > _TOLD else "")
