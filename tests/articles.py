"""Articles in memory, for tests that read none from files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from index.records import Article, Credit, Metadata, Region


def made(
    source: str,
    text: str,
    metadata: Metadata = Metadata(),  # noqa: B008 (frozen)
    *,
    regions: Sequence[Region] | None = None,
    credited: Sequence[Credit] = (),
    page_starts: Sequence[int] = (),
) -> Article:
    """An article of this text, all of it one paragraph unless `regions` say otherwise."""
    return Article(
        source,
        text,
        "utf-8",
        metadata,
        (Region(0, len(text), "body"),) if regions is None else tuple(regions),
        tuple(credited),
        tuple(page_starts),
        hashlib.sha256(text.encode()).hexdigest(),
    )
