"""Split a paragraph of a draft into sentences, each with the sentence before it. Knows nothing of formats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.records import Sentence
from index.sentences import sentences
from qa.citing.records import Said


@dataclass(frozen=True, slots=True)
class Mark:
    """What the author cites at a place of a paragraph's text: `@key`, or the words of a footnote."""

    at: int
    citation: str


def cut(text: str, marks: Iterable[Mark] = (), *, heading: bool = False) -> tuple[tuple[Sentence, Said], ...]:
    """The sentences of a paragraph, each with what is cited for it.

    A mark belongs to the last sentence that begins before it.
    """
    found = [one for one in sentences(text, 0, len(text)) if one.text]
    cited: dict[int, list[str]] = {}
    for mark in marks:
        number = max((place for place, one in enumerate(found) if one.start < mark.at), default=0)
        cited.setdefault(number, []).append(mark.citation)
    return tuple(
        (
            one,
            Said(_flat(one.text), _flat(found[place - 1].text) if place else "", tuple(cited.get(place, ())), heading),
        )
        for place, one in enumerate(found)
    )


def texts(said: Sequence[Said]) -> tuple[str, ...]:
    """The sentences' words."""
    return tuple(one.text for one in said)


def _flat(text: str) -> str:
    return " ".join(text.split())
