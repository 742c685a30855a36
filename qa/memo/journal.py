"""The answers of a memo that is not finished, kept beside it so that an interruption loses none.

In: questions, a way to ask. Out: their answers.

One answer a line, as in every other file of answers, with the articles that were looked in. Only answers of the same
library, models and settings count; a line that was cut short is none. Before a file of the memo is written, its name
and what it will hold are noted too: a memo that becomes three files and was interrupted after the first knows that one
for its own.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.records import Filter
from qa.memo.errors import MemoError
from qa.records import Answer, Provenance
from qa.render.json import dumps, from_object, to_object


def beside(output: Path) -> Path:
    """The journal of the memo that is to become `output`."""
    return output.with_name(f".{output.name}.answers.jsonl")


def answered(
    questions: Sequence[str],
    ask: Callable[[str], Answer],
    journal: Path,
    *,
    provenance: Provenance,
    within: Filter,
    report: Callable[[int], None],
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
    """The answers in the journal that would be given again, by question.

    Raises MemoError where it is there and cannot be read.
    """
    try:
        lines = journal.read_bytes().split(b"\n")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise MemoError(
            f"{journal} cannot be read: {error.strerror or error}", "move it away, or name another file with -o"
        ) from error
    looked_in = json.loads(dumps(asdict(within)))
    found = [answer for line in lines if (answer := _read(line, looked_in)) is not None]
    return {answer.question: answer for answer in found if answer.provenance == provenance}


def note(journal: Path, output: Path, content: bytes) -> None:
    """Say that `output` is about to hold `content`. Raises MemoError where the journal cannot be written."""
    append(journal, {"file": output.name, "sha256": hashlib.sha256(content).hexdigest()})


def noted(journal: Path) -> Callable[[Path], bool]:
    """Tells the files that hold what an interrupted command has written there, from those of somebody else."""
    try:
        lines = journal.read_bytes().split(b"\n")
    except OSError:
        return lambda _: False
    digests = {(held["file"], held["sha256"]) for line in lines if (held := _parsed(line)).keys() == {"file", "sha256"}}

    def ours(file: Path) -> bool:
        try:
            return (file.name, hashlib.sha256(file.read_bytes()).hexdigest()) in digests
        except OSError:
            return False

    return ours


def _keep(journal: Path, answer: Answer, within: Filter) -> None:
    append(journal, {"within": asdict(within), **to_object(answer)})


def append(journal: Path, held: Mapping[str, object]) -> None:
    """Add a line to a journal, on the disk before this returns. Raises MemoError where that cannot be done."""
    line = dumps(held).encode("utf-8", "backslashreplace")
    try:
        with journal.open("ab") as stream:
            stream.write(b"\n" + line + b"\n")  # begins on a line of its own, also after one that was cut short
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise MemoError(
            f"{journal} cannot be written: {error.strerror or error}",
            "mend that and run the same command: it goes on from there",
        ) from error


def _read(line: bytes, looked_in: object) -> Answer | None:
    held = _parsed(line)
    try:
        return from_object(held) if held.get("within") == looked_in else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        held = json.loads(line) if line.strip() else {}
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}
