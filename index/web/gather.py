"""Addresses -> files beside the library, which are indexed like any others.

The record of them says where they came from (`index.ingest.fetched`).

A page is fetched once, and again only where the machine says that it has changed. Of a feed each page is fetched that
is not there yet, so many a run; an entry that carries its whole text is kept as it is, and its page is not asked for.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from index.errors import SourceError
from index.ingest.fetched import Kept, Record, Version, read, replace, write
from index.isolated import Run
from index.limits import Limits
from index.web import feed as feeds
from index.web import kinds
from index.web.address import normal, same_site
from index.web.ask import Asker, Page
from index.write import writing

FOLDER = "fetched"  # beside the library; where that has a name of its own, so has this folder: one-fetched
LIBRARY = ".qa"
MOST_ENTRIES = 100  # of a feed that are fetched in one run
_KINDS = "what is kept: web pages, feeds, texts and PDF"


@dataclass(frozen=True, slots=True)
class Missed:
    """An address, and why nothing was kept of it."""

    url: str
    message: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of it: addresses whose files are new or changed, how many had not changed, entries of feeds that wait for another run, and what was missed.

    `kept` are the files of those pages that were asked for by name, relative to the folder.
    """

    fetched: tuple[str, ...]
    unchanged: int
    waiting: int
    missed: tuple[Missed, ...]
    notes: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(slots=True)
class _Run:
    """What a run goes by, and what came of it so far."""

    folder: Path
    record: Record
    asker: Asker
    run: Run
    tell: Callable[[str], None]
    now: Callable[[], str]
    fetched: list[str] = field(default_factory=list)
    unchanged: int = 0
    waiting: int = 0
    missed: list[Missed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def beside(library: Path) -> Path:
    """The folder of what was fetched for a library."""
    return library.parent / (FOLDER if library.name == LIBRARY else f"{library.name}-{FOLDER}")


def gather(
    urls: Sequence[str],
    library: Path,
    run: Run,
    *,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    allow_private: bool = False,
    tell: Callable[[str], None] = lambda _: None,
    wait: Callable[[float], None] = time.sleep,
    now: Callable[[], str] = lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
) -> Gathered:
    """Fetches what is at these addresses into the folder beside the library; `tell` hears of each page that is fetched.

    `run` calls what deals with the network and with what comes from there, in a process of its own where that shall be
    bounded (`Isolated.call`).

    Raises SourceError for an address that is none, and where nothing at all could be had; LibraryError where another
    run is at work on the library.
    """
    wanted = dict.fromkeys(normal(url) for url in urls)
    folder = beside(library)
    with writing(library):
        here = _Run(folder, read(folder), Asker(run, limits, wait, allow_private=allow_private), run, tell, now)
        refused = []
        try:
            for url in wanted:
                try:
                    _fetch(here, url)
                except SourceError as error:
                    refused.append(SourceError(f"{url}: {error.message}", error.hint))
                    here.missed.append(Missed(url, error.message))
        except OSError as error:
            raise SourceError(
                f"{folder} cannot be written: {error.strerror}", "check its permissions and the space on its disk"
            ) from error
    kept = tuple(known.file for url in wanted if (known := here.record.pages.get(url)))
    if refused and not here.fetched and not here.unchanged:
        raise refused[0]
    return Gathered(tuple(here.fetched), here.unchanged, here.waiting, tuple(here.missed), tuple(here.notes), kept)


def _fetch(here: _Run, url: str) -> None:
    """What the user named: a page, or a feed with its entries."""
    known: Kept | Version | None = here.record.feeds.get(url) or _there(here, url)
    page = here.asker.page(url, *((known.etag, known.modified) if known else ()))
    if page.reply.status == 304:
        here.unchanged += 1
        return
    suffix = _suffix(page)
    feed = here.run("it", feeds.read, page.reply.body, page.url) if suffix == ".xml" else None
    if feed is None:
        _keep(here, url, page, suffix)
        return
    if not feed.entries:
        raise SourceError("is a feed without entries", "check the address")
    here.notes += [f"{url} {note}" for note in feed.notes]
    if _entries(here, url, feed, page.url, private=page.reply.private):
        here.record.feeds[url] = Version(page.reply.etag, page.reply.modified)
    else:
        here.record.feeds.pop(url, None)  # what is missing is fetched the next time, whether the feed changes or not
    write(here.folder, here.record)


def _entries(here: _Run, url: str, feed: feeds.Feed, home: str, *, private: bool) -> bool:
    """Fetches what is new of a feed that was found at `home`; whether all of it is there now."""
    new: list[tuple[str, feeds.Entry]] = []
    whole = True
    for each in feed.entries:
        entry = each
        try:
            key = normal(entry.link) if entry.link else f"{url}#{entry.key}"
        except SourceError as error:
            here.missed.append(Missed(entry.key, error.message))
            continue
        if entry.link and not same_site(key, home):
            entry = dataclasses.replace(entry, content=None)  # a feed may not supply the text of another site's page
        if _there(here, key) is None or (entry.content is not None and _changed(here, key, entry, feed)):
            new.append((key, entry))
        else:
            here.unchanged += 1
    waiting = len(new) - MOST_ENTRIES
    if waiting > 0:
        here.waiting += waiting
        here.notes.append(
            f"{url} has {len(new):,} entries that are new; {MOST_ENTRIES} are fetched in one "
            f"run, {waiting:,} wait for the next"
        )
    for key, entry in new[:MOST_ENTRIES]:
        try:
            if entry.content is None:
                page = here.asker.page(key, private=private)
                _keep(here, key, page, _suffix(page), entry)
            else:
                _store(
                    here,
                    key,
                    feeds.page(entry, feed.title),
                    ".html",
                    entry.link or url,
                    "application/feed-entry",
                    entry=entry,
                )
        except SourceError as error:
            here.missed.append(Missed(key, error.message))
            whole = False
    return whole and waiting <= 0


def _there(here: _Run, key: str) -> Kept | None:
    """What is kept under this address, if its file is still there."""
    known = here.record.pages.get(key)
    return known if known is not None and (here.folder / known.file).is_file() else None


def _changed(here: _Run, key: str, entry: feeds.Entry, feed: feeds.Feed) -> bool:
    return here.record.pages[key].sha256 != _sha256(feeds.page(entry, feed.title))


def _suffix(page: Page) -> str:
    """Raises SourceError for what is nothing to read."""
    suffix = kinds.suffix(page.reply.content_type, page.reply.body)
    if suffix is None:
        raise SourceError(f"is not text: {page.reply.content_type[:80] or 'of an unknown type'}", _KINDS)
    if not page.reply.body.strip():
        raise SourceError("is empty", _KINDS)
    return suffix


def _keep(here: _Run, key: str, page: Page, suffix: str, entry: feeds.Entry | None = None) -> None:
    data = kinds.readable(page.reply.content_type, page.reply.body, suffix)
    _store(
        here, key, data, suffix, page.url, page.reply.content_type, page.reply.etag, page.reply.modified, entry=entry
    )


def _store(
    here: _Run,
    key: str,
    data: bytes,
    suffix: str,
    url: str,
    content_type: str,
    etag: str | None = None,
    modified: str | None = None,
    *,
    entry: feeds.Entry | None = None,
) -> None:
    """Writes the file, then the record: one that was killed between the two is fetched once more."""
    known, digest = _there(here, key), _sha256(data)
    same = known is not None and known.sha256 == digest
    name = (
        known.file
        if known is not None and known.file.endswith(suffix)
        else _name(key if entry and entry.content else url, suffix)
    )
    if not same:
        replace(here.folder / name, data)
        if known is not None and known.file != name:
            with suppress(OSError):
                (here.folder / known.file).unlink()
    said = (entry.title, entry.author, entry.date) if entry is not None else (None, None, None)
    here.record.pages[key] = Kept(
        name, url, known.fetched if known and same else here.now(), content_type, digest, etag, modified, *said
    )
    write(here.folder, here.record)
    if same:
        here.unchanged += 1
    else:
        here.fetched.append(key)
        here.tell(f"fetched: {key}" + (f" → {url}" if url != key and not key.startswith(url) else ""))


def _name(url: str, suffix: str) -> str:
    """A file for this address: the machine, the last words of the path that say something, and what tells it from others."""
    parts = urlsplit(url)
    folder = re.sub(r"[^a-z0-9.-]+", "_", parts.netloc).strip("._") or "_"
    last = next((part for part in reversed(unquote(parts.path).split("/")) if part), "")
    slug = re.sub(r"[^A-Za-z0-9]+", "-", re.sub(r"\.\w{1,5}$", "", last)).strip("-")[:60].strip("-")
    return f"{folder}/{slug or 'page'}-{hashlib.sha256(url.encode()).hexdigest()[:8]}{suffix}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
