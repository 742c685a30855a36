"""Moments as a person reads them. In: ISO 8601. Out: text."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(iso: str) -> str:
    """`2026-11-29 07:40 UTC`; the text as it is where it is no moment."""
    try:
        return datetime.fromisoformat(iso).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError):
        return iso
