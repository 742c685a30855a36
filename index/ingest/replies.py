"""Find the spans of a message that its sender did not write for it: quoted mail, signatures, list footers.

By their form, which is the same in all languages: marks at the beginning of lines, dashes around a line, headers in a
row. A forwarded message is what its sender wanted read, and so is a quotation with nothing beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MOST_IN_SIGNATURE = 12  # lines; what is longer is text
_MOST_IN_INTRODUCTION = 3
_MOST_IN_FOOTER = 8
_LINE = re.compile(r"[^\n]*\n?")
_QUOTED = re.compile(r"\s{0,3}>")
_RULED = re.compile(r"\s*[-_=*]{3,}\s*(?P<words>[^\W\d_][^\n]{2,60}?)\s*[-_=*]{3,}\s*")
_HEADER = re.compile(r"\s*\*?[^\W\d_][\w -]{1,20}\*?\s?:\s*\*?\s*\S.*")
_RULE = re.compile(r"\s*[_=-]{20,}\s*")
_FORWARDED = re.compile(
    r"forward|weitergeleit|transf[ée]r|reenvi|encaminh|inoltr|doorgestuurd|vidarebefordra|переслан"
    r"|转发|轉寄|転送",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^(?:[^\W\d_]{1,4}(?:\[\d+\])?\s?[:：]\s*)+")
_MOMENT = re.compile(r"\d{4}\D.*\d[:.]\d\d|\d[:.]\d\d.*\D\d{4}(?!\d)")
_ARMOUR = {  # from which line to which
    "-----BEGIN PGP SIGNED MESSAGE-----": "",
    "-----BEGIN PGP SIGNATURE-----": "-----END PGP SIGNATURE-----",
}
_DEVICE = re.compile(
    r"(?:sent (?:from|with|via)|get outlook|gesendet (?:von|mit)|envoyé (?:de|depuis)|enviado (?:desde|do)|inviato da"
    r"|verzonden|отправлено|发自)\b.{0,60}",
    re.IGNORECASE,
)


def masked(text: str, start: int, subject: str | None = None) -> tuple[tuple[int, int], ...]:
    """The spans, in order and apart, from the offset `start` on; `subject` is that of the message."""
    places = [found.span() for found in _LINE.finditer(text, start) if found.end() > found.start()]
    lines = [text[begin:end].rstrip() for begin, end in places]
    armour = _armour(lines)
    end = _end_of_own([line if number not in armour else "" for number, line in enumerate(lines)], subject or "")
    hidden = {number for number, line in enumerate(lines) if number >= end or _QUOTED.match(line)} | armour
    hidden |= _introductions(lines, hidden) | _foot(lines, hidden)
    if not any(any(map(str.isalnum, line)) for number, line in enumerate(lines) if number not in hidden):
        return ()
    spans: list[tuple[int, int]] = []
    for number in sorted(hidden):
        begin, stop = places[number]
        if spans and spans[-1][1] == begin:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((begin, stop))
    return tuple(spans)


def _end_of_own(lines: Sequence[str], subject: str) -> int:
    """The number of the line from which on an earlier message stands whole.

    Below a title between dashes, or headers in a row, one with an address; Outlook shows names without addresses.
    """
    for number, line in enumerate(lines):
        ruled = _RULED.fullmatch(line)
        if ruled and any(_HEADER.fullmatch(below) for below in lines[number + 1 : number + 4]):
            if _FORWARDED.search(ruled["words"]):
                return len(lines)
            return number
        headers = lines[number : number + 6]
        length = next((count for count, each in enumerate(headers) if not _HEADER.fullmatch(each)), len(headers))
        if (
            length >= 3
            and (number == 0 or not lines[number - 1].strip() or _RULE.fullmatch(lines[number - 1]))
            and (any("@" in each for each in headers[:length]) or _are_of_outlook(headers[:length], subject))
        ):
            return number - (number > 0 and bool(_RULE.fullmatch(lines[number - 1])))
    return len(lines)


def _are_of_outlook(headers: Sequence[str], subject: str) -> bool:
    """Whether these are a name, when it was sent, to whom, and the subject, whatever the labels are called.

    The subject is that of this message, or this is a reply to another one, and a year and a time of day are stated.
    """
    first, sent, *_, last = (header.partition(":")[2] for header in headers)
    same = bool(_spoken(subject)) and _spoken(last) == _spoken(subject) and any(map(str.isdecimal, sent))
    is_name = not any(map(str.isdecimal, first)) and len(headers) > 3
    return same or (is_name and bool(_REPLY.match(subject) and _MOMENT.search(sent)))


def _spoken(subject: str) -> str:
    """A subject without the marks of replies before it: "Re:", "AW:", "RV: Fwd:"."""
    return " ".join(_REPLY.sub("", subject.strip(" *")).casefold().split())


def _armour(lines: Sequence[str]) -> set[int]:
    """The lines that OpenPGP puts around a message that is signed (RFC 9580, 7), and the signature."""
    found: set[int] = set()
    until: str | None = None
    for number, line in enumerate(lines):
        until = _ARMOUR.get(line) if until is None else until
        if until is not None:
            found.add(number)
        if line == until:
            until = None
    return found


def _introductions(lines: Sequence[str], hidden: set[int]) -> set[int]:
    """The lines that lead up to a quotation: "On Tuesday, 5 March 2024, Mary Hale wrote:", broken perhaps."""
    found: set[int] = set()
    for number in sorted(hidden):
        above = number - 1
        while above >= 0 and not lines[above].strip():
            above -= 1
        if number - 1 in hidden or above < 0 or above in hidden or not lines[above].endswith((":", ":*", "：")):
            continue
        first = above
        while (
            first > 0 and above - first < _MOST_IN_INTRODUCTION and lines[first - 1].strip() and first - 1 not in hidden
        ):
            first -= 1
        if above - first == _MOST_IN_INTRODUCTION:
            first = above  # the last line of a paragraph
        said = " ".join(lines[first : above + 1])
        if "@" in said or any(map(str.isdecimal, said)):
            found.update(range(first, above + 1))
    return found


def _foot(lines: Sequence[str], hidden: set[int]) -> set[int]:
    """The signature, below two dashes, and what a list or a telephone adds at the end."""
    own = [number for number in range(len(lines)) if number not in hidden and lines[number].strip()][
        -_MOST_IN_SIGNATURE - 1 :
    ]
    for place, number in enumerate(own):
        below = own[place:]
        if lines[number].strip() == "--":
            return set(below)
        is_footer = _RULE.fullmatch(lines[number]) and len(below) <= _MOST_IN_FOOTER + 1
        if is_footer and any("://" in lines[each] or "@" in lines[each] for each in below):
            return set(below)
    return {own[-1]} if len(own) > 1 and _DEVICE.fullmatch(lines[own[-1]].strip()) else set()
