"""docs/answer.schema.json: rendered answers satisfy it, and what breaks the contract does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from qa.render.json import dumps, to_object
from tests.examples import ANSWERED, CONFLICTING, UNANSWERED

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "answer.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def rendered() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(dumps(to_object(CONFLICTING)))
    return parsed


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("answer", [ANSWERED, CONFLICTING, UNANSWERED])
def test_rendered_answers_satisfy_it(answer: object) -> None:
    assert list(VALIDATOR.iter_errors(json.loads(dumps(to_object(answer))))) == []  # type: ignore[arg-type]


def test_fields_may_be_added() -> None:
    assert VALIDATOR.is_valid({**rendered(), "id": 7, "row": {}})


@pytest.mark.parametrize("key", SCHEMA["required"])
def test_no_field_may_be_dropped(key: str) -> None:
    thing = rendered()
    del thing[key]
    assert not VALIDATOR.is_valid(thing)


@pytest.mark.parametrize("key", SCHEMA["$defs"]["citation"]["required"])
def test_no_field_of_a_citation_may_be_dropped(key: str) -> None:
    thing = rendered()
    del thing["citations"][0][key]
    assert not VALIDATOR.is_valid(thing)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "maybe"},
        {"confidence": 1.5},
        {"answer": ""},
        {"citations": []},
        {"conflicts": []},
        {"notes": [1]},
        {"timings_ms": {"total": "1"}},
        {"nearest": None},
    ],
)
def test_other_values_are_refused(change: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid({**rendered(), **change})


@pytest.mark.parametrize("date", ["December 2025", "2025-12-10T00:00", "25"])
def test_dates_are_iso(date: str) -> None:
    thing = rendered()
    thing["citations"][0]["date"] = date
    assert not VALIDATOR.is_valid(thing)
