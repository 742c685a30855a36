"""Many questions from a file, one answer a line: what `qa batch` does.

In: a .jsonl file of rows with `question` and, if wanted, `id`, `source`, `since`, `until` and columns of the user's own; a way to ask. Out: one JSON object
a line, each written whole as soon as it is there. A row that cannot be asked becomes a line with its error. Columns never reach the way to ask.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import QuestionError
from index.records import Filter
from qa import jsonl
from qa.records import Answer
from qa.render.json import dumps, error_to_object, to_object

Ask = Callable[[str, Filter], Answer]

_BEGINNING = b'{"id": '  # of every line


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it came: `id` keeps its JSON type and is the row's number where it had none; `columns` is the whole row."""

    id: object
    columns: dict[str, object] | None
    question: str
    within: Filter
    error: QuestionError | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How a batch went: rows answered (or found unanswered), rows that could not be asked, and rows that were there already."""

    asked: int
    failed: int
    kept: int


def run(rows: Sequence[Row], output: Path, ask: Ask, *, report: Callable[[int], None]) -> Tally:
    """Ask every row that `output` does not hold yet, appending to it; `report` gets how many rows are done.

    A last line that an interruption cut short is dropped and asked again. Raises `QuestionError` where `output` holds something else.
    """
    kept = _kept(rows, output)
    failed = 0
    with _appending(output) as stream:
        for done, row in enumerate(rows[kept:], start=kept + 1):
            line = _asked(row, ask)
            failed += "error" in line
            stream.write(dumps(line).encode("utf-8", "backslashreplace") + b"\n")
            stream.flush()
            report(done)
    return Tally(asked=len(rows) - kept - failed, failed=failed, kept=kept)


def read_rows(file: Path) -> tuple[Row, ...]:
    """The rows of `file`. Raises `QuestionError` where it cannot be read or holds none."""
    rows = tuple(_row(line) for line in jsonl.read(file))
    if not rows:
        raise QuestionError(f"{file} holds no questions", "write one JSON object a line, with question")
    return rows


def repeated_ids(rows: Sequence[Row]) -> tuple[str, ...]:
    """The ids that more than one row carries, as JSON."""
    counts = Counter(json.dumps(row.id, sort_keys=True) for row in rows)
    return tuple(id_ for id_, count in counts.items() if count > 1)


def _row(line: jsonl.Line) -> Row:
    if line.value is None:
        return Row(line.number, None, "", Filter(), QuestionError(f"row {line.number}: {line.problem}", "write one JSON object a line"))
    row = line.value
    number = line.number if row.get("id") is None else row["id"]
    try:
        return Row(number, row, _question(row), _within(row))
    except QuestionError as error:
        return Row(number, row, "", Filter(), error)


def _question(row: dict[str, object]) -> str:
    question = row.get("question")
    if not isinstance(question, str) or not question.strip():
        raise QuestionError("the row has no question", 'write {"question": "What was agreed?"}')
    return question.strip()


def _within(row: dict[str, object]) -> Filter:
    sources = row.get("source")
    sources = [] if sources is None else [sources] if isinstance(sources, str) else sources
    dates = [row.get(name) for name in ("since", "until")]
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        raise QuestionError("source is neither a text nor a list of texts", 'write {"source": "article.txt"}')
    since, until = (str(date) if isinstance(date, str | int) and not isinstance(date, bool) else None for date in dates)
    if any(date is not None and text is None for date, text in zip(dates, (since, until), strict=True)):
        raise QuestionError("since or until is no date", 'write {"since": "2025-12-10"}')
    return Filter(sources=tuple(sources), since=since, until=until)


def _asked(row: Row, ask: Ask) -> dict[str, object]:
    try:
        if row.error is not None:
            raise row.error
        return {"id": row.id, **to_object(ask(row.question, row.within)), "row": row.columns}
    except QuestionError as error:
        return {"id": row.id, "row": row.columns, **error_to_object(error)}


def _kept(rows: Sequence[Row], output: Path) -> int:
    """How many rows `output` holds already; a last line that was cut short is cut off."""
    if not output.exists():
        return 0
    content = _reading(output)
    whole, cut = content[: content.rfind(b"\n") + 1], content[content.rfind(b"\n") + 1 :]
    held = [_held(line) for line in whole.splitlines()]
    if held != [(row.id, row.columns) for row in rows[: len(held)]] or not cut.startswith(_BEGINNING[: len(cut)]):
        raise QuestionError(f"{output} exists and holds other things than answers to these questions", "name another file with -o, or move it away")
    if cut:
        with output.open("r+b") as stream:
            stream.truncate(len(whole))
    return len(held)


def _held(line: bytes) -> tuple[object, object] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return (value["id"], value["row"]) if isinstance(value, dict) and value.keys() >= {"id", "row"} else None


def _reading(output: Path) -> bytes:
    try:
        return output.read_bytes()
    except OSError as error:
        raise QuestionError(f"{output} cannot be read: {error.strerror or error}", "name another file with -o") from error


@contextmanager
def _appending(output: Path) -> Iterator[BinaryIO]:
    try:
        with output.open("ab") as stream:
            yield stream
    except OSError as error:
        raise QuestionError(f"{output} cannot be written: {error.strerror or error}", "mend that and run the same command: it goes on from there") from error
