"""Build a library, bring it up to date, add to it and take from it, each as one change.

A library remembers its roots (files and folders). Every build compares all of them with what is recorded
(`index.refresh`). A root that is gone as a whole is an error, not a deletion: it may be a disk that is not mounted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from index.arrange import arrange
from index.cells import MOST_EXACT
from index.change import changing
from index.embed import Embedder
from index.errors import LibraryError, SourceError
from index.health import check
from index.limits import Limits
from index.listing import Root
from index.naming import readable
from index.progress import BuildReport, Progress
from index.rebuild import LEFTOVER, rescued, swap
from index.records import Article
from index.refresh import refreshed
from index.scan import stored
from index.schema import FILE, REBUILD_HINT, delete
from index.store import Library
from index.write import Change, Writer

_NO_NAMES: Mapping[Path, str] = MappingProxyType({})


def build(
    folder: Path,
    roots: Sequence[Path],
    embedder: Embedder,
    *,
    names: Mapping[Path, str] = _NO_NAMES,
    rebuild: bool = False,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    follow_links: bool = False,
    ocr: str = "",
    report: Callable[[Progress], None] = lambda _: None,
) -> BuildReport:
    """Build or update the library in `folder`: add `roots` to those it has and refresh them all.

    `names` gives one of `roots` a name that is put before its sources. `rebuild` starts over, keeping the roots; the
    old library stays until the new one is whole. A file that cannot be read within its `limits` is left out, and so are
    links that lead out of their root, unless `follow_links`. `ocr` are the languages in which Tesseract reads scanned
    pages, as it calls them; it reads none where there are none. Raises SourceError for roots that are missing, hold
    nothing readable or collide, LibraryError for a library that is locked, damaged or built another way, or a full
    disk.
    """
    started = time.perf_counter()
    wanted = tuple(Root(path.resolve(), readable(names[path]) if path in names else None) for path in roots)
    file = LEFTOVER if rebuild else FILE
    with changing(folder, anew=rebuild, told=lambda line: report(Progress(0, 0, 0, 0, line))):
        kept, dropped = rescued(folder) if rebuild else ((), ())
        is_new = not (folder / file).exists()
        try:
            with _opened(folder, embedder, file) as library:
                result = refreshed(
                    library,
                    (*kept, *library.roots()),
                    wanted,
                    dropped,
                    embedder,
                    limits,
                    report,
                    follow_links=follow_links,
                    ocr=ocr,
                )
        except SourceError:
            if is_new:
                delete(folder / file)  # it failed: leave no empty library behind
            raise
        if rebuild:
            swap(folder)
        delete(folder / LEFTOVER)
        with Library.open(folder) as library:
            arrange(library, told=lambda line: report(Progress(0, 0, result.passages, result.embedded, line)))
    return replace(result, seconds=time.perf_counter() - started)


def add_articles(
    library: Library,
    articles: Iterable[Article],
    embedder: Embedder,
    *,
    most_exact: int = MOST_EXACT,
    advanced: Callable[[], None] = lambda: None,
) -> int:
    """Add articles that come from no file, in place of those with the same sources.

    Returns how many vectors were computed.

    A library of more than `most_exact` passages is searched by cells (`index.arrange`).
    """
    library.require(embedder)
    with changing(library.folder):
        writer = Writer(library, embedder, advanced=advanced)
        for article in articles:
            writer.forget_article(article.source)
            writer.article(article)
        writer.commit()
        arrange(library, most_exact=most_exact)
    return writer.embedded


def remove(folder: Path, what: str) -> int:
    """Drop one article, by source, or a root with all its articles, by path or name; return how many articles went.

    An article stays dropped until its file is indexed by its own path. Raises SourceError if there is neither.
    """
    with changing(folder), Library.open(folder) as library:
        base = library.base
        homes = library.rows("SELECT root, path FROM articles WHERE source = ?", what)
        roots = [
            root
            for root in library.roots()
            if what == root.name or Path(what).resolve() == root.path or homes == [(stored(root, base), "")]
        ]
        if not homes and not roots:
            raise SourceError(f"the library holds no article or root “{what}”", "qa sources list")
        writer = Writer(library, None)
        changes: list[Change] = []
        for home in (stored(root, base) for root in roots):
            for (path,) in library.rows("SELECT path FROM files WHERE root = ?", home):
                writer.forget_file(home, path)
            changes += [("DELETE FROM roots WHERE path = ?", (home,)), ("DELETE FROM dropped WHERE root = ?", (home,))]
        if not roots:
            writer.forget_article(what)
            changes += [
                ("INSERT OR REPLACE INTO dropped VALUES (?, ?, ?)", (what, *home))
                for home in homes
                if home[0] is not None
            ]
        removed = writer.counts().removed
        writer.commit(also=changes)
        arrange(library)
    return removed


def _opened(folder: Path, embedder: Embedder, file: str) -> Library:
    """Open the library, or create it if it is missing.

    The leftover of a killed rebuild is used if it fits, and deleted if it does not.
    """
    if (folder / file).exists():
        try:
            library = Library.open(folder, file=file)
            try:
                library.require(embedder)
                if file == LEFTOVER and (problems := check(library)):
                    raise LibraryError(problems[0], REBUILD_HINT)
            except LibraryError:
                library.close()
                raise
            return library
        except LibraryError:
            if file != LEFTOVER:
                raise
            delete(folder / file)
    return Library.create(folder, embedder, file=file)
