"""Fuzzing of the files that a user writes, or that a killed run leaves.

Questions, plans, settings, sidecars, resume files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bench.fuzzing.inputs import DEEP, bent, encoded, text, values
from bench.fuzzing.target import Target, held, scratch
from bench.fuzzing.verifying import ANSWER
from index.errors import QuestionError
from index.ingest.sidecar import read as read_sidecar
from qa import jsonl
from qa.batch.record import NoRecordError
from qa.batch.record import read as read_record
from qa.expectations import expectations
from qa.memo.plan import plan_markdown, read_plan
from qa.questions.read import read as read_questions
from qa.questions.rows import parsed
from qa.settings import load

_ROW = st.dictionaries(
    st.one_of(
        st.sampled_from(("question", "Question ", "id", "source", "since", "until", "author", "expected", "answer")),
        text(most=2),
    ),
    values(),
    max_size=5,
)
_LINES = st.lists(st.one_of(_ROW.map(json.dumps), text(most=5)), max_size=5).map("\n".join)
_TABLE = st.lists(
    st.lists(text(most=3), max_size=4).map(lambda cells: ",".join(f'"{cell}"' for cell in cells)), max_size=5
).map(lambda rows: "\n".join(("id;question,since", *rows)))
_YAML_PIECES = (
    "- ",
    "  ",
    "question: ",
    "title: ",
    "sections:\n",
    "questions:\n",
    "date: ",
    "2025-02-30",
    "&a ",
    "*a",
    "<<: ",
    "? ",
    "| ",
    "> ",
    "!!python/x ",
    "!!set ",
    "%YAML",
    "[",
    "]",
    "{",
    "}",
)
_YAML = st.lists(
    st.one_of(
        st.sampled_from(
            (
                *_YAML_PIECES,
                "\n",
                "\n",
                "\n- ",
                "\n  - ",
                "{a: ",
                "2001-01-01T00:00:00Z",
                "1_000",
                "0o17",
                ".inf",
                "'",
                '"',
            )
        ),
        text(most=2),
    ),
    max_size=20,
).map("".join)
_KEYS = (
    "passages",
    "caution",
    "library",
    "models",
    "engine",
    "length",
    "model",
    "title",
    "date",
    "author",
    "url",
    "a.txt",
)
_TOML = st.lists(
    st.builds(
        lambda table, key, value: f"{table}{key} = {value}\n",
        st.sampled_from(("", "", '["a.txt"]\n', "[[a]]\n", "[a.b]\n")),
        st.sampled_from(_KEYS),
        st.one_of(
            st.sampled_from(
                (
                    "8",
                    "0.2",
                    "true",
                    "inf",
                    "nan",
                    "2025-12-10",
                    "2025-12-10T01:01:01Z",
                    "[]",
                    "{}",
                    '"~nobody/x"',
                    '"\\u0000"',
                    '"auto"',
                    "''",
                    "9" * 5000,
                    "0x10",
                    "1e999",
                )
            ),
            text(most=3).map(json.dumps),
        ),
    ),
    max_size=5,
).map("".join)
_GOOD = b'passages = 9\nevidence = 7\ncaution = 0.2\nlength = "full"\nengine = "auto"\nlibrary = "~/shelf"\nmodels = "models"\n'
_KNOWN = b'["a.txt"]\ntitle = "A title"\nauthor = "Mary Hale"\ndate = 2025-12-10\nurl = "https://a.example/b"\n\n["rows.jsonl#2"]\ndate = "2025-12"\n'
_PLAN = "# A memo\n\nTo: Board\nDate: 2025-12-10\n\n## {}\n\n- Why?\n  and how?\n1. {}\n<!-- {} -->\n- When?\n"
_YAML_PLAN = "title: A memo\ndate: 2025-12-10\nsections:\n- title: One\n  questions:\n  - Why?\n  - {}\n- title: {}\n  questions: [How?]\n"
_ASKED = b"- Why?\n- question: How?\n  id: 7\n  source: a.txt\n- {question: When?, since: 2020-01-01, expected: [x]}\n"


def _filled(form: str) -> SearchStrategy[bytes]:
    """A form with words in its gaps."""
    return st.builds(
        lambda *words: form.format(*words).encode("utf-8", "replace"), *(text(most=4) for _ in range(form.count("{}")))
    )


def _read_rows(given: tuple[bytes, str]) -> None:
    data, suffix = given
    questions = read_questions(data, name=f"q{suffix}")
    rows = parsed(questions.rows)
    held(len(rows) == len(questions.rows) > 0, "every row is one question or one error")
    for row in rows:
        held(row.error is not None or bool(row.question.strip()), "a row without an error has a question")
        json.dumps(row.id)
        json.dumps(row.columns)
    with suppress(QuestionError):  # a row without an expected answer
        expectations(questions, f"q{suffix}")


def _read_plan(given: tuple[bytes, str]) -> None:
    file = scratch() / f"plan{given[1]}"
    file.write_bytes(given[0])
    plan = read_plan(file)
    held(bool(plan.title and plan.questions), "a plan has a title and questions")
    again = scratch() / "again.md"
    again.write_text(plan_markdown(plan), encoding="utf-8", errors="surrogatepass", newline="")


def _settings(given: tuple[bytes, Mapping[str, str]]) -> None:
    file = scratch() / "settings.toml"
    file.write_bytes(given[0])
    settings, origins = load({}, environ=given[1], cwd=scratch(), user_file=file)
    held(
        1 <= settings.passages <= 100 and (settings.caution is None or 0 <= settings.caution <= 1),
        "a setting is one that it can be",
    )
    held(set(origins) >= {"library", "models", "passages"}, "every setting says where it came from")


def _sidecar(data: bytes) -> None:
    file = scratch() / "sources.toml"
    file.write_bytes(data)
    read_sidecar(file)


def _record(data: bytes) -> None:
    file = scratch() / "answers.jsonl"
    file.write_bytes(data)
    list(jsonl.read(file))
    try:
        record = read_record(file)
    except NoRecordError:
        return
    held(record.end <= len(data), "the whole lines lie within the file")


def _line(value: object) -> bytes:
    """A line of a resume file with an answer in it."""
    return (
        json.dumps(
            {"id": 1, "row": {"question": "How long?"}, "question": "How long?", "value": value} | ANSWER
        ).encode()
        + b"\n"
    )


_PLANS = st.one_of(
    bent(st.just(_PLAN.encode())), bent(st.just(_YAML_PLAN.encode())), _filled(_PLAN), _filled(_YAML_PLAN)
)
TARGETS = (
    Target(
        "question files",
        st.tuples(
            st.one_of(encoded(_LINES), encoded(_TABLE), encoded(_YAML), encoded(DEEP), bent(st.just(_ASKED))),
            st.sampled_from((".txt", ".csv", ".jsonl", ".yaml", "")),
        ),
        _read_rows,
        8,
    ),
    Target(
        "plans",
        st.tuples(
            st.one_of(encoded(_YAML), _PLANS, encoded(text()), encoded(DEEP)),
            st.sampled_from((".md", ".yaml")),
        ),
        _read_plan,
        8,
    ),
    Target(
        "settings",
        st.tuples(
            st.one_of(encoded(_TOML), bent(st.just(_GOOD)), encoded(text(most=6)), encoded(DEEP)),
            st.dictionaries(
                st.sampled_from(("QA_LIBRARY", "QA_MODELS", "QA_PASSAGES", "QA_CAUTION", "QA_ENGINE")),
                text(most=2),
                max_size=2,
            ),
        ),
        _settings,
        6,
    ),
    Target("sidecars", st.one_of(encoded(_TOML), bent(st.just(_KNOWN)), encoded(text(most=6))), _sidecar, 4),
    Target("resume files", st.one_of(bent(values().map(_line)), encoded(_LINES)), _record, 4),
)
