"""Every target, in the order of the table."""

from __future__ import annotations

from bench.fuzzing import asking, checking, fetching, reading, showing, verifying

TARGETS = (
    *reading.TARGETS,
    *fetching.TARGETS,
    *checking.TARGETS,
    *asking.TARGETS,
    *verifying.TARGETS,
    *showing.TARGETS,
)
