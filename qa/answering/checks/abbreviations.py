"""Find what an abbreviation stands for where a text says it: "Reciprocal Exchange of Logistics Support (RELOS)". Pure.

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (2003):
going backwards, each letter of the short form is matched in turn, and the first one must begin a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAMED = r"(?:the )?(?:abbreviation |acronym |initials |letters )?['\"]?"
_WORD = r"[^\W_][\w&./-]{1,9}"
_ASKED = re.compile(
    rf"\b[Ww]hat (?:does|do|did|is|are|was) {_NAMED}(?P<short>{_WORD})['\"]? (?:stands? for|short for"
    rf"|an? (?:abbreviation|acronym) (?:of|for))"
    rf"|\b(?:full|long) form of {_NAMED}(?P<other>{_WORD})"
)
_SAID = r"\)?,? (?:stands? for|is short for|is (?:an? |the )?(?:abbreviation|acronym) (?:of|for)) (?:the )?(?P<long>[^.;:,()]+)"


def abbreviated(question: str) -> str | None:
    """The abbreviation that a question asks to be spelt out; None where it asks for something else.

    An abbreviation has two capitals, so that "What does he stand for?" asks for none.
    """
    found = _ASKED.search(question)
    short = (found["short"] or found["other"]) if found else ""
    return short if sum(letter.isupper() for letter in short) > 1 else None


def long_form(short: str, text: str) -> str | None:
    """What `text` says that `short` stands for, as it is written there."""
    return next((long for told in _told(short, text) if (long := _matched(short, told)) is not None), None)


def _told(short: str, text: str) -> Iterator[str]:
    """Yield the parts of `text` that may end with the long form.

    They stand before "(RELOS)", within "RELOS (…)" or after "RELOS stands for".
    """
    letters = re.escape(short)
    reach = min(len(short) + 5, 2 * len(short))  # words
    for found in re.finditer(rf"\(\s*{letters}\s*\)", text, re.IGNORECASE):
        yield " ".join(text[: found.start()].split()[-reach:])
    for found in re.finditer(rf"\b{letters} \((?P<long>[^()]+)\)", text, re.IGNORECASE):
        yield found["long"]
    for found in re.finditer(rf"\b{letters}{_SAID}", text, re.IGNORECASE):
        yield found["long"].strip()


def _matched(short: str, told: str) -> str | None:
    """The shortest end of `told` that the letters of `short` lead through."""
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    at = len(told)
    for place in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (told[at].casefold() != letters[place] or (place == 0 and at > 0 and told[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    found = told[told.rfind(" ", 0, at) + 1 :]
    return found if len(found) > len(short) and short.casefold() not in found.casefold().split() else None
