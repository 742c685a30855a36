"""The sentences that a memo says itself, the same in every format. In: a memo. Out: text."""

from __future__ import annotations

from qa.memo.dates import long_date
from qa.memo.records import NOT_IN_THE_SOURCES, Memo, Position, Section, fingerprints

SOURCES_DIFFER = "The sources differ:"
BETWEEN = " — "  # a value and those who give it
NOTHING_FOUND = f"The articles answer none of the questions of this section; see “{NOT_IN_THE_SOURCES}”."
REFUSED = "The articles do not answer these questions."


def headers(memo: Memo) -> tuple[tuple[str, str], ...]:
    """What stands under the title: name and value."""
    known = (("To", memo.recipient), ("From", memo.sender), ("Date", long_date(memo.written)))
    return tuple((name, value) for name, value in known if value)


def said_by(position: Position) -> str:
    """Who gives a value, behind the value and its mark: `Jai Kumar Verma (10 December 2025); “The target is …” (undated)`."""
    return "; ".join(position.voices)


def introduction(section: Section) -> str | None:
    """What stands in a section in which nothing was found."""
    return None if section.findings or section.paragraphs else NOTHING_FOUND


def colophon(memo: Memo) -> tuple[str, ...]:
    """How the memo was made, in short paragraphs: enough to make it again and to check it."""
    made = memo.provenance
    lines = [
        "Every sentence above rests on the words quoted in its footnote, which stand in the article at the "
        "places given. To check them all: qa verify."
    ]
    lines.append(
        f"Written by qa {made.version}; model {made.model}; embedder {made.embedder}; "
        f"library {made.library[:16]}; citations: {memo.style}."
    )
    if memo.references:
        lines.append(f"Texts quoted: {fingerprints(memo)}.")
    return tuple(lines)
