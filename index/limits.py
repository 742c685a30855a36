"""Limits on what reading one file may cost.

Set by the caller, enforced by `index.ingest.contents` before a file is read and by `index.isolated` while it is.
"""

from __future__ import annotations

from dataclasses import dataclass

_ROOM = 1_000_000_000  # bytes of memory that a reader may take whatever the size of the file,
_FOR_EACH_BYTE = 10  # and for each byte that a file may have: a parsed tree takes several times its text


@dataclass(frozen=True, slots=True)
class Limits:
    """The megabytes that a file may have, packed and unpacked, and the seconds that reading it may take."""

    megabytes: int = 100
    seconds: int = 60

    @property
    def bytes(self) -> int:
        """The most that a file may hold."""
        return self.megabytes * 1_000_000

    @property
    def memory(self) -> int:
        """The most bytes of memory that reading a file may take."""
        return _ROOM + _FOR_EACH_BYTE * self.bytes
