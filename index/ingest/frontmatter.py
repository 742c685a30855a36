"""Read the front matter of a Markdown file (`---` YAML or `+++` TOML), each statement with its span.

Each key is read by itself, with the lines that belong to it: a value that is not YAML, such as a title with a colon, is
taken as written and spoils no other. The forms of Obsidian, Hugo, Pandoc and Zotero are known: links in double
brackets, names in parts, dates in parts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from index.ingest import dates
from index.ingest.lines import Line, plain, trimmed
from index.ingest.names import is_person, without_by
from index.plain_yaml import YamlError, load
from index.records import Field

_KEYS: dict[str, Field] = {
    "title": "title", "headline": "title",
    "author": "author", "authors": "author", "byline": "author", "creator": "author", "creators": "author",
    "datepublished": "date", "published": "date", "publishedat": "date", "publishdate": "date", "publicationdate": "date", "pubdate": "date", "date": "date",
    "datepublish": "date", "issued": "date",
    "publisher": "publisher", "publication": "publisher", "sitename": "publisher", "site": "publisher", "source": "publisher",
    "containertitle": "publisher", "publicationtitle": "publisher", "websitetitle": "publisher",
    "url": "url", "link": "url", "canonical": "url", "canonicalurl": "url", "permalink": "url", "sourceurl": "url", "originalurl": "url",
}  # fmt: skip
_MOST_LINES = 200
_ENTRY = re.compile(r"(?P<key>[A-Za-z\"'][\w \"'-]*?)\s*[:=](?:\s+(?P<value>.*))?")
# no part of it may hold what another begins with, else thousands of brackets or slashes are tried in every way
_LINK = re.compile(r"\[\[(?:[^\[\]|]*/)?(?P<page>[^\[\]|/]*)(?:\|(?P<shown>[^\[\]]*))?\]\]")
_ADDRESS = re.compile(r"https?://")
_GIVEN, _FAMILY = ("given", "firstName", "first", "first_name"), ("family", "lastName", "last", "last_name")


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
            return number + 1 if number > 1 and any(_ENTRY.fullmatch(each.plain) for each in lines[1:3]) else 0
    return 0


def read(text: str, lines: Sequence[Line]) -> tuple[Entry, ...]:
    """Return what the front matter states, in its order.

    `lines` of `text` are the front matter; of each field the first usable value counts.
    """
    entries: dict[Field, Entry] = {}
    for entry in _entries(text, lines[1:-1], is_toml=lines[0].plain == "+++") if lines else ():
        entries.setdefault(entry.field, entry)
    return tuple(sorted(entries.values(), key=lambda entry: entry.start))


def _entries(text: str, lines: Sequence[Line], *, is_toml: bool) -> Iterator[Entry]:
    """What each key states, with the lines up to the next: those that begin at the margin."""
    margin = [
        line
        for line in lines
        if text[line.start - 1] in "\r\n" and (_ENTRY.fullmatch(line.plain) or (is_toml and line.plain[0] == "["))
    ]
    for line, after in zip(margin, [*(each.start for each in margin[1:]), lines[-1].end if lines else 0], strict=True):
        found = _ENTRY.fullmatch(line.plain)
        field = field_of(found["key"].strip("\"'")) if found else None
        if not found or not field:
            continue
        start, end = trimmed(text, line.start, after)
        said = _toml(text[start:end]) if is_toml else _yaml(text[start:end])
        value = _said(said if said is not None else found["value"] or "", field)
        if field == "publisher" and _ADDRESS.match(value):
            field = "url"
        if value:
            yield Entry(field, value, start, end)


def _yaml(entry: str) -> object:
    """The value of one key; None where it is none, or no YAML."""
    with suppress(YamlError):
        read_entry = load(entry)
        if isinstance(read_entry, dict) and len(read_entry) == 1:
            value = next(iter(read_entry.values()))
            return "" if value is None else value
    return None


def _toml(entry: str) -> object:
    with suppress(tomllib.TOMLDecodeError, RecursionError):
        return next(iter(tomllib.loads(entry).values()), None)
    return None


def _said(value: object, field: Field) -> str:
    """Return a value on one line: a date in ISO 8601, persons' names with commas; "" for nothing."""
    if field == "date":
        return _date(value)
    texts = [text for item in _items(value) if (text := plain(_LINK.sub(_called, _name(item))))]
    return ", ".join(without_by(text) for text in texts) if field == "author" else ", ".join(texts)


def _called(link: re.Match[str]) -> str:
    """What a link of Obsidian shows; its page, where that is a person's full name and what is shown is not."""
    page, shown = link["page"], link["shown"]
    return page if not shown or (is_person(page) and not is_person(shown)) else shown


def _items(value: object) -> Iterator[object]:
    """The items of lists in lists: [[Mary Hale]] is what YAML makes of a link."""
    if isinstance(value, list):
        for item in value:
            yield from _items(item)
    elif value is not None and not isinstance(value, bool):
        yield value


def _name(item: object) -> str:
    """What an item is called: a text, or a person in parts."""
    if not isinstance(item, dict):
        return str(item)
    given, family = (next((str(item[key]) for key in keys if item.get(key)), "") for keys in (_GIVEN, _FAMILY))
    return next((str(item[key]) for key in ("name", "literal", "title") if item.get(key)), f"{given} {family}".strip())


def _date(value: object) -> str:
    """A date as a person or a program writes it: words, or the parts of CSL."""
    if isinstance(value, dict):
        parts = next(
            (value[key] for key in ("date-parts", "raw", "literal") if value.get(key)),
            [[value[key] for key in ("year", "month", "day") if key in value]],
        )
        return _date(parts)
    if isinstance(value, list):
        flat = list(_items(value))
        if flat and all(str(part).isdecimal() for part in flat[:3]):
            return dates.parse("-".join(str(part).zfill(2) for part in flat[:3])) or ""
        return _date(flat[0]) if flat else ""
    return dates.parse(_LINK.sub(_called, str(value))) or ""
