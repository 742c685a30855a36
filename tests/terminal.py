"""A program on a terminal of its own: what a person would see of it. Not on Windows, which has no pseudo-terminals."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def on_a_terminal(arguments: Sequence[str], folder: Path, environ: Mapping[str, str]) -> tuple[str, int]:
    """All that appears on it, and the exit code."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(arguments, cwd=folder, env=environ, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while piece := _piece(ours):
            seen += piece
        code = process.wait(timeout=60)
    os.close(ours)
    return seen.decode(), code


def _piece(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""
