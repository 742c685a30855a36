"""Tell from its folder what a model is for."""

from __future__ import annotations

import json
from pathlib import Path

from qa.models.catalog import Task


def task_of(folder: Path) -> Task:
    """A model that gives a number for a text is a reranker, one with a list of modules an embedder, any other writes answers."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        kinds = [str(kind) for kind in config["architectures"]]
    except (OSError, ValueError, KeyError, TypeError):
        kinds = []
    if any(kind.endswith("ForSequenceClassification") for kind in kinds):
        return "rerank"
    return "embed" if (folder / "modules.json").is_file() else "answer"
