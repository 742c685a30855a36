"""The footnotes of a memo as it is written: numbered in the order in which they are asked for.

Knows nothing of what they stand under.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from qa.records import Answer, Citation, Phrase
from qa.render.phrases import of_claim


@dataclass(slots=True)
class Footnotes:
    """The citations that have been given a footnote so far, in order."""

    cited: list[tuple[Citation, ...]] = field(default_factory=list)

    def add(self, answer: Answer, numbers: Iterable[int], phrase: Phrase | None) -> int:
        """The number of a new footnote for these citations of the answer, with the phrase of what they are cited for."""
        by_number = {
            citation.number: replace(citation, phrase=of_claim(citation, phrase)) for citation in answer.citations
        }
        self.cited.append(tuple(by_number[number] for number in dict.fromkeys(numbers)))
        return len(self.cited)
