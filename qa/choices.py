"""What the methods of `qa.Assistant` take by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from qa.settings import Length


class Choices(TypedDict, total=False):
    """The settings that `Assistant.open` takes by name, each as `qa settings` lists it.

    What is not given comes from the environment and qa.toml.
    """

    models: str | Path
    engine: str
    allow_remote: bool
    reranker: str
    passages: int
    reading: int
    evidence: int
    max_tokens: int
    length: Length
    caution: float
    risk: float | str
    kept_mb: int
    max_file_mb: int
    max_file_seconds: int
    follow_links: bool
    allow_private: bool
    ocr: bool
    ocr_languages: str


class Narrowing(TypedDict, total=False):
    """Which articles to search.

    `sources` by name or pattern, `since` and `until` as inclusive ISO dates of any precision, `author` as a part of a
    name.
    """

    sources: Sequence[str]
    since: str | None
    until: str | None
    author: str | None
