"""What lies beside articles and speaks of them, other than `sources.toml`.

Bibliographies (.bib, CSL-JSON), and the record of what was fetched from the web.

An entry of a bibliography is about the file that it names; else about the one that is called as it is cited, or as its
DOI; else about an article of the same DOI, address or title, which is known only when the article has been read. It
speaks of articles in its own folder and below.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from index.errors import SourceError
from index.ingest import bibtex, contents, csl, fetched
from index.ingest.csl import Reference, References
from index.ingest.metadata import merge
from index.limits import Limits
from index.listing import Problem
from index.naming import readable
from index.records import Metadata
from index.scan import Found

_NOTHING = Metadata()
_LEAST_TITLE = 16  # bytes, six signs of Chinese: shorter ones ("Introduction") name many things
_NOISE = re.compile(r"(?:utm_[a-z]+|fbclid|gclid)=[^&]*&?")


@dataclass(frozen=True, slots=True)
class Loose:
    """Entries of a bibliography that no file is known for yet, by what articles are recognised by.

    `sources` are those that they may speak of.
    """

    sources: frozenset[str]
    by_url: Mapping[str, Metadata]
    by_title: Mapping[str, Metadata]
    digest: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What was found, by source.

    `said` is known for certain; `addresses` are where pages were fetched; `hints` count only where an article says
    nothing.

    `used` are the files that say it; `problems` is what is wrong with them.
    """

    said: Mapping[str, Metadata] = field(default_factory=dict)
    addresses: Mapping[str, Metadata] = field(default_factory=dict)
    hints: Mapping[str, Metadata] = field(default_factory=dict)
    loose: tuple[Loose, ...] = ()
    used: frozenset[Path] = frozenset()
    problems: tuple[Problem, ...] = ()

    def known(self, source: str, stated: Metadata) -> Metadata:
        """What is known of an article of this source that states so much itself."""
        stated, found = merge(self.addresses.get(source, _NOTHING), stated), _NOTHING
        for each in self._of(source):
            by_title = each.by_title.get(_title(stated.title)) if stated.title else None
            found = merge(found, (each.by_url.get(_url(stated.url)) if stated.url else None) or by_title or _NOTHING)
        return merge(merge(found, stated), self.hints.get(source, _NOTHING))

    def speaking_of(self, source: str) -> list[str]:
        """What may change what is known of a source, beside what is said for certain."""
        return [each.digest for each in self._of(source)] + [
            f"{known[source]}" for known in (self.addresses, self.hints) if source in known
        ]

    def _of(self, source: str) -> list[Loose]:
        names = {source, source.rpartition("#")[0]}
        return [] if names & self.said.keys() else [each for each in self.loose if names & each.sources]


def references(path: Path, limits: Limits) -> References | None:
    """What this file says of others, if it is a bibliography; None where it is none.

    What is wrong with it is told in its notes.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".bib":
            return bibtex.read(contents.read(path, limits), readable(path.name), limits)
        return csl.read(contents.read(path, limits)) if suffix == ".json" and _is_list(path, limits) else None
    except SourceError as error:
        return References((), (error.message,)) if suffix == ".bib" else None


def read(files: Sequence[Found], unread: Iterable[Path], limits: Limits) -> Beside:
    """What those of the files `unread` say that speak of others.

    Of two bibliographies, the one in the nearer folder is believed first.

    Raises SourceError for a damaged record of fetched pages.
    """
    said, addresses, hints = dict[str, Metadata](), dict[str, Metadata](), dict[str, Metadata]()
    loose, used, problems = list[Loose](), list[Path](), list[Problem]()
    by_path = {file.path: file.source for file in files}
    alone = {path for file in files if file.relative == "" for path in file.path.parent.glob("*.bib")}
    for path in sorted({*unread, *alone}, key=lambda path: (-len(path.parts), path.as_posix())):
        if path.name == fetched.NAME:
            used.append(path)
            for kept in fetched.read(path.parent).pages.values():
                if source := by_path.get(path.parent / kept.file):
                    addresses[source] = Metadata(url=kept.url)
                    hints[source] = Metadata(kept.title, kept.author, kept.date)
        elif (found := references(path, limits)) is not None:
            used.append(path)
            problems += [Problem(path, note) for note in found.notes]
            below = [file for file in files if path.parent in file.path.parents]
            left = _placed(found.entries, path.parent, below, said)
            loose += [_loose(left, below)] if left else []
    return Beside(said, addresses, hints, tuple(loose), frozenset(used), tuple(problems))


def _is_list(path: Path, limits: Limits) -> bool:
    """Whether a file begins as CSL-JSON does: what is something else need not be read whole."""
    contents.status(path, limits)
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    except OSError:
        return False


def _placed(
    entries: Sequence[Reference], folder: Path, files: Sequence[Found], said: dict[str, Metadata]
) -> list[Reference]:
    """Adds what the entries say of files that they name, or that are named after them; returns the others."""
    by_name, by_stem, by_path = (
        defaultdict[str, list[Found]](list),
        defaultdict[str, list[str]](list),
        {file.path.as_posix(): file.source for file in files},
    )
    for file in files:
        by_name[file.path.name.casefold()].append(file)
        by_stem[_words(file.path.stem)].append(file.source)
    left = []
    for entry in entries:
        named = [source for name in entry.files if (source := _file(name, folder, by_path, by_name))]
        sources = named or by_stem.get(_words(entry.key)) or (by_stem.get(_words(entry.doi)) if entry.doi else None)
        for source in sources or ():
            said[source] = merge(said.get(source, _NOTHING), entry.metadata)
        left += [] if sources else [entry]
    return left


def _file(name: str, folder: Path, by_path: Mapping[str, str], by_name: Mapping[str, list[Found]]) -> str | None:
    """The source of the file that an entry names: by its path, or, where the files were moved, by the end of it."""
    if exact := by_path.get(PurePosixPath(folder.as_posix(), name).as_posix()):
        return exact
    parts = PurePosixPath(name).parts
    likely = by_name.get(parts[-1].casefold(), []) if parts else []
    lengths = [_common(parts, file.path.parts) for file in likely]
    best = [file for file, length in zip(likely, lengths, strict=True) if length == max(lengths)]
    return best[0].source if len(best) == 1 else None


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many parts at the end are the same."""
    count = 0
    for first, second in zip(reversed(one), reversed(other), strict=False):
        if first.casefold() != second.casefold():
            break
        count += 1
    return count


def _loose(entries: Sequence[Reference], files: Sequence[Found]) -> Loose:
    """Entries by address and title; of those that several have, none."""
    urls = [
        (_url(url), entry.metadata)
        for entry in entries
        for url in {entry.metadata.url, f"https://doi.org/{entry.doi}" if entry.doi else None}
        if url
    ]
    titles = [(_title(entry.metadata.title), entry.metadata) for entry in entries if entry.metadata.title]
    return Loose(
        frozenset(file.source for file in files),
        _unique(urls),
        _unique(titles),
        digest=hashlib.sha256("\n".join(map(str, entries)).encode("utf-8", "replace")).hexdigest(),
    )


def _unique(pairs: Sequence[tuple[str, Metadata]]) -> dict[str, Metadata]:
    counts = Counter(key for key, _ in pairs)
    return {key: value for key, value in pairs if key and counts[key] == 1}


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.casefold())


def _title(text: str | None) -> str:
    words = _words(text or "").replace("_", " ").strip()
    return words if len(words.encode()) >= _LEAST_TITLE else ""


def _url(text: str | None) -> str:
    address = re.sub(r"^[a-z]+://(?:www\.|dx\.)?", "", (text or "").strip().casefold()).partition("#")[0]
    return _NOISE.sub("", address).rstrip("/?&")
