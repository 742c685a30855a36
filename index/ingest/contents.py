"""Read the bytes of an ordinary file that is not too large. Nothing else is ever opened.

A device or a pipe may never end, or act when it is opened; a file under /proc says that it is empty and may hold more
than there is memory for. So the file is examined first and again once open, since it may have been exchanged meanwhile,
and never read beyond its limit.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from index.errors import SourceError
from index.limits import Limits
from index.naming import readable

# a pipe put in place of the file would keep us waiting
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def status(path: Path, limits: Limits) -> os.stat_result:
    """What the system says of the file.

    Raises SourceError where there is none, it is no ordinary file, or larger than it may be.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    return _fit(path, found, limits)


def read(path: Path, limits: Limits) -> bytes:
    """The bytes of the file. Raises SourceError as `status` does."""
    if status(path, limits).st_size == 0:
        return b""
    try:
        with open(os.open(path, _FLAGS), "rb") as file:  # noqa: PTH123 - a descriptor
            _fit(path, os.fstat(file.fileno()), limits)
            data = file.read(limits.bytes + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > limits.bytes:
        raise _too_large(path, len(data), limits)
    return data


def unreadable(path: Path, error: OSError | RuntimeError) -> SourceError:
    """The error of the system, in words for a person."""
    if isinstance(error, PermissionError):
        needed = "rx" if os.path.isdir(path) else "r"  # noqa: PTH112 - Path.is_dir may raise here
        hint = f"allow it: chmod u+{needed} {readable(str(path))}"
        return SourceError(f"no permission to read {readable(path.name)}", hint)
    reason = getattr(error, "strerror", None) or str(error)
    return SourceError(f"{readable(path.name)} cannot be read: {reason}", "check the path and the disk it is on")


def _fit(path: Path, found: os.stat_result, limits: Limits) -> os.stat_result:
    if not stat.S_ISREG(found.st_mode):
        raise SourceError(
            f"{readable(path.name)} is no ordinary file, but a {_kind(found.st_mode)}", "leave it out of the folder"
        )
    if found.st_size > limits.bytes:
        raise _too_large(path, found.st_size, limits)
    return found


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "folder"
    return "pipe" if stat.S_ISFIFO(mode) else "socket" if stat.S_ISSOCK(mode) else "device"


def _too_large(path: Path, size: int, limits: Limits) -> SourceError:
    message = f"{readable(path.name)} has {size / 1_000_000:,.0f} MB; a file may have {limits.megabytes:,} (the setting max_file_mb)"
    return SourceError(message, "split it into articles, or allow more: QA_MAX_FILE_MB=... qa index")
