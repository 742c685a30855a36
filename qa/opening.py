"""A library, opened and known to be whole, or built as the settings say.

Knows nothing of options, questions or models.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.embed import Embedder
    from index.progress import BuildReport, Progress
    from index.store import Library
    from qa.settings import Settings

_log = logging.getLogger("qa")
_NO_NAMES: Mapping[Path, str] = MappingProxyType({})


def opened(folder: Path, told: Callable[[str], None] = _log.warning) -> Library:
    """The library in a folder, open and known to be whole; `told` hears of what takes long. Raises LibraryError."""
    from index.change import look_through
    from index.store import Library

    library = Library.open(folder)
    try:
        look_through(library, told=told)
    except BaseException:
        library.close()
        raise
    return library


def built(
    settings: Settings,
    roots: Sequence[Path],
    embedder: Embedder,
    *,
    names: Mapping[Path, str] = _NO_NAMES,
    rebuild: bool = False,
    report: Callable[[Progress], None] = lambda _: None,
) -> BuildReport:
    """What `index.build.build` does with these settings; answers that were kept go where the articles change.

    Raises as that does, and SettingsError where Tesseract is wanted and cannot read.
    """
    from index.build import build
    from index.ingest.scans import check as check_ocr
    from qa.kept.cache import forget

    if settings.ocr:
        check_ocr(settings.ocr_languages)
    ocr = settings.ocr_languages if settings.ocr else ""
    done = build(
        settings.library, roots, embedder,
        names=names, rebuild=rebuild, limits=settings.limits, follow_links=settings.follow_links, ocr=ocr, report=report,
    )  # fmt: skip
    if done.added or done.changed or done.removed or rebuild:
        forget(settings.library)
    return done
