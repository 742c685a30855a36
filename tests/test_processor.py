"""A processor that cannot multiply bytes is told from one that can, by what Linux says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.models.processor import multiplies_bytes


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        ("processor\t: 0\nflags\t\t: fpu sse2 avx2 fma avx512f avx512_vnni\n", True),
        ("flags\t\t: fpu avx2 avx_vnni\n", True),
        ("flags\t\t: fpu avx512f amx_int8\n", True),
        ("processor\t: 0\nflags\t\t: fpu sse2 avx2 fma\n", False),
        ("Features\t: fp asimd asimddp i8mm\n", None),
        ("", None),
    ],
)
def test_what_linux_says(described: str, expected: bool | None, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(described, encoding="utf-8")
    assert multiplies_bytes(tmp_path / "cpuinfo") is expected


def test_another_system_says_nothing(tmp_path: Path) -> None:
    assert multiplies_bytes(tmp_path / "cpuinfo") is None
