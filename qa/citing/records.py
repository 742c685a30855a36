"""The nouns of citing a draft: its sentences, what came of each, and what is added to it.

Frozen data; knows nothing of files, models or libraries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.memo.records import Cite, Reference
from qa.records import Quote

Judgement = Literal["supported", "partly", "contradicted", "absent", "no claim"]
Age = Literal["newer", "older", "of the same date", "undated"]
VERDICTS: tuple[Judgement, ...] = ("supported", "partly", "contradicted", "absent", "no claim")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the draft, and the one before it in its paragraph, "" for the first.

    `citations` are what its author cites for it: `@key`, or the words of a footnote. `heading` is for what titles the
    text after it.
    """

    text: str
    before: str = ""
    citations: tuple[str, ...] = ()
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A quote that says otherwise.

    `age` is that of its article beside the one that supports the sentence, or beside the date that the draft names.
    """

    quote: Quote
    age: Age | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a sentence.

    `quotes` carry what of it is supported, as few as will do; `support` is the probability, in [0, 1], that they do.
    `lacking` are its words, figures and names that they do not hold, as the draft writes them; `otherwise` are quotes
    that say something else. `remark` says what else a reader should know.
    """

    verdict: Judgement
    quotes: tuple[Quote, ...] = ()
    support: float = 0.0
    lacking: tuple[str, ...] = ()
    otherwise: tuple[Otherwise, ...] = ()
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Addition:
    """What is added to a sentence: the cites of a footnote, and the paragraphs of a comment. Either may be empty."""

    verdict: Judgement = "no claim"
    cites: tuple[Cite, ...] = ()
    comment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Additions:
    """All that is added to a draft: an addition for each of its sentences, the works in the order of the bibliography, and how it was made."""

    sentences: tuple[Addition, ...]
    references: tuple[Reference, ...]
    colophon: tuple[str, ...]
