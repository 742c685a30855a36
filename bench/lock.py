"""Writes requirements.lock: an exact version of everything, for every platform, with the hashes of all files that may be installed. `make lock` runs it.

Takes the program uv, which resolves the ranges in pyproject.toml for all platforms at once, and the lock as it was;
prints the new lock. What needs more than that resolution is done here. Wheels that pip finds on
this machine count as published ones, and so do hashes that somebody added by hand, as long as the version stays. Builds
with a label of their own, such as 2.13.0+cpu, stand behind `# local:`, and what only a torch built for CUDA needs
behind `# cuda:`: `make setup` tries the former first, and installs the latter where they are needed.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from index.offline import TELEMETRY

LOCK = Path("requirements.lock")
HEADER = """\
# The exact versions that Vouch was tested with, and the SHA-256 of every file of theirs; `make setup` installs these, and nothing else decides what runs.
# Written by `make lock` from the ranges in pyproject.toml. A build of your own is let in by its hash, added here; `make lock` keeps it while the version stays.
# By hand: pip install --no-deps --require-hashes -r requirements.lock. See docs/security.md for the lines behind `local` and `cuda`.
"""
LOCAL, CUDA = "# local: ", "# cuda: "
_FOR_CUDA = ("cuda-", "nvidia-", "triton")
_OPTIONS = "--all-extras --universal --python-version 3.11 --only-binary :all: --generate-hashes --no-header --no-annotate --quiet".split()
_PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?P<marker> ;[^\\]*)? \\$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

Hashes = dict[tuple[str, str], set[str]]  # of each name and version


def lock(resolved: str, more: Hashes) -> str:
    """The lock from what uv resolved, with the hashes of `more`."""
    lines = [HEADER.rstrip()]
    for requirement in re.split(r"\n(?=\S)", resolved.strip()):
        first = requirement.splitlines()[0]
        name, version = _key(first)
        prefix = CUDA if name.startswith(_FOR_CUDA) else ""
        lines += _lines(prefix, first, {*_HASH.findall(requirement), *more.get((name, version), set())})
        for label, hashes in sorted(
            (other, more[name, other]) for known, other in more if known == name and other.startswith(f"{version}+")
        ):
            lines += _lines(LOCAL, f"{name}=={label} \\", hashes)
    return "\n".join(lines) + "\n"


def hashes_of(text: str) -> Hashes:
    """The hashes that stand in a lock."""
    known: Hashes = {}
    key = ("", "")
    for line in text.splitlines():
        if found := _PINNED.match(line := line.removeprefix(LOCAL).removeprefix(CUDA)):
            key = (canonicalize_name(found["name"]), found["version"])
        for digest in _HASH.findall(line):
            known.setdefault(key, set()).add(digest)
    return known


def hashes_in(folders: Iterable[Path]) -> Hashes:
    """The hashes of the wheels in these folders."""
    known: Hashes = {}
    for wheel in (file for folder in folders for file in folder.glob("*.whl")):
        try:
            name, version, *_ = parse_wheel_filename(wheel.name)
        except InvalidWheelFilename:
            continue
        with wheel.open("rb") as content:
            known.setdefault((name, str(version)), set()).add(hashlib.file_digest(content, "sha256").hexdigest())
    return known


def _lines(prefix: str, first: str, hashes: set[str]) -> list[str]:
    whole = [first, *(f"    --hash=sha256:{each} \\" for each in sorted(hashes))]
    whole[-1] = whole[-1].removesuffix(" \\")
    return [prefix + line for line in whole]


def _key(line: str) -> tuple[str, str]:
    found = _PINNED.match(line)
    if found is None:
        raise ValueError(f"no pinned requirement: {line}")
    return canonicalize_name(found["name"]), found["version"]


def _resolve(uv: str, options: list[str]) -> str:
    index = _pip("config", "get", "global.index-url")
    environ = os.environ | ({"UV_DEFAULT_INDEX": index} if index else {})
    left_out = [f"--no-emit-package={name.replace('_', '-')}" for name in TELEMETRY]
    return subprocess.run(
        [uv, "pip", "compile", "pyproject.toml", *_OPTIONS, *left_out, *options],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def _folders() -> Iterator[Path]:
    """Where pip looks for wheels on this machine beside its index."""
    for value in re.findall(r"find-links='([^']*)'", _pip("config", "list")):
        yield from (Path(each) for each in value.split() if Path(each).is_dir())


def _pip(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "pip", *arguments], capture_output=True, text=True, check=False
    ).stdout.strip()


def main() -> None:
    """Resolve, and print."""
    uv, *options = sys.argv[1:]
    more = hashes_of(LOCK.read_text(encoding="utf-8"))
    for key, hashes in hashes_in(_folders()).items():
        more.setdefault(key, set()).update(hashes)
    sys.stdout.write(lock(_resolve(uv, options), more))


if __name__ == "__main__":
    main()
