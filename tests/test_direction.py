"""Imports run one way: `qa` uses `index`, never the reverse, and no modules import each other in a circle."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent


def imported(*, late: bool) -> Mapping[str, frozenset[str]]:
    """Each module with those of ours that it imports: as it is loaded, or with `late` anywhere."""
    files = {_name(file): file for package in ("index", "qa") for file in (ROOT / package).rglob("*.py")}
    found = {}
    for name, file in files.items():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        nodes = ast.walk(tree) if late else tree.body
        named = {
            f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}" in files else str(node.module)
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        found[name] = frozenset(named & set(files)) - {name}
    return found


def _name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_index_knows_nothing_of_qa() -> None:
    assert [
        (name, other)
        for name, others in imported(late=True).items()
        if name.partition(".")[0] == "index"
        for other in others
        if other.partition(".")[0] == "qa"
    ] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    order = tuple(TopologicalSorter(imported(late=False)).static_order())  # raises CycleError, which names the circle
    assert order.index("index.records") < order.index("qa.records") < order.index("qa.answering.answer")
