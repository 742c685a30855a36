"""What can go wrong with a memo that its reader can mend."""

from __future__ import annotations

from index.errors import VouchError


class MemoError(VouchError):
    """A plan, a citation style or a document cannot be read or written."""
