"""An answer as Markdown with footnotes. Every character of an article is escaped: it is text, never markup."""

from __future__ import annotations

import re
import string
import unicodedata

from qa.records import Answer, Citation, Claim, Conflict
from qa.render.differences import HEADING, positions
from qa.render.harmless import one_line, safe_url
from qa.render.naming import name
from qa.render.parts import parts
from qa.render.phrases import is_phrase, quote_parts

SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$!^])")
LINE_START = re.compile(r"^([-+=:]|\d+(?=[.)]))")
AUTOLINK = re.compile(r"(?i)(\w+:)(?=//)|(www)(?=\.)")


def markdown(answer: Answer, *, label: str = "") -> str:
    """The answer with one footnote a quote; for an unanswered question the nearest passages as a list.

    `label` stands before the number of each footnote, so that several answers can share a document.
    """
    blocks = [_difference(conflict, answer, label) for conflict in answer.conflicts]
    if said := _line_start("".join(_part(part, label) for part in parts(answer)).strip()):
        blocks.append(said)
    if answer.nearest:
        blocks.append(
            "\n".join(["Nearest passages:", "", *(f"- {_footnote(citation)}" for citation in answer.nearest)])
        )
    blocks += [f"*Note:* {escape(note)}" for note in answer.notes]
    blocks += [f"[^{label}{citation.number}]: {_footnote(citation)}" for citation in answer.citations]
    return "\n\n".join(blocks) + "\n"


def _difference(conflict: Conflict, answer: Answer, label: str) -> str:
    values = [
        f"- {strong('', one_line(position.value), '')}{_marks(position.citations, label)} "
        f"— {'; '.join(_escaped(voice) for voice in position.voices)}"
        for position in positions(conflict, answer.citations)
    ]
    return "\n".join([f"**{HEADING}**", "", *values])


def _part(part: str | Claim | int, label: str) -> str:
    if isinstance(part, int):
        return _marks((part,), label)
    if isinstance(part, str):
        return _inline(part)
    return strong("", one_line(part.text), "") if is_phrase(part) else _inline(part.text)


def _marks(numbers: tuple[int, ...], label: str) -> str:
    return "".join(f"[^{label}{number}]" for number in numbers)


def strong(before: str, words: str, after: str) -> str:
    """Three pieces of a line that is harmless already, escaped, the second bold.

    Where a sign meets a letter ("US$5") asterisks fail: there a tag stands.
    """
    if not words:
        return _escaped(before + after)
    opens = not _is_sign(words[0]) or _parts_words(before[-1:])
    closes = not _is_sign(words[-1]) or _parts_words(after[:1])
    begin, end = ("**", "**") if opens and closes else ("<strong>", "</strong>")
    return f"{_escaped(before)}{begin}{_escaped(words)}{end}{_escaped(after)}"


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"


def _parts_words(letter: str) -> bool:
    """Whether every reader of Markdown takes a character, or none, for the edge of a word; they differ about "€"."""
    return not letter or letter.isspace() or letter in string.punctuation or unicodedata.category(letter)[0] == "P"


def escape(text: str) -> str:
    """`text` on one line, every character that Markdown could take for markup escaped."""
    return _line_start(_inline(" ".join(text.split())))


def _inline(text: str) -> str:
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return before + _escaped(one_line(text)) + after


def _escaped(line: str) -> str:
    return AUTOLINK.sub(
        lambda found: f"{found[1][:-1]}\\:" if found[1] else f"{found[2]}\\", SPECIAL.sub(r"\\\1", line)
    )


def _line_start(text: str) -> str:
    # "1." and "-" make a list only where a line begins
    return LINE_START.sub(lambda found: f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}", text)


def _footnote(citation: Citation) -> str:
    credit = [escape(name(citation))]
    credit += [escape(part) for part in (citation.author, citation.publisher) if part]
    credit.append(escape(citation.date) if citation.date else "undated")
    if citation.printed_page is not None:
        credit.append(f"p. {escape(citation.printed_page)}")
    url = safe_url(citation.url)
    return f"“{strong(*quote_parts(citation))}” — {', '.join(credit)}{f' <{url}>' if url else ''} ({escape(citation.source)}, {citation.start}-{citation.end})"
