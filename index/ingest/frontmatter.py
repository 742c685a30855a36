"""The front matter of a Markdown file (`---` YAML or `+++` TOML) -> what it states, with spans. Knows nothing of the rest of the text.

Only flat `key: value` lines and lists are read, which is all that the fields of an article need; a library would give the values without their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.ingest import dates
from index.ingest.lines import Line
from index.records import Field

_KEYS: dict[str, Field] = {
    "title": "title", "headline": "title",
    "author": "author", "authors": "author", "byline": "author", "creator": "author",
    "datepublished": "date", "published": "date", "publishedat": "date", "publishdate": "date", "publicationdate": "date", "pubdate": "date", "date": "date",
    "datepublish": "date",
    "publisher": "publisher", "publication": "publisher", "sitename": "publisher", "site": "publisher", "source": "publisher",
    "url": "url", "link": "url", "canonical": "url", "canonicalurl": "url", "permalink": "url", "sourceurl": "url", "originalurl": "url",
}  # fmt: skip
_MOST_LINES = 200
_ENTRY = re.compile(r"(?P<key>[A-Za-z][\w -]*?)\s*[:=]\s*(?P<value>.*)")
_NAME = re.compile(r"(?:name|given)\s*[:=]\s*(.+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A field, its value, and the lines that state it: `text[start:end]`."""

    field: Field
    value: str
    start: int
    end: int


def field_of(key: str) -> Field | None:
    """The field that a key stands for, however it is written: publish_date, publishDate, Publish date."""
    return _KEYS.get(re.sub(r"[\s_-]", "", key.lower()))


def length(lines: Sequence[Line]) -> int:
    """How many of the first lines are front matter, its fences included."""
    if not lines or lines[0].plain not in ("---", "+++"):
        return 0
    for number, line in enumerate(lines[1:_MOST_LINES], 1):
        if line.plain == lines[0].plain or (line.plain == "..." and lines[0].plain == "---"):
            return number + 1 if number > 1 and _ENTRY.fullmatch(lines[1].plain) else 0
    return 0


def read(lines: Sequence[Line]) -> tuple[Entry, ...]:
    """What the front matter states, in its order, a field once: the first that has a usable value."""
    entries: dict[Field, Entry] = {}
    for entry in _entries(lines[1:-1]):
        entries.setdefault(entry.field, entry)
    return tuple(sorted(entries.values(), key=lambda entry: entry.start))


def _entries(lines: Sequence[Line]) -> Iterator[Entry]:
    for number, line in enumerate(lines):
        found = _ENTRY.fullmatch(line.plain)
        field = field_of(found["key"]) if found else None
        if not found or not field:
            continue
        items = [_bare(found["value"])] if found["value"] else []
        last = line
        for item in lines[number + 1 :] if not items else ():
            if not item.plain.startswith("- "):
                break
            named = _NAME.fullmatch(item.plain[2:])
            items.append(_bare(named[1] if named else item.plain[2:]))
            last = item
        if field == "publisher" and items and re.match(r"https?://", items[0]):
            field = "url"
        value = ", ".join(item for item in items if item)
        value = (dates.parse(value) or "") if field == "date" else value
        if value and value.lower() not in ("null", "~"):
            yield Entry(field, value, line.start, last.end)


def _bare(value: str) -> str:
    """A value without its quotation marks, its comment, or the brackets of a list."""
    value = _scalar(value)
    if value.startswith("[") and value.endswith("]"):
        return ", ".join(filter(None, (_scalar(_inner(item)) for item in _inner(value).split(","))))
    return value


def _scalar(value: str) -> str:
    value = value.strip()
    if value[:1] in "\"'" and (closed := re.match(r"([\"'])(.*?)\1", value)):
        return closed[2].strip()
    return re.sub(r"\s+#\s.*$", "", value)


def _inner(value: str) -> str:
    """What all the brackets around a value hold."""
    value = value.strip()
    depth = min(len(value) - len(value.lstrip("[")), len(value) - len(value.rstrip("]")))
    return value[depth : len(value) - depth]
