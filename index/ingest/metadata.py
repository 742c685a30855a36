"""Read from an article who wrote it, when, and where it appeared, with the words that say so.

Only what the article states about itself counts, and only at its head and foot: a date in the prose is the date of an
event, a copyright year is that of a site. What is not stated stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.ingest import biography, frontmatter, pipes
from index.ingest.bylines import (
    is_address,
    is_copyright,
    is_entry,
    is_unnamed_byline,
    is_update,
    read_dateline,
    read_line,
)
from index.ingest.furniture import is_furniture
from index.ingest.lines import LIST_MARK, Line, is_prose, is_terminal, offset, size, split
from index.ingest.names import AND, are_persons
from index.ingest.tables import is_row
from index.records import Credit, Field, Metadata

FIELDS: tuple[Field, ...] = ("title", "author", "date", "publisher", "url", "language")
_NOTHING = Metadata()
_HEAD, _FOOT = 12, 15  # lines with anything on them in which an article speaks of itself
_ENDS = 200_000  # characters at either end of a very long text that are looked at
_LONGEST_TITLE = 300  # characters
_LONGEST_VALUE = 1000  # above, words of the article are not looked up in it
_LEAST_TITLE_WORDS, _MOST_TITLE_WORDS = 4, 25
# their author and date are often those of the file: the text is believed first
_FILE_PROPERTIES = (".pdf", ".docx", ".odt", ".rtf")
_MARKDOWN_TITLE = re.compile(r"#\s+(.+?)\s*#*$")


def read(text: str, *, hints: Metadata = _NOTHING, suffix: str) -> tuple[Metadata, tuple[Credit, ...]]:
    """What is known of the article, and the spans of `text` that a person would be shown for it, in order.

    `hints` is what the container of the text says (HTML markup, a row's columns, a PDF's properties); it wins, except
    that the text of a PDF or DOCX wins over its properties. The credits of a value that came from a hint are those
    places of the text that agree with it.
    """
    ends = [(0, len(text))] if len(text) <= 2 * _ENDS else [(0, _ENDS), (len(text) - _ENDS, len(text))]
    lines = pipes.barred([line for start, end in ends for line in split(text, start, end)])
    front = frontmatter.length(lines)
    # How far to be believed (0 most), the field, the value, and where it stands.
    stated: list[tuple[int, Field, str, Credit]] = [
        (0, entry.field, entry.value, Credit(entry.field, entry.start, entry.end))
        for entry in frontmatter.read(text, lines[:front])
    ]
    rest = lines[front:]
    stated += _of_lines(rest)
    stated += _of_dateline(text, rest)
    stated += _of_biography(text, rest)
    stated += _of_title(text, rest, hints.title)
    best = {
        field: min(
            (item for item in stated if item[1] == field), key=lambda item: (item[0], item[3].start), default=None
        )
        for field in FIELDS
    }
    read_values = {field: item[2] for field, item in best.items() if item}
    metadata = _merged(Metadata(**read_values), hints, suffix)
    credits_ = {item[3] for item in stated if _agree(item[2], getattr(metadata, item[1]))}
    return metadata, tuple(sorted(credits_, key=lambda credit: (credit.start, credit.end, FIELDS.index(credit.field))))


def merge(first: Metadata, second: Metadata) -> Metadata:
    """`first`, and where it does not know, `second`."""
    return replace(
        first,
        **{
            field: value
            for field in FIELDS
            if getattr(first, field) is None and (value := getattr(second, field)) is not None
        },
    )


def _merged(read_values: Metadata, hints: Metadata, suffix: str) -> Metadata:
    if suffix.lower() not in _FILE_PROPERTIES:
        return merge(hints, read_values)
    return replace(merge(read_values, hints), title=hints.title or read_values.title)


def _agree(value: str, known: str | None) -> bool:
    if known is None or max(len(value), len(known)) > _LONGEST_VALUE:
        return value == known
    one, other = (re.sub(r"\W+", " ", text.replace("’", "'")).casefold().strip() for text in (value, known))
    return one == other or (bool(one) and bool(other) and (f" {one} " in f" {other} " or f" {other} " in f" {one} "))


def _of_lines(lines: Sequence[Line]) -> Iterator[tuple[int, Field, str, Credit]]:
    """Bylines, dates, addresses and copyright notices that stand in lines of their own, at the head and the foot."""
    prose = first_prose(lines)
    foot = max(len(lines) - _FOOT, 0)
    for number, line in enumerate(lines):
        if _HEAD <= number < foot:
            continue
        if is_entry(line.plain) and any(
            is_entry(lines[near].plain) for near in (number - 1, number + 1) if 0 <= near < len(lines)
        ):
            continue  # of a calendar or a chronicle
        found = read_line(line.plain)
        is_label = not is_address(line.plain)
        above_prose = number < min(prose, _HEAD)
        beside_byline = any(
            read_line(lines[near].plain).author for near in (number - 1, number + 1) if 0 <= near < len(lines)
        )
        for field in FIELDS:
            value = getattr(found, field)
            if value is None or is_row(line.plain) or (field == "date" and is_update(line.plain)):
                continue  # a value in a table; the day of a change
            if field == "date" and not (
                above_prose
                or beside_byline
                or re.search(
                    r"published|posted|updated"
                    r"|date:",
                    line.plain.lower(),
                )
            ):
                continue  # a heading of a chronicle
            if field == "url" and not (above_prose and number < _HEAD // 2) and not is_label:
                continue
            if (
                field in ("title", "url", "publisher")
                and number >= prose
                and not is_copyright(line.plain)
                and not is_address(line.plain)
                and not found.author
            ):
                continue  # "Source: …" below a table, "Subject: …" of a quoted letter
            end = line.end
            if field == "author" and number + 1 < len(lines) and _names_others(lines[number + 1]):
                value, end = f"{value} {lines[number + 1].plain}", lines[number + 1].end
            belief = 3 if (field == "publisher" and is_copyright(line.plain)) else 1 if above_prose else 2
            yield belief, field, value, Credit(field, line.start, end)


def _names_others(line: Line) -> bool:
    """Whether a line goes on with a byline: "and Tom Oak"."""
    joint = AND.match(f" {line.plain}")
    return line.before == "none" and joint is not None and are_persons(f" {line.plain}"[joint.end() :])


def first_prose(lines: Sequence[Line]) -> int:
    """The number of the first line that is running text; all of them, if none is."""
    for number, line in enumerate(lines):
        broken = (
            size(line.plain) >= 6
            and number + 1 < len(lines)
            and lines[number + 1].before == "none"
            and lines[number + 1].plain[0].islower()
        )
        if (broken or is_prose(line.plain)) and read_line(line.plain) == Metadata() and not is_furniture(line.plain):
            return number
    return len(lines)


def _of_dateline(text: str, lines: Sequence[Line]) -> Iterator[tuple[int, Field, str, Credit]]:
    for line in lines[: min(first_prose(lines), _HEAD) + 1]:  # rows of a table are no prose, and may be many
        found = read_dateline(line.plain)
        if found:
            opening, stated = found
            end = offset(text, line.start, opening)
            for field in FIELDS:
                if value := getattr(stated, field):
                    yield 2, field, value, Credit(field, line.start, end)


def _of_biography(text: str, lines: Sequence[Line]) -> Iterator[tuple[int, Field, str, Credit]]:
    for number, line in enumerate(lines):
        if biography.is_label(line.plain) and number + 1 < len(lines):
            opening = biography.opening(lines[number + 1].plain, labelled=True) or biography.opening(
                _paragraph(lines, number + 1), labelled=True
            )
            if opening:
                name, words = opening
                belief = 1 if "written" in line.plain.lower() else 2
                yield belief, "author", name, Credit("author", line.start, offset(text, lines[number + 1].start, words))
        elif number >= len(lines) - _FOOT:
            opening = biography.opening(_paragraph(lines, number), labelled=False)
            if opening and biography.is_own(_paragraph(lines, number)):
                yield 3, "author", opening[0], Credit("author", line.start, offset(text, line.start, opening[1]))


def _paragraph(lines: Sequence[Line], number: int) -> str:
    """The line and those below it up to an empty one, or to furniture: a biography may be wrapped."""
    words, length = [lines[number].plain], len(lines[number].plain)
    for below in range(number + 1, len(lines)):
        line = lines[below]
        if line.before != "none" or is_furniture(line.plain) or is_copyright(line.plain) or length > 1500:
            break
        words.append(line.plain)
        length += len(line.plain)
    return " ".join(words)


def _of_title(text: str, lines: Sequence[Line], hint: str | None) -> Iterator[tuple[int, Field, str, Credit]]:
    """The line above the prose that reads as a title: the first, or a fuller one that begins like it."""
    prose = first_prose(lines)
    if hint:
        for line in lines[: min(prose + 1, _HEAD)]:
            words = line.plain.lstrip("# ").strip()
            same = _words(words) == _words(hint)
            # a title of one word stands in many a sentence of its article, and what ends as a sentence is one
            if same or (
                len(hint) / 2 < len(words) <= _LONGEST_TITLE
                and not is_prose(words)
                and words.endswith(".") <= hint.endswith(".")
                and _agree(words, hint)
            ):
                yield 1, "title", words, _title_credit(text, line)
        return
    candidates = []
    for number, line in enumerate(lines[: min(prose, _HEAD)]):
        marked = _MARKDOWN_TITLE.fullmatch(line.plain) if len(line.plain) <= _LONGEST_TITLE else None
        if marked:
            yield 0, "title", marked[1], _title_credit(text, line)
            return
        if prose < len(lines) and _is_title(lines, number):
            candidates.append(line)
    if candidates:
        # what is shorter may name a section
        longer = [line for line in candidates if len(line.plain.split()) >= _LEAST_TITLE_WORDS]
        start = _words((longer or candidates)[0].plain)
        title = max(
            (line for line in candidates if _words(line.plain)[: len(start)] == start), key=lambda line: len(line.plain)
        )
        yield 1, "title", title.plain, _title_credit(text, title)


def _is_title(lines: Sequence[Line], number: int) -> bool:
    """Short, capitalised, not ending as a sentence, and not the first line of a wrapped paragraph."""
    words = lines[number].plain
    after = lines[number + 1] if number + 1 < len(lines) else None
    wrapped = after is not None and after.before == "none" and after.plain[:1].islower()
    ends = is_terminal(words) and words[-1] not in "?!"
    # a running head
    numbered = any(other.plain != words and _without_figures(other.plain) == _without_figures(words) for other in lines)
    return (
        not numbered
        and 2 <= len(words.split()) <= _MOST_TITLE_WORDS
        and (words[0].isdecimal() or words[0] in "\"'“‘«¿¡" or (words[0].isalpha() and not words[0].islower()))
        and not (ends or words[-1] in ",;:—–-" or wrapped or _opens_report(lines, number))
        and not LIST_MARK.match(words)
        and read_line(words) == Metadata()
        and not (is_unnamed_byline(words) or is_furniture(words))
    )


def _opens_report(lines: Sequence[Line], number: int) -> bool:
    """Whether a line is the place or the agency before a dash that stands alone below: "New York", "CNN", "—"."""
    return any(line.plain in ("—", "–", "-", "--") for line in lines[number + 1 : number + 3])


def _without_figures(words: str) -> str:
    return re.sub(r"\d+", "#", words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.replace("’", "'").casefold())


def _title_credit(text: str, line: Line) -> Credit:
    """The title without the `#` of Markdown before it and behind it."""
    start, end = line.start, line.end
    while start < end and text[start] in "# \t":
        start += 1
    while end > start and text[end - 1] in "# \t":
        end -= 1
    return Credit("title", start, end)
