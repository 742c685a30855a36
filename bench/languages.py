"""Measures search in articles of other languages: `python -m bench.languages`.

The folder `languages` of the public data, or another that is named, holds xquad.LANGUAGE.json (google-deepmind/xquad,
CC BY-SA 4.0: 240 paragraphs of Wikipedia translated by people, and their questions) and, for Japanese,
jaquad_dev_000N.json (SkelterLabsInc/JaQuAD, CC BY-SA 3.0). The first 240 paragraphs of every language make one library;
of each the first question is asked in the paragraph's language: is it first, is it among the first eight? By words
alone, and by words and meaning. `--words` leaves the embedder out.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench import data
from bench.data import article
from index.build import add_articles
from index.embed import Embedder, FloatArray
from index.language import detected
from index.records import Article
from index.search import DENSE_WEIGHT, search
from index.store import Library
from qa.commands.session import Session

_PARAGRAPHS = 240  # XQuAD has no more
_FIRST = 8


class Blind:
    """An embedder that finds every text alike."""

    name, digest, dimension = "blind", "blind", 1

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """(n, 1) float32."""
        return np.ones((len(texts), 1), dtype=np.float32)

    def encode_query(self, text: str) -> FloatArray:  # noqa: ARG002 (the protocol's)
        """(1,) float32."""
        return np.ones(1, dtype=np.float32)


def main() -> None:
    """Make the library, ask, print a line for each language."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "folder", type=Path, nargs="?", help="(default: `languages` in QA_BENCH_DATA, else ../shared/data)"
    )
    options.add_argument("--words", action="store_true", help="by words alone: no embedder is needed")
    options.add_argument("--only", help="languages, with commas between (default: all that are there)")
    given = options.parse_args()
    folder = given.folder or data.folder() / "languages"
    found = paragraphs(folder)
    known = {language: found[language] for language in (given.only.split(",") if given.only else found)}
    if not known:
        print(f"{folder} holds neither xquad.*.json nor jaquad_*.json: nothing was measured")
        return
    embedder: Embedder = Blind() if given.words else (session := Session()).loaders.embedder(session.settings())
    with tempfile.TemporaryDirectory() as scratch, Library.create(Path(scratch), embedder) as library:
        for language, told in known.items():
            articles = [_article(f"{language}/{number:03}", text) for number, (text, _) in enumerate(told)]
            print(
                f"{language}: language told right {sum(one.metadata.language == language for one in articles)} "
                f"of {len(articles)}",
                flush=True,
            )
            add_articles(library, articles, embedder)
        print(
            f"\n{'':4}{'n':>5}   words: first, of the first "
            f"eight" + ("" if given.words else "   search: first, of the first eight")
        )
        for language, told in known.items():
            places = [
                _places(f"{language}/{number:03}", question, library, embedder)
                for number, (_, question) in enumerate(told)
            ]
            shown = [_shares([words for words, _ in places])] + (
                [] if given.words else [_shares([both for _, both in places])]
            )
            print(f"{language:4}{len(places):5}   {'   '.join(shown)}", flush=True)


def paragraphs(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """By language, paragraphs and the first question of each."""
    found: dict[str, list[tuple[str, str]]] = {}
    for file in sorted((*folder.glob("xquad.*.json"), *folder.glob("jaquad_*.json"))):
        groups: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["data"]
        told = [
            (paragraph["context"], paragraph["qas"][0]["question"])
            for group in groups
            for paragraph in group["paragraphs"]
        ]
        found.setdefault(file.name.split(".")[1] if file.name.startswith("xquad") else "ja", []).extend(told)
    return {language: told[:_PARAGRAPHS] for language, told in found.items()}


def _article(source: str, text: str) -> Article:
    made = article(source, text)
    return replace(made, metadata=replace(made.metadata, language=detected(text)))


def _places(source: str, question: str, library: Library, embedder: Embedder) -> tuple[int, int]:
    """Where the article of a question stands among the first eight, by words and by the program's own search.

    0 where it does not.
    """
    words = _found(question, library, embedder, weight=0.0)
    both = words if isinstance(embedder, Blind) else _found(question, library, embedder, weight=DENSE_WEIGHT)
    return _place(source, words), _place(source, both)


def _found(question: str, library: Library, embedder: Embedder, *, weight: float) -> list[str]:
    return [hit.passage.source for hit in search(question, library, embedder, k=_FIRST, weight=weight)]


def _place(source: str, found: Sequence[str]) -> int:
    return found.index(source) + 1 if source in found else 0


def _shares(places: Sequence[int]) -> str:
    """Both figures for the even paragraphs, on which choices may be made, and for the odd ones."""
    halves = (places[::2], places[1::2])
    return "  |  ".join(
        f"{sum(place == 1 for place in half) / len(half):.3f} {sum(place > 0 for place in half) / len(half):.3f}"
        for half in halves
    )


if __name__ == "__main__":
    main()
