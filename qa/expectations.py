"""A question file that carries expected answers. In: a .jsonl file. Out: expectations, checked. Only `qa.evaluate` reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from index.errors import QuestionError
from qa import jsonl
from qa.records import Status


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an honest assistant says: `status`; of each group of `must` one pattern found; every one of `values` named; one of `sources` cited.

    Patterns are case-insensitive regular expressions, sources prefixes of names.
    """

    question: str
    status: Status
    kind: str
    must: tuple[tuple[str, ...], ...] = ()
    values: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    id: str | None = None


def read_expectations(file: Path) -> tuple[Expectation, ...]:
    """The expectations of `file`. Raises `QuestionError` naming the first line that is none, or where there are none."""
    found = tuple(_expectation(file, line) for line in jsonl.read(file))
    if not found:
        raise QuestionError(f"{file} holds no questions", "write one JSON object a line, with question and expect")
    return found


def _expectation(file: Path, line: jsonl.Line) -> Expectation:
    if line.value is None:
        raise _refused(file, line, line.problem or "no object")
    row = line.value
    question, status, kind = row.get("question"), row.get("expect"), row.get("kind", "all questions")
    if not isinstance(question, str) or not question.strip():
        raise _refused(file, line, "no question")
    if status not in get_args(Status):
        raise _refused(file, line, f"expect is none of {', '.join(get_args(Status))}")
    must = row.get("must", [])
    if not isinstance(kind, str) or not isinstance(must, list):
        raise _refused(file, line, "kind is a word, must a list of lists of patterns")
    return Expectation(
        question=question,
        status=cast(Status, status),
        kind=kind,
        must=tuple(_patterns(file, line, group) for group in must),
        values=_patterns(file, line, row.get("values", [])),
        sources=_texts(file, line, row.get("sources", [])),
        id=None if row.get("id") is None else str(row["id"]),
    )


def _patterns(file: Path, line: jsonl.Line, value: object) -> tuple[str, ...]:
    patterns = _texts(file, line, value)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise _refused(file, line, f"“{pattern}” is no regular expression: {error}") from error
    return patterns


def _texts(file: Path, line: jsonl.Line, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _refused(file, line, "a list of texts was expected in must, values or sources")
    return tuple(value)


def _refused(file: Path, line: jsonl.Line, problem: str) -> QuestionError:
    return QuestionError(f"{file}, question {line.number}: {problem}", "a line holds question, expect and, where they apply, must, values, sources, kind")
