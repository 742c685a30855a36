"""Measures what checking adds to drafting: `python -m bench.checking`.

For each question over the seeds: the seconds from the evidence to the decided answer (drafting, attribution, the
model's own doubts, other articles asked), and, in turns, those of the draft alone, read and written from the same
evidence with nothing remembered. Checking costs the difference.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench import data
from bench.program import index_seeds
from index.search import search
from qa.answering import prompt
from qa.answering.answer import Assistant, answer
from qa.answering.evidence import foremost, select
from qa.commands.asking import opened
from qa.commands.session import Session
from qa.expectations import expectations
from qa.questions.read import contents, read


def main() -> None:
    """Ask, time, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--questions", type=Path, help="a file as for `qa eval`; else the seed questions beside the public data"
    )
    file = options.parse_args().questions or data.folder().parent / "eval" / "seed_questions.jsonl"
    asked = expectations(read(contents(file, sys.stdin.buffer, name=file.name), name=file.name, form=None), file.name)
    session = Session()
    with tempfile.TemporaryDirectory() as folder:
        index_seeds(Path(folder))
        settings = session.settings(library=Path(folder) / ".qa")
        with opened(settings) as library:
            assistant = session.assistant(settings, library)
            timed(asked[0].question, assistant)  # the first one pays for what comes once
            rows = [timed(each.question, assistant) for each in asked]
    print(table(rows))


def timed(question: str, assistant: Assistant) -> tuple[str, float, float]:
    """How the question ended, the seconds from its evidence to the decided answer, and those of the draft alone."""
    found = answer(question, assistant)
    whole = (found.timings_ms.get("draft", 0.0) + found.timings_ms.get("compare", 0.0)) / 1000
    hits = search(question, assistant.library, assistant.embedder, k=assistant.settings.passages)
    system, user = prompt.draft(
        question, foremost(select(question, hits, assistant.embedder), limit=assistant.settings.evidence)
    )
    start = time.perf_counter()
    assistant.model.generate((system, replace(user, opening="")), max_tokens=assistant.settings.max_tokens)
    return found.status, whole, time.perf_counter() - start


def table(rows: list[tuple[str, float, float]]) -> str:
    """A line for each way to end, and one for all: medians, and the checking as a multiple of the drafting."""
    lines = [f"{'median seconds':16}{'n':>4}{'draft alone':>13}{'whole':>8}{'added':>8}{'ratio':>7}"]
    for name in ("answered", "conflicting", "unanswered", "all"):
        some = [row for row in rows if name in (row[0], "all")]
        if some:
            alone, whole, added = (
                statistics.median(values)
                for values in zip(*((draft, all_, all_ - draft) for _, all_, draft in some), strict=True)
            )
            lines.append(f"{name:16}{len(some):4}{alone:13.2f}{whole:8.2f}{added:8.2f}{added / alone:7.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
