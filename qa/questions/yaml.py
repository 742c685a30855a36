"""A YAML list of questions -> its rows. In: the text of a .yaml file. Out: a row an item, its values as JSON knows them.

Words stay words: a date, "no" and "1:30" are read as they are written, as YAML 1.2 has it and PyYAML does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from index.errors import QuestionError
from qa.jsonl import Line

EXAMPLE = 'write a list: - "What was agreed?", or - question: "What was agreed?"'
_PLAIN = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"-?(?:0|[1-9]\d{0,99})", list("-0123456789")),
    "float": (r"-?(?:0|[1-9]\d{0,99})(?:\.\d+)?(?:[eE][-+]?\d{1,2})?", list("-0123456789")),
}
_DEEPEST = 100  # lists and mappings within each other: the loader calls itself for each in C, and 40,000 ended the process
_MOST = 1_000_000  # values in a row, aliases written out: a few lines of aliases of aliases can stand for billions


def rows(text: str, name: str) -> tuple[Line, ...]:
    """The items of the list. Raises `QuestionError`, naming the file `name`, where it is no YAML or no list."""
    import yaml

    try:
        check_depth(text)
        found = yaml.load(text, _loader())  # the safe loader, with fewer types
    except yaml.MarkedYAMLError as error:
        where = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise QuestionError(f"{name}{where}: not YAML: {error.problem or error.context}", EXAMPLE) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise QuestionError(f"{name}: not YAML: {' '.join(str(error).split())}", EXAMPLE) from error
    if found is None:
        return ()
    if not isinstance(found, list):
        held = f"a mapping ({', '.join(map(str, found))})" if isinstance(found, dict) else "a single value"
        raise QuestionError(f"{name} holds {held}, not a list", EXAMPLE)
    return tuple(_row(number, item) for number, item in enumerate(found, start=1))


def check_depth(text: str) -> None:
    """Raise ValueError for what is nested too deep. Reads events, one after the other, which needs no more memory however deep they go."""
    import yaml

    depth = 0
    for event in yaml.parse(text, _loader()):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise ValueError(f"more than {_DEEPEST} lists or mappings within each other")


def _row(number: int, item: object) -> Line:
    if isinstance(item, str):
        return Line(number, {"question": item}, None)
    if not isinstance(item, dict):
        return Line(number, None, "neither a text nor a mapping")
    try:
        value = _as_json(item, [_MOST])
    except (ValueError, RecursionError) as error:
        return Line(number, None, str(error) if type(error) is ValueError else "a value holds itself")
    return Line(number, value, None)


def _as_json(value: Any, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0:
        raise ValueError(f"more than {_MOST:,} values")
    if isinstance(value, dict):
        return {_key(key): _as_json(one, left) for key, one in value.items()}
    if isinstance(value, list):
        return [_as_json(one, left) for one in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise ValueError(f"a value of a kind that JSON does not know ({type(value).__name__})")


def _key(key: object) -> str:
    return json.dumps(key) if key is None or isinstance(key, bool) else str(key)


@lru_cache(maxsize=1)
def _loader() -> Any:
    """PyYAML's safe loader, the quick one where there is one, with the plain values of JSON alone."""
    import yaml

    safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader: Any = type("PlainLoader", (safe,), {"yaml_implicit_resolvers": {}})
    resolvers: Sequence[tuple[str, tuple[str, list[str]]]] = tuple(_PLAIN.items())
    for kind, (pattern, first) in resolvers:
        loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(rf"^(?:{pattern})$"), first)
    loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("^<<$"), ["<"])
    return loader
