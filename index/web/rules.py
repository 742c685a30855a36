"""The text of a robots.txt -> what it lets a program of some name read, and how fast.

As RFC 9309 has it; `Crawl-delay`, which many write, is read too.

The rule with the longest pattern counts, and of two as long the one that allows. `urllib.robotparser` lets the first
count, and takes `*` and `$` for letters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_MOST = 5_000  # rules that are read of one robots.txt


@dataclass(frozen=True, slots=True)
class Rules:
    """Patterns of paths, and the seconds between two pages that are wished for."""

    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    delay: float | None = None

    def allow(self, url: str) -> bool:
        """Whether this page may be read."""
        parts = urlsplit(url)
        path = _normal(parts.path + (f"?{parts.query}" if parts.query else ""))
        longest = [
            max((len(pattern) for pattern in patterns if _fits(pattern, path)), default=-1)
            for patterns in (self.allowed, self.refused)
        ]
        return longest[0] >= longest[1]


def parse(text: str, agent: str) -> Rules:
    """The rules of the groups that name `agent`; where there is none, of those for everybody."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    agents: list[str] = []
    is_open = False
    for line in text.splitlines():
        name, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        if name.lower() == "user-agent":
            agents = [*(agents if is_open else []), value.partition("/")[0].strip().lower()]
            groups[agents[-1]] += ()
            is_open = True
        elif name.lower() in ("allow", "disallow", "crawl-delay"):
            is_open = False
            for each in dict.fromkeys(agents):
                groups[each].append((name.lower(), value))
    said = groups.get(agent.lower(), groups.get("*", []))[:_MOST]
    patterns = {
        name: tuple(_normal(value) for kind, value in said if kind == name and value) for name in ("allow", "disallow")
    }
    delays = [
        float(value)
        for name, value in said
        if name == "crawl-delay" and re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value, re.ASCII)
    ]
    return Rules(patterns["allow"], patterns["disallow"], max(delays, default=None))


def _fits(pattern: str, path: str) -> bool:
    """Whether the path begins as the pattern says, in which `*` stands for anything and a `$` at the end for the end."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for piece in others[:-1] if ends else others:
        place = path.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    if not ends:
        return True
    return path.endswith(others[-1]) and len(path) - len(others[-1]) >= place if others else place == len(path)


def _normal(path: str) -> str:
    """The path with letters, figures and marks as themselves and the rest escaped in one way, so that two spellings of a path are the same."""
    plain = re.sub(
        "%([0-9A-Fa-f]{2})",
        lambda found: (
            chr(int(found[1], 16)) if re.fullmatch(r"[A-Za-z0-9._~-]", chr(int(found[1], 16))) else found[0].upper()
        ),
        path,
    )
    return quote(plain, safe=_PRINTABLE, errors="replace")
