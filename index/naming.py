"""Paths of files as text that can be typed, shown and stored.

On most systems a path is bytes, and some hold bytes that are no text, a Latin-1 "é" for one; Python reads each of those
as half a character, which neither UTF-8 nor SQLite can hold.

`readable` is for people, who type it: "caf%E9.txt". Only names with such bytes are written so; the name "caf%E9.txt"
itself stays as it is, and where both lie in one folder the second is left out and told. `storable` is for the library,
and can be turned back: it moves each half character to the private plane 15.
"""

from __future__ import annotations

import re
from pathlib import Path

_HALF = re.compile("[\ud800-\udfff]")
_STORED = re.compile("[\U000fd800-\U000fdfff]")
_PLANE = 0xF0000


def readable(path: str) -> str:
    """`path` with a % and two digits for every byte that is no text."""
    return _HALF.sub(lambda half: "".join(f"%{byte:02X}" for byte in half[0].encode("utf-8", _errors(half[0]))), path)


def storable(path: str) -> str:
    """`path` as text that any file can hold."""
    return _HALF.sub(lambda half: chr(ord(half[0]) + _PLANE), path)


def located(base: Path, *stored: str) -> Path:
    """The path that was stored in parts, seen from `base`."""
    return base.joinpath(*(_STORED.sub(lambda moved: chr(ord(moved[0]) - _PLANE), part) for part in stored))


def _errors(half: str) -> str:
    """How Python read the half character: from a single byte, or on Windows from half a pair."""
    return "surrogateescape" if "\udc80" <= half <= "\udcff" else "surrogatepass"
