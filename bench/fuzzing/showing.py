"""Fuzzing of what is shown or put before a model.

Prompts and every renderer, on answers whose every text came from an attacker.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from bench.fuzzing.inputs import text
from bench.fuzzing.target import Target, held
from index.records import Article, Metadata
from qa.answering.plain import plain
from qa.answering.prompt import as_data
from qa.batch.outcome import Outcome
from qa.records import Answer, Citation, Claim, Conflict, Provenance, Rejected, Value
from qa.render.csv import table
from qa.render.explanation import explanation
from qa.render.harmless import harmless, one_line, safe_url
from qa.render.html.sources import marked
from qa.render.html.words import line, slice_of
from qa.render.json import dumps, to_object
from qa.render.markdown import escape, markdown
from qa.render.terminal import whole

_WORDS = text(most=6)
LONGEST = 500  # characters: of a longer text only the beginning may be put before a model
_MARKS = re.compile(r"<\||\|>|</?s>|</?think>|\[/?INST\]|<<|>>", re.IGNORECASE)
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def _citation(number: int, words: str, said: str) -> Citation:
    return Citation(
        number,
        f"{said[:30]}.txt",
        words,
        said,
        words[:10] or None,
        said,
        words,
        None if len(words) % 2 else 3,
        5,
        5 + len(words),
        words,
    )


def _answer(parts: list[str]) -> Answer:
    first, second, third = parts
    claims = (Claim(first or "x", (1,), 0.9), Claim(second or "y", (1, 2), 0.4))
    citations = (_citation(1, third, first), _citation(2, second, third))
    conflict = Conflict(third, (Value(first, (1,)), Value(second, (2,))))
    said = " ".join(f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}" for claim in claims)
    return Answer(
        third,
        "conflicting",
        said,
        claims,
        citations,
        (conflict,),
        (Rejected(first, second),),
        citations,
        0.5,
        (second, third),
        Provenance(*"vlems"),
        {"draft": 1.0},
    )


ANSWERS: SearchStrategy[Answer] = st.lists(_WORDS, min_size=3, max_size=3).map(_answer)


def _shows_nothing_hidden(shown: str, kind: str) -> None:
    for place, letter in enumerate(shown):
        ours = letter in "\n\t" or letter in "\u200c\u200d"  # joiners that spell a word stay
        held(
            ours or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp"),
            f"{kind} shows no control or format character: {letter!r} at {place}",
        )


def _terminal(answer: Answer) -> None:
    _shows_nothing_hidden(whole(answer).plain, "the terminal")
    _shows_nothing_hidden(explanation(answer).plain, "the terminal")


def _markdown(answer: Answer) -> None:
    shown = markdown(answer)
    _shows_nothing_hidden(shown, "Markdown")
    own = re.sub(r"<https?://[^\s<>]+>", "", shown)  # an address that needs no escaping
    held(not re.search(r"(?<!\\)(?:\\\\)*[<`|]", own), "no mark of Markdown or HTML stands unescaped")
    for words in (answer.question, answer.notes[0]):
        held("\n" not in escape(words), "escaped words are one line")


def _csv(answer: Answer) -> None:
    columns = {"question": answer.question, answer.notes[0] or "c": answer.answer, "id": 1}
    shown = b"".join(table([Outcome(1, columns, answer, None)], tuple(columns))).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(shown, newline="")))
    held(len(rows) == 2 and len(rows[0]) == len(rows[1]), "a row a question, every cell in its column")
    for cell in (*rows[0], *rows[1]):
        held(not cell.lstrip().startswith(_FORMULA) or not cell.strip(), f"no cell begins a formula: {cell[:20]!r}")


def _json(answer: Answer) -> None:
    for encoding in ("utf-8", "ascii"):
        shown = dumps(to_object(answer, explain=True), encoding=encoding)
        held("\n" not in shown, "an object is one line")
        shown.encode(encoding)
        held(json.loads(shown)["question"] == answer.question, "what is written is what was said")


def _html(given: tuple[str, int, int]) -> None:
    words, one, two = given
    for shown in (str(line(words)), str(slice_of(words, 0, len(words)))):
        held(not set("<>\"'") & set(shown), "no mark of HTML stands unescaped")
        held(re.search(r"&(?!(?:amp|lt|gt|#3[49]|#13);)", shown) is None, "every ampersand is our own")
        _shows_nothing_hidden(shown, "HTML")
    start, end = sorted((one % (len(words) + 1), two % (len(words) + 1)))
    marked(Article("a.txt", words, "utf-8", Metadata(), (), (), (), ""), start, end, ())


def _harmless(words: str) -> None:
    _shows_nothing_hidden(harmless(words), "harmless")
    held(harmless(harmless(words)) == harmless(words), "what is harmless stays as it is")
    held("\n" not in one_line(words), "one line is one line")
    safe_url(words)


def _prompt(words: str) -> None:
    said = as_data(words)
    held(_MARKS.search(said) is None, "no mark of a chat template is left")
    held(said == as_data(said) or len(said) > LONGEST, "data stays data")
    held(
        all(unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in plain(words)),
        "no control character reaches the model",
    )


TARGETS = (
    Target("prompts", text(huge=True), _prompt, 12),
    Target("harmless", text(huge=True), _harmless, 8),
    Target("terminal", ANSWERS, _terminal, 4),
    Target("markdown", ANSWERS, _markdown, 6),
    Target("csv", ANSWERS, _csv, 6),
    Target("json", ANSWERS, _json, 6),
    Target("html", st.tuples(text(), st.integers(0, 10_000), st.integers(0, 10_000)), _html, 8),
)
