"""What every fetch has in common: one process at a time, conversion once, the manifest last.

Takes a folder with verified files; makes it an installed model. Knows nothing of where the files came from.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from filelock import Timeout

from index.errors import ModelError
from qa.models.catalog import Task
from qa.models.convert import OPENVINO, SAFETENSORS, convert
from qa.models.installed import (
    CHECKS,
    MANIFEST,
    Installed,
    Recorded,
    check,
    home,
    identity,
    installed,
    lock,
    record,
    sha256,
    verify,
    write,
)

Step = Literal["wait", "download", "verify", "convert", "note", "done"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch has come. `done` and `total` are bytes, and 0 where a step cannot be measured."""

    model: str
    step: Step
    detail: str
    done: int = 0
    total: int = 0


Report = Callable[[Progress], None]


@contextmanager
def alone(name: str, models_folder: Path, report: Report) -> Iterator[Path]:
    """The folder of the model, made if need be, while no other process changes it.

    A full or closed disk becomes a `ModelError`.
    """
    folder = home(name, models_folder)
    try:
        clear(folder, want="folder")
        clear(Path(lock(folder).lock_file))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            held = lock(folder).acquire(timeout=0)
        except Timeout:
            report(Progress(name, "wait", f"another process is fetching {name}"))
            held = lock(folder).acquire()
        with held:
            for leaving in (".wheels-*", ".openvino-*", ".safetensors-*"):  # of a fetch that was killed
                for scratch in folder.glob(leaving):
                    shutil.rmtree(scratch)
            for note in (MANIFEST, CHECKS):
                clear(folder / note)
            try:
                yield folder
            finally:
                with suppress(OSError):  # it failed: leave nothing behind
                    folder.rmdir()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ModelError(
                f"the disk is full in {models_folder}", "free some space and repeat the command: what is there is kept"
            ) from error
        raise ModelError(
            f"{models_folder} cannot be written to: {error.strerror or error}", "set QA_MODELS to a folder of your own"
        ) from error


def clear(path: Path, *, want: Literal["file", "folder"] = "file") -> None:
    """Delete what lies where a file, or a folder, of a model belongs and is none, or may not be read."""
    if path.is_dir() and not path.is_symlink():
        if want == "file":
            shutil.rmtree(path)
    elif path.exists() and (want == "folder" or not os.access(path, os.R_OK | os.W_OK)):
        path.unlink()


def sound(name: str, models_folder: Path, *, thoroughly: bool = False) -> Installed | None:
    """The model if it is there and whole, else None; `thoroughly` reads every byte."""
    try:
        there = installed(name, models_folder)
        if there is not None:
            check(there)
            if thoroughly:
                verify(there)
    except ModelError:
        return None
    return there


def finish(
    name: str,
    task: Task,
    folder: Path,
    paths: Sequence[str],
    origin: tuple[str, str, str, str],
    report: Report,
    *,
    before: Installed | None = None,
) -> None:
    """Convert the verified files to what the engine here loads fast, and write the manifest last.

    What the model was converted to `before` is kept where it is whole and was made of the same files.
    """
    sources = record(folder, paths)
    digest = identity((file.path, file.sha256) for file in sources)
    kind, target = _conversion(task, paths)
    converter, made = _kept(before, digest, target)
    if kind and not converter:
        report(Progress(name, "convert", f"to {target}, once"))
        gguf = next((path for path in paths if path.endswith(".gguf")), None)
        try:
            convert(kind, folder / gguf if gguf else folder, folder / target)
            package = "openvino" if target == OPENVINO else "transformers"
            converter = f"{package} {metadata.version(package)}"
            made = record(
                folder, [path.relative_to(folder).as_posix() for path in (folder / target).rglob("*") if path.is_file()]
            )
        except ModelError as error:
            if task == "answer":
                raise
            report(Progress(name, "note", f"{error.message}; sentence-transformers runs it instead"))
    used, upstream, revision, licence = origin
    write(Installed(name, task, digest, used, upstream, revision, licence, converter, folder, sources + made))
    report(Progress(name, "done", f"{name} is ready"))


def _kept(before: Installed | None, digest: str, target: str) -> tuple[str, tuple[Recorded, ...]]:
    """The converter and its files, where they are whole; nothing where they are not."""
    if before is None or not target or before.digest != digest:
        return "", ()
    made = tuple(file for file in before.files if file.path.startswith(f"{target}/"))
    whole = made and all(sha256(before.folder / file.path) == file.sha256 for file in made)
    return (before.converter, made) if whole else ("", ())


def _conversion(task: Task, paths: Iterable[str]) -> tuple[str, str]:
    """What to convert to, if to anything, given what is installed here."""
    gguf = any(path.endswith(".gguf") for path in paths)
    if task == "embed" and find_spec("openvino") is not None:
        return "embedder-to-openvino", OPENVINO
    if gguf and find_spec("openvino_genai") is not None:
        return "gguf-to-openvino", OPENVINO
    if gguf:
        return "gguf-to-safetensors", SAFETENSORS
    return "", ""
