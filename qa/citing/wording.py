"""The sentences that `qa cite` writes itself, the same in every format. Words of articles pass `one_line` first.

A quote in a comment is written as in a footnote, “quote” (source:start-end), so that `qa verify` checks it; the draft's
own words stand in ‘single’ marks.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.records import Metadata
from qa.citing.records import Age, Judged, Judgement, Otherwise
from qa.memo.dates import long_date
from qa.records import Quote
from qa.render.harmless import one_line

AUTHOR = "qa cite"
SOURCES = "Sources"
CHECKED = "Checked by qa cite:"
NAMES: dict[Judgement, str] = {
    "supported": "supported",
    "partly": "partly",
    "contradicted": "contradicted",
    "absent": "not in the sources",
    "no claim": "no claim",
}
_AGES: dict[Age, str] = {
    "newer": "a newer article",
    "older": "an older article",
    "of the same date": "an article of the same date",
    "undated": "another article",
}


def comment(judged: Judged, known: dict[str, Metadata]) -> tuple[str, ...]:
    """The paragraphs of the comment on a sentence; none where there is nothing to say.

    `known` is what is known of the articles quoted.
    """
    lines: list[str] = []
    if judged.verdict == "contradicted":
        lines.append(f"Contradicted{_but(judged)}: the sources say otherwise.")
    elif judged.verdict == "absent":
        lines.append("Not in the sources: no article was found that says this.")
    elif judged.verdict == "partly":
        lines.append(f"Partly supported; {_missing(judged)}.")
    elif judged.remark:
        lines.append(f"{judged.remark[0].upper()}{judged.remark[1:]}.")
    if judged.verdict in ("absent", "contradicted") and judged.remark and not judged.remark.startswith("it "):
        lines.append(f"{judged.remark[0].upper()}{judged.remark[1:]}.")
    lines += [_otherwise(other, known) for other in judged.otherwise]
    return tuple(lines)


def told(judged: Judged) -> str:
    """What came of a sentence, in a few words, for a list."""
    parts = [NAMES[judged.verdict]]
    if judged.lacking:
        parts.append(f"lacking: {', '.join(judged.lacking)}")
    if judged.remark:
        parts.append(judged.remark)
    return "; ".join(parts)


def colophon(
    counts: dict[Judgement, int], version: str, library: str, style: str, fingerprints: Sequence[str]
) -> tuple[str, ...]:
    """How the additions were made, in two paragraphs: `qa verify` knows the document by the first, and the articles as they were by the second."""
    numbers = ", ".join(f"{counts[verdict]} {name}" for verdict, name in NAMES.items() if verdict != "no claim")
    lines = [
        f"{CHECKED} {numbers}. To check every quotation again: qa verify. Version {version}, "
        f"library {library[:16]}, citations {style}."
    ]
    return (*lines, f"Texts quoted: {'; '.join(fingerprints)}.") if fingerprints else tuple(lines)


def quotation(quote: Quote) -> str:
    """A quote with its place, as in a footnote."""
    return f"“{one_line(quote.text)}” ({one_line(quote.source)}:{quote.start}-{quote.end})"


def called(source: str, known: Metadata | None) -> str:
    """An article in a sentence, with its date; its title without quotation marks, which are for quotes."""
    name = one_line((known and (known.author or known.title)) or source)
    return f"{_single(name)} ({long_date(known.date) if known and known.date else 'undated'})"


def _otherwise(other: Otherwise, known: dict[str, Metadata]) -> str:
    name = called(other.quote.source, known.get(other.quote.source))
    return (
        f"{name} says{_aged(other)}: {quotation(other.quote)}"
        if other.age is None
        else f"{_aged(other)} says otherwise, {name}: {quotation(other.quote)}"
    )


def _aged(other: Otherwise) -> str:
    if other.age is None:
        return ""
    text = _AGES[other.age]
    return text[0].upper() + text[1:]


def _missing(judged: Judged) -> str:
    if judged.remark:
        return judged.remark
    return (
        f"not in its quotes: {', '.join(f'‘{_single(word)}’' for word in judged.lacking)}"
        if judged.lacking
        else "its quotes say only a part of it"
    )


def _but(judged: Judged) -> str:
    return f" ({', '.join(f'‘{_single(word)}’' for word in judged.lacking)})" if judged.lacking else ""


def _single(text: str) -> str:
    return one_line(text).replace("“", "‘").replace("”", "’")
