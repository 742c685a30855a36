"""Render answers as a .csv table for a spreadsheet: a row a question, the user's own columns first.

UTF-8 with a byte order mark, which Excel needs, and every cell between quotation marks, so that a program that expects
another delimiter still takes it for text. No cell is ever run as a formula.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from qa.batch.outcome import Outcome
from qa.records import Citation, Conflict
from qa.render.differences import positions
from qa.render.harmless import harmless, one_line
from qa.render.naming import name

OWN = ("status", "answer", "confidence", "citations", "conflicts", "nearest", "notes", "error")

_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # what a spreadsheet takes for the beginning of a formula
_MARK = b"\xef\xbb\xbf"


def table(outcomes: Iterable[Outcome], columns: Sequence[str], *, delimiter: str = ",") -> Iterator[bytes]:
    """The header, then a row an outcome.

    `columns` are the user's, in their order; where one has a name of ours, it is marked as theirs.
    """
    theirs = _theirs(columns)
    yield _MARK + _row(["id", *_named(theirs), *OWN], delimiter)
    for outcome in outcomes:
        held = outcome.columns or {}
        yield _row([_cell(outcome.id), *(_cell(held.get(name)) for name in theirs), *_ours(outcome)], delimiter)


def guarded(text: str) -> str:
    """`text` with an apostrophe before what a spreadsheet would take for a formula, behind white space too."""
    return f"'{text}" if text.startswith(_STARTS) or text.lstrip().startswith(_STARTS) else text


def _theirs(columns: Sequence[str]) -> tuple[str, ...]:
    """The user's columns without the one that is the id, which comes first anyway."""
    id_ = "id" if "id" in columns else next((name for name in columns if name.strip().casefold() == "id"), None)
    return tuple(name for name in columns if name != id_)


def _named(theirs: Sequence[str]) -> list[str]:
    taken = {"id", *OWN}
    names: list[str] = []
    for column in theirs:
        name = column
        while name.strip().casefold() in taken:
            name += " (yours)"
        taken.add(name.strip().casefold())
        names.append(guarded(name))
    return names


def _ours(outcome: Outcome) -> list[str]:
    if outcome.answer is None:
        message, hint = outcome.error or ("", "")
        return ["failed", *[""] * (len(OWN) - 2), guarded(harmless(f"{message} ({hint})"))]
    answer = outcome.answer
    cells = [
        answer.status,
        harmless(answer.answer),
        json.dumps(answer.confidence),
        _citations(answer.citations),
        "\n".join(_conflict(conflict, answer.citations) for conflict in answer.conflicts),
        _citations(answer.nearest),
        "\n".join(one_line(note) for note in answer.notes),
        "",
    ]
    return [guarded(cell) for cell in cells]


def _citations(citations: Iterable[Citation]) -> str:
    return "\n".join(
        f"[{each.number}] “{one_line(each.quote)}” — {_credit(each)} ({one_line(each.source)}:{each.start}-{each.end})"
        for each in citations
    )


def _credit(citation: Citation) -> str:
    page = None if citation.printed_page is None else f"p. {citation.printed_page}"
    known = (name(citation), citation.author, citation.publisher, citation.date or "undated", page, citation.url)
    return ", ".join(one_line(part) for part in known if part)


def _conflict(conflict: Conflict, citations: Sequence[Citation]) -> str:
    """A line for each value: the value, its quotes, the articles that give it."""
    return "\n".join(
        f"{one_line(position.value)} {''.join(f'[{number}]' for number in position.citations)} "
        f"— {'; '.join(position.voices)}"
        for position in positions(conflict, citations)
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    return json.dumps(value, ensure_ascii=False)  # of a number, a minus sign starts no formula


def _row(cells: Sequence[str], delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerow(cells)
    return text.getvalue().encode("utf-8", "backslashreplace")
