"""What every fetch has in common: one process at a time, conversion once, the manifest last.

In: a folder with verified files. Out: an installed model. Knows nothing of where the files came from.
"""

from __future__ import annotations

import errno
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
from qa.models.installed import Installed, check, home, identity, installed, lock, record, write

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
    """The folder of the model, made if need be, while no other process changes it; a full or closed disk becomes a `ModelError`."""
    folder = home(name, models_folder)
    try:
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
            try:
                yield folder
            finally:
                with suppress(OSError):  # nothing came of it, so nothing stays
                    folder.rmdir()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ModelError(f"the disk is full in {models_folder}", "free some space and repeat the command: what is there is kept") from error
        raise ModelError(f"{models_folder} cannot be written to: {error.strerror or error}", "set QA_MODELS to a folder of your own") from error


def sound(name: str, models_folder: Path) -> Installed | None:
    """The model if it is there and whole, else None."""
    try:
        there = installed(name, models_folder)
        if there is not None:
            check(there)
    except ModelError:
        return None
    return there


def finish(name: str, task: Task, folder: Path, paths: Sequence[str], origin: tuple[str, str, str, str], report: Report) -> None:
    """Convert the verified files to what the engine here loads fast, and write the manifest last."""
    sources = record(folder, paths)
    kind, target = _conversion(task, paths)
    converter = ""
    if kind:
        report(Progress(name, "convert", f"to {target}, once"))
        gguf = next((path for path in paths if path.endswith(".gguf")), None)
        try:
            convert(kind, folder / gguf if gguf else folder, folder / target)
            package = "openvino" if target == OPENVINO else "transformers"
            converter = f"{package} {metadata.version(package)}"
        except ModelError as error:
            if task == "answer":
                raise
            report(Progress(name, "note", f"{error.message}; sentence-transformers runs it instead"))
    made = [path.relative_to(folder).as_posix() for path in (folder / target).rglob("*") if path.is_file()] if converter else []
    used, upstream, revision, licence = origin
    digest = identity((file.path, file.sha256) for file in sources)
    write(Installed(name, task, digest, used, upstream, revision, licence, converter, folder, sources + record(folder, made)))
    report(Progress(name, "done", f"{name} is ready"))


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
