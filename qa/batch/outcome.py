"""What became of a row, as an `Outcome` and as its line of JSON: `id` first, then the answer or an error, `row`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from index.errors import QuestionError
from qa.questions.rows import Row
from qa.records import Answer
from qa.render.json import dumps, error_to_object, from_object, to_object

BEGINNING = b'{"id": '  # of every line

# JSON lets them be, str.splitlines() does not
_LINE_BREAKS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row when it is done: an answer, or else the message and the hint of an error.

    `columns` is the row as it came; `None` where it was no row at all.
    """

    id: object
    columns: Mapping[str, object] | None
    answer: Answer | None
    error: tuple[str, str] | None = None


def answered(row: Row, answer: Answer) -> bytes:
    """The line of a row that was asked."""
    return _line({"id": row.id, **to_object(answer), "row": row.columns})


def refused(row: Row, error: QuestionError) -> bytes:
    """The line of a row that could not be asked."""
    return _line({"id": row.id, "row": row.columns, **error_to_object(error)})


def relabelled(line: bytes, row: Row) -> bytes:
    """The line of another row that asked the same, made the line of `row`."""
    return _line(json.loads(line) | {"id": row.id, "row": row.columns})


def outcome(line: bytes) -> Outcome:
    """What a line says. Raises `QuestionError` where it was tampered with."""
    held = json.loads(line)
    try:
        if "error" in held:
            return Outcome(held["id"], held["row"], None, (held["error"]["message"], held["error"]["hint"]))
        return Outcome(held["id"], held["row"], from_object(held))
    except (KeyError, TypeError) as error:
        raise QuestionError(f"a line of the resume file is damaged: {error}", "start over with --force") from error


def _line(thing: dict[str, object]) -> bytes:
    return dumps(thing).translate(_LINE_BREAKS).encode("utf-8") + b"\n"
