"""Report what is installed, what is broken, and the command that repairs it.

Repairs nothing, loads no model and never uses the network.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from index.cells import MOST_EXACT, probed
from index.errors import LibraryError, ModelError, SettingsError
from index.nearest import FILES
from index.schema import REBUILD_HINT
from qa.models.address import is_address, parse
from qa.network import looked
from qa.render.counted import counted
from qa.settings import NO_RERANKER, Settings

if TYPE_CHECKING:
    from index.store import Library

PROGRAM = "vouch-qa"
LEAST_PYTHON = (3, 11)
KEPT = "kept answers"
LEAST_SPACE = 200_000_000  # bytes; an update of a library needs room beside the old one


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined: what it is, its state and, if something is wrong, the command that repairs it."""

    what: str
    state: str
    hint: str | None = None

    @property
    def well(self) -> bool:
        """Whether nothing has to be done."""
        return self.hint is None


def examine(settings: Settings, settings_folder: Path, state: Path) -> Iterator[Finding]:
    """Look at Python, the packages, the models, their calibration, the network, the library with what it keeps, and the disk, in this order.

    Calibrations lie in `settings_folder`; `state` is the folder of this user's own things.
    """
    yield python(sys.version_info[:3])
    yield from program()
    yield from models(settings, settings_folder)
    yield from (Finding(*each) for each in looked())
    yield from library(settings.library)
    yield kept(settings, state)
    yield from (space(name, folder) for name, folder in (("library", settings.library), ("models", settings.models)))


def python(version: tuple[int, int, int]) -> Finding:
    """The interpreter."""
    state = f"{'.'.join(map(str, version))} on {platform.system()} {platform.machine()}"
    return Finding(
        "python", state, None if version >= LEAST_PYTHON else "install Python 3.11 or newer, then: make setup"
    )


def program() -> Iterator[Finding]:
    """The program itself and the packages it needs, as they are installed."""
    try:
        yield Finding(PROGRAM, metadata.version(PROGRAM))
        yield from packages(metadata.requires(PROGRAM) or [])
    except metadata.PackageNotFoundError:
        yield Finding(PROGRAM, "not installed", "make setup")


def packages(requirements: list[str]) -> Iterator[Finding]:
    """Return the packages that this program needs here, not those for development or other platforms."""
    from packaging.requirements import Requirement

    for requirement in sorted(map(Requirement, requirements), key=lambda each: each.name):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Finding(requirement.name, "missing", "make setup")
            continue
        fits = requirement.specifier.contains(version, prereleases=True)
        yield Finding(
            requirement.name,
            version if fits else f"{version}, but {requirement.specifier} is needed",
            None if fits else "make setup",
        )


def models(settings: Settings, settings_folder: Path) -> Iterator[Finding]:
    """The two models that an answer needs, every byte of them, the engine that would run the answering one, and what it is decided by."""
    from qa.models.engines import choose
    from qa.models.processor import SLOW, multiplies_bytes
    from qa.models.resolve import intact

    try:
        embedder = intact(settings.embedder, "embed", settings.models)
        yield Finding("embedder", f"{embedder.name} {embedder.digest} in {embedder.folder}")
    except ModelError as error:
        yield Finding("embedder", error.message, error.hint)
    if settings.reranker != NO_RERANKER:
        try:
            reranker = intact(settings.reranker, "rerank", settings.models)
            yield Finding("reranker", f"{reranker.name} {reranker.digest} in {reranker.folder}")
        except ModelError as error:
            yield Finding("reranker", error.message, error.hint)
    if is_address(settings.engine):
        yield from server(settings, settings_folder)
        return
    try:
        model = intact(settings.model, "answer", settings.models)
        yield Finding("model", f"{model.name} {model.digest} in {model.folder}")
        engine, why = choose(model, settings.engine)
        yield Finding("engine", f"{engine}: {why}")
        if engine == "openvino" and multiplies_bytes() is False:
            yield Finding("processor", SLOW)
        yield decision(model.digest, settings_folder)
    except ModelError as error:
        yield Finding("model", error.message, error.hint)


def server(settings: Settings, settings_folder: Path) -> Iterator[Finding]:
    """The server that the settings name, asked what it says of the model, and what that is decided by."""
    from qa.models.engine_server import KEY, ServerModel

    try:
        model = ServerModel(
            parse(settings.engine), settings.model, key=os.environ.get(KEY), allow_remote=settings.allow_remote
        )
    except (ModelError, SettingsError) as error:
        yield Finding("engine", error.message, error.hint)
        return
    yield Finding("engine", f"{model.name} {model.digest}")
    yield decision(model.digest, settings_folder)


def decision(digest: str, settings_folder: Path) -> Finding:
    """What the answers of a model are decided by.

    A calibration of this user's, what was fitted on that very model, or what was fitted on another.
    """
    from qa.answering.probe import is_of
    from qa.calibration.keep import read
    from qa.calibration.tell import summary

    try:
        kept = read(settings_folder, digest)
    except SettingsError as error:
        return Finding("decision", error.message, error.hint)
    if kept is not None:
        return Finding("decision", f"calibrated {summary(kept)}; {kept.file}")
    return Finding(
        "decision",
        "fitted on this model"
        if is_of(digest)
        else "fitted on another model: qa eval FILE --calibrate fits it to this one",
    )


def library(folder: Path) -> Iterator[Finding]:
    """The library: whether it is there, whole, and what it left out."""
    from index.health import check, damaged_blocks
    from index.seal import verify
    from index.store import Library
    from index.write import is_being_written

    try:
        is_sealed = verify(folder, in_full=sys.maxsize)
        with Library.open(folder) as opened:
            known = opened.summary()
            yield Finding(
                "library",
                f"{folder}: {counted(known.articles, 'article')}, {counted(known.passages, 'passage')}, {known.undated} undated",
            )
            yield Finding("search", searching(opened))
            for problem in check(opened):
                yield Finding("library", problem, REBUILD_HINT)
            for file in damaged_blocks(opened):
                yield Finding("search", f"{file} is damaged", "qa index")
            skipped = opened.skipped()
        if not is_sealed:
            busy = is_being_written(folder)
            yield Finding(
                "library",
                "qa index is at work on it" if busy else "its last writer was stopped before the end",
                None if busy else "qa index",
            )
    except LibraryError as error:
        yield Finding("library", error.message, error.hint)
        return
    if skipped:  # not an error: such files stay in a folder, and nothing has to be done about them
        yield Finding("library", f"left out: {counted(len(skipped), 'file')}; qa sources check lists them")


def kept(settings: Settings, state: Path) -> Finding:
    """The answers that are kept: how many, and what they take.

    That none can be kept is no error: questions are then asked again.
    """
    from qa.kept.answers import cache_of
    from qa.kept.cache import contents, writable

    if settings.kept_mb == 0:
        return Finding(KEPT, "none (kept_mb is 0)")
    cache = cache_of(settings, state, make=False)
    if cache is None:
        return Finding(KEPT, "none yet")
    found = contents(cache)
    held = f"{counted(found.answers, 'answer')}, {found.size / 1e6:.1f} of at most {settings.kept_mb:,} MB in {cache.folder}"
    damaged = f"; {counted(found.damaged, 'file')} damaged or not of this user, asked anew" if found.damaged else ""
    return Finding(KEPT, held + damaged + ("" if writable(cache) else "; no more can be written there"))


def searching(library: Library) -> str:
    """How the library's vectors are searched."""
    cells, passages = library.cells(), library.passage_count()
    if cells is None:
        return f"exact: a question is compared with every passage, which is quick up to {MOST_EXACT:,}"
    files = sum(file.stat().st_size for file in library.folder.glob(FILES))
    looked = probed(len(cells.centers), passages, passages)
    return f"by cells: a question looks into {looked:,} of {len(cells.centers):,}, then compares exactly; {files / 1e6:.0f} MB of index, mapped into memory"


def space(name: str, folder: Path) -> Finding:
    """The free space on the disk of a folder, which need not exist yet."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    return Finding(
        f"disk ({name})",
        f"{free / 1e9:.1f} GB free in {there}",
        None if free >= LEAST_SPACE else f"free some space on the disk of {there}",
    )
