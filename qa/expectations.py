"""Read a question file that carries expected answers. Only `qa.evaluate` uses them.

In a .csv file `must`, `values` and `sources` are cells: JSON as in the other formats, or texts with a semicolon between
them, each text of `must` a group of one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from index.errors import QuestionError
from index.records import Filter
from qa.jsonl import RawRow
from qa.questions.read import Questions
from qa.questions.rows import cell, filter_of, question_of
from qa.records import Status

EVERYWHERE = Filter()

_LISTS = ("must", "values", "sources")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an honest answer has to be.

    Its `status`; one pattern found of each group of `must`; every one of `values` named; one of `sources` cited.

    Patterns are case-insensitive regular expressions, sources prefixes of names. The question is asked of the articles
    that `within` lets through.
    """

    question: str
    status: Status
    kind: str
    must: tuple[tuple[str, ...], ...] = ()
    values: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    id: str | None = None
    within: Filter = EVERYWHERE


def expectations(questions: Questions, name: str) -> tuple[Expectation, ...]:
    """What the rows of the file `name` expect. Raises `QuestionError` naming the first row that expects nothing."""
    return tuple(
        _expectation(name, line, _from_cells(line.value) if questions.form == "csv" else line.value)
        for line in questions.rows
    )


def _expectation(name: str, line: RawRow, row: Mapping[str, object] | None) -> Expectation:
    if row is None or line.problem is not None:
        raise _refused(name, line, line.problem or "no object")
    try:
        question, within = question_of(row), filter_of(row)
    except QuestionError as error:
        raise _refused(name, line, error.message) from error
    status, kind, must = cell(row, "expect"), cell(row, "kind") or "all questions", cell(row, "must") or []
    if status not in get_args(Status):
        raise _refused(name, line, f"expect is none of {', '.join(get_args(Status))}")
    if not isinstance(kind, str) or not isinstance(must, list):
        raise _refused(name, line, "kind is a word, must a list of lists of patterns")
    id_ = cell(row, "id")
    return Expectation(
        question=question,
        status=cast(Status, status),
        kind=kind,
        must=tuple(_patterns(name, line, group) for group in must),
        values=_patterns(name, line, cell(row, "values") or []),
        sources=_texts(name, line, cell(row, "sources") or []),
        id=None if id_ is None else str(id_),
        within=within,
    )


def _from_cells(row: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """The row of a table with its lists read from their cells."""
    if row is None:
        return None
    lists = {
        name: _from_cell(text, groups=name == "must") for name in _LISTS if isinstance(text := cell(row, name), str)
    }
    return {name: value for name, value in row.items() if name.strip().casefold() not in lists} | lists


def _from_cell(text: str, *, groups: bool) -> object:
    try:
        return json.loads(text) if text.lstrip().startswith("[") else _split(text, groups=groups)
    except ValueError:
        return _split(text, groups=groups)  # a pattern may begin with a bracket too


def _split(text: str, *, groups: bool) -> list[object]:
    parts = [part.strip() for part in text.split(";") if part.strip()]
    return [[part] for part in parts] if groups else list(parts)


def _patterns(name: str, line: RawRow, value: object) -> tuple[str, ...]:
    patterns = _texts(name, line, value)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise _refused(name, line, f"“{pattern}” is no regular expression: {error}") from error
    return patterns


def _texts(name: str, line: RawRow, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _refused(name, line, "a list of texts was expected in must, values or sources")
    return tuple(value)


def _refused(name: str, line: RawRow, problem: str) -> QuestionError:
    return QuestionError(
        f"{name}, question {line.number}: {problem}",
        "a row holds question, expect and, where they apply, must, values, sources, kind",
    )
