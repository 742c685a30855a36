"""`qa index`: builds the library, or brings it up to date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
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
    from index.build import BuildReport
    from index.listing import Problem

Roots = Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files and folders of articles (default: refresh those it has, else seeds/).")]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="Put this name before the sources of PATH, to tell it from another root.")]

Ocr = Annotated[bool | None, typer.Option("--ocr/--no-ocr", help="Have Tesseract read scanned pages of PDF files (languages: the setting ocr_languages).")]
FollowLinks = Annotated[bool | None, typer.Option("--follow-links/--no-follow-links", help="Read what links lead to outside of their folder, too.")]


def index(
    ctx: typer.Context,
    path: Roots = None,
    *,
    name: Name = None,
    rebuild: Rebuild = False,
    follow_links: FollowLinks = None,
    ocr: Ocr = None,
    library: LibraryFolder = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make a folder of articles searchable.

    Without PATH the library is brought up to date.
    Reads text, Markdown, web pages, PDF, Word, mail, tables, workbooks, slides and .jsonl, folders with all that is in them. What did not change costs
    nothing. A file that cannot be read is left out and told; so is one larger than the setting max_file_mb, or one that takes longer than max_file_seconds.
    """
    from index.ingest.scans import check as check_ocr
    from qa.opening import built

    session = current(ctx)
    settings = session.settings(library=library, follow_links=follow_links, ocr=ocr)
    if settings.ocr:
        check_ocr(settings.ocr_languages)
    if name is not None and len(path or []) != 1:
        raise SettingsError("--name names one path", "qa index PATH --name NAME")
    roots = [session.cwd / root.expanduser() for root in path or []] or _default_roots(settings.library, session, rebuild=rebuild)
    names = {roots[0]: name} if name is not None else {}
    embedder = session.loaders.embedder(settings)
    with indexing(session, quiet=quiet or as_json) as report:
        done = built(settings, roots, embedder, names=names, rebuild=rebuild, report=report)
    if as_json:
        session.write({**asdict(done), "skipped": told(done.skipped), "flawed": told(done.flawed)})
        return
    for line in left_out(done, follow_links=settings.follow_links) if not quiet else ():
        session.say(line)
    if not quiet or done.added or done.changed or done.removed:
        session.say(summary(done))


def left_out(done: BuildReport, *, follow_links: bool) -> Iterator[str]:
    """A line for each file that was left out, or of which something was, one for all links that were, and one for files of kinds that are not read."""
    for what, problems in (("skipped", done.skipped), ("flawed", done.flawed)):
        for problem in problems:
            yield one_line(f"{what}: {readable(str(problem.path))}: {problem.message}")
    if done.unread:
        yield one_line(f"not read: {described(done.unread)}")
    if done.not_followed:
        lead = "link leads" if done.not_followed == 1 else "links lead"
        where = "into the system, not to articles" if follow_links else "out of the folder; to read what is there: qa index --follow-links"
        yield f"not followed: {done.not_followed:,} {lead} {where}"


def told(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Files and what is wrong with them, as a program reads it."""
    return [{"path": str(each.path), "message": each.message} for each in problems]


def summary(done: BuildReport) -> str:
    """What a build did, in a line."""
    counts = f"{done.added} added, {done.changed} changed, {done.unchanged} unchanged, {done.removed} removed, {len(done.skipped)} skipped"
    counts += f", {sum(kind.count for kind in done.unread):,} not read" if done.unread else ""
    return f"articles: {counts}; {counted(done.passages, 'passage')}, {done.embedded} embedded; {done.seconds:.1f} s"


def _default_roots(library: Path, session: Session, *, rebuild: bool) -> list[Path]:
    """None where the library has roots to refresh; else the seeds. Raises `SourceError` where there are no seeds either."""
    from index.schema import FILE
    from index.seal import SEAL

    if ((library / FILE).exists() or (library / SEAL).exists()) and _has_roots(library, damaged=rebuild):
        return []
    seeds = paths.seeds_folder(session.cwd)
    if seeds is None:
        raise SourceError("the library has no articles yet, and there is no folder seeds/ here", "qa index FOLDER")
    return [seeds]


def _has_roots(library: Path, *, damaged: bool) -> bool:
    """Whether the library remembers roots; `damaged` is the answer where it cannot say, because a rebuild rescues what it can."""
    from index.store import Library

    try:
        with Library.open(library) as opened:
            return bool(opened.roots())
    except LibraryError:
        if damaged:
            return True
        raise
