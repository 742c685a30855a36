"""`qa index`: builds the library, or brings it up to date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import LibraryError, SettingsError, SourceError
from index.ingest.unread import described
from index.naming import readable
from qa import paths
from qa.commands.bars import indexing
from qa.commands.options import Json, LibraryFolder, Quiet, Rebuild
from qa.commands.session import Session, current
from qa.render.counted import counted
from qa.render.harmless import one_line

if TYPE_CHECKING:
    from index.listing import Problem
    from index.progress import BuildReport
    from index.web.gather import Gathered

Roots = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        help="Files, folders and web addresses of articles (default: update those it has, else seeds/).",
    ),
]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="Prefix for the sources of PATH, to tell it from another root."),
]

Ocr = Annotated[
    bool | None,
    typer.Option(
        "--ocr/--no-ocr", help="Have Tesseract read scanned pages of PDF files (languages: the setting ocr_languages)."
    ),
]
Watch = Annotated[
    bool, typer.Option("--watch", help="Keep running and read what changes in the folders, until Ctrl-C.")
]
Private = Annotated[
    bool | None,
    typer.Option("--allow-private/--no-allow-private", help="Also fetch from this machine and the local network."),
]
FollowLinks = Annotated[
    bool | None,
    typer.Option("--follow-links/--no-follow-links", help="Also read what links outside the folder lead to."),
]


def index(
    ctx: typer.Context,
    path: Roots = None,
    *,
    name: Name = None,
    rebuild: Rebuild = False,
    watch: Watch = False,
    follow_links: FollowLinks = None,
    allow_private: Private = None,
    ocr: Ocr = None,
    library: LibraryFolder = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make a folder of articles searchable.

    Without PATH the library is brought up to date. Reads text, Markdown, web pages, PDF, Word, mail, tables, workbooks,
    slides and .jsonl, folders with all that is in them. What did not change costs nothing. A file that cannot be read
    is left out and told; so is one larger than the setting max_file_mb, or one that takes longer than max_file_seconds.
    With --watch it goes on, and follows the folders. A PATH that begins with https:// is fetched once, and of a feed
    what it links to; what comes is kept in the folder fetched/ beside the library.
    """
    from index.ingest.scans import check as check_ocr
    from index.reembed import cost
    from index.web.address import is_address
    from qa.commands.reembed import agreed
    from qa.opening import built

    session = current(ctx)
    settings = session.settings(library=library, follow_links=follow_links, allow_private=allow_private, ocr=ocr)
    if settings.ocr:
        check_ocr(settings.ocr_languages)
    if name is not None and len(path or []) != 1:
        raise SettingsError("--name names one path", "qa index PATH --name NAME")
    urls = [each for each in path or [] if is_address(each)]
    if urls and name is not None:
        raise SettingsError("--name names files of one's own, not web addresses", "qa index PATH --name NAME")
    roots = [session.cwd / Path(root).expanduser() for root in path or [] if root not in urls]
    gathered = None
    if urls:
        from index.isolated import Isolated
        from index.web.gather import beside, gather

        tell = (lambda _: None) if quiet or as_json else session.say
        with Isolated(settings.limits) as isolated:
            gathered = gather(
                urls,
                settings.library,
                isolated.call,
                limits=settings.limits,
                allow_private=settings.allow_private,
                tell=tell,
            )
        folder = beside(settings.library)
        # a page that was dropped is wanted again where it is named
        roots += [folder, *(folder / kept for kept in gathered.kept)]
    roots = roots or _default_roots(settings.library, session, rebuild=rebuild)
    names = {roots[0]: name} if name is not None else {}
    embedder = session.loaders.embedder(settings)
    if (change := cost(settings.library, embedder)) is not None:
        agreed(change, session, rebuild=rebuild, quiet=quiet)
        rebuild = True

    def taken_in(roots: Sequence[Path], *, anew: bool) -> BuildReport:
        with indexing(session, quiet=quiet or as_json) as report:
            return built(settings, roots, embedder, names=names if roots else {}, rebuild=anew, report=report)

    done = taken_in(roots, anew=rebuild)
    _tell(session, done, gathered, follow_links=settings.follow_links, quiet=quiet)
    if watch:
        from qa.commands.watch import follow

        follow(
            session,
            settings.library,
            done,
            lambda: taken_in([], anew=False),
            partial(left_out, follow_links=settings.follow_links),
            quiet=quiet,
        )


def _tell(session: Session, done: BuildReport, gathered: Gathered | None, *, follow_links: bool, quiet: bool) -> None:
    if session.as_json:
        web = {} if gathered is None else {"web": asdict(gathered)}
        session.write({**asdict(done), "skipped": told(done.skipped), "flawed": told(done.flawed), **web})
        return
    for line in missed(gathered) if gathered is not None and not quiet else ():
        session.say(line)
    for line in left_out(done, follow_links=follow_links) if not quiet else ():
        session.say(line)
    if not quiet or done.added or done.changed or done.removed:
        session.say(summary(done))


def missed(gathered: Gathered) -> Iterator[str]:
    """A line for each address that could not be fetched, and for notes on feeds."""
    for each in gathered.missed:
        yield one_line(f"skipped: {each.url}: {each.message}")
    for note in gathered.notes:
        yield one_line(f"note: {note}")


def left_out(done: BuildReport, *, follow_links: bool) -> Iterator[str]:
    """A line for each file left out in whole or in part, one for all links, and one for files of other kinds."""
    for what, problems in (("skipped", done.skipped), ("flawed", done.flawed)):
        for problem in problems:
            yield one_line(f"{what}: {readable(str(problem.path))}: {problem.message}")
    if done.unread:
        yield one_line(f"not read: {described(done.unread)}")
    if done.not_followed:
        lead = "link leads" if done.not_followed == 1 else "links lead"
        where = (
            "into the system, not to articles"
            if follow_links
            else "out of the folder; to read what is there: qa index --follow-links"
        )
        yield f"not followed: {done.not_followed:,} {lead} {where}"


def told(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Files and what is wrong with them, for JSON."""
    return [{"path": str(each.path), "message": each.message} for each in problems]


def summary(done: BuildReport) -> str:
    """What a build did, in a line."""
    counts = f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged, {done.removed} removed, {len(done.skipped)} skipped"
    counts += f", {sum(kind.count for kind in done.unread):,} not read" if done.unread else ""
    return f"articles: {counts}; {counted(done.passages, 'passage')}, {done.embedded} embedded; {done.seconds:.1f} s"


def _default_roots(library: Path, session: Session, *, rebuild: bool) -> list[Path]:
    """None where the library has roots to refresh; else the seeds.

    Raises `SourceError` where there are no seeds either.
    """
    from index.schema import FILE
    from index.seal import SEAL

    if ((library / FILE).exists() or (library / SEAL).exists()) and _has_roots(library, damaged=rebuild):
        return []
    seeds = paths.seeds_folder(session.cwd)
    if seeds is None:
        raise SourceError("the library has no articles yet, and there is no folder seeds/ here", "qa index FOLDER")
    return [seeds]


def _has_roots(library: Path, *, damaged: bool) -> bool:
    """Whether the library has roots; `damaged` is returned if it is damaged, since a rebuild rescues what it can."""
    from index.store import Library

    try:
        with Library.open(library) as opened:
            return bool(opened.roots())
    except LibraryError:
        if damaged:
            return True
        raise
