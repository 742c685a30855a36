"""List, for `qa doctor`, what could reach the network, and whether it can. Tries nothing itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path

from index.offline import SHUT, TELEMETRY, refuses, true

# what it is, how it is, and the command that mends it, if something has to be mended
Looked = tuple[str, str, str | None]

# in the home folder: the number by which OpenVINO's telemetry knew this machine
_LEFT = Path("intel") / "openvino_ga_cid"


def looked() -> Iterator[Looked]:
    """Each installed thing that is made to use the network, and what keeps it from doing so."""
    for name in TELEMETRY:
        yield f"network ({name})", *_telemetry(name)
    offline = all(true(os.environ.get(name)) for name in SHUT)
    yield "network (model hub)", "offline" if offline else "told to stay offline, and something took that back", None
    connections = (
        "refused, whoever asks; only qa models fetch and qa index https://… make any"
        if refuses()
        else "not refused here: this is not the program qa"
    )
    yield "network (connections)", connections, None
    with suppress(RuntimeError):  # a user without a home
        # no illness, and not ours to delete: other programs that use OpenVINO write it too
        if (left := Path.home() / _LEFT).exists():
            yield (
                "network (left over)",
                f"{left} was written by OpenVINO's telemetry, which version 0.1.0 let run; nothing here reads it",
                None,
            )


def _telemetry(name: str) -> tuple[str, str | None]:
    if sys.modules.get(name) is not None:
        return "loaded before this program could keep it out", f"pip uninstall {name.replace('_', '-')}"
    if PathFinder.find_spec(name) is None:
        return "not installed", None
    with suppress(metadata.PackageNotFoundError):
        return f"{metadata.version(name)} is installed, and kept from loading", None
    return "is there, and kept from loading", None
