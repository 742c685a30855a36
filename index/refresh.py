"""Make a library what its files hold: find what changed, read it, and have a writer take it in.

An unchanged file costs a look at its size and time, a changed one is read again and only its changed passages are
embedded, a deleted one disappears.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.embed import Embedder
from index.errors import SourceError
from index.ingest.beside import Beside
from index.ingest.beside import read as read_beside
from index.ingest.load import load
from index.ingest.metadata import merge
from index.ingest.sidecar import overrides as overrides_of
from index.ingest.unread import tally
from index.isolated import Isolated, Run
from index.limits import Limits
from index.listing import Problem, Root
from index.naming import located
from index.plan import Overrides, Plan, Task, compared
from index.progress import BuildReport, Progress
from index.rebuild import Dropped
from index.records import Article, Metadata
from index.rows import article_row
from index.scan import merged, scan, sourced, stored
from index.store import Library
from index.write import Change, FileState, Writer


def refreshed(
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
    """Make the library what `kept` and `wanted` hold now; of articles that were `dropped`, only those asked for return.

    Raises SourceError where there is nothing to read, or nothing of it can be read.
    """
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
