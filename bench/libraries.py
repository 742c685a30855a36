"""The libraries that benches ask: those kept from one run to the next, since making one takes minutes, and passing ones."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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


@contextmanager
def passing(articles: Iterable[Article], embedder: Embedder) -> Iterator[Library]:
    """A library of `articles` in a folder of its own, for as long as it is asked."""
    with tempfile.TemporaryDirectory() as scratch, Library.create(Path(scratch) / "library", embedder) as made:
        add_articles(made, list(articles), embedder)
        yield made
