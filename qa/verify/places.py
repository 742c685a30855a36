"""Read from a footnote which words it quotes and where it says that they stand. Looks nothing up."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from difflib import SequenceMatcher

_END = re.compile(r"(?::\s?|, )(\d+)\s?[-–]\s?(\d+)\)")
_QUOTATION = re.compile(r"“([^“”]*)")
_HASH = re.compile(r"sha256:\s?([0-9a-f]{16})\b")


@dataclass(frozen=True, slots=True)
class Place:
    """`(source:start-end)` as it stands in a text, from `before` to `after`."""

    source: str
    start: int
    end: int
    before: int
    after: int


def last_place(text: str, known: Container[str], *, after_quotation: bool = False) -> Place | None:
    """The last place named in `text`; `after_quotation` asks for one behind a closing quotation mark.

    The name of a file may hold brackets itself.
    """
    for end in reversed(list(_END.finditer(text))):
        openings = [place for place in range(end.start()) if text[place] == "("]
        if after_quotation:
            openings = [place for place in openings if text[:place].rstrip().endswith("”")]
        if openings:
            named = next((place for place in reversed(openings) if _name(text, place, end) in known), None)
            quoted = next((place for place in reversed(openings) if text[:place].rstrip().endswith("”")), openings[-1])
            opening = quoted if named is None else named
            return Place(_name(text, opening, end), int(end[1]), int(end[2]), opening, end.end())
    return None


def quotations(text: str) -> list[str]:
    """What stands behind opening quotation marks, up to the next mark of either kind or the end."""
    return [words.strip() for words in _QUOTATION.findall(text) if words.strip()]


def quoted_before(before: str, expected: str) -> tuple[str, int]:
    """Return the words in quotation marks at the end of `before`, and where they begin.

    Of all that open there, those most like the expected ones; else the last.
    """
    end = before.rfind("”")
    ends = [end if end >= 0 else len(before)]
    # in a file of answers the credit stands behind the quote, and may hold quotation marks itself
    if (credited := before.find("” — ")) >= 0:
        ends.append(credited)
    spans = [(place, close) for close in ends for place in range(close) if before[place] == "“"]
    if not spans:
        return "", len(before)
    wanted = expected.split()
    alike = {
        (place, close): SequenceMatcher(None, before[place + 1 : close].split(), wanted, autojunk=False).ratio()
        for place, close in spans
    }
    place, close = max(spans, key=lambda span: (alike[span], span))
    return before[place + 1 : close], place


def _name(text: str, opening: int, end: re.Match[str]) -> str:
    return " ".join(text[opening + 1 : end.start()].split())


def hashes(text: str) -> frozenset[str]:
    """The digests of articles that a text names."""
    return frozenset(_HASH.findall(text))
