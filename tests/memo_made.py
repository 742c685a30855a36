"""Memos made by the production code from answers written by hand. For the tests of memos and of their verification."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from index.records import Article, Metadata, Region
from qa.answering.compose import Difference, Supported, Verdict, compose
from qa.memo import pandoc as pandocs
from qa.memo import style as styles
from qa.memo.forms import Form
from qa.memo.pandoc import Pandoc
from qa.memo.plan import Part, Plan
from qa.memo.records import Memo
from qa.memo.write import write
from qa.records import Answer, Quote
from qa.verify.check import Shelf, shelf
from tests.examples import PROVENANCE

WRITTEN = "2026-01-02"

Cited = tuple[str, str]  # a source, and the words of it that are quoted
Told = tuple[str, Sequence[Cited]]  # a sentence, and what carries it

HARBOUR = "The harbour was dug in 1902.\nIt “holds” 40 ships, and costs $3 a day.\n"
BRIDGE = "The bridge cost 40 million crowns. It opened in May."
LEDGER = "The bridge cost 38 million crowns, the ledger says."
HOSTILE = "Pay *now* [here](http://evil.example) <script>alert(1)</script> `x` $m$ #import \"y\" @key ~~no~~ [^1] {{ref}} -- ... //c \\n =1+1 &lt; _it_ 'q'."
HOSTILE_TITLE = '=cmd *b* [t](u) <i>it</i> #import "z" @k $x$ \\input{y} “said” `c` ^[n] & 100% {=typst}'


@dataclass(frozen=True, slots=True)
class Books:
    """Articles, and the memos that can be made of them."""

    articles: tuple[Article, ...]

    def read(self, source: str) -> Article:
        return next(article for article in self.articles if article.source == source)

    def shelf(self) -> Shelf:
        return shelf([article.source for article in self.articles], self.read, "l1")

    def without(self, source: str) -> Books:
        return Books(tuple(article for article in self.articles if article.source != source))

    def with_text(self, source: str, text: str) -> Books:
        changed = [made(each.source, text, each.metadata) if each.source == source else each for each in self.articles]
        return Books(tuple(changed))

    def answer(
        self,
        question: str,
        *told: Told,
        differs: Sequence[Told] = (),
        about: str = "the ledger is undated",
        refused: bool = False,
        phrases: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        """An answer of these sentences; `phrases` gives the phrase of a sentence, in the first of its quotes."""
        claims = tuple(self._supported(text, cited, phrases) for text, cited in told)
        values = tuple(self._supported(text, cited, phrases) for text, cited in differs)
        differences = (Difference(about, values),) if differs else ()
        verdict = Verdict(
            "unanswered" if refused else "conflicting" if differs else "answered", claims, differences, confidence=0.9
        )
        return compose(question, verdict, self.read, provenance=PROVENANCE, timings_ms={})

    def memo(
        self,
        answers: Sequence[Answer],
        *,
        style: str = "chicago-note-bibliography",
        title: str = "A memo",
        heading: str = "Findings",
    ) -> Memo:
        """A memo of one section."""
        plan = Plan(title, (Part(heading, tuple(answer.question for answer in answers)),))
        return self.write(plan, answers, style=style)

    def write(
        self, plan: Plan, answers: Sequence[Answer], *, style: str = "chicago-note-bibliography", form: Form = "answers"
    ) -> Memo:
        by_question = {answer.question: answer for answer in answers}
        return write(
            plan,
            by_question,
            self.read,
            style=styles.find(style, cwd=Path()),
            pandoc=pandoc(),
            written=WRITTEN,
            form=form,
        )

    def _supported(self, text: str, cited: Sequence[Cited], phrases: Mapping[str, str]) -> Supported:
        quotes = self._quotes(cited)
        if text not in phrases:
            return Supported(text, quotes, 1.0)
        start = quotes[0].start + quotes[0].text.index(phrases[text])
        return Supported(text, quotes, 1.0, Quote(quotes[0].source, start, start + len(phrases[text]), phrases[text]))

    def _quotes(self, cited: Sequence[Cited]) -> tuple[Quote, ...]:
        starts = [self.read(source).text.index(words) for source, words in cited]
        return tuple(
            Quote(source, start, start + len(words), words)
            for (source, words), start in zip(cited, starts, strict=True)
        )


def made(source: str, text: str, metadata: Metadata = Metadata(), *, pages: tuple[int, ...] = ()) -> Article:  # noqa: B008 (frozen)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(source, text, "utf-8", metadata, (Region(0, len(text), "body"),), (), pages, digest)


@lru_cache(maxsize=1)
def pandoc() -> Pandoc:
    return pandocs.find()


BOOKS = Books(
    (
        made(
            "harbour.txt",
            HARBOUR,
            Metadata("Ships and Tides: A History", "Ada Lund", "1999-05", "Coast Press", "https://coast.example/ships"),
        ),
        made("bridge.pdf", BRIDGE, Metadata("The Bridge", "Bo Ek and Cy Ahl", "2020-05-04"), pages=(0, 35)),
        made("old_ledger.txt", LEDGER),
        made(
            "hostile (1).txt",
            HOSTILE,
            Metadata(HOSTILE_TITLE, "Ministry of *Works*", "2021", "P_Q <b>", "javascript:alert(1)"),
        ),
    )
)
DUG = ("harbour.txt", "The harbour was dug in 1902.")
SHIPS = ("harbour.txt", "It “holds” 40 ships, and costs $3 a day.")
COST = ("bridge.pdf", "The bridge cost 40 million crowns.")
OPENED = ("bridge.pdf", "It opened in May.")
LESS = ("old_ledger.txt", LEDGER)
ANSWERS = (
    BOOKS.answer("When was the harbour dug?", ("It was dug in 1902.", [DUG])),
    BOOKS.answer("How many ships does it hold?", ("It holds 40 ships.", [SHIPS, DUG])),
    BOOKS.answer("What did the bridge cost?", ("It cost 40 million crowns.", [COST]), ("It cost 38 million crowns.", [LESS]),
                 differs=[("It cost 40 million crowns.", [COST]), ("It cost 38 million crowns.", [LESS])]),
    BOOKS.answer("When did the bridge open?", ("It opened in May.", [OPENED])),
    BOOKS.answer("Who swam across?", refused=True),
)  # fmt: skip


@lru_cache
def memo(style: str = "chicago-note-bibliography") -> Memo:
    """Five questions: two of them on the harbour, one answered in two ways, one refused."""
    return BOOKS.memo(ANSWERS, style=style)


@lru_cache
def hostile() -> Memo:
    """A memo in which everything that comes from outside tries to be more than text."""
    answer = BOOKS.answer(HOSTILE_TITLE, (HOSTILE, [("hostile (1).txt", HOSTILE)]))
    return replace(BOOKS.memo([answer], title=HOSTILE_TITLE, heading=HOSTILE_TITLE), recipient=HOSTILE_TITLE)
