"""Render the answers of a batch as one Markdown document, piece by piece: a heading for each question.

The user's words are text as much as the articles' are. Knows nothing of files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from qa.batch.answers import Tally
from qa.batch.outcome import Outcome
from qa.questions.rows import cell
from qa.render.counted import counted
from qa.render.markdown import escape, markdown


def document(outcomes: Iterable[Outcome], tally: Tally, *, title: str) -> Iterator[bytes]:
    """The document: how many questions were answered, then each with its answer."""
    so_far = "" if tally.done == tally.rows else f" {tally.done} of them so far:"
    counts = (
        f"{tally.answered} answered, {tally.conflicting} conflicting, {tally.unanswered} refused, {tally.failed} failed"
    )
    yield f"# {escape(title)}\n\n{counted(tally.rows, 'question')}:{so_far} {counts}.\n".encode()
    for number, outcome in enumerate(outcomes, start=1):
        yield "\n\n".join(["", *_section(number, outcome)]).encode("utf-8", "backslashreplace").removeprefix(b"\n")


def _section(number: int, outcome: Outcome) -> Iterator[str]:
    columns = outcome.columns or {}
    question = cell(columns, "question")
    asked = question if isinstance(question, str) else "(no question)"
    yield f"## {number}. {escape(asked)}"
    if known := _known(columns):
        yield known
    if outcome.answer is not None:
        yield f"*{outcome.answer.status}, confidence {outcome.answer.confidence:.2f}*"
        yield markdown(outcome.answer, label=f"{number}-")
    elif outcome.error is not None:
        message, hint = outcome.error
        yield f"**Not asked:** {escape(message)} ({escape(hint)})\n"


def _known(columns: Mapping[str, object]) -> str:
    """The row's other columns, those that say something."""
    others = {
        name: value
        for name, value in columns.items()
        if name.strip().casefold() != "question" and value not in (None, "")
    }
    texts = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in others.items()
    }
    return "\n".join(f"- {escape(name)}: {escape(text)}" for name, text in texts.items())
