"""Read the quotations of a file of answers: JSON of `qa ask` or `qa batch`, or the table of `qa batch`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from qa.memo.errors import MemoError
from qa.verify.records import Document, Footnote, Quoted

_CELLS = ("citations", "nearest")
_NUMBER = re.compile(r"^'?\[(\d+)\]\s*")


def json_lines(text: str, name: str) -> Document:
    """The answers of `qa batch`, one a line."""
    held = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            held.append((f"line {number}", _json(line, f"{name}, line {number}")))
    return _document(held, name)


def json_file(text: str, name: str) -> Document:
    """One answer, or a list of them."""
    held = _json(text, name)
    found = held if isinstance(held, list) else [held]
    return _document([(f"answer {number}", one) for number, one in enumerate(found, start=1)], name)


def table(text: str, name: str) -> Document:
    """The table that `qa batch` writes, at whatever delimiter; its cells show citations as footnotes do."""
    sample = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=sample.count)
    csv.field_size_limit(2**31 - 1)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    if not rows or not all(column in rows[0] for column in _CELLS):
        raise MemoError(f"{name} is not a table of answers", "name a file that qa batch wrote")
    return Document(tuple(footnote for number, row in enumerate(rows, start=1) for footnote in _row(number, row)))


def _row(number: int, row: dict[str, str]) -> Iterator[Footnote]:
    for column in _CELLS:
        for line in (row[column] or "").splitlines():
            mark = _NUMBER.match(line)
            label = f"row {number}, {'' if column == 'citations' else 'nearest '}[{mark[1] if mark else '?'}]"
            yield Footnote(label, (_NUMBER.sub("", line),))


def _document(held: Iterable[tuple[str, Any]], name: str) -> Document:
    quoted: list[Quoted] = []
    marks: list[str] = []
    labels: list[str] = []
    libraries: set[str] = set()
    for where, answer in held:
        if isinstance(answer, dict) and "error" in answer and "citations" not in answer:
            continue  # a row that could not be asked
        try:
            quoted += [_quoted(f"{where}, [{one['number']}]", one) for one in answer["citations"]]
            quoted += [_quoted(f"{where}, nearest [{one['number']}]", one) for one in answer["nearest"]]
            labels += [f"{where}, [{one['number']}]" for one in answer["citations"]]
            citing = [
                *answer["sentences"],
                *(value for conflict in answer["conflicts"] for value in conflict["claims"]),
            ]
            marks += [f"{where}, [{number}]" for part in citing for number in part["citations"]]
            libraries.add(str(answer["provenance"]["library"]))
        except (KeyError, TypeError) as error:
            raise MemoError(
                f"{name}, {where}: this is not an answer", "name a file that qa ask --json or qa batch wrote"
            ) from error
    return Document(labels=tuple(labels), marks=tuple(marks), quoted=tuple(quoted), libraries=frozenset(libraries))


def _quoted(where: str, citation: dict[str, Any]) -> Quoted:
    source, start, end, quote = (citation[field] for field in ("source", "start", "end", "quote"))
    if not (isinstance(source, str) and isinstance(start, int) and isinstance(end, int) and isinstance(quote, str)):
        raise TypeError("no citation")
    return Quoted(where, source, start, end, quote)


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MemoError(f"{where}: not JSON: {error}", "name a file that qa ask --json or qa batch wrote") from error
