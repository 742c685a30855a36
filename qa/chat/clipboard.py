"""Put text on the clipboard; say in a line what was done.

A clipboard program is asked first, for it says whether it worked. Where there is none, as over ssh, the terminal is
asked with the sequence OSC 52, which most terminals obey and none acknowledges.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Mapping
from typing import IO

from index.errors import QuestionError

# each with the variable of the environment without which it cannot work
_PROGRAMS = (
    ("wl-copy", "WAYLAND_DISPLAY", ()),
    ("xclip", "DISPLAY", ("-selection", "clipboard")),
    ("xsel", "DISPLAY", ("--clipboard", "--input")),
    ("pbcopy", "", ()),
    ("clip.exe", "", ()),
)
_PATIENCE = 5.0  # seconds


def copied(text: str, environ: Mapping[str, str], *, terminal: IO[str] | None) -> str:
    """Copy `text` and say how. Raises `QuestionError` where there is no way to."""
    for program, needs, arguments in _PROGRAMS:
        path = shutil.which(program, path=environ.get("PATH"))
        if path is None or (needs and not environ.get(needs)):
            continue
        content = text.encode("utf-16-le" if program == "clip.exe" else "utf-8", "replace")
        try:
            # xclip stays to serve the clipboard, so its output must not be a pipe that is waited for
            done = subprocess.run(
                [path, *arguments],
                input=content,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(environ),
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return f"copied with {program}: {len(text):,} characters"
    if terminal is None:
        raise QuestionError("there is no clipboard here", "/save FILE writes the conversation to a file")
    terminal.write(osc52(text, tmux=bool(environ.get("TMUX"))))
    terminal.flush()
    return f"sent to the clipboard of the terminal (OSC 52): {len(text):,} characters; if it is not there, the terminal does not allow it: /save FILE"


def osc52(text: str, *, tmux: bool) -> str:
    """The sequence that asks a terminal to take `text` to its clipboard; tmux passes it on where it is wrapped."""
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}\x07"
    return f"\x1bPtmux;\x1b{sequence}\x1b\\" if tmux else sequence
