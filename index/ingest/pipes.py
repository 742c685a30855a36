r"""Which lines are rows of a table in Markdown: told by the rule (`--- | :-:`) below the names of its columns.

A row needs no bars around it there: "Midland | 77 | 81". By itself such a line could be a menu or a byline. As in
GitHub's Markdown, the rule has as many cells as the names, `\|` parts no cells, and the table ends with an empty line
or another kind of block. A line without any bar ends it here too: it is text that nobody set apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.ingest.lines import LIST_MARK, Line, split
from index.ingest.tables import is_row

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^[ \t]*[|:-][|: \t-]*\r?$", re.MULTILINE)
_RULE_CELL = re.compile(r":?-+:?")
_OTHER_BLOCK = re.compile(r"```|~~~|>|#{1,6} ")


def rows(text: str) -> frozenset[int]:
    """Where the rows of the tables start in `text`, those with the names of the columns among them."""
    return frozenset(_rows(split(text))) if any("|" in rule[0] for rule in _RULE.finditer(text)) else frozenset()


def barred(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, each row read with bars around it, by which all rules know it as one; the spans stay."""
    starts = frozenset(_rows(lines))
    return tuple(
        replace(line, plain=f"| {line.plain.strip('| ')} |")
        if line.start in starts and not is_row(line.plain)
        else line
        for line in lines
    )


def _rows(lines: Sequence[Line]) -> Iterator[int]:
    inside = False
    for above, line in pairwise(lines):
        if line.before != "none":
            inside = False
        elif inside:
            if inside := _is_cells(line.plain):
                yield line.start
        elif _is_cells(above.plain) and _is_rule(line.plain) and len(_cells(above.plain)) == len(_cells(line.plain)):
            inside = True
            yield above.start


def _is_cells(plain: str) -> bool:
    return bool(_BAR.search(plain)) and not (_OTHER_BLOCK.match(plain) or LIST_MARK.match(plain))


def _is_rule(plain: str) -> bool:
    return "|" in plain and all(map(_RULE_CELL.fullmatch, _cells(plain)))


def _cells(plain: str) -> list[str]:
    """What stands between the bars of a line; those at its ends part nothing."""
    cells = [cell.strip() for cell in _BAR.split(plain)]
    begins, ends = plain.startswith("|"), len(cells) > 1 and not cells[-1]
    return cells[int(begins) : len(cells) - ends]
