"""Read a YAML list of questions into rows, each item's values as JSON knows them."""

from __future__ import annotations

import json
from typing import Any

from index.errors import QuestionError
from index.plain_yaml import MOST, YamlError, load
from qa.jsonl import RawRow

EXAMPLE = 'write a list: - "What was agreed?", or - question: "What was agreed?"'


def rows(text: str, name: str) -> tuple[RawRow, ...]:
    """The items of the list. Raises `QuestionError`, naming the file `name`, where it is no YAML or no list."""
    try:
        found = load(text)
    except YamlError as error:
        raise QuestionError(
            f"{name}{'' if error.line is None else f', line {error.line}'}: {error}", EXAMPLE
        ) from error
    if found is None:
        return ()
    if not isinstance(found, list):
        held = f"a mapping ({', '.join(map(str, found))})" if isinstance(found, dict) else "a single value"
        raise QuestionError(f"{name} holds {held}, not a list", EXAMPLE)
    return tuple(_row(number, item) for number, item in enumerate(found, start=1))


def _row(number: int, item: object) -> RawRow:
    if isinstance(item, str):
        return RawRow(number, {"question": item}, None)
    if not isinstance(item, dict):
        return RawRow(number, None, "neither a text nor a mapping")
    try:
        value = _as_json(item, [MOST])
    except (ValueError, RecursionError) as error:
        return RawRow(number, None, str(error) if type(error) is ValueError else "a value holds itself")
    return RawRow(number, value, None)


def _as_json(value: Any, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0:
        raise ValueError(f"more than {MOST:,} values")
    if isinstance(value, dict):
        return {_key(key): _as_json(one, left) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one, left) for one in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ValueError(f"a value of a kind that JSON does not know ({type(value).__name__})")


def _key(key: object) -> str:
    return json.dumps(key) if key is None or isinstance(key, bool) else str(key)
