"""What the processor can do that decides how long an answer takes.

Takes the system's own description of it; returns yes, no, or None where it does not say.
"""

from __future__ import annotations

from pathlib import Path

SLOW = "no instructions that multiply bytes (AVX-512 VNNI, AVX-VNNI or AMX): prompts are read about a sixth as fast as with them"
_CPUINFO = Path("/proc/cpuinfo")
_BYTES = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})  # their names in /proc/cpuinfo


def multiplies_bytes(described: Path = _CPUINFO) -> bool | None:
    """Whether an x86 processor has instructions that multiply bytes and add them up (AVX-512 VNNI, AVX-VNNI or AMX), which most made since 2021 have.

    Without them OpenVINO unpacks weights into floats and reads a prompt about a sixth as fast (docs/speed.md). None where the system is not Linux, or the
    processor of another kind.
    """
    try:
        lines = described.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    flags = next((frozenset(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), None)
    return None if flags is None else bool(flags & _BYTES)
