"""Bring a library up to date with its files: find what changed, read it, and have it written.

A library remembers its roots (files and folders). Every build compares all of them with what is recorded: an unchanged
file costs a look at its size and time, a changed one is read again and only its changed passages are embedded, a
deleted one disappears. A root that is gone as a whole is an error, not a deletion: it may be a disk that is not
mounted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from index.arrange import arrange
from index.cells import MOST_EXACT
from index.change import changing
from index.embed import Embedder
from index.errors import LibraryError, SourceError
from index.health import check
from index.ingest.beside import Beside
from index.ingest.beside import read as read_beside
from index.ingest.load import load
from index.ingest.metadata import merge
from index.ingest.sidecar import overrides as overrides_of
from index.ingest.unread import Unread, tally
from index.isolated import Isolated, Run
from index.limits import Limits
from index.listing import Problem, Root
from index.naming import located, readable
from index.plan import Overrides, Plan, Task, compared
from index.rebuild import LEFTOVER, Dropped, rescued, swap
from index.records import Article, Metadata
from index.rows import article_row
from index.scan import merged, scan, sourced, stored
from index.schema import FILE, REBUILD_HINT, delete
from index.store import Library
from index.write import Change, FileState, Writer

_NO_NAMES: Mapping[Path, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is.

    `done` of `total` files that have to be read, passages cut and vectors computed so far, and the source being read.

    `done` of `total` files that have to be read, passages cut and vectors computed so far, and the source being read.
    """

    done: int
    total: int
    passages: int
    embedded: int
    source: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    The first four count articles, `passages` is those of the whole library, `embedded` the vectors computed,
    `not_followed` links.

    The first four count articles, `passages` is those of the whole library, `embedded` the vectors computed,
    `not_followed` links.

    Files in `skipped` were left out; of those in `flawed`, read this time or speaking of others, something was lost;
    `unread` are of no kind that is read.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    skipped: tuple[Problem, ...]
    passages: int
    embedded: int
    not_followed: int
    seconds: float
    flawed: tuple[Problem, ...] = ()
    unread: tuple[Unread, ...] = ()


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
    """Builds or updates the library in `folder`: adds `roots` to those it has and refreshes them all.

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
                result = _refreshed(
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
                delete(folder / file)  # nothing came of it: leave no empty library behind
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
    """Drops one article, by source, or a root with all its articles, by path or name; returns how many articles went.

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
    """The library, made if it is missing.

    The leftover of a killed rebuild is used where it fits and thrown away where it does not.
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


def _refreshed(
    library: Library,
    kept: Sequence[Root],
    wanted: Sequence[Root],
    dropped: Dropped,
    embedder: Embedder,
    limits: Limits,
    report: Callable[[Progress], None],
    *,
    follow_links: bool,
    ocr: str,
) -> BuildReport:
    """Makes the library what its roots hold now."""
    base = library.base
    roots = merged(kept, wanted)
    if not roots:
        raise SourceError(
            "the library does not know which folders to read",
            "qa index FOLDER, or qa index --rebuild FOLDER if it was damaged",
        )
    scanned = scan(roots, library.folder, follow_links=follow_links)
    states = {
        row[:2]: FileState(*row)
        for row in library.rows("SELECT root, path, size, mtime_ns, digest, problem, note FROM files")
    }
    recorded = {root.path: root.name for root in library.roots()}
    renamed = {root.path for root in roots if recorded.get(root.path, root.name) != root.name}
    out = {
        source: located(base, home, path)
        for source, home, path in (*dropped, *library.rows("SELECT source, root, path FROM dropped"))
    }
    back = {path for path in out.values() if any(path == root.path for root in wanted)}
    left_out = {source for source, path in out.items() if path not in back}
    overrides = {
        sourced(root, key): known
        for root in roots
        for key, known in overrides_of(root.path, follow_links=follow_links).items()
    }
    beside = read_beside(scanned.files, scanned.unread, limits)
    overrides |= {source: merge(overrides.get(source, Metadata()), known) for source, known in beside.said.items()}
    plan = compared(scanned.files, states, overrides, again=renamed | back, limits=limits, beside=beside.speaking_of)
    writer = _staged(library, plan, overrides, left_out, embedder, limits, report, ocr=ocr, beside=beside)
    failed = library.rows(
        "SELECT root, path, problem FROM temp.staged_files WHERE problem IS NOT NULL ORDER BY root, path"
    )
    skipped = tuple(Problem(located(base, home, path), problem) for home, path, problem in failed)
    if len(skipped) == len(scanned.files):
        raise SourceError(
            f"nothing could be read: {skipped[0].path}: {skipped[0].message}",
            "qa index FOLDER, with a folder of readable articles",
        )
    noted = library.rows("SELECT root, path, note FROM temp.staged_files WHERE note IS NOT NULL ORDER BY root, path")
    flawed = tuple(Problem(located(base, home, path), note) for home, path, note in noted)
    counts = writer.counts()
    new = [root for root in roots if root.path not in recorded or root.path in renamed]
    changes: list[Change] = [
        ("INSERT OR REPLACE INTO roots VALUES (?, ?)", (stored(root, base), root.name)) for root in new
    ]
    changes += [("INSERT OR REPLACE INTO dropped VALUES (?, ?, ?)", row) for row in dropped]
    changes += [("DELETE FROM dropped WHERE source = ?", (source,)) for source in out.keys() - left_out]
    writer.commit(also=changes)
    passages = library.summary().passages
    return BuildReport(
        counts.added, counts.changed, counts.unchanged, counts.removed, skipped, passages, writer.embedded, scanned.outside,
        seconds=0.0, flawed=(*flawed, *beside.problems), unread=tally(path for path in scanned.unread if path not in beside.used),
    )  # fmt: skip


def _staged(
    library: Library,
    plan: Plan,
    overrides: Overrides,
    left_out: set[str],
    embedder: Embedder,
    limits: Limits,
    report: Callable[[Progress], None],
    *,
    ocr: str,
    beside: Beside,
) -> Writer:
    """Reads the files of the plan, one at a time, and has a writer collect what they hold."""
    done, source = 0, ""

    def tell() -> None:
        report(Progress(done, len(plan.tasks), writer.passages, writer.embedded, source))

    writer = Writer(library, embedder, advanced=tell)
    for home, relative in plan.gone:
        writer.forget_file(home, relative)
    for state in plan.touched:
        writer.file(state)
    with Isolated(limits) as isolated:
        for done, task in enumerate(plan.tasks):  # noqa: B007 (told by `tell`)
            source = task.file.source
            tell()
            articles, state = _read(task, overrides, limits, isolated.call, ocr, beside)
            for article in articles:
                if article.source not in left_out:
                    writer.article(article, root=state.root, path=state.path)
            writer.file(state)
    return writer


def _read(
    task: Task, overrides: Overrides, limits: Limits, run: Run, ocr: str, beside: Beside
) -> tuple[tuple[Article, ...], FileState]:
    """The articles of a file, and what was lost of it; none, and why, where it cannot be read."""
    if task.state.problem is not None:
        return (), task.state
    notes: list[str] = []
    try:
        articles = load(
            task.file.path,
            task.file.source,
            overrides,
            limits=limits,
            run=run,
            tell=notes.append,
            ocr=ocr,
            beside=beside.known,
        )
        for article in articles:
            article_row(article, ())  # what cannot be encoded (half of a surrogate pair) must not reach the library
    except SourceError as error:
        return (), replace(task.state, problem=error.message)
    except MemoryError:
        return (), replace(task.state, problem="needs more memory to read than there is")
    except UnicodeEncodeError:
        return (), replace(task.state, problem="holds half characters (lone surrogates), which no file can store")
    return articles, replace(task.state, note="; ".join(notes) or None)
