"""Ask the tables of a library which articles a `Filter` lets through."""

from __future__ import annotations

from index.filters import admits, in_period
from index.postings import Query
from index.records import Filter


def allowed(rows: Query, within: Filter) -> list[int] | None:
    """The ids of the articles that the filter lets through; None where that is all of them.

    Raises QuestionError where `since` or `until` is no date.
    """
    if within == Filter():
        return None
    in_period(within, None)  # refuses what is no date, also in a library without articles
    condition, values = _narrowing(within)
    found = rows(f"SELECT id, source, author, date FROM articles WHERE {condition}", *values)
    return [number for number, *known in found if admits(within, *known)]


def undated_left_out(rows: Query, within: Filter) -> int:
    """How many articles a filter by date leaves out only because they carry no date."""
    if in_period(within, None):
        return 0
    undated = Filter(sources=within.sources, author=within.author)
    found = rows("SELECT source, author FROM articles WHERE date IS NULL")
    return sum(admits(undated, source, author, None) for source, author in found)


def _narrowing(within: Filter) -> tuple[str, list[object]]:
    """A condition that every article satisfies which the filter admits, and its values.

    SQLite passes over the rest more quickly than Python.
    """
    parts, values = ["1"], list[object]()
    for limit, comparison in ((within.since, ">="), (within.until, "<=")):
        if limit is not None:
            parts.append(f"substr(date, 1, length(?)) {comparison} substr(?, 1, length(date))")
            values += [limit, limit]
    if within.sources and not any(sign in pattern for pattern in within.sources for sign in "*?["):
        parts.append("(" + " OR ".join("substr(source, 1, length(?)) = ?" for _ in within.sources) + ")")
        values += [beginning for pattern in within.sources for beginning in (pattern.rstrip("/"), pattern.rstrip("/"))]
    return " AND ".join(parts), values
