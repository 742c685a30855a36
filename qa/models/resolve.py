"""Find the files of a model on this disk by what the user calls it.

Never uses the network: if a model is not here, the error names the command that fetches it.

Takes a name of the catalogue, a hub id, a folder, or a GGUF file; returns the record that the loaders take.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path

from index.errors import ModelError
from qa.models.catalog import CATALOG, LocalModel, Model, Task, find
from qa.models.hub import SAFE
from qa.models.installed import check, check_weights, identity, installed, sha256, verify
from qa.models.task import task_of

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_KINDS: dict[Task, str] = {"embed": "an embedder", "answer": "an answering model", "rerank": "a reranker"}
_DIGESTS = ".digests.json"


def resolve(name: str, task: Task, models_folder: Path, *, as_published: bool = False) -> LocalModel:
    """The model that `name` stands for, checked to be whole (see `check`); `as_published` where it is loaded in that form.

    Raises `ModelError` when it is not on this machine, is damaged, or is for another task.
    """
    known = published(name)
    if known is None and (path := Path(name).expanduser()).exists():
        model = _given(path.absolute(), task, models_folder)
    elif known is None and not _HUB_ID.fullmatch(name):
        raise ModelError(
            f"there is no model {name}: it is in no catalogue, is no folder, and is no hub id", "qa models list"
        )
    else:
        wanted = known.name if known is not None else name
        there = installed(wanted, models_folder)
        if there is None:
            raise ModelError(f"the model {wanted} is not on this machine", f"qa models fetch {wanted}")
        check(there, as_published=as_published)
        model = there.local()
    if model.task != task:
        raise ModelError(f"{name} is {_KINDS[model.task]}, and {_KINDS[task]} is wanted", "qa models list")
    return model


def intact(name: str, task: Task, models_folder: Path) -> LocalModel:
    """As `resolve`, with every byte of the model read."""
    model = resolve(name, task, models_folder)
    there = installed(model.name, models_folder)
    if there is not None and there.folder == model.folder:
        verify(there)
    return model


def check_read(model: LocalModel, models_folder: Path) -> None:
    """Every byte of the large files that a loader of `model` reads.

    Raises `ModelError` when one is damaged; knows nothing of a folder of the user's.
    """
    there = installed(model.name, models_folder)
    if there is not None and there.folder == model.folder:
        check_weights(there)


def published(name: str) -> Model | None:
    """The model of the catalogue with this name, or published under this hub id, or None."""
    return find(name) or next((model for model in CATALOG if model.upstream.lower() == name.lower()), None)


def _given(path: Path, task: Task, models_folder: Path) -> LocalModel:
    """A folder or a GGUF of the user's, used as it is."""
    if path.is_file():
        if path.suffix != ".gguf":
            raise ModelError(f"{path} is neither a folder nor a GGUF", "name the folder that the model is in")
        return LocalModel(
            path.stem, "answer", _digest([path], path.parent, models_folder), path.parent, None, path, None
        )
    files = sorted({file for pattern in SAFE for file in path.rglob(pattern) if file.is_file()})
    ggufs = sorted(path.glob("*.gguf"))
    weights = any(file.suffix == ".safetensors" for file in files)
    converted = (path / "openvino_model.xml").is_file()
    if converted:
        files += [path / "openvino_model.xml", path / "openvino_model.bin"]
    if not weights and not converted and len(ggufs) == 1:
        return _given(ggufs[0], task, models_folder)
    if not weights and not converted:
        raise ModelError(
            f"{path} holds no model: neither safetensors, nor OpenVINO IR, nor a single GGUF", "qa models list"
        )
    digest = _digest(files, path, models_folder)
    return LocalModel(
        path.name, task_of(path), digest, path, path if converted else None, None, path if weights else None
    )


def _digest(files: list[Path], folder: Path, models_folder: Path) -> str:
    """The identity of the files; hashes are kept by size and time, so that weights are read once and not at each start."""
    kept = _kept(models_folder / _DIGESTS)
    fresh = dict(kept)
    hashes = []
    for file in files:
        status = file.stat()
        key = f"{file}|{status.st_size}|{status.st_mtime_ns}"
        fresh[key] = kept.get(key) or sha256(file)
        hashes.append((file.relative_to(folder).as_posix(), fresh[key]))
    if fresh != kept:
        with suppress(OSError):  # without the notes it is only slower
            models_folder.mkdir(parents=True, exist_ok=True)
            new = models_folder / f"{_DIGESTS}.{os.getpid()}"
            new.write_text(json.dumps(fresh, indent=0), encoding="utf-8")
            new.replace(models_folder / _DIGESTS)
    return identity(hashes)


def _kept(notes: Path) -> dict[str, str]:
    try:
        kept = json.loads(notes.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}
