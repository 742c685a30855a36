"""A page -> the day on which its article was published, where it was published. Knows nothing of files.

Programs note the moment in the time of Greenwich, where it may be the next day already: what the page shows beside the
heading tells. What it says of the article comes first; a date that stands elsewhere on the page is that of something
else.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from index.ingest import dates
from index.ingest.bylines import is_update
from index.ingest.lines import is_prose
from index.ingest.page.elements import Block, Element, meta, tokens, words
from index.ingest.page.linked import Linked
from index.ingest.tables import is_row

_META = (
    "article:published_time", "og:article:published_time", "datepublished", "article:published", "og:published_time", "publishdate", "publish_date",
    "publish-date", "publicationdate", "publication_date", "pubdate", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "article:published_date", "article:publicationdate", "article:post_date", "article_date_original", "originalpublicationdate", "og:article:published",
    "og:datepublished", "og:pubdate", "og:publish_date", "og:regdate", "published_time", "publish_time", "published_date", "published-date", "publisheddate",
    "date_published", "rnews:datepublished", "shareaholic:article_published_time", "vr:published_time", "mediator_published_time", "bt:pubdate", "rbpubdate",
    "analyticsattributes.articledate", "dcsext.articlefirstpublished", "dc.date.publication", "citation_date", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date.created", "dc.created", "dc:created", "datecreated", "article.created", "dc.date", "dc:date",
    "dcterms.date", "date", "displaydate", "article.published", "citation_publication_date",
)  # fmt: skip
_OWN = frozenset("published pubdate entry post".split())
_LATER = frozenset("updated update upd modified revised expires".split())
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d?)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_IN_ADDRESS = tuple(
    re.compile(form)
    for form in (
        r"/((?:20|19)\d\d)/(\d{1,2})/(\d{1,2})(?=/|$)",
        r"/((?:20|19)\d\d)[_-]?(0[1-9]|1[0-2])[_-]?(0[1-9]|[12]\d|3[01])(?!\d)",
        r"[_-]((?:20|19)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=(?:\.\w{1,5})?/?$)",
        r"/((?:20|19)\d\d)/(\d{1,2})/",  # the month alone
    )
)
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{1,2}\.\d{1,2})\.(\d\d)(?![\d.])")  # 2.11.22
_NEAR = 12  # blocks before the heading in which its date can stand
_LONGEST = 120  # characters of a line that states a date
_LONGEST_SIGNED = 25  # characters beside a day below an article: the day of the week, the time, a place
_NO_SIGNATURE = frozenset("li footer h1 h2 h3 h4 a".split())
_SAME = datetime.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Stated:
    """A day; and the moment, where the time of day and its zone are stated; whether that is Greenwich's."""

    day: str
    moment: datetime.datetime | None = None
    is_utc: bool = False


def read(
    tree: Element, linked: Linked, place: range, shown: Sequence[Block], address: str, *, below: Sequence[Block] = ()
) -> str | None:
    """The day, as precise as known; None where the page does not say.

    `place` is where in `shown` the article stands, from its heading to its first prose; what stands `below` the last
    may be a day and nothing else.
    """
    stated = [found for text in (linked.published, *meta(tree, *_META)) if text and (found := parse(text))]
    marked = [found for text in _itemprops(tree) if (found := parse(text))]
    displayed = list(_displayed(place, shown))
    addressed = of_address(address)
    for one in (*stated, *marked)[:1]:
        return _local(one, [*stated, *marked], [*displayed, *([Stated(addressed)] if addressed else [])])
    days = (*(found.day for found in displayed), addressed, _only(tree), *map(_signed, below))
    return next((day for day in days if day and len(day) == len("2025-12-10")), addressed)


def of_address(url: str) -> str | None:
    """The day or month that the address of a page says, as many do: /2024/03/05/, /20240305-ferry, /2024/03/."""
    path = urlsplit(url).path
    found = (each for form in _IN_ADDRESS for each in form.finditer(path))
    return next(
        (day for each in found if (day := dates.parse("-".join(part.zfill(2) for part in each.groups())))), None
    )


def parse(text: str) -> Stated | None:
    """A date as programs and persons write it."""
    text = text.strip()
    if _EPOCH.fullmatch(text):
        moment = datetime.datetime.fromtimestamp(int(text[:10]), datetime.UTC)
        return Stated(moment.date().isoformat(), moment, is_utc=True)
    if (found := _MOMENT.match(text)) and dates.parse(found[1]):
        return _with_zone(found)
    if re.match(r"[A-Za-z]{3}, \d", text):
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        return Stated(
            moment.date().isoformat(),
            moment if moment.tzinfo else None,
            is_utc=moment.utcoffset() == datetime.timedelta(),
        )
    day = dates.parse(text) or ((found_day := dates.search(text[:_LONGEST])) and found_day.iso)
    return Stated(day) if day else None


def _with_zone(found: re.Match[str]) -> Stated:
    day, hour, minute, second, zone = found.groups()
    try:
        naive = datetime.datetime.fromisoformat(f"{day}T{hour}:{minute}:{(second or '').zfill(2)}")
    except ValueError:
        return Stated(day)
    if zone is None:
        return Stated(day)
    is_utc = zone in ("Z", "UTC", "GMT") or not zone.strip("+-:0")
    sign = -1 if zone[0] == "-" else 1
    digits = "0000" if is_utc else zone[1:].replace(":", "").ljust(4, "0")
    offset = sign * datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if abs(offset) >= datetime.timedelta(days=1):
        return Stated(day)
    return Stated(day, naive.replace(tzinfo=datetime.timezone(offset)), is_utc)


def _local(one: Stated, stated: Sequence[Stated], displayed: Sequence[Stated]) -> str:
    """The day of the article, where it was published.

    That of the same moment in another zone, else the one shown, if it is the day before or after.
    """
    if not one.moment or not one.is_utc:
        return one.day
    for other in (*stated, *displayed):
        if other.moment and not other.is_utc and abs(other.moment - one.moment) <= _SAME:
            return other.day
    near = [
        found.day
        for found in displayed
        if len(found.day) == len(one.day) and abs(_date(found.day) - _date(one.day)) <= datetime.timedelta(days=1)
    ]
    return near[0] if near and one.day not in near else one.day


def _date(day: str) -> datetime.date:
    return datetime.date.fromisoformat(day)


def _itemprops(tree: Element) -> Iterator[str]:
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        said = f"{element.get('itemprop') or ''} {element.get('property') or ''}".split()
        if any(each.rpartition(":")[2] == "datePublished" for each in said) or (
            element.tag in ("time", "abbr") and (tokens(element) & _OWN or element.get("pubdate") is not None)
        ):
            yield element.get("content") or element.get("datetime") or element.get("title") or words(element)


def _only(tree: Element) -> str | None:
    """The day of the time elements, where all that stand neither in a link, a list nor in prose tell the same."""
    days = {
        found.day
        for element in tree.iter("time")
        if not _is_later(element)
        and not any(each.tag in ("a", "li") for each in element.iterancestors())
        and not is_prose(words(element.getparent()))
        and (found := parse(element.get("datetime") or words(element)))
    }
    return days.pop() if len(days) == 1 else None


def _displayed(place: range, shown: Sequence[Block]) -> Iterator[Stated]:
    """The dates shown from the heading on, then those just before it; that of a change is none."""
    for number in (*place, *range(max(place.start - _NEAR, 0), place.start)):
        block = shown[number]
        if (
            len(block.text) > _LONGEST
            or _is_later(block.element)
            or block.element.tag == "h1"
            or (block.element.tag == "li" and not _is_alone(block))
            or is_row(block.text)
        ):
            continue
        if block.element.tag == "time" and (found := parse(block.element.get("datetime") or "")):
            if not is_update(block.text):
                yield found
        elif first := _first(block.text):
            yield Stated(first)


def _first(text: str) -> str | None:
    """The day that a line states and little else, of two the earlier; None if it is that of a change alone."""
    text = _SHORT_YEAR.sub(r"\1.20\2", text)
    found: list[dates.Found] = []
    rest = text
    while day := dates.search(rest):
        found.append(day)
        rest = rest[day.end :]
    if not found or len(text) - sum(day.end - day.start for day in found) > _LONGEST / 2:
        return None
    return min(day.iso for day in found) if len(found) > 1 or not is_update(text) else None


def _signed(block: Block) -> str | None:
    """The day below an article, in a line of its own."""
    found = dates.search(block.text) if len(block.text) <= _LONGEST and not block.linked else None
    if not found or len(block.text) - (found.end - found.start) > _LONGEST_SIGNED or is_update(block.text):
        return None
    around = (block.element, *block.element.iterancestors())
    return None if any(each.tag in _NO_SIGNATURE or _is_later(each) for each in around) else found.iso


def _is_alone(block: Block) -> bool:
    """Whether an entry of a list is a day and nothing else, and the only one that has any: what is said of the article."""
    entries = [each for each in block.element.getparent() if each is not block.element and isinstance(each.tag, str)]
    return dates.parse(block.text) is not None and not any(dates.search(words(each)[:_LONGEST]) for each in entries)


def _is_later(element: Element) -> bool:
    return any(tokens(each) & _LATER for each in (element, element.getparent()) if each is not None) and not tokens(
        element
    ) & {"published", "date", "entry"}
