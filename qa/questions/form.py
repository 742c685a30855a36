"""The formats of question files: what the command line needs to know of them, quick to import."""

from __future__ import annotations

from typing import Literal, get_args

Format = Literal["txt", "csv", "jsonl", "yaml"]
FORMATS: tuple[Format, ...] = get_args(Format)
STANDARD_INPUT = "standard input"
