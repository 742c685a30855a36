"""An author's line taken apart, as a bibliography needs it.

In: the line as the article has it. Out: names. Judges by shape; what is no person stays whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.ingest.names import is_person

_AND = re.compile(r",\s*(?:and\s+)?|\s+and\s+|\s*&\s*|;\s*")
_PARTICLE = re.compile(r"[^\W\d_]{1,4}")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in two parts, or, where `given` is `None`, a name that is never turned round.

    An office, an agency, a single word.
    """

    family: str
    given: str | None = None


def authors(line: str) -> tuple[Name, ...]:
    """The persons of `Jai Kumar Verma and A. Roy` or `Verma, Jai Kumar`; else the whole line as one name."""
    parts = [part for part in _AND.split(line.strip()) if part]
    if parts and all(is_person(part) for part in parts):
        return tuple(_person(part) for part in parts)
    if len(parts) == 2 and line.count(",") == 1 and is_person(f"{parts[1]} {parts[0]}"):
        return (Name(parts[0], parts[1]),)
    return (Name(line.strip()),)


def _person(text: str) -> Name:
    """The last word is the family name, with the small words before it: "van der Berg"."""
    words = text.split()
    first = len(words) - 1
    while first > 1 and words[first - 1].islower() and _PARTICLE.fullmatch(words[first - 1]):
        first -= 1
    return Name(" ".join(words[first:]), " ".join(words[:first]))
