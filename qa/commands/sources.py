"""`qa sources`: the articles of the library, what is known of them, and what is missing."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from index.errors import SettingsError, SourceError
from index.ingest.unread import described, tally
from index.naming import readable
from qa.commands.asking import opened
from qa.commands.library import told
from qa.commands.options import Json, LibraryFolder
from qa.commands.session import Session, current
from qa.render.counted import counted
from qa.render.harmless import harmless, one_line

if TYPE_CHECKING:
    from index.listing import SourceInfo
    from index.records import Article, Field
    from index.store import Library

app = typer.Typer(
    name="sources",
    help="The articles of the library.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="The name of an article, as `qa sources list` shows it.")]
Removed = Annotated[
    str, typer.Argument(metavar="SOURCE", help="The name of an article, or the path or name of a root.")
]
Changes = Annotated[
    list[str],
    typer.Argument(
        metavar="FIELD=VALUE...", help="title, author, date, publisher, url or language; an empty value removes it."
    ),
]


@app.command("list")
def list_(ctx: typer.Context, *, library: LibraryFolder = None, as_json: Json = False) -> None:
    """List the articles with date, title and author."""
    session = current(ctx)
    with opened(session.settings(library=library)) as library_:
        found = library_.sources()
    if as_json:
        session.write({"sources": [_known(info) for info in found]})
        return
    width = max((len(one_line(info.source)) for info in found), default=0)
    for info in found:
        credit = " — ".join(one_line(part) for part in (info.metadata.title, info.metadata.author) if part)
        session.out.print(
            f"{one_line(info.source).ljust(width)}  {(info.metadata.date or 'undated').ljust(10)}  {credit}".rstrip(),
            markup=False,
        )


@app.command()
def show(ctx: typer.Context, source: Source, *, library: LibraryFolder = None, as_json: Json = False) -> None:
    """Print the text of an article as quotes count it; what is known of it goes to standard error."""
    session = current(ctx)
    with opened(session.settings(library=library)) as library_:
        article = library_.article(source)
        info = next(each for each in library_.sources() if each.source == source)
    if as_json:
        session.write(
            {
                **_known(info),
                "digest": article.digest,
                "regions": [asdict(region) for region in article.regions],
                "text": article.text,
            }
        )
        return
    for name, value in _known(info).items():
        if value is not None or name != "note":
            session.say(f"{name}: {'unknown' if value is None else value}")
    _print_text(article, session)


@app.command()
def check(ctx: typer.Context, *, library: LibraryFolder = None, as_json: Json = False) -> None:
    """List what is not known of which article, which files were left out or have flaws, and what lies beside them that is not read."""
    from index.ingest.beside import references
    from index.ingest.fetched import NAME as RECORD
    from index.listing import Problem
    from index.scan import unread_below

    session = current(ctx)
    settings = session.settings(library=library)
    with opened(settings) as library_:
        missing = {info.source: _missing(info) for info in library_.sources() if _missing(info)}
        skipped, flawed = library_.skipped(), library_.flawed()
        beside = {path: references(path, settings.limits) for path in unread_below(library_.roots(), library_.folder)}
    flawed += tuple(Problem(path, note) for path, found in beside.items() if found is not None for note in found.notes)
    unread = tally(path for path, found in beside.items() if found is None and path.name != RECORD)
    if as_json:
        rows = [{"source": source, "fields": fields} for source, fields in missing.items()]
        session.write(
            {
                "missing": rows,
                "skipped": told(skipped),
                "flawed": told(flawed),
                "unread": [asdict(kind) for kind in unread],
            }
        )
        return
    for source, fields in missing.items():
        session.out.print(f"{one_line(source)}: no {', no '.join(fields)}", markup=False)
    for problem in skipped:
        session.out.print(
            f"{one_line(readable(str(problem.path)))}: left out: {one_line(problem.message)}", markup=False
        )
    for problem in flawed:
        session.out.print(f"{one_line(readable(str(problem.path)))}: {one_line(problem.message)}", markup=False)
    if unread:
        session.out.print(f"not read: {one_line(described(unread))}", markup=False)
    if missing:
        session.say("hint: qa sources set SOURCE date=2021-12 author=...")


@app.command("set")
def set_(ctx: typer.Context, source: Source, change: Changes, *, library: LibraryFolder = None) -> None:
    """Say what an article itself does not: writes sources.toml beside the articles, which `qa index` reads."""
    from index.ingest.sidecar import NAME, write

    session = current(ctx)
    changes = _changes(change)
    with opened(session.settings(library=library)) as library_:
        folder, name = _place(library_, source)
    write(folder, name, changes)
    session.say(f"written to {folder / NAME}; to bring it into the library: qa index")


@app.command()
def remove(ctx: typer.Context, source: Removed, *, library: LibraryFolder = None) -> None:
    """Drop an article, or a root with all its articles, from the library; files stay as they are."""
    from index.build import remove as drop
    from qa.kept.cache import forget

    session = current(ctx)
    folder = session.settings(library=library).library
    count = drop(folder, source)
    forget(folder)  # what was quoted from it goes too
    session.say(f"{counted(count, 'article')} removed")


def _known(info: SourceInfo) -> dict[str, object]:
    return {
        "source": info.source,
        "file": None if info.file is None else str(info.file),
        **asdict(info.metadata),
        "encoding": info.encoding,
        "characters": info.characters,
        "passages": info.passages,
        "indexed_at": info.indexed_at,
        "note": info.note,
    }


def _missing(info: SourceInfo) -> list[str]:
    return [field for field in ("title", "author", "date") if getattr(info.metadata, field) is None]


def _changes(pairs: list[str]) -> Mapping[Field, str | None]:
    from index.records import Field

    changes: dict[Field, str | None] = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals or field not in get_args(Field):
            raise SettingsError(
                f"“{pair}” sets nothing",
                f"write one of {', '.join(get_args(Field))}, then = and the value: date=2021-12",
            )
        changes[field] = value.strip() or None  # type: ignore[index]  # one of the fields, as checked above
    return changes


def _place(library: Library, source: str) -> tuple[Path, str]:
    """The folder whose sources.toml takes precedence for an article, and the article's name in it.

    Raises `SourceError` where there is none.
    """
    file = next((info.file for info in library.sources() if info.source == source), None)
    if file is None:
        raise SourceError(f"the library holds no article “{source}” that was read from a file", "qa sources list")
    name = readable(file.name)
    return file.parent, name + source.rpartition(name)[2]  # with the "#3" of the third article of a .jsonl file


def _print_text(article: Article, session: Session) -> None:
    if session.out.is_terminal:
        session.out.print(harmless(article.text), markup=False, soft_wrap=True)
        return
    # to a file or a program the text goes letter for letter, in UTF-8 and with its own line ends
    sys.stdout.flush()
    sys.stdout.buffer.write(article.text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
