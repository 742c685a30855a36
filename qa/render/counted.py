"""Numbers with what they count, as a person writes them."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def size(count: object) -> str:
    """A number of bytes: `1.7 GB`, `90 MB`; `unknown` for what is no number."""
    return (
        f"{count / 1e9:.1f} GB"
        if isinstance(count, int) and count >= 1e9
        else f"{count / 1e6:.0f} MB"
        if isinstance(count, int)
        else "unknown"
    )
