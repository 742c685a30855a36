"""A file of JSON objects, one a line. In: a path. Out: the objects with their row numbers, from 1; a bad line is an error of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from index.errors import QuestionError


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank: what it holds, or what is wrong with it."""

    number: int
    value: dict[str, object] | None
    problem: str | None


def read(file: Path) -> Iterator[Line]:
    """The lines of `file`, blank ones left out and not counted. Raises `QuestionError` where it cannot be read at all."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise QuestionError(f"{file} cannot be read: {error.strerror or error}", "name a file of questions, one JSON object a line") from error
    number = 0
    for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        if line.strip():
            number += 1
            yield _parsed(number, line)


def _parsed(number: int, line: bytes) -> Line:
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError:
        return Line(number, None, "not UTF-8 text")
    except (ValueError, RecursionError) as error:
        return Line(number, None, f"not JSON: {error}")
    return Line(number, value, None) if isinstance(value, dict) else Line(number, None, "not a JSON object")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON value")
