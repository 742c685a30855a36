"""The answers of a memo that is not finished, kept beside it so that an interruption loses none. In: questions, a way to ask. Out: their answers.

One answer a line, as in every other file of answers, with the articles that were looked in. Only answers of the same library, models and settings count;
a line that was cut short is none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from index.records import Filter
from qa.memo.errors import MemoError
from qa.records import Answer, Provenance
from qa.render.json import dumps, from_object, to_object


def beside(output: Path) -> Path:
    """The journal of the memo that is to become `output`."""
    return output.with_name(f".{output.name}.answers.jsonl")


def answered(
    questions: Sequence[str], ask: Callable[[str], Answer], journal: Path, *, provenance: Provenance, within: Filter, report: Callable[[int], None]
) -> dict[str, Answer]:
    """An answer to each question: the journal's, where it has one of this provenance and filter, else a new one, on the disk before the next is asked.

    `report` gets how many are done. Raises MemoError where the journal cannot be read or written.
    """
    held = kept(journal, provenance, within)
    answers: dict[str, Answer] = {}
    for done, question in enumerate(questions):
        report(done)
        if question not in held:
            held[question] = ask(question)
            _keep(journal, held[question], within)
        answers[question] = held[question]
    report(len(questions))
    return answers


def kept(journal: Path, provenance: Provenance, within: Filter) -> dict[str, Answer]:
    """The answers in the journal that would be given again, by question. Raises MemoError where it is there and cannot be read."""
    try:
        lines = journal.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise MemoError(f"{journal} cannot be read: {error.strerror or error}", "move it away, or name another file with -o") from error
    looked_in = json.loads(dumps(asdict(within)))
    found = [answer for line in lines if (answer := _read(line, looked_in)) is not None]
    return {answer.question: answer for answer in found if answer.provenance == provenance}


def _keep(journal: Path, answer: Answer, within: Filter) -> None:
    line = dumps({"within": asdict(within), **to_object(answer)}).encode("utf-8", "backslashreplace")
    try:
        with journal.open("ab") as stream:
            stream.write(b"\n" + line + b"\n")  # begins on a line of its own, also after one that was cut short
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise MemoError(f"{journal} cannot be written: {error.strerror or error}", "mend that and run the same command: it goes on from there") from error


def _read(line: bytes, looked_in: object) -> Answer | None:
    try:
        held = json.loads(line) if line.strip() else {}
        return from_object(held) if held.get("within") == looked_in else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
