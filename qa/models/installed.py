"""The models on this disk: one folder each, with a manifest that was written last. No manifest, no model.

Takes the models folder; returns `Installed` records, checked. Knows nothing of the network or of how a model is run.

What a loader reads is checked at every start, by CRC-32, in files of up to `READ_AT_ONCE` bytes: 40 ms for the
embedder. Of larger files, and of those that are only kept, the size and the time are compared; `Installed.weighty`
names the ones that are read beside the loading.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import ModelError
from index.seal import checksum
from qa.models.catalog import LocalModel, Task

MANIFEST = "manifest.json"
CHECKS = "checks.json"  # beside it, since older versions share the folder and take no other manifest
CONVERTED = ("openvino/", "safetensors/")
READ_AT_ONCE = 200_000_000  # bytes
_FORMAT = 2
_SMALL = 8_000_000  # bytes; a file of so many is read whether a loader wants it or not


@dataclass(frozen=True, slots=True)
class Recorded:
    """A file as it was when it was verified, or made from verified ones; `path` is relative to the model's folder.

    `crc32` stands in `CHECKS` and is None until the file was read once.
    """

    path: str
    size: int
    sha256: str
    mtime_ns: int
    crc32: int | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """A model on this disk: what it is, where it came from, and its files, those it was converted to included."""

    name: str
    task: Task
    digest: str
    source: str
    upstream: str
    revision: str
    licence: str
    converter: str
    folder: Path
    files: tuple[Recorded, ...]

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(file.size for file in self.files)

    def local(self) -> LocalModel:
        """The record that the loaders take."""
        return LocalModel(
            name=self.name,
            task=self.task,
            digest=self.digest,
            folder=self.folder,
            openvino=self._part("openvino/"),
            gguf=next((self.folder / file.path for file in self.files if file.path.endswith(".gguf")), None),
            safetensors=self.folder if (self.folder / "config.json").is_file() else self._part("safetensors/"),
        )

    @property
    def loaded(self) -> tuple[Recorded, ...]:
        """The files that a loader reads: what the model was converted to, or all of it where it was not."""
        return tuple(file for file in self.files if file.path.startswith(CONVERTED)) or self.files

    @property
    def weighty(self) -> tuple[Recorded, ...]:
        """Of these, the ones that are too large to be read before the loading begins."""
        return tuple(file for file in self.loaded if file.size > READ_AT_ONCE)

    def _part(self, prefix: str) -> Path | None:
        return self.folder / prefix.rstrip("/") if any(file.path.startswith(prefix) for file in self.files) else None


def installed(name: str, models_folder: Path) -> Installed | None:
    """The installed model of this name (a catalogue name or a hub id), or None.

    Raises `ModelError` when its manifest is damaged.
    """
    folder = home(name, models_folder)
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        fields = json.loads(text)
        if fields.pop("format") != _FORMAT:
            raise ModelError(
                f"the manifest of the model {name} is of another version of this program", f"qa models fetch {name}"
            )
        files = tuple(Recorded(**file) for file in fields.pop("files"))
        seal, sums = _checks(folder)
        model = Installed(
            folder=folder, files=tuple(replace(file, crc32=sums.get(file.path)) for file in files), **fields
        )
        if seal not in (_seal(model), None):
            raise ValueError
        return model
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"the manifest of the model {name} is damaged", f"qa models fetch {name}") from error


def all_installed(models_folder: Path) -> tuple[Installed, ...]:
    """Every model in the folder, by name. Raises `ModelError` when a manifest is damaged."""
    return tuple(model for name in names(models_folder) if (model := installed(name, models_folder)) is not None)


def names(models_folder: Path) -> tuple[str, ...]:
    """The names of the models in the folder, damaged ones too."""
    return tuple(sorted(path.parent.name.replace("--", "/") for path in models_folder.glob(f"*/{MANIFEST}")))


def check(model: Installed, *, as_published: bool = False) -> None:
    """Raise `ModelError` naming the damaged file, if any, of those that a loader reads; `as_published` where it reads what was not converted.

    What is found to be right but was not known is noted down: the new time of a file, as after a copy, and checksums that older manifests lack.
    """
    read = set(model.files if as_published else model.loaded)
    files = tuple(_as_recorded(model, file, up_to=READ_AT_ONCE if file in read else _SMALL) for file in model.files)
    if files != model.files:
        with suppress(OSError):  # a models folder that may only be read is checked the long way every time
            write(replace(model, files=files))


def check_weights(model: Installed) -> None:
    """What `check` leaves out of what a loader reads: every byte of the large files.

    Raises `ModelError` naming the damaged one.
    """
    known = {file: _as_recorded(model, file, up_to=file.size) for file in model.weighty}
    if any(file != now for file, now in known.items()):
        with suppress(OSError):
            write(replace(model, files=tuple(known.get(file, file) for file in model.files)))


def verify(model: Installed, advance: Callable[[int], None] = lambda _: None) -> None:
    """Raise `ModelError` naming the damaged file, if any; reads every byte, and tells `advance` how many it has read."""
    read = 0
    for file in model.files:
        if sha256(model.folder / file.path) != file.sha256:
            raise _damaged(model, file)
        read += file.size
        advance(read)


def remove(name: str, models_folder: Path) -> int:
    """Delete the model, or what an interrupted fetch left of it, and return how many bytes that freed."""
    folder = home(name, models_folder)
    if not folder.is_dir():
        raise ModelError(f"the model {name} is not on this machine", "qa models list")
    try:
        with lock(folder, timeout=0):
            freed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            (folder / MANIFEST).unlink(missing_ok=True)  # first, so that half a removal is not taken for a model
            shutil.rmtree(folder)
    except Timeout as error:
        raise ModelError(f"the model {name} is being fetched", "wait for that to end, or stop it") from error
    return freed


def home(name: str, models_folder: Path) -> Path:
    """The folder of the model, whether there is one or not."""
    return models_folder / name.replace("/", "--")


def lock(folder: Path, timeout: float = -1) -> FileLock:
    """What a process holds while it changes the folder of a model."""
    return FileLock(folder.parent / f".{folder.name}.lock", timeout=timeout)


def record(folder: Path, paths: Iterable[str]) -> tuple[Recorded, ...]:
    """The files as they are now, hashed."""
    made = []
    for path in sorted(paths):
        status = (folder / path).stat()
        made.append(Recorded(path, status.st_size, sha256(folder / path), status.st_mtime_ns, checksum(folder / path)))
    return tuple(made)


def write(model: Installed) -> None:
    """Write the manifest, whole or not at all, and before it what it is checked by."""
    files = [{key: value for key, value in asdict(file).items() if key != "crc32"} for file in model.files]
    fields = {key: value for key, value in asdict(model).items() if key != "folder"} | {"files": files}
    checks = {
        "manifest": _seal(model),
        "crc32": {file.path: file.crc32 for file in model.files if file.crc32 is not None},
    }
    for name, content in ((CHECKS, checks), (MANIFEST, {"format": _FORMAT} | fields)):
        new = model.folder / f"{name}.{os.getpid()}.partial"
        new.write_text(json.dumps(content, indent=1), encoding="utf-8")
        new.replace(model.folder / name)


def identity(hashes: Iterable[tuple[str, str]]) -> str:
    """A short SHA-256 of (path, SHA-256) pairs; for a single file, the beginning of its own hash."""
    pairs = sorted(hashes)
    if len(pairs) == 1:
        return pairs[0][1][:12]
    return hashlib.sha256("".join(f"{path} {digest}\n" for path, digest in pairs).encode()).hexdigest()[:12]


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; of one that is not there, or is no file that may be read, an empty string."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
        return ""


def _as_recorded(model: Installed, file: Recorded, *, up_to: int) -> Recorded:
    """The file as it is now, read if it has no more than `up_to` bytes or another time than was recorded."""
    with _readable(model, file) as path:
        status = path.stat()
        if status.st_size != file.size or not path.is_file():
            raise _damaged(model, file)
        same_time = status.st_mtime_ns == file.mtime_ns
        if same_time and (file.size > up_to or file.crc32 == checksum(path)):
            return file
        if sha256(path) != file.sha256:
            raise _damaged(model, file)
        return replace(file, mtime_ns=status.st_mtime_ns, crc32=checksum(path))


@contextmanager
def _readable(model: Installed, file: Recorded) -> Iterator[Path]:
    """The path of a file, for reading; one that is not there, or may not be read, is a damaged one."""
    try:
        yield model.folder / file.path
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise _damaged(model, file) from error


def _checks(folder: Path) -> tuple[str | None, dict[str, int]]:
    """The checksum of the manifest, and those of the files; nothing where they were not written, or cannot be read."""
    try:
        said = json.loads((folder / CHECKS).read_text(encoding="utf-8"))
        return str(said["manifest"]), {str(path): int(value) for path, value in said["crc32"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, {}


def _seal(model: Installed) -> str:
    """A checksum of a manifest without what may change by itself: times, and its place."""
    said = replace(model, folder=Path(), files=tuple(replace(file, mtime_ns=0, crc32=None) for file in model.files))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _damaged(model: Installed, file: Recorded) -> ModelError:
    return ModelError(f"the model {model.name} is damaged: {model.folder / file.path}", f"qa models fetch {model.name}")
