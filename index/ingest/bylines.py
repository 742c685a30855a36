"""Read from one line of an article the author, date, publisher, title or address that it states.

A value is read only from a shape that states it ("By NAME", "Published: DATE", "© YEAR NAME"): English words, bylines
and dates in other languages too. Works on plain readings (`index.ingest.lines.plain`); where a line stands is for
`index.ingest.metadata` to judge.
"""

from __future__ import annotations

import re

from index.ingest import dates
from index.ingest.names import (
    AND,
    BY,
    are_persons,
    bare_name,
    is_agency,
    is_person,
    is_place,
    is_publisher,
    is_unspaced,
    proper,
)
from index.records import Metadata

_NOTHING = Metadata()
_LONGEST = 200  # characters of a line that can be a byline
_DATED = re.compile(
    r"[(*_]*(?:(?:(?:first |originally |last )?(?:published|posted|updated|modified|issued|released)(?: on| at|:)?)"
    r"|(?:publication )?date:|dated:?"
    r"|(?:veröffentlicht|erschienen|publicado|publicada|publicación|publié|pubblicato|gepubliceerd|опубликовано|дата"
    r"|प्रकाशित|نشر|نُشر|发布|發布|公開|掲載|更新)"
    r"(?: am| el| em| le| il| op| في)?\s?[:：]?)\s*(.+)",
    re.IGNORECASE,
)
_EDITION = re.compile(
    r"\b(?:edition|printing|impression)\b[\s:,]*(?:published|of|in"
    r"|from)?\s*(?P<date>[^;.]+)",
    re.IGNORECASE,
)
_EDITIONS = re.compile(
    r"(?:[^\W\d_]+ ){0,3}(?:edition|printing|impression)[\s:,]*(?:published|of|in|from)?\s*(?P<date>.+)", re.IGNORECASE
)
_UPDATED = re.compile(
    r"[(*_]*(?:last )?(?:updated|modified|更新|обновлено|aktualisiert|actualizado"
    r"|mis à jour)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"[(*_—–-]*\s*(?:(?:(?:written|posted|published|story|words|text|article|analysis|opinion|reporting|report)\s+)?by"
    r"|author|byline):?\s+(.+)",
    re.IGNORECASE,
)
_BY_ABROAD = re.compile(rf"[(*_—–-]*\s*{BY}\s*[:：/]?\s*(?P<names>\S.+)", re.IGNORECASE)
_DATE_LEAD = re.compile(
    r"[\s,;|•·–—-]*(?:\b(?:published|posted|updated|on|at|date|am|den|le|el|il|op|em)\b:?\s*)*$", re.IGNORECASE
)
_FROM_PLACE = re.compile(r"\s+in\s+((?:[A-Z][\w.]*\s?){1,3})$")
_SEPARATOR = re.compile(r"\s*[|•·]\s*|\s+[–—/-]\s+")
_HAS_DATE_OR_BY = re.compile(r"\b(?:\d{4}|by)\b", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:editor|correspondent|reporter|writer|chief|columnist|staff|contributor|analyst"
    r"|journalist)\b",
    re.IGNORECASE,
)
_READING_TIME = re.compile(r"\d+[ -]min(?:ute)?s?(?: read)?", re.IGNORECASE)
_KEYED = re.compile(
    r"(title|headline|subject|author|from|publisher|publication|source|site|url|link|original url"
    r"|source url):\s+(\S.*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"<?(https?://[^\s<>\"]*[^\s<>\".,;)])>?\.?")
_COPYRIGHT = re.compile(
    r"(?:copyrights?\s*(?:©|\(c\))?|©|\(c\)(?= "
    r"?\d{4}))\s*(?:copyright\b)?\s*(\d{4}(?:\s*[-–—]\s*(?:\d{4}|present))?)?(.*)",
    re.IGNORECASE,
)
_BEHIND_OWNER = re.compile(
    r"\s*(?:\ball rights|\bpowered by|\bproudly|\bdesigned by|\bterms\b|\bprivacy\b|©|["
    r"|•·]).*",
    re.IGNORECASE,
)
_AGENCY = re.compile(r"\(([A-Z][\w.&/ -]{1,30})\)\s*[-–—:]+(?=\s)")
_DAY = re.compile(r",?\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2}$|,?\s+\d{1,2}\s+[A-Z][a-z]{2,8}\.?$")
_BEHIND_DATE = re.compile(r"\)?\s*[.:–—|-]+(?=\s)")


def read_line(plain: str) -> Metadata:
    """Return what a line states that is only a byline, a date, an address, a label or a copyright notice.

    Empty for any other line.
    """
    if len(plain) > _LONGEST:
        return _NOTHING
    for reader in (_copyright, _dated, _byline, _piped, _keyed, _alone):
        read = reader(plain)
        if read != _NOTHING:
            return read
    return _NOTHING


def read_dateline(plain: str) -> tuple[str, Metadata] | None:
    """Return the words that open a report, and what they state.

    "LONDON, Dec. 4 (Reuters) —", "New Delhi. 10 December 2025."
    """
    opening = plain[:110]
    agency = _AGENCY.search(opening)
    if agency:
        before = opening[: agency.start()].rstrip()
        day = dates.search(before)
        if is_place((before[: day.start] if day else _DAY.sub("", before)).strip(" ,.")):
            return opening[: agency.end()], Metadata(publisher=agency[1], date=day.iso if day else None)
    found = dates.search(opening)
    behind = _BEHIND_DATE.match(opening, found.end) if found else None
    if not found or not behind or len(found.iso) < len("2025-12"):
        return None
    place = opening[: found.start].rstrip(" (|–—-")
    if place[-1:] not in ".,:" and place == opening[: found.start].rstrip():
        return None
    return (opening[: behind.end()], Metadata(date=found.iso)) if is_place(place.rstrip(".,:")) else None


def is_update(plain: str) -> bool:
    """Whether the date of the line is that of a later change."""
    return bool(_UPDATED.match(plain))


def is_byline(plain: str) -> bool:
    """Whether the line names an author or says when the article was published, and does nothing else."""
    return len(plain) <= _LONGEST and bool(_byline(plain).author or _dated(plain).date or _piped(plain).author)


def is_entry(plain: str) -> bool:
    """Whether the line is a day and what happens on it; where its neighbour is one, too, it is no byline."""
    found = dates.search(plain[:_LONGEST]) if plain[:1].isdecimal() and len(plain) <= _LONGEST else None
    return found is not None and found.start == 0 and any(map(str.isalpha, plain[found.end :]))


def is_copyright(plain: str) -> bool:
    """Whether the line is a copyright notice, whoever holds the right."""
    found = _COPYRIGHT.match(plain) if len(plain) <= _LONGEST else None
    return bool(found and (found[1] or "all rights reserved" in plain.lower()))


def is_address(plain: str) -> bool:
    """Whether the line is a web address and nothing else."""
    return bool(_ADDRESS.fullmatch(plain))


def _copyright(plain: str) -> Metadata:
    found = _COPYRIGHT.match(plain)
    if not found or not is_copyright(plain):
        return _NOTHING
    owner = _BEHIND_OWNER.sub("", found[2]).strip(" ,.-–—").removeprefix("by ")
    owner = re.sub(r",?\s*\d{4}$", "", owner).strip(" ,.-–—")
    fits = 0 < len(owner.split()) <= 8 and (owner[0].isupper() or owner[0].isdecimal() or "." in owner)
    return Metadata(publisher=owner) if fits else _NOTHING


def _dated(plain: str) -> Metadata:
    found = _DATED.fullmatch(plain)
    date = dates.search(found[1]) if found else None
    if edition := _EDITION.search(plain) if found else None:
        # what was first published may have been another text
        return Metadata(date=dates.parse(edition["date"].strip()))
    if not found:
        return _editions(plain)
    if not date or date.start > len("on Thursday, "):
        return _NOTHING
    changed = dates.search(found[1][date.end :])  # "Publié le 12 mars 2024, mis à jour le 14 mars 2024"
    if len(found[1]) - sum(day.end - day.start for day in (date, changed) if day) > 40:
        return _NOTHING
    return Metadata(date=date.iso, author=_byline(found[1][date.end :].lstrip(" ,|•·–—-")).author)


def _editions(plain: str) -> Metadata:
    """Reads "First edition May 2006. Second edition July 2016.": the last is this one."""
    said = [_EDITIONS.fullmatch(sentence) for sentence in re.split(r"[.;]\s+", plain.rstrip(".; "))]
    days = [dates.parse(each["date"]) if each else None for each in said]
    return Metadata(date=days[-1]) if all(days) else _NOTHING


def _byline(plain: str) -> Metadata:
    found = _BY.fullmatch(plain)
    if not found:
        return _byline_abroad(plain)
    words, date = _without_date(found[1].partition(";")[0])
    first, *others = [part for part in _SEPARATOR.split(words) if part and not _READING_TIME.fullmatch(part)] or [""]
    authors, comma = _authors(bare_name(first))
    if not authors:
        return Metadata(publisher=first, date=date) if is_agency(first.strip(" .,;)*_")) else _NOTHING
    publishers = [name for name in (comma, *others) if name and is_publisher(name) and not _ROLE.search(name)]
    return Metadata(author=authors, publisher=publishers[0] if publishers else comma, date=date)


def _byline_abroad(plain: str) -> Metadata:
    """Reads "Von Anna Beispiel", "作者：王小明", with a date behind them perhaps."""
    found = _BY_ABROAD.fullmatch(plain)
    words, date = _without_date(found["names"]) if found else ("", None)
    names = words.strip(" .,;|•·()*_–—-")
    if not names or names[0].islower() or not all(is_person(name) or is_unspaced(name) for name in AND.split(names)):
        return _NOTHING
    return Metadata(author=proper(names), date=date)


def is_unnamed_byline(plain: str) -> bool:
    """Whether a line says by whom in the form of a byline, and it is no person: "By the Claims Office"."""
    found = _BY.fullmatch(plain)
    words = found[1].removeprefix("the ").split() if found else []
    return 0 < len(words) <= 5 and all(word[0].isupper() or word in ("of", "for", "and", "the") for word in words)


def _without_date(words: str) -> tuple[str, str | None]:
    found = dates.search(words)
    if not found:
        return words, None
    return _DATE_LEAD.sub("", words[: found.start]) + words[found.end :].rstrip(" )"), found.iso


def _authors(text: str) -> tuple[str | None, str | None]:
    """The names, and the publisher behind the last comma."""
    text = _FROM_PLACE.sub("", text)
    names, _, last = text.rpartition(",")
    last = last.strip()
    if names and _ROLE.search(last):
        return _authors(names)
    if (
        names
        and are_persons(names)
        and (is_publisher(last) or (is_person(last) and len(last.split()) > 2 and " and " not in text))
    ):
        return proper(names), last
    return (proper(text), None) if are_persons(text) and not is_agency(text) else (None, None)


def _piped(plain: str) -> Metadata:
    """Reads "NAME | PUBLISHER | DATE", in that order or with the date first; a menu has no date."""
    if not _HAS_DATE_OR_BY.search(plain):
        return _NOTHING
    parts = [part for part in _SEPARATOR.split(plain) if part and not _READING_TIME.fullmatch(part)]
    days = [date for part in parts if (date := dates.parse(part)) and len(date) >= len("2025-12")]
    others = [part for part in parts if not dates.parse(part) and not _dated(part).date]
    if not 2 <= len(parts) <= 4 or not others:
        return Metadata(date=days[0]) if days else _NOTHING
    is_name = bool(days) and any(map(str.isupper, others[0])) and are_persons(others[0]) and not is_publisher(others[0])
    author = _byline(others[0]).author or (others[0] if is_name else None)
    if not author:
        return Metadata(date=days[0]) if days and len(others) == 1 and len(others[0].split()) <= 3 else _NOTHING
    return Metadata(
        author=author,
        publisher=others[1] if len(others) > 1 and len(others[1].split()) <= 6 else None,
        date=days[0] if days else None,
    )


def _keyed(plain: str) -> Metadata:
    found = _KEYED.fullmatch(plain)
    if not found:
        return _NOTHING
    key, value = found[1].lower(), found[2]
    address = _ADDRESS.fullmatch(value)
    if address:
        return Metadata(url=address[1])
    if key in ("author", "from"):
        name = re.sub(r"\s*<[^>]*>$", "", value).strip("\" '")
        return Metadata(author=name) if are_persons(name) else _NOTHING
    if key in ("title", "headline", "subject"):
        return Metadata(title=value)
    return Metadata(publisher=value) if key not in ("url", "link") and len(value.split()) <= 7 else _NOTHING


def _alone(plain: str) -> Metadata:
    address = _ADDRESS.fullmatch(plain)
    date = dates.parse(plain)
    if address:
        return Metadata(url=address[1])
    return Metadata(date=date) if date and len(date) >= len("2025-12") else _NOTHING
