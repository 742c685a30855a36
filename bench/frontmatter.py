"""Compares `index.ingest.frontmatter` with `yaml.compose`: `python -m bench.frontmatter FOLDER…`.

Every Markdown file under the folders that begins with front matter in YAML is read by both: key by key, as the program
does, and as one YAML document whose nodes say where they stand. Then once more with a title that holds a colon and no
quotation marks, which is what people write.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from index.ingest import frontmatter
from index.ingest.lines import Line, split, trimmed
from index.records import Field

Stated = dict[Field, tuple[int, int]]  # the lines that state a field, as offsets


def main() -> None:
    """Read the files both ways and print what each finds."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--rounds", type=int, default=20, help="how often each is timed")
    given = options.parse_args()
    texts = sorted({text for folder in given.folders for text in _fronts(folder)})
    print(f"{len(texts)} files with front matter, no two alike")
    titled = [f"---\ntitle: The port: what now?\n{text[4:]}" for text in texts]
    for name, held in (("as they are", texts), ("with a colon in a title", titled)):
        print(f"\n{name}:")
        for way in (key_by_key, composed):
            _print(way, held, given.rounds)
        pairs = [(key_by_key(text), composed(text)) for text in held]
        both = [(ours, theirs) for ours, theirs in pairs if theirs is not None]
        print(
            f"  the same fields at the same places, where both can read: {sum(a == b for a, b in both)} of {len(both)}"
        )


def key_by_key(text: str) -> Stated:
    """The fields that the program reads."""
    lines = split(text)
    return {one.field: (one.start, one.end) for one in frontmatter.read(text, lines[: frontmatter.length(lines)])}


def composed(text: str) -> Stated | None:
    """The fields that the nodes of one YAML document give; None where it is none."""
    lines = split(text)
    inner = lines[1 : frontmatter.length(lines) - 1]
    start = inner[0].start
    try:
        root = yaml.compose(text[start : inner[-1].end], Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    found: Stated = {}
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        field = frontmatter.field_of(str(key.value))
        if field and _says(value):
            place = trimmed(text, start + key.start_mark.index, start + value.end_mark.index)
            if field == "publisher" and str(value.value).startswith(("http://", "https://")):
                field = "url"
            if field != "date" or frontmatter._date(value.value):
                found.setdefault(field, place)
    return found


def _says(node: Any) -> bool:
    return node.tag != "tag:yaml.org,2002:null" and bool(node.value)


def _fronts(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*.md"):
        if file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")
            lines: Sequence[Line] = split(text[:20_000])
            if (length := frontmatter.length(lines)) and lines[0].plain == "---":
                yield text[: lines[length - 1].end] + "\n"


def _print(way: Callable[[str], Stated | None], texts: Sequence[str], rounds: int) -> None:
    began = time.perf_counter()
    for _ in range(rounds):
        found = [way(text) for text in texts]
    spent = (time.perf_counter() - began) / rounds / len(texts)
    fields = Counter(field for one in found if one for field in one)
    said = ", ".join(f"{field} {count}" for field, count in sorted(fields.items()))
    print(f"  {way.__name__}: {said}; unreadable {sum(one is None for one in found)}; {spent * 1e6:.0f} µs a file")


if __name__ == "__main__":
    main()
