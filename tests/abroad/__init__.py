"""Small articles in eight languages, ten each, with a question in the article's language and the words that answer it.

Written for these tests.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("ar", "de", "es", "fr", "hi", "ja", "ru", "zh")


@dataclass(frozen=True, slots=True)
class Asked:
    """An article of one passage, and a question that it answers: `answer` stands in `text`."""

    source: str
    language: str
    text: str
    question: str
    answer: str


def asked(language: str) -> tuple[Asked, ...]:
    """The ten articles in a language.

    What is chosen may be chosen on the first five alone; the others say what came of it.
    """
    told = tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8"))["article"]
    return tuple(
        Asked(f"{language}{number}.txt", language, one["text"], one["question"], one["answer"])
        for number, one in enumerate(told)
    )


def written(folder: Path) -> Path:
    """All of them as text files in a new folder."""
    folder.mkdir()
    for language in LANGUAGES:
        for one in asked(language):
            (folder / one.source).write_text(f"{one.text}\n", encoding="utf-8")
    return folder
