"""Read a file of questions, whatever its format, into rows as they came, each bad one with what is wrong with it.

Knows nothing of what a column means, except that one is called question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from index.errors import QuestionError, SourceError
from qa import jsonl
from qa.jsonl import RawRow
from qa.questions import table, yaml
from qa.questions.form import FORMATS, STANDARD_INPUT, Format

_SUFFIXES: Mapping[str, Format] = {
    ".txt": "txt", ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip
_LINE_BREAK = re.compile(r"\r\n|\r|\n")  # and no other: U+2028 in a question is part of it


@dataclass(frozen=True, slots=True)
class Questions:
    """The rows of a file, at least one.

    `delimiter` is what stands between the cells of a csv, and a comma for the other formats.
    """

    rows: tuple[RawRow, ...]
    form: Format
    delimiter: str = ","


def contents(file: Path | None, stdin: BinaryIO, *, name: str) -> bytes:
    """What is in `file`, which the user calls `name`, or, without one, on standard input.

    Raises `QuestionError` where that cannot be read.
    """
    try:
        return stdin.read() if file is None else file.read_bytes()
    except OSError as error:
        raise QuestionError(
            f"{name} cannot be read: {error.strerror or error}", "name a .txt, .csv, .jsonl or .yaml file of questions"
        ) from error


def read(data: bytes, *, name: str, form: Format | None = None) -> Questions:
    """The questions in `data`, written as `form` says, else as the suffix of `name`, else as it looks.

    Raises `QuestionError` where the file as a whole is not what it should be, or holds no question.
    """
    form = form or _by_name(name)
    if form == "jsonl":
        questions = Questions(_json_lines(data, name), form)
    else:
        text = _decoded(data, name)
        questions = _parsed(text, name, form or _by_look(text))
    if not questions.rows:
        raise QuestionError(
            f"{name} holds no questions", "write one question a line, or a table with a column called question"
        )
    return questions


def _by_name(name: str) -> Format | None:
    suffix = PurePath(name).suffix.lower()
    if not suffix or name == STANDARD_INPUT:
        return None
    if suffix not in _SUFFIXES:
        raise QuestionError(
            f"{name} is none of {', '.join(_SUFFIXES)}", f"say what it holds: --format {'|'.join(FORMATS)}"
        )
    return _SUFFIXES[suffix]


def _by_look(text: str) -> Format:
    first = next((line for line in _LINE_BREAK.split(text) if line.strip()), "")
    if next(jsonl.rows([first]), RawRow(1, None, None)).value is not None:
        return "jsonl"
    return "csv" if table.is_header(first) else "txt"


def _parsed(text: str, name: str, form: Format) -> Questions:
    if form == "jsonl":
        return Questions(tuple(jsonl.rows(text.split("\n"))), form)
    if form == "csv":
        rows, delimiter = table.rows(text, name)
        return Questions(rows, form, delimiter)
    if form == "yaml":
        return Questions(yaml.rows(text, name), form)
    lines = [line.strip() for line in _LINE_BREAK.split(text) if line.strip()]
    return Questions(
        tuple(RawRow(number, {"question": line}, None) for number, line in enumerate(lines, start=1)), form
    )


def _json_lines(data: bytes, name: str) -> tuple[RawRow, ...]:
    try:
        return tuple(jsonl.rows(_decoded(data, name).split("\n")))
    except QuestionError:
        rows = tuple(jsonl.rows(data.split(b"\n")))  # a damaged line is that row's affair
        if all(row.value is None for row in rows):
            raise
        return rows


def _decoded(data: bytes, name: str) -> str:
    """The text, whatever encoding it is in, as articles are read, but whole."""
    from index.ingest.encoding import decode

    hint = "save it as plain text, a table as “CSV UTF-8”"
    try:
        decoded = decode(data, name)
    except SourceError as error:
        raise QuestionError(error.message, hint) from error
    if decoded.notes:  # an article is read without what is broken; half a question is not asked
        raise QuestionError(f"{name}: {decoded.notes[0]}", hint)
    return decoded.text
