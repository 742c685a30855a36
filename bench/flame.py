"""Measures where an answer's time goes, and draws it as flame graphs: `python -m bench.flame`.

One of a cold `qa ask`, from the start of the process to its end, and one of a warm answer: the second question of a
process, alone. py-spy (installed beside the environment at the first run) notes a hundred times a second what each
thread of Python is at, waiting included; so a width is time on the wall, and what OpenVINO computes shows as the call
that waits for it. Of a cold run the main thread is drawn: it is what a person waits for.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

from bench.program import ASKED, QA, ROOT, environment, index_seeds
from qa.answering.answer import Assistant, answer
from qa.commands.asking import opened
from qa.commands.session import Session

PROFILER = ROOT / "build" / "profiler"
PY_SPY = "py-spy==0.4.3"
WARM_UP = "Who is the chief minister of Puducherry?"
RATE = 100  # samples a second
LEAST = 0.004  # of the whole: a narrower box is not drawn
_WIDTH, _ROW = 1200, 17
_COLOURS = {"qa": "#f5c211", "index": "#8ff0a4", "bench": "#deddda"}
_ELSE = "#99c1f1"

Stacks = Counter[tuple[str, ...]]


def main() -> None:
    """Record both and draw them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--into", type=Path, default=ROOT / "build", help="the folder for flame-cold.svg and flame-warm.svg"
    )
    # the recorded process itself: answers from this library
    options.add_argument("--warm", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.warm:
        _answer_twice(given.warm)
        return
    if not PROFILER.is_dir():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PROFILER), PY_SPY], check=True
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        index_seeds(folder)
        cold = _recorded([*QA, "ask", ASKED], folder)
        warm = _within(_recorded([sys.executable, "-m", "bench.flame", "--warm", str(folder / ".qa")], folder), "warm")
    for file, title, stacks in (
        ("flame-cold.svg", "cold: qa ask", cold),
        ("flame-warm.svg", "warm: the second answer of a process", warm),
    ):
        (given.into / file).write_text(drawn(stacks, f"{title}, {stacks.total() / RATE:.1f} s"), encoding="utf-8")
        print(f"{given.into / file}: {stacks.total() / RATE:.1f} s")


def drawn(stacks: Stacks, title: str) -> str:
    """A flame graph as SVG: the outermost call at the bottom, a box as wide as its share of the time, its name and seconds on hovering."""
    boxes = list(_boxes(stacks, stacks.total()))
    height = _ROW * (max((depth for depth, *_ in boxes), default=0) + 3)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="monospace" '
        f'font-size="11">',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="6" y="{_ROW}">{escape(title)}</text>',
    ]
    for depth, start, width, name in boxes:
        x, y, wide = _WIDTH * start, height - _ROW * (depth + 1), _WIDTH * width
        label = ".".join(name.split(".")[-2:])[: max(int(wide / 6.7) - 1, 0)]
        colour = _COLOURS.get(name.split(".")[0], _ELSE)
        parts.append(
            f'<g><title>{escape(name)}: {width * stacks.total() / RATE:.2f} s</title><rect x="{x:.1f}" '
            f'y="{y}" width="{wide:.1f}" height="{_ROW - 1}"'
        )
        parts.append(
            f'fill="{colour}"/>'
            + (f'<text x="{x + 3:.1f}" y="{y + 12}">{escape(label)}</text>' if label else "")
            + "</g>"
        )
    return "\n".join([*parts, "</svg>\n"])


def _boxes(stacks: Stacks, whole: int, depth: int = 0, start: float = 0.0) -> Iterator[tuple[int, float, float, str]]:
    """(depth, start, width, name) of each call, start and width as shares of the whole, callers before what they call."""
    below: dict[str, Stacks] = {}
    for stack, count in stacks.items():
        if stack:
            below.setdefault(stack[0], Counter())[stack[1:]] += count
    for name, inner in sorted(below.items()):
        width = inner.total() / whole
        if width >= LEAST:
            yield depth, start, width, name
            yield from _boxes(inner, whole, depth + 1, start)
        start += width


def _recorded(command: Sequence[str], folder: Path) -> Stacks:
    """The stacks of the main thread while `command` runs, outermost call first, and in how many samples each was seen."""
    raw = folder / "stacks.txt"
    profiler = [
        str(PROFILER / "bin" / "py-spy"),
        "record",
        "--idle",
        "--threads",
        "--rate",
        str(RATE),
        "--format",
        "raw",
        "--output",
        str(raw),
        "--",
    ]
    subprocess.run(
        [*profiler, *command],
        cwd=folder,
        env=environment(),
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stacks: Stacks = Counter()
    for line in raw.read_text(encoding="utf-8").splitlines():
        calls, _, count = line.rpartition(" ")
        thread, *stack = calls.split(";")
        if "MainThread" in thread:
            stacks[tuple(filter(None, map(_name, stack)))] += int(count)
    return stacks


def _name(call: str) -> str:
    """`function (some/place/file.py:12)` as `place.file.function`; of the machinery of imports nothing."""
    function, _, place = call.partition(" (")
    path = Path(place.rpartition(":")[0] or place.rstrip(")"))
    if "importlib" in place:
        return ""
    with suppress(ValueError):
        path = path.relative_to(ROOT)
    parts = path.with_suffix("").parts
    parts = parts[parts.index("site-packages") + 1 :] if "site-packages" in parts else parts
    return ".".join([*parts[-3:], function]).lstrip("/.")


def _within(stacks: Stacks, function: str) -> Stacks:
    """What was called by a function of this bench, from there on."""
    name = f"bench.flame.{function}"
    found: Stacks = Counter()
    for stack, count in stacks.items():
        if name in stack:
            found[stack[stack.index(name) + 1 :]] += count
    return found


def _answer_twice(library: Path) -> None:
    session = Session()
    settings = session.settings(library=library)
    with opened(settings) as there:
        assistant = session.assistant(settings, there)
        answer(WARM_UP, assistant)
        warm(assistant)


def warm(assistant: Assistant) -> None:
    """What is drawn as the warm answer."""
    answer(ASKED, assistant)


if __name__ == "__main__":
    main()
