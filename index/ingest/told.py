"""The notes that tell how much of a file was not read; none where that is nothing."""

from __future__ import annotations


def not_read(count: int, noun: str, nouns: str = "") -> tuple[str, ...]:
    """Tell "2 charts not read"; `nouns` are several of them, where an s is not enough."""
    return (f"{_counted(count, noun, nouns)} not read",) if count else ()


def held(count: int, noun: str) -> tuple[str, ...]:
    """Tell "holds 2 comments, which are not read"."""
    return (f"holds {_counted(count, noun)}, which {'is' if count == 1 else 'are'} not read",) if count else ()


def passed_over(count: int, noun: str, why: str) -> tuple[str, ...]:
    """Tell "2 rows are hidden and were not read"."""
    verbs = ("is", "was") if count == 1 else ("are", "were")
    return (f"{_counted(count, noun)} {verbs[0]} {why} and {verbs[1]} not read",) if count else ()


def _counted(count: int, noun: str, nouns: str = "") -> str:
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"
