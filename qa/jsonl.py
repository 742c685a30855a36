"""Read JSON objects, one a line, with their row numbers from 1. A bad line is that row's problem, not the file's."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from index.errors import QuestionError
from qa.render.harmless import one_line

_SHOWN = 60  # characters of a line that is no JSON, so that it can be found again


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a file: what it holds, and what is wrong with it.

    Without `problem` there is a `value`; with one there may be.
    """

    number: int
    value: dict[str, object] | None
    problem: str | None


def read(file: Path) -> Iterator[RawRow]:
    """The lines of `file`, blank ones left out and not counted.

    Raises `QuestionError` where it cannot be read at all.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise QuestionError(
            f"{file} cannot be read: {error.strerror or error}", "name a file of questions, one JSON object a line"
        ) from error
    return rows(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"))


def rows(lines: Iterable[str | bytes]) -> Iterator[RawRow]:
    """The rows that these lines hold, blank ones left out and not counted; bytes have to be UTF-8."""
    number = 0
    for line in lines:
        if line.strip():
            number += 1
            yield _parsed(number, line)


def _parsed(number: int, line: str | bytes) -> RawRow:
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
    except UnicodeDecodeError:
        return RawRow(number, None, "not UTF-8 text")
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        shown = one_line(text)
        return RawRow(number, None, f"not JSON: {error}: {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'}")
    return RawRow(number, value, None) if isinstance(value, dict) else RawRow(number, None, "not a JSON object")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON value")


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refuse(number)  # 1e999 could be read and never be written again
