"""Decide what each paragraph of an article is: body, heading, a credit (about the author), or nothing to quote."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from index.ingest import biography
from index.ingest.furniture import names_service
from index.ingest.lines import LIST_MARK, Line, is_prose, is_terminal, size
from index.ingest.paragraphs import is_heading_mark
from index.ingest.tables import is_row
from index.records import RegionKind
from index.sentences import SPEAKING

_MOST_IN_HEADING, _MOST_IN_SUBTITLE = 10, 20  # words
_LEAST_IN_SUBTITLE = 4  # below, a line above the prose is a label
_MOST_IN_LABEL = 6  # above, a line below the prose may be a line of it
_LEAST_LABELS, _SHARE_OF_LABELS = 3, 0.6  # of the paragraphs of a page's foot, as a number and as a share
_MOST_IN_FOOT, _LONGEST_IN_FOOT = 25, 200  # words and characters of a sentence there
_FOOT = 4  # paragraphs from the last in which an article tells of its author
_SAYS = re.compile(rf"\b(?:{SPEAKING}|say|writes|posted)\b", re.IGNORECASE)


def kinds(
    paragraphs: Sequence[Sequence[Line]], *, authors: str, announced: int, marked: Set[int] = frozenset()
) -> tuple[RegionKind | None, ...]:
    """Return the kind of each paragraph; None for furniture that only its place gives away.

    That is labels above the first and below the last paragraph of prose.

    `authors` are the words that name the authors; behind the offset `announced` stand headlines of other articles;
    headings begin at the offsets in `marked`, unless they turn out to be running text.
    """
    texts = [" ".join(line.plain for line in paragraph) for paragraph in paragraphs]
    foot = _foot(texts, [paragraph[0].start in marked for paragraph in paragraphs], authors)
    known = set(texts[foot:])
    prose = [number for number, text in enumerate(texts[:foot]) if is_prose(text)]
    first, last = (prose[0], prose[-1]) if prose else (0, len(texts))
    result: list[RegionKind | None] = []
    for number, text in enumerate(texts):
        single = len(paragraphs[number]) == 1
        if number >= foot or (len(text.partition(": ")[2]) > 0 and text.partition(": ")[2] in known):
            result.append(None)
        elif is_heading_mark(text) or (paragraphs[number][0].start in marked and not is_prose(text)):
            result.append("heading")
        elif is_row(text):
            result.append("body")
        elif number > last - _FOOT and (biography.is_own(text) or biography.is_of(text, authors)):
            result.append("credit")
        elif number < first:
            result.append(_above(text) if single else "body")
        elif number > last:
            result.append(_below(text, behind=paragraphs[number][0].start > announced))
        else:
            result.append("heading" if prose and single and _is_heading(texts, number) else "body")
    return tuple(result)


def _foot(texts: Sequence[str], marked: Sequence[bool], authors: str) -> int:
    """The number of the paragraph with which the foot of a page begins.

    Labels to its end, and a few short sentences among them.

    Lists of winners or goals at the end of an article have that form as well: one of the paragraphs has to name a
    service, by a word of all languages. Without that, 9 of 1,200 news pages lost such a list; with it one lost a line,
    the headline of another article.
    """
    foot, labels = len(texts), 0
    for number in range(len(texts) - 1, -1, -1):
        text = texts[number]
        if (
            marked[number]
            or is_heading_mark(text)
            or is_row(text)
            or LIST_MARK.match(text)
            or biography.is_own(text)
            or biography.is_of(text, authors)
        ):
            break
        if size(text) > _MOST_IN_FOOT or len(text) > _LONGEST_IN_FOOT:
            break
        if not _is_label(text) or is_terminal(text):
            if number == len(texts) - 1:
                break  # it ends as an article does
        else:
            labels += 1
            if labels >= _LEAST_LABELS and labels >= _SHARE_OF_LABELS * (len(texts) - number):
                foot = number
    return foot if any(names_service(text) for text in texts[foot:]) else len(texts)


def _above(text: str) -> RegionKind | None:
    """Above the prose: a subtitle, a label, or a very short paragraph."""
    words = size(text)
    if is_terminal(text) and text[-1] not in "?!":
        return "body"
    if LIST_MARK.match(text):
        return "heading" if words <= _MOST_IN_SUBTITLE else "body"
    return "heading" if words >= _LEAST_IN_SUBTITLE else None


def _below(text: str, *, behind: bool) -> RegionKind | None:
    """Below the prose: a last list or a line cut short, or the labels and headlines of a page."""
    if is_terminal(text):
        return "body"
    if behind:
        return None
    return None if _is_label(text) and not LIST_MARK.match(text) else "body"


def _is_label(text: str) -> bool:
    return size(text) <= _MOST_IN_LABEL and not any(mark.isdecimal() for mark in text)


def _is_heading(texts: Sequence[str], number: int) -> bool:
    """A short line by itself, or two, with running text behind; three in a row are a list."""
    if not _is_short(texts[number]) or number + 1 == len(texts):
        return False
    before = number > 0 and _is_short(texts[number - 1])
    after = _is_short(texts[number + 1])
    further = number + 2 < len(texts) and _is_short(texts[number + 2])
    earlier = number > 1 and _is_short(texts[number - 2])
    return not ((before and after) or (after and further) or (before and earlier))


def _is_short(text: str) -> bool:
    """Whether a line has the form of a heading; "—Jane Doe" below a quotation has not."""
    ending = text.rstrip("\"'”’")[-1:]
    if (
        size(text) > _MOST_IN_HEADING
        or LIST_MARK.match(text)
        or text[0] in "|—–-"
        or text[0].islower()
        or ending in ("", ",", ";", "–", "—", "-")
    ):
        return False
    if ending == ":":
        return size(text) <= _MOST_IN_LABEL and not _SAYS.search(text)
    if text[0] in '"“':
        return ending not in ".?!…" and text[-1] not in '"”'
    return ending == "?" or not is_terminal(text)
