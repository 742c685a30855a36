"""An answer as JSON, by docs/answer.schema.json: keys always in the same order, nothing escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from index.errors import VouchError
from index.records import Hit
from qa.records import (
    Answer,
    Citation,
    Claim,
    Conflict,
    Explanation,
    Found,
    Phrase,
    Provenance,
    Quote,
    Rejected,
    Value,
    Weighed,
)


def to_object(answer: Answer, *, explain: bool = False) -> dict[str, object]:
    """The answer as the object that docs/answer.schema.json describes; with `explain`, how it came about too."""
    told: dict[str, object] = {"explanation": asdict(answer.explanation)} if explain else {}
    return {
        "question": answer.question,
        "status": answer.status,
        "answer": answer.answer,
        "sentences": [asdict(sentence) for sentence in answer.sentences],
        "citations": [asdict(citation) for citation in answer.citations],
        "conflicts": [asdict(conflict) for conflict in answer.conflicts],
        "rejected": [asdict(rejected) for rejected in answer.rejected],
        "nearest": [asdict(citation) for citation in answer.nearest],
        "confidence": answer.confidence,
        "notes": list(answer.notes),
        "timings_ms": dict(answer.timings_ms),
        "provenance": asdict(answer.provenance),
        "kept": answer.kept,
        **told,
    }


def from_object(held: Mapping[str, Any]) -> Answer:
    """The answer that `to_object` made this object of, with its explanation where that is told.

    Raises KeyError or TypeError where it did not.
    """
    conflicts = [
        Conflict(
            one["about"], tuple(Value(each["value"], tuple(each["citations"]), _phrase(each)) for each in one["claims"])
        )
        for one in held["conflicts"]
    ]
    return Answer(
        question=held["question"],
        status=held["status"],
        answer=held["answer"],
        sentences=tuple(
            Claim(one["text"], tuple(one["citations"]), one["support"], _phrase(one)) for one in held["sentences"]
        ),
        citations=tuple(_citation(one) for one in held["citations"]),
        conflicts=tuple(conflicts),
        rejected=tuple(Rejected(**one) for one in held["rejected"]),
        nearest=tuple(_citation(one) for one in held["nearest"]),
        confidence=held["confidence"],
        notes=tuple(held["notes"]),
        provenance=Provenance(**held["provenance"]),
        timings_ms=dict(held["timings_ms"]),
        explanation=_explanation(held["explanation"]) if "explanation" in held else Explanation(),
        kept=held.get("kept"),
    )


def _explanation(held: Mapping[str, Any]) -> Explanation:
    passages, read = (
        tuple(Found(Quote(**one["quote"]), one["score"]) for one in held[name]) for name in ("passages", "read")
    )
    weighed = tuple(
        Weighed(**{**one, "quotes": tuple(Quote(**quote) for quote in one["quotes"])}) for one in held["weighed"]
    )
    return Explanation(passages, read, held["drafts"], weighed, held["decision"])


def _citation(held: Mapping[str, Any]) -> Citation:
    return Citation(**{**held, "phrase": _phrase(held)})


def _phrase(held: Mapping[str, Any]) -> Phrase | None:
    """The phrase of a sentence, a value or a citation; files of version 0.1.0 have none."""
    found = held.get("phrase")
    return None if found is None else Phrase(**found)


def hits_to_object(query: str, hits: tuple[Hit, ...]) -> dict[str, object]:
    """What `qa search --json` prints."""
    return {
        "query": query,
        "hits": [
            {
                "source": hit.passage.source,
                "title": hit.passage.metadata.title,
                "date": hit.passage.metadata.date,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": hit.score,
            }
            for hit in hits
        ],
    }


def error_to_object(error: VouchError) -> dict[str, object]:
    """What a command prints under `--json` instead of its result when it fails."""
    return {"error": {"message": error.message, "hint": error.hint}}


def dumps(thing: object, *, encoding: str = "utf-8", indent: int | None = None) -> str:
    """`thing` as JSON text that `encoding` can carry: letters as they are where it can, escaped where it cannot."""
    text = json.dumps(thing, ensure_ascii=False, allow_nan=False, indent=indent)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(thing, ensure_ascii=True, allow_nan=False, indent=indent)
    return text
