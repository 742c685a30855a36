"""YAML as a person means it, and that cannot hurt.

A file that is nested too deep or stands for too much is refused before it is read. Words stay words: a date, "no" and
"1:30" are read as they are written, as YAML 1.2 has it and PyYAML does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

DEEPEST = 100  # levels; PyYAML's composer calls itself for each, in C, where thousands end the process
MOST = 1_000_000  # values, aliases written out: a few lines of aliases of aliases can stand for billions
_PLAIN = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"-?(?:0|[1-9]\d{0,99})", list("-0123456789")),
    "float": (r"-?(?:0|[1-9]\d{0,99})(?:\.\d+)?(?:[eE][-+]?\d{1,2})?", list("-0123456789")),
}


class YamlError(ValueError):
    """What is wrong with a text that should be YAML, in one line; `line` from 1 where it is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(" ".join(message.split()))
        self.line = line


def load(text: str) -> Any:
    """The values of the text. Raises `YamlError`."""
    import yaml

    try:
        _measured(text)
        return yaml.load(text, _loader())  # the safe loader, with fewer types
    except yaml.MarkedYAMLError as error:
        raise YamlError(
            f"not YAML: {error.problem or error.context}", error.problem_mark.line + 1 if error.problem_mark else None
        ) from error
    except YamlError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlError(f"not YAML: {error}") from error


def _measured(text: str) -> None:
    """Look through the text without building anything.

    Raises `YamlError` where it is nested too deep or stands for too much.
    """
    import yaml

    sizes: dict[str, int] = {}
    # of every collection that is open: its anchor, and how many values it holds so far
    open_: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(text, _loader()):
        size = 0
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append((event.anchor, 1))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_.pop()
            sizes |= {anchor: size} if anchor is not None else {}
        elif isinstance(event, yaml.AliasEvent):
            size = sizes.get(event.anchor, 1)
        elif isinstance(event, yaml.ScalarEvent):
            size = 1
        open_[-1] = open_[-1][0], open_[-1][1] + size
        line = event.start_mark.line + 1
        if len(open_) > DEEPEST:
            raise YamlError(f"nested more than {DEEPEST} levels deep", line)
        if open_[-1][1] > MOST:
            raise YamlError(f"more than {MOST:,} values", line)


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
