"""Fuzzing of the files that a user writes or hands back: questions, plans, settings, sidecars, answers and memos to verify, words to cite."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bench.fuzzing import seeds
from bench.fuzzing.inputs import bent, bent_zip, encoded, made, text
from bench.fuzzing.target import Target, held, scratch
from index.errors import QuestionError
from index.ingest.sidecar import read as read_sidecar
from index.records import Article, Metadata
from qa import jsonl
from qa.batch.record import NoRecordError
from qa.batch.record import read as read_record
from qa.cite import pattern_of, within
from qa.expectations import expectations
from qa.memo.plan import plan_markdown, read_plan
from qa.questions.read import read as read_questions
from qa.questions.rows import parsed
from qa.settings import load
from qa.verify.check import checked, shelf
from qa.verify.read import read as read_document

LONGEST = 2_000


def _values() -> SearchStrategy[object]:
    """A value as JSON, YAML or TOML may hold it."""
    plain = st.one_of(
        st.none(), st.booleans(), st.integers(), st.integers(10**18, 10**25), st.floats(), text(most=4), st.sampled_from(("", "2025-02-30", "~", "10"))
    )
    return st.recursive(plain, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text(most=2), inner, max_size=3)), max_leaves=6)


_ROW = st.dictionaries(
    st.one_of(st.sampled_from(("question", "Question ", "id", "source", "since", "until", "author", "expected", "answer")), text(most=2)), _values(), max_size=5
)
_LINES = st.lists(st.one_of(_ROW.map(json.dumps), text(most=5)), max_size=5).map("\n".join)
_TABLE = st.lists(st.lists(text(most=3), max_size=4).map(lambda cells: ",".join(f'"{cell}"' for cell in cells)), max_size=5).map(
    lambda rows: "\n".join(("id;question,since", *rows))
)
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
    st.one_of(st.sampled_from((*_YAML_PIECES, "\n", "\n", "\n- ", "\n  - ", "{a: ", "2001-01-01T00:00:00Z", "1_000", "0o17", ".inf", "'", '"')), text(most=2)),
    max_size=20,
).map("".join)
_KEYS = ("passages", "caution", "library", "models", "engine", "length", "model", "title", "date", "author", "url", "a.txt")
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
_PLAN = "# A memo\n\nTo: Board\nDate: 2025-12-10\n\n## {}\n\n- Why?\n  and how?\n1. {}\n<!-- {} -->\n- When?\n".encode()
_YAML_PLAN = "title: A memo\ndate: 2025-12-10\nsections:\n- title: One\n  questions:\n  - Why?\n  - {}\n- title: {}\n  questions: [How?]\n".encode()
_ASKED = b"- Why?\n- question: How?\n  id: 7\n  source: a.txt\n- {question: When?, since: 2020-01-01, expected: [x]}\n"
_DEEP = st.builds(
    lambda mark, count: mark * count, st.sampled_from(("[", "{a: ", "- ", "[[", '{"a":', "(", "> ", "* ")), st.sampled_from((1, 50, 2_000, 50_000))
)


def _filled(form: bytes) -> SearchStrategy[bytes]:
    """A form with words in its gaps."""
    return st.builds(lambda *words: form.decode().format(*words).encode("utf-8", "replace"), *(text(most=4) for _ in range(form.count(b"{}"))))


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
    held(1 <= settings.passages <= 100 and 0 <= settings.caution <= 1, "a setting is one that it can be")
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


def _verified(given: tuple[bytes, str]) -> None:
    file = scratch() / f"memo{given[1]}"
    file.write_bytes(given[0])
    document = read_document(file)
    article = Article("a.txt", seeds.ARTICLE, "utf-8", Metadata(), (), (), (), "0" * 64)
    for check in checked(document, shelf(["a.txt"], lambda _: article, "0" * 64)):
        held(check.outcome != "ok" or bool(check.source), "what is right says where it stands")


def _cited(given: tuple[str, str]) -> None:
    wanted, around = (words[:LONGEST] for words in given)
    article = Article("a.txt", f"{around}{wanted}{around}", "utf-8", Metadata(), (), (), (), "")
    found = list(within(pattern_of(wanted), article))
    held(all(article.text[quote.start : quote.end] == quote.text for quote in found), "article.text[q.start:q.end] == q.text")
    held(bool(found), "words that stand in an article are found there")


_CITATION = {
    "number": 1,
    "source": "a.txt",
    "title": None,
    "author": None,
    "date": None,
    "publisher": None,
    "url": None,
    "page": None,
    "start": 0,
    "end": 41,
    "quote": seeds.ARTICLE[:41],
}
_ANSWER = {"question": "How long?", "status": "answered", "answer": "It is 210 km. [1]", "sentences": [{"text": "It is 210 km.", "citations": [1], "support": 1.0}], "citations": [_CITATION], "conflicts": [], "rejected": [], "nearest": [], "confidence": 0.9, "notes": [], "timings_ms": {}, "provenance": {"version": "1", "library": "0" * 64, "embedder": "e", "model": "m", "settings": "s"}}  # fmt: skip
_MEMO = f"# A memo\n\nIt is 210 km long.[^1]\n\n[^1]: “{seeds.ARTICLE[:41]}” — a.txt, undated (a.txt:0-41, sha256: {'0' * 16})\n"
_HTML_MEMO = f"<html><body><p>It is.<a data-mark='1'>1</a></p><div data-note='1'><p>“{seeds.ARTICLE[:41]}” (a.txt:0-41)</p></div><div data-article='a.txt'>{seeds.ARTICLE}</div>"
_TABLE_OUT = f'id,question,status,citations,nearest\n1,"q","answered","[1] “{seeds.ARTICLE[:41]}” — a.txt (a.txt:0-41)",""\n'


def _line(value: object) -> bytes:
    return json.dumps({"id": 1, "row": {"question": "How long?"}, "question": "How long?", "value": value} | _ANSWER).encode() + b"\n"


_ANSWERS = st.builds(lambda key, value: json.dumps(_ANSWER | {key: value}).encode(), st.sampled_from(tuple(_ANSWER)), _values())
_SAID = st.builds(lambda before, after: f"{before}“{seeds.ARTICLE[:41]}” — a.txt (a.txt:0-41){after}", text(most=8), text(most=8))
_MEMOS = _SAID.map(lambda said: f"# A memo\n\nIt is.[^1]\n\n[^1]: {' '.join(said.split())}\n".encode("utf-8", "replace"))
TARGETS = (
    Target(
        "question files",
        st.tuples(
            st.one_of(encoded(_LINES), encoded(_TABLE), encoded(_YAML), encoded(_DEEP), bent(st.just(_ASKED))),
            st.sampled_from((".txt", ".csv", ".jsonl", ".yaml", "")),
        ),
        _read_rows,
        8,
    ),
    Target(
        "plans",
        st.tuples(
            st.one_of(encoded(_YAML), bent(st.just(_PLAN)), bent(st.just(_YAML_PLAN)), _filled(_PLAN), _filled(_YAML_PLAN), encoded(text()), encoded(_DEEP)),
            st.sampled_from((".md", ".yaml")),
        ),
        _read_plan,
        8,
    ),
    Target(
        "settings",
        st.tuples(
            st.one_of(encoded(_TOML), bent(st.just(_GOOD)), encoded(text(most=6)), encoded(_DEEP)),
            st.dictionaries(st.sampled_from(("QA_LIBRARY", "QA_MODELS", "QA_PASSAGES", "QA_CAUTION", "QA_ENGINE")), text(most=2), max_size=2),
        ),
        _settings,
        6,
    ),
    Target("sidecars", st.one_of(encoded(_TOML), bent(st.just(_KNOWN)), encoded(text(most=6))), _sidecar, 4),
    Target("resume files", st.one_of(bent(_values().map(_line)), encoded(_LINES)), _record, 4),
    Target("verify json", st.tuples(st.one_of(_ANSWERS, bent(_ANSWERS), encoded(_DEEP)), st.sampled_from((".json", ".jsonl"))), _verified, 6),
    Target(
        "verify csv",
        st.tuples(
            st.one_of(bent(st.just(_TABLE_OUT.encode())), _SAID.map(lambda said: f'citations,nearest\n"{said}",\n'.encode("utf-8", "replace"))), st.just(".csv")
        ),
        _verified,
        4,
    ),
    Target("verify html", st.tuples(st.one_of(bent(st.just(_HTML_MEMO.encode())), encoded(text())), st.just(".html")), _verified, 4),
    Target("verify pdf", st.tuples(bent(made(seeds.pdf)), st.just(".pdf")), _verified, 1),
    Target("verify docx", st.tuples(bent_zip(made(seeds.docx)), st.just(".docx")), _verified, 0.05),
    Target("verify md", st.tuples(st.one_of(_MEMOS, bent(st.just(_MEMO.encode()))), st.just(".md")), _verified, 0.05),
    Target("cite", st.tuples(text(most=10), text(most=20)), _cited, 6),
)
