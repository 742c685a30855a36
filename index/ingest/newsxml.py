"""Read the articles of a news agency's .xml file (NITF, NewsML-G2, NewsML 1). Other XML is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.errors import SourceError
from index.ingest import dates
from index.ingest.formats import DAMAGED, Extract, Extracts, sound
from index.ingest.html_tables import is_data, lines
from index.ingest.jsonl import left_out
from index.ingest.lines import plain
from index.ingest.xml import Element, first, local, parse, within, words
from index.limits import Limits
from index.records import Metadata

_ITEMS = ("nitf", "newsItem", "NewsItem")
_HEADLINES = ("headline", "hl1", "HeadLine", "title")
_BYLINES = ("byline", "by", "ByLine", "creator")
_DATES = (  # where the day is, by element: an attribute, or "" for its text
    ("date.issue", "norm"), ("date.release", "norm"), ("story.date", "norm"), ("pubdata", "date.publication"),
    ("contentCreated", ""), ("firstCreated", ""), ("FirstCreated", ""), ("versionCreated", ""), ("DateId", ""),
)  # fmt: skip
_CONTENT = ("body.content", "inlineXML", "DataContent")
_BLOCKS = ("p", "hl2", "li", "h2", "h3", "h4", "td")
_HEADINGS = ("hl2", "h2", "h3", "h4")
_BY = re.compile(r"(?:by|von|par|por|di)\s+", re.IGNORECASE)


def read_xml(data: bytes, name: str, _: Limits) -> Extract | Extracts:
    """The article, or the articles of a message that holds several.

    Raises `SourceError` where there is none, or it is damaged.
    """
    try:
        root = parse(data)
    except DAMAGED as error:
        raise SourceError(
            f"{name} is no XML, or damaged", "mend it in the program it came from, or leave it out of the folder"
        ) from error
    items = (
        [root]
        if local(root) in _ITEMS
        else [
            each for each in within(root, *_ITEMS) if not any(local(above) in _ITEMS for above in each.iterancestors())
        ]
    )
    found = [(number, _article(item)) for number, item in enumerate(items, 1)]
    articles = tuple((number, extract) for number, extract in found if plain(extract.text))
    if not articles:
        what = "holds no article" if items else f"is XML of a kind that is not read (<{local(root)}>)"
        raise SourceError(f"{name} {what}", "what is read: NITF and NewsML; save others as text or HTML")
    lost = left_out("item", [(number, "holds no text") for number, extract in found if not plain(extract.text)])
    return articles[0][1] if len(found) == 1 else Extracts(articles, lost)


def _article(item: Element) -> Extract:
    content = first(item, *_CONTENT)
    parts = [] if content is None else [part for part in _parts(content) if part[0]]
    stated = (
        next((line for name in names if (line := words(first(item, name)))), "") for names in (_HEADLINES, _BYLINES)
    )
    title, byline = map(sound, stated)
    head = [line for line in (title, byline) if line and parts]
    text, headings = "".join(f"{line}\n" for line in head), list[tuple[int, int]]()
    for line, is_heading in parts:
        if is_heading:
            headings.append((len(text), len(text) + len(line)))
        text += f"{line}\n"
    return Extract(
        text,
        "binary",
        Metadata(title or None, _BY.sub("", byline, count=1) or None, _day(item), _provider(item)),
        headings=tuple(headings),
    )


def _parts(content: Element) -> Iterator[tuple[str, bool]]:
    """The paragraphs and the rows of tables, and whether each is a heading; the words of pictures are left out."""
    done: set[Element] = set()
    blocks = list(within(content, *_BLOCKS, "table"))
    if not blocks:
        yield from ((sound(plain(line)), False) for line in "".join(content.itertext()).splitlines())
    for block in blocks:
        if any(above in done or local(above) == "media" for above in block.iterancestors()):
            continue
        if local(block) == "table":
            for element in block.iter():
                element.tag = local(element)
            if is_data(block):
                done.add(block)
                yield from ((sound(line), False) for line in lines(block))
        else:
            done.add(block)
            yield sound(words(block)), local(block) in _HEADINGS


def _day(item: Element) -> str | None:
    for name, attribute in _DATES:
        found = first(item, name)
        value = None if found is None else found.get(attribute) if attribute else words(found)
        if value:
            day = re.sub(r"^(\d{4})(\d\d)(\d\d)(?=T|$)", r"\1-\2-\3", value.strip())
            if read := dates.parse(day[:10] if re.match(r"\d{4}-\d\d-\d\d", day) else day):
                return read
    return None


def _provider(item: Element) -> str | None:
    provider = first(item, "provider", "Provider")
    stated = "" if provider is None else words(first(provider, "name")) or provider.get("literal", "")
    holder = first(item, "pubdata", "doc.copyright")
    return sound(stated) or (
        None if holder is None else sound(plain(holder.get("name") or holder.get("holder") or "")) or None
    )
