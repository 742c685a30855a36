"""Fuzzing of what is handed back: memos and answers to verify, words to cite."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from bench.fuzzing import seeds
from bench.fuzzing.inputs import DEEP, bent, bent_zip, encoded, made, text, values
from bench.fuzzing.target import LIMITS, Target, apart, held
from index.isolated import directly
from index.records import Article, Metadata
from qa.cite import pattern_of, within
from qa.verify.check import checked, shelf
from qa.verify.read import shown

LONGEST = 2_000


def _verified(given: tuple[bytes, str]) -> None:
    content, kind = given
    run = apart if kind in (".pdf", ".docx") else directly
    document = run(f"memo{kind}", shown, content, f"memo{kind}", kind, LIMITS)
    article = Article("a.txt", seeds.ARTICLE, "utf-8", Metadata(), (), (), (), "0" * 64)
    for check in checked(document, shelf(["a.txt"], lambda _: article, "0" * 64)):
        held(check.outcome != "ok" or bool(check.source), "what is right says where it stands")


def _cited(given: tuple[str, str]) -> None:
    wanted, around = (words[:LONGEST] for words in given)
    article = Article("a.txt", f"{around}{wanted}{around}", "utf-8", Metadata(), (), (), (), "")
    found = list(within(pattern_of(wanted), article))
    held(
        all(article.text[quote.start : quote.end] == quote.text for quote in found),
        "article.text[q.start:q.end] == q.text",
    )
    held(bool(found), "words that stand in an article are found there")


_QUOTE = seeds.ARTICLE[:41]
_UNKNOWN = dict.fromkeys(("title", "author", "date", "publisher", "url", "page"))
_CITATION = {"number": 1, "source": "a.txt", **_UNKNOWN, "start": 0, "end": 41, "quote": _QUOTE}
ANSWER: dict[str, object] = {
    "question": "How long?",
    "status": "answered",
    "answer": "It is 210 km. [1]",
    "sentences": [{"text": "It is 210 km.", "citations": [1], "support": 1.0}],
    "citations": [_CITATION],
    "conflicts": [],
    "rejected": [],
    "nearest": [],
    "confidence": 0.9,
    "notes": [],
    "timings_ms": {},
    "provenance": {"version": "1", "library": "0" * 64, "embedder": "e", "model": "m", "settings": "s"},
}
_MEMO = f"# A memo\n\nIt is 210 km long.[^1]\n\n[^1]: “{_QUOTE}” — a.txt, undated (a.txt:0-41, sha256: {'0' * 16})\n"
_HTML_MEMO = (
    f"<html><body><p>It is.<a data-mark='1'>1</a></p><div data-note='1'><p>“{_QUOTE}” (a.txt:0-41)</p></div><div "
    f"data-article='a.txt'>{seeds.ARTICLE}</div>"
)
_TABLE_OUT = f'id,question,status,citations,nearest\n1,"q","answered","[1] “{_QUOTE}” — a.txt (a.txt:0-41)",""\n'


_ANSWERS = st.builds(
    lambda key, value: json.dumps(ANSWER | {key: value}).encode(), st.sampled_from(tuple(ANSWER)), values()
)
_SAID = st.builds(lambda before, after: f"{before}“{_QUOTE}” — a.txt (a.txt:0-41){after}", text(most=8), text(most=8))
_MEMOS = _SAID.map(
    lambda said: f"# A memo\n\nIt is.[^1]\n\n[^1]: {' '.join(said.split())}\n".encode("utf-8", "replace")
)
TARGETS = (
    Target(
        "verify json",
        st.tuples(st.one_of(_ANSWERS, bent(_ANSWERS), encoded(DEEP)), st.sampled_from((".json", ".jsonl"))),
        _verified,
        6,
    ),
    Target(
        "verify csv",
        st.tuples(
            st.one_of(
                bent(st.just(_TABLE_OUT.encode())),
                _SAID.map(lambda said: f'citations,nearest\n"{said}",\n'.encode("utf-8", "replace")),
            ),
            st.just(".csv"),
        ),
        _verified,
        4,
    ),
    Target(
        "verify html",
        st.tuples(st.one_of(bent(st.just(_HTML_MEMO.encode())), encoded(text())), st.just(".html")),
        _verified,
        4,
    ),
    Target("verify pdf", st.tuples(bent(made(seeds.pdf)), st.just(".pdf")), _verified, 1),
    Target("verify docx", st.tuples(bent_zip(made(seeds.docx)), st.just(".docx")), _verified, 0.05),
    Target("verify md", st.tuples(st.one_of(_MEMOS, bent(st.just(_MEMO.encode()))), st.just(".md")), _verified, 0.05),
    Target("cite", st.tuples(text(most=10), text(most=20)), _cited, 6),
)
