"""The provenance of answers: what they would be made with, known before anything is asked.

Takes a library, settings and the names of models; loads none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa import __version__
from qa.models.names import Names
from qa.records import Provenance
from qa.settings import Settings, digest

if TYPE_CHECKING:
    from index.store import Library


def made_with(library: Library, settings: Settings, names: Names, *, note: str = "") -> Provenance:
    """What an answer from this library with these settings, by models of these names, would say it was made with; `note` is of the model's calibration."""
    model = f"{names.model}, {note}" if note else names.model
    return Provenance(
        version=__version__, library=library.digest, embedder=names.embedder, model=model, settings=digest(settings)
    )
