"""The libraries that benches keep from one run to the next, since making one takes minutes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from index.build import add_articles
from index.embed import Embedder
from index.records import Article
from index.schema import FILE
from index.store import Library


def kept(folder: Path, articles: Iterable[Article], embedder: Embedder) -> Library:
    """The library in `folder`, or, where there is none, one made there of `articles`, which are read only then.

    Raises LibraryError where the one that is there was built with another embedder.
    """
    if (folder / FILE).exists():
        opened = Library.open(folder)
        opened.require(embedder)
        return opened
    made = Library.create(folder, embedder)
    add_articles(made, articles, embedder, advanced=lambda: print(".", end="", file=sys.stderr, flush=True))
    return made
