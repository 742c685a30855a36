"""The provenance of answers: what they would be made with, known before anything is asked.

Takes a library, settings and the names of models; loads none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa import __version__
from qa.answering.guarantee import settled
from qa.models.names import Names
from qa.records import Provenance
from qa.settings import Settings, digest

if TYPE_CHECKING:
    from index.store import Library
    from qa.answering.decide import Decision


def made_with(library: Library, settings: Settings, names: Names, decision: Decision) -> Provenance:
    """What an answer from this library with these settings, by models of these names, decided so, would say it was made with.

    A risk counts as the caution that it stands for; raises SettingsError where it stands for none.
    """
    model = f"{names.model}, {decision.note}" if decision.note else names.model
    settings = settled(settings, decision, names.digest)
    return Provenance(
        version=__version__, library=library.digest, embedder=names.embedder, model=model, settings=digest(settings)
    )
